/* SPDX-License-Identifier: MIT */
#include "class_valves.h"

#include "json_exact.h"
#include "json_text.h"

#include <math.h>
#include <string.h>

typedef enum { TYPE_OTHER, TYPE_INT, TYPE_FLOAT, TYPE_BOOL, TYPE_STR, TYPE_LIST, TYPE_DICT } Type;

/* One complaint in pydantic's words. Both static. */
typedef struct {
  const char *type, *message;
} Misfit;

static const struct {
  const char *python, *schema;
  Misfit wrong_type;
} types[] = {
    [TYPE_INT] = {"int", "integer", {"int_type", "Input should be a valid integer"}},
    [TYPE_FLOAT] = {"float", "number", {"float_type", "Input should be a valid number"}},
    [TYPE_BOOL] = {"bool", "boolean", {"bool_type", "Input should be a valid boolean"}},
    [TYPE_STR] = {"str", "string", {"string_type", "Input should be a valid string"}},
    [TYPE_LIST] = {"list", "array", {"list_type", "Input should be a valid list"}},
    [TYPE_DICT] = {"dict", "object", {"dict_type", "Input should be a valid dictionary"}},
};

/* The annotation's type, and whether None is as good. */
static Type
read_type(const char *annotation, gboolean *optional)
{
  g_autofree char *text = g_strdup(annotation);
  *optional = FALSE;
  if (g_str_has_prefix(text, "Optional[") && g_str_has_suffix(text, "]")) {
    *optional = TRUE;
    text[strlen(text) - 1] = '\0';
    memmove(text, text + 9, strlen(text + 9) + 1);
  }
  g_auto(GStrv) parts = g_strsplit(text, "|", -1);
  const char *only = NULL;
  for (char **part = parts; *part != NULL; part++) {
    g_strstrip(*part);
    if (g_str_equal(*part, "None"))
      *optional = TRUE;
    else if (only != NULL)
      return TYPE_OTHER;
    else
      only = *part;
  }
  for (Type type = TYPE_INT; only != NULL && type < G_N_ELEMENTS(types); type++) {
    if (g_str_equal(only, types[type].python))
      return type;
  }
  return TYPE_OTHER;
}

static gboolean
is_field(const OutlineItem *item, const OutlineItem *class)
{
  return item->type == OUTLINE_FIELD && item->in == class && item->direct && !item->on_self;
}

/* A plain string without escapes that JSON does not know. */
static json_t *
string_literal(const char *text, gsize len)
{
  gsize quotes = len >= 6 && text[1] == text[0] && text[2] == text[0] ? 3 : 1;
  if (len < 2 * quotes || strncmp(text + len - quotes, text, quotes) != 0)
    return NULL;
  const char *end = text + len - quotes;
  g_autoptr(GString) value = g_string_new(NULL);
  for (const char *at = text + quotes; at < end; at++) {
    if (strncmp(at, text, quotes) == 0)
      return NULL;
    if (*at == '\\' && at[1] == '\n')
      at++;
    else if (*at == '\\' && strchr("\\\"'nt", at[1]) != NULL)
      g_string_append_c(value, *++at == 'n' ? '\n' : *at == 't' ? '\t' : *at);
    else
      g_string_append_c(value, *at);
  }
  return json_stringn(value->str, value->len);
}

json_t *
class_valves_literal(const char *text)
{
  gsize len = strlen(text);
  if (g_str_equal(text, "True"))
    return json_true();
  if (g_str_equal(text, "False"))
    return json_false();
  if (g_str_equal(text, "None"))
    return json_null();
  if (len > 0 && (text[0] == '"' || text[0] == '\''))
    return string_literal(text, len);
  /* What is left and is JSON means the same in Python. */
  return json_exact_parse_text(text, JSON_DECODE_ANY);
}

gboolean
class_valves_find(const OutlineItem *plugin, const char *name, const OutlineItem **inner)
{
  gboolean assigned = FALSE;
  *inner = NULL;
  for (guint i = 0; plugin != NULL && i < plugin->inside->len; i++) {
    const OutlineItem *item = plugin->inside->pdata[i];
    if (item->in != plugin || !item->direct || !g_str_equal(item->name, name))
      continue;
    if (item->type == OUTLINE_CLASS)
      *inner = item;
    assigned = assigned || (is_field(item, plugin) && item->value != NULL);
  }
  return *inner != NULL || assigned;
}

