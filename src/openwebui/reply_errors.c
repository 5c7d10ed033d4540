#include "reply_errors.h"

#include "json_text.h"

#include <string.h>

#define WORDS_LIMIT 8192

static const char not_found[] = "We could not find what you're looking for :/";
static const char no_permission[] = "You do not have permission to access this resource.";
static const char unauthorized[] = "401 Unauthorized";

/* One wrong field of a 422: {"loc": ["body", "meta"], "msg": "Field required", …}. */
static void
append_field(GString *out, json_t *field)
{
  size_t i;
  json_t *part;
  const char *message = json_string_value(json_object_get(field, "msg"));
  if (message == NULL || out->len > WORDS_LIMIT)
    return;
  if (out->len > 0)
    g_string_append(out, "; ");
  json_array_foreach(json_object_get(field, "loc"), i, part)
  {
    if (i > 0)
      g_string_append_c(out, '.');
    if (json_is_integer(part))
      g_string_append_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(part));
    else
      g_string_append(out, json_is_string(part) ? json_string_value(part) : "?");
  }
  if (i > 0)
    g_string_append(out, ": ");
  g_string_append(out, message);
}

static char *
cut_words(const char *words)
{
  const char *end = words + strnlen(words, WORDS_LIMIT);
  g_utf8_validate(words, end - words, &end);
  return g_strndup(words, (gsize)(end - words));
}

static char *
value_words(json_t *value)
{
  size_t i;
  json_t *field;
  if (json_is_string(value))
    return cut_words(json_string_value(value));
  if (!json_is_array(value) && !json_is_object(value))
    return NULL;
  g_autoptr(GString) out = g_string_new(NULL);
  json_array_foreach(value, i, field)
  {
    append_field(out, field);
  }
  if (out->len > 0)
    return cut_words(out->str);
  g_autofree char *dump = json_text(value, JSON_COMPACT);
  return dump != NULL ? cut_words(dump) : NULL;
}

char *
reply_message(json_t *json, gboolean *is_detail)
{
  static const char *const others[] = {"error", "message", "error_description", "msg"};
  json_t *detail = json_object_get(json, "detail");
  *is_detail = detail != NULL;
  if (detail != NULL)
    return value_words(detail);
  for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
    json_t *value = json_object_get(json, others[i]);
    if (value != NULL)
      return value_words(value);
  }
  return NULL;
}

char *
reply_unwrap(const char *words)
{
  static const char prefix[] = "[ERROR: ";
  const char *start = words;
  gsize len = strlen(words);
  while (len > sizeof prefix - 1 && g_str_has_prefix(start, prefix) && start[len - 1] == ']') {
    start += sizeof prefix - 1;
    len -= sizeof prefix;
    /* str() of a nested HTTPException begins with its status. */
    if (len > 5 && g_ascii_isdigit(start[0]) && g_ascii_isdigit(start[1]) &&
        g_ascii_isdigit(start[2]) && g_str_has_prefix(start + 3, ": [ERROR: ")) {
      start += 5;
      len -= 5;
    }
  }
  g_autofree char *inner = g_strndup(start, len);
  return g_strdup(g_strstrip(inner));
}

/* From 0.10 on these stand for whatever went wrong; "Something went wrong :/" where nobody gave a
 * word at all. An exception without a text leaves nothing. */
static gboolean
is_hidden(const char *words)
{
  static const char *const hidden[] = {
      "Error updating function",
      "Error creating function",
      "Error updating tool",
      "Error creating tool",
      "Error updating tools",
      "Error creating tools",
      "Error updating function valves",
      "Error updating tool valves",
      "Something went wrong :/",
      "",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(hidden); i++)
    if (g_str_equal(words, hidden[i]))
      return TRUE;
  return FALSE;
}

static OwupErrorCode
code_400(const char *words, Call call)
{
  if (call == CALL_UPDATE &&
      (g_str_equal(words, "Function not found") || g_str_equal(words, "Tool not found")))
    return OWUP_ERROR_NOT_FOUND;
  if (g_str_has_prefix(words, "Uh-oh! This id is already registered."))
    return OWUP_ERROR_ID_TAKEN;
  if (g_str_has_prefix(words, "Only alphanumeric characters and underscores"))
    return OWUP_ERROR_ID_INVALID;
  if (strstr(words, " disabled by ENABLE_PLUGINS") != NULL)
    return OWUP_ERROR_PLUGINS_OFF;
  if (g_str_has_prefix(words, "Current Valves are incompatible with this code"))
    return OWUP_ERROR_VALVES_MISFIT;
  return is_hidden(words) ? OWUP_ERROR_REFUSED_HIDDEN : OWUP_ERROR_REFUSED;
}

/* A tool's create and update answer "401 Unauthorized" to a good key without the permission; every
 * path answers it to a session token that is none. Keys (sk-…) that are none get another text. */
static OwupErrorCode
code_401(const char *words, const ReplyContext *context)
{
  if (g_str_equal(words, not_found))
    return OWUP_ERROR_NOT_FOUND;
  if (g_str_has_prefix(words, no_permission))
    return OWUP_ERROR_NOT_ADMIN;
  gboolean tool_write = context->family == FAMILY_TOOL &&
                        (context->call == CALL_CREATE || context->call == CALL_UPDATE);
  if (g_str_equal(words, unauthorized) && tool_write && context->key_proven)
    return OWUP_ERROR_NOT_ADMIN;
  return OWUP_ERROR_KEY_BAD;
}

static OwupErrorCode
code_403(const char *words)
{
  if (g_str_has_prefix(words, "Use of API key is not enabled"))
    return OWUP_ERROR_KEY_OFF;
  if (g_str_equal(words, "Not authenticated")) /* 0.6.10 */
    return OWUP_ERROR_KEY_BAD;
  return OWUP_ERROR_KEY_RESTRICTED;
}

OwupErrorCode
reply_code(int status, const char *words, const ReplyContext *context)
{
  switch (status) {
  case 400:
    return code_400(words, context->call);
  case 401:
    return code_401(words, context);
  case 403:
    return code_403(words);
  case 404:
    return g_str_equal(words, not_found) ? OWUP_ERROR_NOT_FOUND : OWUP_N_ERRORS;
  case 422:
    return OWUP_ERROR_REFUSED;
  default:
    return OWUP_N_ERRORS;
  }
}

void
reply_learn_message(int status, const char *words, Call call, Capabilities *learned)
{
  if (status != 400 || call != CALL_UPDATE || learned->has_history)
    return;
  if (g_str_equal(words, "Function not found")) {
    *learned = (Capabilities){.known = TRUE, .has_history = TRUE};
  } else if (g_str_equal(words, "[ERROR: 400: [ERROR: Error updating function]]") ||
             g_str_has_prefix(words, "[ERROR: Error updating ")) {
    learned->known = TRUE;
  }
}

char *
reply_page_title(const char *page, gsize len)
{
  g_autofree char *head = g_strndup(page, MIN(len, 16384));
  g_autofree char *lower = g_ascii_strdown(head, -1);
  const char *start = strstr(lower, "<title");
  start = start != NULL ? strchr(start, '>') : NULL;
  const char *end = start != NULL ? strstr(start, "</title") : NULL;
  if (end == NULL)
    return NULL;
  g_autofree char *raw = g_strndup(head + (start + 1 - lower), (gsize)MIN(end - start - 1, 200));
  g_autofree char *valid = g_utf8_make_valid(raw, -1);
  g_strstrip(g_strdelimit(valid, "\n\r\t", ' '));
  return valid[0] != '\0' ? g_steal_pointer(&valid) : NULL;
}
