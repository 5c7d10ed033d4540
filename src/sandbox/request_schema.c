/* SPDX-License-Identifier: MIT */
#include "request_schema.h"

#include "json_exact.h"

#include <string.h>

/* One complaint. `input` is what was found there; a place is "body" and one or two names. */
static void
complain(json_t *complaints, const char *type, const char *message, const char *place,
         const char *within, json_t *input)
{
  json_t *path = json_pack("[s]", "body");
  if (place != NULL)
    json_array_append_new(path, json_string(place));
  if (within != NULL)
    json_array_append_new(path, json_string(within));
  json_array_append_new(complaints, json_pack("{s:s, s:o, s:s, s:O}", "type", type, "loc", path,
                                              "msg", message, "input", input));
}

static Response *
refuse(json_t *complaints)
{
  if (json_array_size(complaints) > 0)
    return response_json(422, json_pack("{s:o}", "detail", complaints));
  json_decref(complaints);
  return NULL;
}

static gboolean
says_json(const char *content_type)
{
  if (content_type == NULL)
    return FALSE;
  g_autofree char *type = g_ascii_strdown(content_type, -1);
  type[strcspn(type, ";")] = '\0';
  g_strstrip(type);
  return g_str_equal(type, "application/json") ||
         (g_str_has_prefix(type, "application/") && g_str_has_suffix(type, "+json"));
}

Response *
request_schema_read(const Request *request, json_t **body)
{
  gsize len;
  const char *text = g_bytes_get_data(request->body, &len);
  *body = NULL;
  if (len == 0)
    return NULL;
  if (!says_json(request->content_type)) {
    *body = json_stringn(text, len);
    return NULL;
  }
  json_error_t error;
  *body = json_exact_parse(text, len, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
  if (*body != NULL)
    return NULL;
  return response_json(422, json_pack("{s:[{s:s, s:[s, i], s:s, s:{}, s:{s:s}}]}", "detail", "type",
                                      "json_invalid", "loc", "body", error.position, "msg",
                                      "JSON decode error", "input", "ctx", "error", error.text));
}

#define NOT_AN_OBJECT "Input should be a valid dictionary or object to extract fields from"

/* A field of `object` that must be a string. */
static void
check_string(json_t *complaints, json_t *object, const char *outer, const char *name,
             gboolean required)
{
  json_t *value = json_object_get(object, name);
  const char *first = outer != NULL ? outer : name, *second = outer != NULL ? name : NULL;
  if (value == NULL) {
    if (required)
      complain(complaints, "missing", "Field required", first, second, object);
  } else if (!json_is_string(value) && (required || !json_is_null(value))) {
    complain(complaints, "string_type", "Input should be a valid string", first, second, value);
  }
}

static void
check_object(json_t *complaints, json_t *object, const char *outer, const char *name)
{
  json_t *value = json_object_get(object, name);
  if (value != NULL && !json_is_null(value) && !json_is_object(value))
    complain(complaints, "dict_type", "Input should be a valid dictionary", outer, name, value);
}

static void
check_grants(json_t *complaints, json_t *body, gboolean required)
{
  json_t *grants = json_object_get(body, "access_grants");
  if (grants == NULL && required)
    complain(complaints, "missing", "Field required", "access_grants", NULL, body);
  else if (grants != NULL && !json_is_array(grants) && (required || !json_is_null(grants)))
    complain(complaints, "list_type", "Input should be a valid list", "access_grants", NULL,
             grants);
}

static void
check_plugin(json_t *complaints, const Visit *visit)
{
  json_t *body = visit->body;
  gboolean tool = visit->family == FAMILY_TOOL;
  if (visit_since(visit, SANDBOX_0_12))
    check_string(complaints, body, NULL, "commit_message", FALSE);
  check_string(complaints, body, NULL, "id", TRUE);
  check_string(complaints, body, NULL, "name", TRUE);
  check_string(complaints, body, NULL, "content", TRUE);
  json_t *meta = json_object_get(body, "meta");
  if (meta == NULL) {
    complain(complaints, "missing", "Field required", "meta", NULL, body);
  } else if (!json_is_object(meta)) {
    complain(complaints, "model_attributes_type", NOT_AN_OBJECT, "meta", NULL, meta);
  } else {
    if (tool && visit_since(visit, SANDBOX_0_11))
      check_object(complaints, meta, "meta", "i18n");
    check_string(complaints, meta, "meta", "description", FALSE);
    check_object(complaints, meta, "meta", "manifest");
  }
  if (tool)
    check_grants(complaints, body, FALSE);
}

Response *
request_schema_check(RequestSchema form, const Visit *visit)
{
  if (form == FORM_NONE)
    return NULL;
  json_t *complaints = json_array();
  if (visit->body == NULL || json_is_null(visit->body))
    complain(complaints, "missing", "Field required", NULL, NULL, json_null());
  else if (!json_is_object(visit->body) && form == FORM_OBJECT)
    complain(complaints, "dict_type", "Input should be a valid dictionary", NULL, NULL,
             visit->body);
  else if (!json_is_object(visit->body))
    complain(complaints, "model_attributes_type", NOT_AN_OBJECT, NULL, NULL, visit->body);
  else if (form == FORM_PLUGIN)
    check_plugin(complaints, visit);
  else if (form == FORM_VERSION)
    check_string(complaints, visit->body, NULL, "version_id", TRUE);
  else if (form == FORM_GRANTS)
    check_grants(complaints, visit->body, TRUE);
  else if (form == FORM_CODE)
    check_string(complaints, visit->body, NULL, "code", TRUE);
  return refuse(complaints);
}

static Response *
bad_query(const char *name, const char *type, const char *message, const char *input)
{
  return response_json(422, json_pack("{s:[{s:s, s:[s, s], s:s, s:s}]}", "detail", "type", type,
                                      "loc", "query", name, "msg", message, "input", input));
}

gboolean
request_schema_query_bool(const Visit *visit, const char *name, gboolean *value, Response **answer)
{
  static const char *const yes[] = {"1", "true", "t", "yes", "y", "on", NULL};
  static const char *const no[] = {"0", "false", "f", "no", "n", "off", NULL};
  const char *text = g_hash_table_lookup(visit->request->query, name);
  if (text == NULL)
    return TRUE;
  g_autofree char *lower = g_ascii_strdown(text, -1);
  *value = g_strv_contains(yes, lower);
  if (*value || g_strv_contains(no, lower))
    return TRUE;
  *answer = bad_query(name, "bool_parsing",
                      "Input should be a valid boolean, unable to interpret input", text);
  return FALSE;
}

gboolean
request_schema_query_int(const Visit *visit, const char *name, gint64 *value, Response **answer)
{
  const char *text = g_hash_table_lookup(visit->request->query, name);
  if (text == NULL || g_ascii_string_to_signed(text, 10, G_MININT32, G_MAXINT32, value, NULL))
    return TRUE;
  *answer =
      bad_query(name, "int_parsing",
                "Input should be a valid integer, unable to parse string as an integer", text);
  return FALSE;
}
