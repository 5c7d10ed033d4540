#include "each_target.h"

#include "error.h"
#include "files.h"
#include "manage.h"
#include "termtext.h"
#include "valve_edit.h"
#include "valves.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STDIN_LIMIT (1u << 20)
#define MASK "********"

typedef struct {
  GPtrArray *edits; /* of ValveEdit; empty: only look */
  const char *only; /* get NAME: this one alone */
} Wish;

typedef struct {
  json_t *valves;
  json_t *spec; /* NULL: the code has none */
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

static gpointer
act(const DeployContext *context, const Target *target, gpointer data, GError **error)
{
  const Wish *wish = data;
  g_autoptr(GError) failure = NULL;
  json_auto_t *valves =
      wish->edits->len > 0
          ? valve_edit_apply(context->server, target->family, target->id, wish->edits, &failure)
          : server_valves(context->server, target->family, target->id, &failure);
  json_auto_t *spec =
      valves != NULL ? server_valves_spec(context->server, target->family, target->id, &failure)
                     : NULL;
  if (failure != NULL) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
  }
  Found *found = g_new0(Found, 1);
  found->valves = json_incref(valves);
  found->spec = json_incref(spec);
  return found;
}

/* The value as shown: secrets hidden. Owned by the caller. */
static char *
shown(const Found *found, const char *name, const json_t *value)
{
  if (valves_is_secret(found->spec, name) && !json_is_null(value) && json_string_length(value) != 0)
    return g_strdup(MASK);
  char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
  char *copy = g_strdup(text != NULL ? text : "null");
  free(text);
  return copy;
}

static gsize
widest_name(const json_t *properties)
{
  gsize width = 0;
  const char *name;
  json_t *property;
  json_object_foreach((json_t *)properties, name, property) width = MAX(width, text_width(name));
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
    json_t *stored = json_object_get(found->valves, name);
    json_t *standard = json_object_get(value, "default");
    g_autofree char *column = text_fit(name, width);
    g_autofree char *text = stored != NULL || standard != NULL
                                ? shown(found, name, stored != NULL ? stored : standard)
                                : NULL;
    if (only == NULL || strcmp(only, name) == 0)
      report_line(report, "   %s  %s%s", column, text != NULL ? text : _("(no value)"),
                  stored == NULL && text != NULL ? _("  (default)") : "");
  }
  json_object_foreach(found->valves, name, value)
  {
    g_autofree char *column = text_fit(name, width);
    g_autofree char *text = shown(found, name, value);
    if (json_object_get(properties, name) == NULL && (only == NULL || strcmp(only, name) == 0))
      report_line(report, _("   %s  %s  (the code has no such valve)"), column, text);
  }
}

static json_t *
masked(const Found *found)
{
  json_t *object = json_object();
  const char *name;
  json_t *value;
  json_object_foreach(found->valves, name, value)
  {
    if (valves_is_secret(found->spec, name) && !json_is_null(value))
      json_object_set_new(object, name, json_string(MASK));
    else
      json_object_set(object, name, value);
  }
  return object;
}

static void
tell(const CommandLine *line, const TargetResult *result, gpointer data)
{
  const Wish *wish = data;
  Found *found = result->found;
  if (report_is_json(line->report)) {
    json_t *object = target_result_json("valves", result);
    json_object_set_new(object, "valves", found != NULL ? masked(found) : json_null());
    report_json(line->report, object);
  } else if (result->error != NULL) {
    report_error(line->report, result->error);
  } else if (found->spec == NULL && json_object_size(found->valves) == 0) {
    report_line(line->report, _("'%s' has no valves."), target_label(result->target));
  } else {
    report_line(line->report,
                wish->edits->len > 0 ? _("✅ Valves of '%s' set:") : _("Valves of '%s':"),
                target_label(result->target));
    print_table(line->report, found, wish->only);
  }
  found_free(found);
}

/* NAME=-: the value is read from standard input, so that it stands in no shell history. */
static gboolean
read_secret(ValveEdit *edit, GError **error)
{
  if (edit->text == NULL || strcmp(edit->text, "-") != 0)
    return TRUE;
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
  if (edit == NULL || !read_secret(edit, error)) {
    valve_edit_free(edit);
    return FALSE;
  }
  g_ptr_array_add(wish->edits, edit);
  return TRUE;
}

/* NAME [get [VALVE] | set VALVE=VALUE… | unset VALVE…] */
static gboolean
parse_words(char **words, Wish *wish, GError **error)
{
  if (words[0] == NULL || words[1] == NULL)
    return TRUE;
  const char *verb = words[1];
  char **rest = words + 2;
  if (strcmp(verb, "get") == 0) {
    wish->only = rest[0];
    return TRUE;
  }
  if (strcmp(verb, "set") != 0 && strcmp(verb, "unset") != 0) {
    owup_error_set(error, OWUP_ERROR_USAGE,
                   _("owup valves NAME takes get, set VALVE=VALUE or unset VALVE, not \"%s\""),
                   verb);
    return FALSE;
  }
  if (rest[0] == NULL) {
    owup_error_set(error, OWUP_ERROR_USAGE, _("Which valve? owup valves NAME %s VALVE"), verb);
    return FALSE;
  }
  for (; *rest != NULL; rest++)
    if (!add_edit(wish, verb, *rest, error))
      return FALSE;
  return TRUE;
}

static int
run(const CommandLine *line)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) edits = g_ptr_array_new_with_free_func((GDestroyNotify)valve_edit_free);
  Wish wish = {.edits = edits};
  if (!parse_words(line->words, &wish, &error))
    return report_error(line->report, error);
  char *name[] = {line->words[0], NULL};
  TargetRequest request = {
      .writes = edits->len > 0, .words = name, .act = act, .tell = tell, .data = &wish};
  return each_target(line, &request);
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
    .words = WORDS_PLUGINS,
    .choices = "get set unset",
    .choices_at = 2,
    .run = run,
};