/* Does pydantic make a setting of it? */
static gboolean
is_setting(const OutlineItem *field, const OutlineItem *valves)
{
  return is_field(field, valves) && field->annotation != NULL && field->name[0] != '_' &&
         !g_str_has_prefix(field->annotation, "ClassVar") &&
         !g_str_equal(field->name, "model_config");
}

/* The text of the default, or NULL where there is none. */
static char *
default_text(const OutlineItem *field)
{
  if (field->value == NULL)
    return NULL;
  if (!g_str_has_prefix(field->value, "Field("))
    return g_strdup(field->value);
  g_autofree char *text = outline_argument(field->value, "default");
  if (text == NULL)
    text = outline_argument(field->value, "default_factory");
  if (text == NULL)
    text = outline_argument(field->value, NULL);
  if (text == NULL || g_str_equal(text, "..."))
    return NULL;
  return g_steal_pointer(&text);
}

/* Each take_...() gives the value as a field of that type takes it (owned by the caller), or NULL
 * and in `*misfit`, which says already that it is of another type, what else is wrong. */
static json_t *
take_int(json_t *value, Misfit *misfit)
{
  if (json_exact_is_string(value)) {
    g_autofree char *text = g_strstrip(g_strdup(json_string_value(value)));
    json_auto_t *number = json_exact_parse_text(text, JSON_DECODE_ANY);
    if (json_exact_is_number(number) && strpbrk(text, ".eE") == NULL)
      return json_incref(number);
    *misfit = (Misfit){"int_parsing",
                       "Input should be a valid integer, unable to parse string as an integer"};
  } else if (json_is_boolean(value)) {
    return json_integer(json_is_true(value));
  } else if (json_exact_is_integer(value)) {
    return json_incref(value);
  } else if (json_exact_is_number(value)) {
    if (json_exact_is_whole(value) && fabs(json_exact_real(value)) <= 9e15)
      return json_integer((gint64)json_exact_real(value));
    *misfit = (Misfit){"int_from_float",
                       "Input should be a valid integer, got a number with a fractional part"};
  }
  return NULL;
}

/* As Python writes it: the shortest that is read as the same. */
static json_t *
float_json(double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  for (int digits = 15; digits <= 17; digits++) {
    char format[] = "%.15g";
    format[3] = (char)('0' + digits % 10);
    g_ascii_formatd(text, sizeof text, format, number);
    if (g_ascii_strtod(text, NULL) == number)
      break;
  }
  g_autofree char *whole = strpbrk(text, ".en") == NULL ? g_strdup_printf("%s.0", text) : NULL;
  return json_exact_parse_text(whole != NULL ? whole : text, JSON_DECODE_ANY);
}

static json_t *
take_float(json_t *value, Misfit *misfit)
{
  if (json_exact_is_string(value)) {
    g_autofree char *text = g_strstrip(g_strdup(json_string_value(value)));
    char *end;
    double number = g_ascii_strtod(text, &end);
    if (end != text && *end == '\0')
      return float_json(number);
    *misfit = (Misfit){"float_parsing",
                       "Input should be a valid number, unable to parse string as a number"};
  } else if (json_exact_is_number(value)) {
    return float_json(json_exact_real(value));
  } else if (json_is_boolean(value)) {
    return float_json(json_is_true(value));
  }
  return NULL;
}

static json_t *
take_bool(json_t *value, Misfit *misfit)
{
  static const char *const yes[] = {"1", "true", "t", "yes", "y", "on", NULL};
  static const char *const no[] = {"0", "false", "f", "no", "n", "off", NULL};
  if (json_is_boolean(value))
    return json_incref(value);
  if (json_exact_is_string(value)) {
    g_autofree char *text = g_ascii_strdown(json_string_value(value), -1);
    if (g_strv_contains(yes, text) || g_strv_contains(no, text))
      return json_boolean(g_strv_contains(yes, text));
  } else if (json_exact_is_number(value)) {
    double number = json_exact_real(value);
    if (number == 0 || number == 1)
      return json_boolean(number == 1);
  } else {
    return NULL;
  }
  *misfit = (Misfit){"bool_parsing", "Input should be a valid boolean, unable to interpret input"};
  return NULL;
}

