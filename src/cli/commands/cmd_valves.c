/* SPDX-License-Identifier: MIT */
#include "command_table.h"
#include "target_command.h"

#include "client_admin.h"
#include "error.h"
#include "file.h"
#include "json_text.h"
#include "terminal_text.h"
#include "valve_edit.h"
#include "valve_marks.h"
#include "valve_mask.h"
#include "valves_schema.h"

#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#define STDIN_LIMIT (1u << 20)

typedef struct {
  GPtrArray *edits; /* of ValveEdit; empty: only look */
  const char *only; /* get NAME: this one alone */
  gboolean stdin_read;
} Wish;

typedef struct {
  json_t *valves; /* what is stored, without secrets */
  json_t *spec;   /* NULL: the code has none */
} Found;

static void
found_free(Found *found)
{
  if (found == NULL)
    return;
  json_decref(found->valves);
  json_decref(found->spec);
  g_free(found);
}

/* With `only` that one alone. */
static Found *
found_new(const json_t *valves, json_t *spec, const char *only, GError **error)
{
  if (only != NULL && !valve_edit_check_name(spec, valves, only, error))
    return NULL;
  json_t *value = only != NULL ? json_object_get(valves, only) : NULL;
  json_auto_t *one = value != NULL ? json_pack("{s:O}", only, value) : json_object();
  Found *found = g_new0(Found, 1);
  found->valves = valve_mask(only != NULL ? one : valves, spec);
  found->spec = json_incref(spec);
  return found;
}

static gpointer
edit_target(const DeployContext *context, const Target *target, gpointer data, GError **error)
{
  const Wish *wish = data;
  OWUP_ERROR_GUARD(error);
  Client *client = context->client;
  json_auto_t *valves = NULL;
  json_auto_t *spec = NULL;
  if (wish->edits->len > 0)
    valves = valve_edit_apply(client, target->family, target->id, wish->edits, &spec, error);
  else if ((valves = client_valves(client, target->family, target->id, error)) != NULL)
    spec = client_valves_spec(client, target->family, target->id, error);
  if (*error != NULL)
    return NULL;
  json_auto_t *marks = target->local != NULL ? valve_marks_read(target->local->stored) : NULL;
  valves_schema_add_marks(spec, marks);
  return found_new(valves, spec, wish->only, error);
}

/* Owned by the caller. */
static char *
value_text(const json_t *value)
{
  if (g_strcmp0(json_string_value(value), MASKED) == 0)
    return g_strdup(MASKED);
  char *text = json_text(value, JSON_COMPACT | JSON_ENCODE_ANY);
  return text != NULL ? text : g_strdup("null");
}

/* Of a valve of the code: what is stored, else the default. Owned by the caller. */
static char *
setting_text(const Found *found, const char *name, const json_t *property)
{
  json_t *stored = json_object_get(found->valves, name);
  json_t *standard = json_object_get(property, "default");
  if (stored != NULL)
    return value_text(stored);
  if (standard == NULL)
    return g_strdup(_("(no value)"));
  json_auto_t *one = json_pack("{s:O}", name, standard);
  json_auto_t *masked = valve_mask(one, found->spec);
  g_autofree char *text = value_text(json_object_get(masked, name));
  return g_strdup_printf(_("%s  (default)"), text);
}

static gsize
widest_name(const json_t *properties)
{
  gsize width = 0;
  const char *name;
  json_t *property;
  json_object_foreach((json_t *)properties, name, property) width =
      MAX(width, terminal_text_width(name));
  return width;
}

/* Every valve of the code with its value, or its default where none is stored; then what is stored
 * beside. */
static void
print_table(Report *report, const Found *found, const char *only)
{
  json_t *properties = json_object_get(found->spec, "properties");
  gsize width = MAX(widest_name(properties), widest_name(found->valves));
  const char *name;
  json_t *value;
  json_object_foreach(properties, name, value)
  {
    g_autofree char *column = terminal_text_fit(name, width);
    g_autofree char *text = setting_text(found, name, value);
    if (only == NULL || strcmp(only, name) == 0)
      report_line(report, MARK_UNDER, "%s  %s", column, text);
  }
  json_object_foreach(found->valves, name, value)
  {
    g_autofree char *column = terminal_text_fit(name, width);
    g_autofree char *text = value_text(value);
    if (json_object_get(properties, name) == NULL)
      report_line(report, MARK_UNDER, _("%s  %s  (the code has no such valve)"), column, text);
  }
}

/* Owned by the caller. */
static char *
edited_names(const GPtrArray *edits)
{
  g_autoptr(GString) names = g_string_new(NULL);
  for (guint i = 0; i < edits->len; i++)
    g_string_append_printf(names, "%s%s", i > 0 ? ", " : "",
                           ((const ValveEdit *)g_ptr_array_index(edits, i))->name);
  return g_string_free(g_steal_pointer(&names), FALSE);
}

static void
print_done(Report *report, const Wish *wish, const char *label)
{
  const ValveEdit *first = wish->edits->len > 0 ? g_ptr_array_index(wish->edits, 0) : NULL;
  g_autofree char *names = edited_names(wish->edits);
  if (first == NULL)
    report_line(report, MARK_NONE, _("Valves of '%s':"), label);
  else if (first->text != NULL)
    report_line(report, MARK_DONE, _("Valves of '%s' set:"), label);
  else
    report_line(report, MARK_DONE, _("Valves of '%s' unset: %s"), label, names);
}

