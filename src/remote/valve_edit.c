/* SPDX-License-Identifier: MIT */
#include "valve_edit.h"

#include "client_admin.h"
#include "error.h"
#include "json_exact.h"
#include "valve_secret.h"
#include "valves_schema.h"

#include <glib/gi18n.h>
#include <string.h>

#define ENVIRONMENT "env:"

void
valve_edit_free(ValveEdit *edit)
{
  if (edit == NULL)
    return;
  g_free(edit->name);
  g_free(edit->text);
  g_free(edit);
}

ValveEdit *
valve_edit_parse(const char *word, GError **error)
{
  const char *equals = strchr(word, '=');
  if (equals == NULL || equals == word)
    return owup_error_null(error, OWUP_ERROR_USAGE, _("A valve is set as NAME=VALUE"));
  const char *text = equals + 1;
  gboolean from_stdin = strcmp(text, "-") == 0;
  gboolean from_environment = g_str_has_prefix(text, ENVIRONMENT);
  if (from_environment) {
    const char *variable = text + strlen(ENVIRONMENT);
    text = g_getenv(variable);
    if (text == NULL)
      return owup_error_null(error, OWUP_ERROR_USAGE, _("There is no environment variable %s"),
                             variable);
  }
  ValveEdit *edit = g_new0(ValveEdit, 1);
  edit->name = g_strndup(word, (gsize)(equals - word));
  edit->text = g_strdup(text);
  edit->from_stdin = from_stdin;
  edit->secret = from_stdin || from_environment;
  return edit;
}

static json_t *
text_to_value(const json_t *spec, const json_t *property, const char *text)
{
  json_t *string = json_string(text);
  json_auto_t *parsed = json_exact_parse_text(text, JSON_DECODE_ANY);
  if (parsed == NULL)
    return string;
  /* A string stays one where the schema takes strings: "5" for a port of type string. */
  g_autofree char *why = valves_schema_misfit(spec, property, string);
  const char *type = json_string_value(json_object_get(property, "type"));
  if (why == NULL && (type == NULL || strcmp(type, "string") == 0))
    return string;
  json_decref(string);
  return json_incref(parsed);
}

static void
add_names(GPtrArray *names, const json_t *object)
{
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)object, name, value)
  {
    if (!g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
      g_ptr_array_add(names, (gpointer)name);
  }
}

static void
set_unknown(const json_t *spec, const json_t *valves, const char *name, GError **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  add_names(names, json_object_get(spec, "properties"));
  add_names(names, valves);
  g_ptr_array_add(names, NULL);
  g_autofree char *all = g_strjoinv(", ", (char **)names->pdata);
  owup_error_set(error, OWUP_ERROR_USAGE, _("There is no valve %s; there are: %s"), name, all);
}

gboolean
valve_edit_check_name(const json_t *spec, const json_t *valves, const char *name, GError **error)
{
  if (valves_schema_property(spec, name) != NULL || json_object_get(valves, name) != NULL)
    return TRUE;
  set_unknown(spec, valves, name, error);
  return FALSE;
}

static gboolean
merge_edit(const json_t *spec, const ValveEdit *edit, json_t *valves, GError **error)
{
  json_t *property = valves_schema_property(spec, edit->name);
  if (edit->text == NULL) {
    gboolean known = valve_edit_check_name(spec, valves, edit->name, error);
    json_object_del(valves, edit->name);
    return known;
  }
  if (property == NULL) {
    set_unknown(spec, NULL, edit->name, error);
    return FALSE;
  }
  if (!g_utf8_validate(edit->text, -1, NULL))
    return owup_error_set(error, OWUP_ERROR_USAGE, _("The value of %s is not UTF-8"), edit->name);
  json_auto_t *value = text_to_value(spec, property, edit->text);
  g_autofree char *why = valves_schema_misfit(spec, property, value);
  if (why != NULL)
    return owup_error_set(error, OWUP_ERROR_USAGE, "%s %s", edit->name, why);
  json_object_set(valves, edit->name, value);
  return TRUE;
}