static json_t *
take_value(const OutlineItem *field, json_t *value, Misfit *misfit)
{
  gboolean optional;
  Type type = read_type(field->annotation, &optional);
  *misfit = types[type].wrong_type;
  if (type == TYPE_INT)
    return take_int(value, misfit);
  if (type == TYPE_FLOAT)
    return take_float(value, misfit);
  if (type == TYPE_BOOL)
    return take_bool(value, misfit);
  gboolean fits = type == TYPE_STR    ? json_exact_is_string(value)
                  : type == TYPE_LIST ? json_is_array(value)
                  : type == TYPE_DICT ? json_is_object(value)
                                      : TRUE;
  return fits ? json_incref(value) : NULL;
}

/* As Python writes it (what has an inside is cut short), and what it calls the type. */
static char *
python_repr(json_t *value, const char **type)
{
  static const struct {
    const char *repr, *type;
  } words[] = {
      [JSON_OBJECT] = {"{...}", "dict"}, [JSON_ARRAY] = {"[...]", "list"},
      [JSON_STRING] = {NULL, "str"},     [JSON_TRUE] = {"True", "bool"},
      [JSON_FALSE] = {"False", "bool"},  [JSON_NULL] = {"None", "NoneType"},
  };
  if (json_exact_is_number(value)) {
    *type = json_exact_is_integer(value) ? "int" : "float";
    return json_text(value, JSON_ENCODE_ANY);
  }
  *type = words[json_typeof(value)].type;
  if (json_is_string(value))
    return g_strdup_printf("'%s'", json_string_value(value));
  return g_strdup(words[json_typeof(value)].repr);
}

static void
add_refusal(GString *text, const OutlineItem *field, const Misfit *misfit, json_t *input)
{
  const char *type;
  g_autofree char *repr = python_repr(input, &type);
  g_string_append_printf(text,
                         "\n%s\n  %s [type=%s, input_value=%s, input_type=%s]\n    For further "
                         "information visit https://errors.pydantic.dev/2.12/v/%s",
                         field->name, misfit->message, misfit->type, repr, type, misfit->type);
}

/* Are there settings that the text does not show: inherited ones, or any at all? */
static gboolean
is_open(const OutlineItem *valves)
{
  if (!g_str_equal(valves->bases, "BaseModel") && !g_str_equal(valves->bases, "pydantic.BaseModel"))
    return TRUE;
  for (guint i = 0; i < valves->inside->len; i++) {
    const OutlineItem *field = valves->inside->pdata[i];
    if (is_field(field, valves) && g_str_equal(field->name, "model_config") &&
        field->value != NULL && strstr(field->value, "allow") != NULL)
      return TRUE;
  }
  return FALSE;
}

static json_t *
without_nulls(json_t *sent)
{
  json_t *kept = json_object(), *value;
  const char *name;
  json_object_foreach(sent, name, value)
  {
    if (!json_is_null(value))
      json_object_set(kept, name, value);
  }
  return kept;
}

json_t *
class_valves_take(const OutlineItem *valves, json_t *sent, char **refusal)
{
  json_auto_t *left = without_nulls(sent);
  if (valves == NULL)
    return json_incref(left);
  json_auto_t *taken = json_object();
  g_autoptr(GString) complaints = g_string_new(NULL);
  guint count = 0;
  for (guint i = 0; i < valves->inside->len; i++) {
    const OutlineItem *field = valves->inside->pdata[i];
    json_t *value = json_object_get(left, field->name);
    Misfit misfit = {"missing", "Field required"};
    if (!is_setting(field, valves))
      continue;
    g_autofree char *fallback = default_text(field);
    json_t *fits = value == NULL ? NULL : take_value(field, value, &misfit);
    if (fits != NULL) {
      json_object_set_new(taken, field->name, fits);
    } else if (value != NULL || fallback == NULL) {
      add_refusal(complaints, field, &misfit, value != NULL ? value : left);
      count++;
    }
    json_object_del(left, field->name);
  }
  if (count > 0) {
    *refusal = g_strdup_printf("%u validation error%s for %s%s", count, count == 1 ? "" : "s",
                               valves->name, complaints->str);
    return NULL;
  }
  if (is_open(valves))
    json_object_update_missing(taken, left);
  return g_steal_pointer(&taken);
}