/* Where the code's default is something, null did not become what the user asked for. */
static void
note_dropped_nulls(Report *report, const Wish *wish, const Found *found)
{
  for (guint i = 0; i < wish->edits->len; i++) {
    const ValveEdit *edit = g_ptr_array_index(wish->edits, i);
    json_t *standard = json_object_get(valves_schema_property(found->spec, edit->name), "default");
    if (g_strcmp0(edit->text, "null") == 0 && standard != NULL && !json_is_null(standard) &&
        json_object_get(found->valves, edit->name) == NULL)
      report_note(report, NOTE_WARNING,
                  _("The server keeps no null: %s has the code's default again."), edit->name);
  }
}

static void
tell_valves(const CommandLine *line, const TargetResult *result, gpointer data)
{
  const Wish *wish = data;
  Found *found = result->found;
  if (report_is_json(line->report)) {
    report_target_valves(line->report, result, found != NULL ? found->valves : NULL);
  } else if (result->error != NULL) {
    report_error(line->report, result->error);
  } else if (found->spec == NULL && json_object_size(found->valves) == 0) {
    report_line(line->report, MARK_NONE, _("'%s' has no valves."), target_label(result->target));
  } else {
    print_done(line->report, wish, target_label(result->target));
    print_table(line->report, found, wish->only);
    note_dropped_nulls(line->report, wish, found);
  }
  found_free(found);
}

/* NAME=-: the value is read from standard input, so that it stands in no shell history. */
static gboolean
read_secret(Wish *wish, ValveEdit *edit, GError **error)
{
  if (wish->stdin_read)
    return owup_error_set(error, OWUP_ERROR_USAGE, _("Standard input is one value, not several"));
  wish->stdin_read = TRUE;
  g_autoptr(GBytes) bytes = file_read_fd(STDIN_FILENO, _("standard input"), STDIN_LIMIT, error);
  if (bytes == NULL)
    return FALSE;
  g_free(edit->text);
  edit->text = g_strchomp(g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)));
  return TRUE;
}

static gboolean
add_edit(Wish *wish, const char *verb, const char *word, GError **error)
{
  ValveEdit *edit = NULL;
  if (strcmp(verb, "set") == 0) {
    edit = valve_edit_parse(word, error);
  } else {
    edit = g_new0(ValveEdit, 1);
    edit->name = g_strdup(word);
  }
  if (edit == NULL)
    return FALSE;
  g_ptr_array_add(wish->edits, edit);
  return !edit->from_stdin || read_secret(wish, edit, error);
}

/* NAME [get [VALVE] | set VALVE=VALUE… | unset VALVE…] */
static gboolean
parse_words(char **args, Wish *wish, GError **error)
{
  if (args[0] == NULL || args[1] == NULL)
    return TRUE;
  const char *verb = args[1];
  char **rest = args + 2;
  if (strcmp(verb, "get") == 0) {
    wish->only = rest[0];
    if (rest[0] == NULL || rest[1] == NULL)
      return TRUE;
    return owup_error_set(error, OWUP_ERROR_USAGE, _("owup valves NAME get takes one valve"));
  }
  if (strcmp(verb, "set") != 0 && strcmp(verb, "unset") != 0)
    return owup_error_set(
        error, OWUP_ERROR_USAGE,
        _("owup valves NAME takes get, set VALVE=VALUE or unset VALVE, not \"%s\""), verb);
  if (rest[0] == NULL)
    return owup_error_set(error, OWUP_ERROR_USAGE, _("Which valve? owup valves NAME %s VALVE"),
                          verb);
  for (; *rest != NULL; rest++)
    if (!add_edit(wish, verb, *rest, error))
      return FALSE;
  return TRUE;
}

static int
run_valves(const CommandLine *line)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) edits = g_ptr_array_new_with_free_func((GDestroyNotify)valve_edit_free);
  Wish wish = {.edits = edits};
  if (!parse_words(line->args, &wish, &error))
    return report_error(line->report, error);
  char *name[] = {line->args[0], NULL};
  TargetRequest request = {.writes = edits->len > 0,
                           .args = name,
                           .act = edit_target,
                           .tell = tell_valves,
                           .data = &wish};
  return target_command_run(line, &request);
}

const Command command_valves = {
    .name = "valves",
    .summary = N_("Show and change a plugin's settings on the server"),
    .usage = N_("NAME [get [VALVE] | set VALVE=VALUE... | unset VALVE...]"),
    .details = N_("Only the named valves change. VALUE - is read from standard input, env:NAME "
                  "from the environment: so a secret "
                  "stands in no shell history. What looks like a secret is never shown."),
    .examples = "owup valves my_filter\n"
                "owup valves my_filter set priority=5\n"
                "pass show api | owup valves my_filter set api_key=-",
    .needs_server = TRUE,
    .args = ARGS_PLUGINS,
    .choices = "get set unset",
    .choices_at = 2,
    .run = run_valves,
};