/* What the server may not say: which valve it is. */
static void
explain_refusal(GError *failure, const json_t *spec, const json_t *wanted, const GPtrArray *edits)
{
  if (!owup_error_is(failure, OWUP_ERROR_REFUSED) &&
      !owup_error_is(failure, OWUP_ERROR_REFUSED_HIDDEN))
    return;
  g_autoptr(GPtrArray) lines = valves_schema_check(spec, wanted);
  g_ptr_array_add(lines, NULL);
  g_autofree char *all = g_strjoinv("\n", (char **)lines->pdata);
  if (lines->len > 1)
    owup_error_set_hint(failure, "%s", all);
}

static gboolean
is_unset(const json_t *is, const json_t *property)
{
  json_t *standard = json_object_get(property, "default");
  return is == NULL || json_is_null(is) ||
         (property != NULL && (standard == NULL || json_exact_equal(is, standard)));
}

/* Of one type, so that the value counts. */
static gboolean
is_alike(const json_t *a, const json_t *b)
{
  return json_typeof(a) == json_typeof(b) || (json_exact_is_number(a) && json_exact_is_number(b));
}

/* Does `stored` have each edit as `wanted` has it? The server adds defaults, may turn a type into
 * another, and drops each null before the code sees it (0.9.6, 0.11.4, 0.12.4). */
static gboolean
has_edits(const json_t *stored, const json_t *spec, const json_t *wanted, const GPtrArray *edits)
{
  for (guint i = 0; i < edits->len; i++) {
    const ValveEdit *edit = g_ptr_array_index(edits, i);
    json_t *is = json_object_get(stored, edit->name), *should = json_object_get(wanted, edit->name);
    gboolean unset = should == NULL || json_is_null(should);
    if (unset ? !is_unset(is, valves_schema_property(spec, edit->name))
              : is == NULL || (is_alike(is, should) && !json_exact_equal(is, should)))
      return FALSE;
  }
  return TRUE;
}

/* So that no answer tells them. */
static void
teach(Redactor *redactor, const json_t *spec, const json_t *wanted, const GPtrArray *edits)
{
  valve_secret_teach(redactor, spec, wanted);
  for (guint i = 0; i < edits->len; i++) {
    const ValveEdit *edit = g_ptr_array_index(edits, i);
    if (!edit->secret)
      continue;
    redactor_add_field(redactor, edit->name, TRUE);
    redactor_add(redactor, edit->text);
  }
}

static json_t *
send_valves(Client *client, Family family, const char *id, const json_t *spec, const json_t *wanted,
            const GPtrArray *edits, GError **error)
{
  gboolean sent = FALSE;
  g_autoptr(GError) failure = NULL;
  json_auto_t *answer = client_set_valves(client, family, id, wanted, &sent, &failure);
  gboolean lost = answer == NULL && sent && owup_error_status(failure) < 400;
  if (answer == NULL)
    explain_refusal(failure, spec, wanted, edits);
  if (answer == NULL && !lost) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
  }
  json_auto_t *stored = client_valves(client, family, id, lost ? NULL : error);
  if (stored != NULL && has_edits(stored, spec, wanted, edits))
    return json_incref(stored);
  if (lost)
    g_propagate_error(error, g_steal_pointer(&failure));
  else if (stored != NULL)
    owup_error_set(error, OWUP_ERROR_SERVER, _("The server took the valves, but holds others"));
  return NULL;
}

json_t *
valve_edit_apply(Client *client, Family family, const char *id, const GPtrArray *edits,
                 json_t **schema, GError **error)
{
  OWUP_ERROR_GUARD(error);
  json_auto_t *valves = client_valves(client, family, id, error);
  json_auto_t *spec = valves != NULL ? client_valves_spec(client, family, id, error) : NULL;
  if (spec == NULL && *error == NULL)
    owup_error_set(error, OWUP_ERROR_USAGE, _("'%s' has no valves"), id);
  for (guint i = 0; *error == NULL && i < edits->len; i++)
    merge_edit(spec, g_ptr_array_index(edits, i), valves, error);
  if (*error != NULL)
    return NULL;
  teach(client_redactor(client), spec, valves, edits);
  client_begin_write(client);
  json_t *stored = send_valves(client, family, id, spec, valves, edits, error);
  client_end_write(client);
  if (stored != NULL)
    *schema = json_incref(spec);
  return stored;
}
