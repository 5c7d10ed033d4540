/* SPDX-License-Identifier: MIT */
#include "reply_errors.h"

#include "json_text.h"

#include <string.h>

static const char valves_words[] = "Current Valves are incompatible with this code";
static const char unauthorized[] = "401 Unauthorized";

typedef enum { WHOLE, BEGINS, WITHIN } Match;

/* What Open WebUI says and what it means. tools/lint-server-words holds that none of these texts
 * stands in another room. From 0.10 on some stand for whatever went wrong; "Something went wrong
 * :/" where nobody gave a word at all. An exception without a text leaves nothing. */
static const struct {
  int status;
  Match match;
  const char *text;
  OwupErrorCode code;
  gboolean of_update; /* means it in the answer to an update only */
} meanings[] = {
    {400, WHOLE, "Function not found", OWUP_ERROR_NOT_FOUND, TRUE},
    {400, WHOLE, "Tool not found", OWUP_ERROR_NOT_FOUND, TRUE},
    {400, BEGINS, "Uh-oh! This id is already registered.", OWUP_ERROR_ID_TAKEN},
    {400, BEGINS, "Only alphanumeric characters and underscores", OWUP_ERROR_ID_INVALID},
    {400, WITHIN, " disabled by ENABLE_PLUGINS", OWUP_ERROR_PLUGINS_OFF},
    /* Its own trouble, of many requests at once; 0.12 on its default SQLite says the first. */
    {400, WITHIN, "database is locked", OWUP_ERROR_SERVER},
    {400, WITHIN, "QueuePool limit of size", OWUP_ERROR_SERVER},
    {400, WITHIN, "too many clients already", OWUP_ERROR_SERVER},
    {400, WITHIN, "deadlock detected", OWUP_ERROR_SERVER},
    {400, BEGINS, valves_words, OWUP_ERROR_VALVES_MISFIT},
    {400, WHOLE, "Error updating function", OWUP_ERROR_REFUSED_HIDDEN},
    {400, WHOLE, "Error creating function", OWUP_ERROR_REFUSED_HIDDEN},
    {400, WHOLE, "Error updating tool", OWUP_ERROR_REFUSED_HIDDEN},
    {400, WHOLE, "Error creating tool", OWUP_ERROR_REFUSED_HIDDEN},
    {400, WHOLE, "Error updating tools", OWUP_ERROR_REFUSED_HIDDEN},
    {400, WHOLE, "Error creating tools", OWUP_ERROR_REFUSED_HIDDEN},
    {400, WHOLE, "Error updating function valves", OWUP_ERROR_REFUSED_HIDDEN},
    {400, WHOLE, "Error updating tool valves", OWUP_ERROR_REFUSED_HIDDEN},
    {400, WHOLE, "Something went wrong :/", OWUP_ERROR_REFUSED_HIDDEN},
    {400, WHOLE, "", OWUP_ERROR_REFUSED_HIDDEN},
    {401, WHOLE, "We could not find what you're looking for :/", OWUP_ERROR_NOT_FOUND},
    {401, BEGINS, "You do not have permission to access this resource.", OWUP_ERROR_NOT_ADMIN},
    {403, BEGINS, "Use of API key is not enabled", OWUP_ERROR_KEY_OFF},
    {403, WHOLE, "Not authenticated", OWUP_ERROR_KEY_BAD}, /* 0.6.10 */
    {404, WHOLE, "We could not find what you're looking for :/", OWUP_ERROR_NOT_FOUND},
};

const char *
reply_valves_words(void)
{
  return valves_words;
}

/* One wrong field of a 422: {"loc": ["body", "meta"], "msg": "Field required", …}. */
static void
append_field(GString *out, json_t *field)
{
  size_t i;
  json_t *part;
  const char *message = json_string_value(json_object_get(field, "msg"));
  if (message == NULL)
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

/* What pydantic was given, which it repeats. */
static void
drop_inputs(json_t *value, int depth)
{
  const char *name;
  json_t *member;
  json_object_del(value, "input");
  json_object_del(value, "ctx");
  for (gsize i = 0; depth > 0 && i < json_array_size(value); i++)
    drop_inputs(json_array_get(value, i), depth - 1);
  if (depth <= 0)
    return;
  json_object_foreach(value, name, member)
  {
    drop_inputs(member, depth - 1);
  }
}

static char *
value_words(json_t *value)
{
  size_t i;
  json_t *field;
  if (json_is_string(value))
    return g_strdup(json_string_value(value));
  if (!json_is_array(value) && !json_is_object(value))
    return NULL;
  g_autoptr(GString) out = g_string_new(NULL);
  json_array_foreach(value, i, field)
  {
    append_field(out, field);
  }
  if (out->len > 0)
    return g_string_free(g_steal_pointer(&out), FALSE);
  drop_inputs(value, 8);
  return json_text(value, JSON_COMPACT);
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

static gboolean
matches(Match match, const char *words, const char *text)
{
  switch (match) {
  case WHOLE:
    return g_str_equal(words, text);
  case BEGINS:
    return g_str_has_prefix(words, text);
  case WITHIN:
    return strstr(words, text) != NULL;
  }
  g_return_val_if_reached(FALSE);
}

/* OWUP_N_ERRORS: the table does not have the text. */
static OwupErrorCode
find_meaning(int status, const char *words, Call call)
{
  for (gsize i = 0; i < G_N_ELEMENTS(meanings); i++)
    if (meanings[i].status == status && (!meanings[i].of_update || call == CALL_UPDATE) &&
        matches(meanings[i].match, words, meanings[i].text))
      return meanings[i].code;
  return OWUP_N_ERRORS;
}

/* A tool's create and update and the tools' export answer "401 Unauthorized" to a good key without
 * the permission; every path answers it to a session token that is none. Keys (sk-…) that are none
 * get another text. */
static gboolean
lacks_permission(const char *words, const ReplyContext *context)
{
  gboolean tool =
      context->family == FAMILY_TOOL &&
      (context->call == CALL_CREATE || context->call == CALL_UPDATE || context->call == CALL_LIST);
  return g_str_equal(words, unauthorized) && tool && context->key_proven;
}

OwupErrorCode
reply_code(int status, const char *words, const ReplyContext *context)
{
  OwupErrorCode code = find_meaning(status, words, context->call);
  if (code != OWUP_N_ERRORS)
    return code;
  switch (status) {
  case 400:
  case 422:
    return OWUP_ERROR_REFUSED;
  case 401:
    return lacks_permission(words, context) ? OWUP_ERROR_NOT_ADMIN : OWUP_ERROR_KEY_BAD;
  case 403:
    return OWUP_ERROR_KEY_RESTRICTED;
  default:
    return OWUP_N_ERRORS;
  }
}

ReplyReason
reply_reason_of(const char *words)
{
  if (words != NULL && g_str_equal(words, "Not authenticated"))
    return REASON_NO_KEY;
  if (words != NULL && g_str_equal(words, "No Function class found in the module"))
    return REASON_NO_CLASS;
  return REASON_OTHER;
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
  g_autofree char *raw = g_strndup(head + (start + 1 - lower), (gsize)(end - start - 1));
  g_autofree char *valid = g_utf8_make_valid(raw, -1);
  g_strstrip(g_strdelimit(valid, "\n\r\t", ' '));
  return valid[0] != '\0' ? g_steal_pointer(&valid) : NULL;
}