char *
class_valves_misfit(const OutlineItem *plugin, json_t *stored)
{
  const OutlineItem *valves = NULL;
  if (stored == NULL || !class_valves_find(plugin, "Valves", &valves) || valves == NULL)
    return NULL;
  g_autoptr(GString) text = g_string_new(NULL);
  gboolean only_missing = TRUE;
  for (guint i = 0; i < valves->inside->len; i++) {
    const OutlineItem *field = valves->inside->pdata[i];
    json_t *value = json_object_get(stored, field->name);
    Misfit misfit = {"missing", "Field required"};
    if (!is_setting(field, valves))
      continue;
    gboolean missing = value == NULL || json_is_null(value);
    g_autofree char *fallback = default_text(field);
    json_auto_t *fits = missing ? NULL : take_value(field, value, &misfit);
    if (fits != NULL || (missing && fallback != NULL))
      continue;
    only_missing = only_missing && missing;
    g_string_append_printf(text, "%s%s: %s", text->len > 0 ? "; " : "", field->name,
                           misfit.message);
  }
  return only_missing ? NULL : g_strdup(text->str);
}

/* "max_tokens" -> "Max Tokens". */
static char *
make_title(const char *name)
{
  char *title = g_strdelimit(g_strdup(name), "_", ' ');
  gboolean first = TRUE;
  for (char *at = title; *at != '\0'; at++) {
    *at = first ? g_ascii_toupper(*at) : g_ascii_tolower(*at);
    first = !g_ascii_isalpha(*at);
  }
  return g_strstrip(title);
}

static json_t *
type_schema(Type type)
{
  json_t *schema = json_object();
  if (types[type].schema != NULL)
    json_object_set_new(schema, "type", json_string(types[type].schema));
  if (type == TYPE_LIST)
    json_object_set_new(schema, "items", json_object());
  if (type == TYPE_DICT)
    json_object_set_new(schema, "additionalProperties", json_true());
  return schema;
}

static json_t *
field_schema(const OutlineItem *field)
{
  gboolean optional;
  json_t *schema = type_schema(read_type(field->annotation, &optional));
  if (optional)
    schema = json_pack("{s:[o, {s:s}]}", "anyOf", schema, "type", "null");
  g_autofree char *title = make_title(field->name);
  json_object_set_new(schema, "title", json_string(title));
  g_autofree char *text = default_text(field);
  json_t *fallback = text == NULL ? NULL : class_valves_literal(text);
  if (fallback != NULL)
    json_object_set_new(schema, "default", fallback);
  g_autofree char *description =
      field->value == NULL ? NULL : outline_argument(field->value, "description");
  json_t *words = description == NULL ? NULL : class_valves_literal(description);
  if (words != NULL)
    json_object_set_new(schema, "description", words);
  return schema;
}

json_t *
class_valves_schema(const OutlineItem *valves, const char *title)
{
  json_t *properties = json_object(), *required = json_array();
  for (guint i = 0; valves != NULL && i < valves->inside->len; i++) {
    const OutlineItem *field = valves->inside->pdata[i];
    if (!is_setting(field, valves))
      continue;
    json_object_set_new(properties, field->name, field_schema(field));
    g_autofree char *text = default_text(field);
    if (text == NULL)
      json_array_append_new(required, json_string(field->name));
  }
  json_t *schema =
      json_pack("{s:o, s:s, s:s}", "properties", properties, "title", title, "type", "object");
  if (json_array_size(required) > 0)
    json_object_set(schema, "required", required);
  json_decref(required);
  return schema;
}
