/* SPDX-License-Identifier: MIT */
#include "command_table.h"
#include "error.h"
#include "json_fields.h"
#include "trust_consent.h"
#include "trust_store.h"

#include <glib/gi18n.h>

typedef struct {
  gboolean list, forget;
} Options;

static const Option option_table[] = {
    OPTION_FLAG("list", 0, list, "Show everything that is trusted"),
    OPTION_FLAG("forget", 0, forget, "Trust nothing of the project in DIR any more (here)"),
    {NULL},
};

static json_t *
fields(const char *project, const char *destination, const char *secret)
{
  json_t *object = json_fields_new("trust");
  json_add_text(object, "project", project);
  json_add_text(object, "server", destination);
  json_add_text(object, "secret", secret);
  return object;
}

static int
list_all(const CommandLine *line)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *dir = trust_consent_dir();
  g_autoptr(GPtrArray) list = trust_store_list(dir, &error);
  if (list == NULL)
    return report_error(line->report, error);
  for (guint i = 0; i < list->len; i++) {
    const Trusted *one = g_ptr_array_index(list, i);
    if (report_is_json(line->report))
      report_json(line->report, fields(one->project, one->destination, one->secret));
    else
      report_line(line->report, MARK_NONE, _("%s may send %s to %s"), one->project, one->secret,
                  one->destination);
  }
  if (list->len == 0)
    report_note(line->report, NOTE_INFO, _("Nothing is trusted yet."));
  return 0;
}

/* The project of `dir`, or of the current folder. */
static char *
project_at(const char *dir, GError **error)
{
  g_autofree char *here = g_canonicalize_filename(dir != NULL ? dir : ".", NULL);
  g_autofree char *root = dir != NULL ? g_strdup(here) : command_line_root(error);
  return root != NULL ? trust_project(root, here) : NULL;
}

static int
forget(const CommandLine *line)
{
  g_autoptr(GError) error = NULL;
  guint n = 0;
  g_autofree char *dir = trust_consent_dir();
  g_autofree char *project = project_at(line->args[0], &error);
  if (project == NULL || !trust_store_forget(dir, project, &n, &error))
    return report_error(line->report, error);
  g_autofree char *shown = g_filename_display_name(project);
  if (n == 0)
    report_note(line->report, NOTE_INFO, _("Nothing is trusted for %s."), shown);
  else
    report_line(line->report, MARK_DONE, _("Nothing is trusted for %s any more."), shown);
  return 0;
}

/* For SettingsFlags: the question is asked later. */
static gboolean
take(const TrustQuestion *question, gpointer data)
{
  TrustQuestion **taken = data;
  TrustQuestion *copy = g_new0(TrustQuestion, 1);
  copy->project = g_strdup(question->project);
  copy->destination = g_strdup(question->destination);
  copy->place = g_strdup(question->place);
  copy->secret = g_strdup(question->secret);
  copy->host = g_strdup(question->host);
  *taken = copy;
  return TRUE;
}

static int
tell_nothing(const CommandLine *line, const Settings *settings)
{
  g_autofree char *key = setting_origin_text(settings->key_origin);
  g_autofree char *url = setting_origin_text(settings->url_origin);
  report_line(line->report, MARK_DONE, _("Nothing to ask here: the key (%s) may go to %s (%s)."),
              key, settings->url, url);
  return 0;
}

static int
trust_here(const CommandLine *line)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TrustQuestion) question = NULL;
  gboolean before = FALSE;
  SettingsFlags flags = {.trusts = take, .trusts_data = &question};
  g_autofree char *root = command_line_root(&error);
  g_autoptr(Settings) settings = root != NULL ? settings_load(&flags, root, &error) : NULL;
  if (settings == NULL)
    return report_error(line->report, error);
  if (question == NULL)
    return tell_nothing(line, settings);
  if (!trust_consent_ask(line, question, &before, &error))
    return report_error(line->report, error);
  if (report_is_json(line->report))
    report_json(line->report, fields(question->project, question->destination, question->secret));
  else
    report_line(line->report, MARK_DONE,
                before ? _("Already trusted: %s may go to %s.") : _("Trusted: %s may go to %s."),
                question->secret, question->destination);
  return 0;
}

static int
run(const CommandLine *line)
{
  const Options *options = line->options;
  g_autoptr(GError) error = NULL;
  if (options->list && options->forget) {
    error = owup_error_new(OWUP_ERROR_USAGE, _("--list and --forget exclude each other"));
    return report_error(line->report, error);
  }
  if (!command_line_check_args(line, options->forget ? 1 : 0, &error))
    return report_error(line->report, error);
  if (options->list)
    return list_all(line);
  return options->forget ? forget(line) : trust_here(line);
}

const Command command_trust = {
    .name = "trust",
    .summary = N_("Let this project send a key that is not its own to its server"),
    .usage = N_("[--forget [DIR]]"),
    .details = N_(
        "A .env that is merely found may name the server, and a key in the environment or in a\n"
        "file elsewhere would go to whoever wrote that .env. Unless the server is this machine,\n"
        "owup asks first, once for each project, server and key. Without a terminal:\n"
        "OWUP_TRUST=HOST[,HOST...] in the environment."),
    .examples = "owup trust\n"
                "owup trust --list\n"
                "OWUP_TRUST=owui.example owup deploy --all\n",
    COMMAND_OPTIONS(option_table),
    .args = ARGS_FOLDERS,
    .run = run,
};
