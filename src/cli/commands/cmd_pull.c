/* SPDX-License-Identifier: MIT */
#include "clock.h"
#include "command_table.h"
#include "discover.h"
#include "error.h"
#include "file.h"
#include "json_fields.h"
#include "local_plugins.h"
#include "pull.h"
#include "report_pull.h"
#include "session.h"
#include "status.h"
#include "target.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct {
  gboolean all, valves, dry_run, force, no_history;
  char *output, *type, *history;
} Options;

static const Option option_table[] = {
    OPTION_FLAG("all", 'a', all, "Every plugin of the server"),
    OPTION_TEXT("type", 't', type, "With --all: only this kind", "KIND"),
    OPTION_TEXT("output", 'o', output,
                "Into plugins/ below DIR, as a copy: files elsewhere stay as they are", "DIR"),
    OPTION_FLAG("valves", 0, valves, "Also the valves, into ID.valves.json, secrets masked"),
    OPTION_FLAG("dry-run", 'n', dry_run, "Say what would be written, write nothing"),
    OPTION_FLAG("force", 'f', force,
                "Take the server's text over a changed file, which is kept as FILE.orig"),
    OPTION_HISTORY,
    OPTION_FLAG("no-history", 0, no_history, "Remember nothing of it here"),
    {NULL},
};

/* `all` and `error` are filled by the worker and read after its end. */
typedef struct {
  const CommandLine *line;
  const char *root;
  GPtrArray *found; /* of Found: the files that may own what is pulled; NULL: a word's own file */
  gboolean has_type;
  Kind type;
  GPtrArray *all; /* of Pulled */
  GError *error;  /* nothing could be pulled */
  GError *unrecorded;
  gboolean new_copy; /* -o's folder is not there yet */
  char *ignore_file; /* what its first file comes after; or NULL */
} Run;

static gboolean
is_twin(const Status *status, const Plugin *plugin)
{
  return plugin != NULL && g_ptr_array_find(status->twins, plugin, NULL);
}

static void
pull_row(const DeployContext *context, const PullOptions *options, Run *run, const Status *status,
         const Comparison *row)
{
  if (row->remote == NULL)
    return;
  if (!is_twin(status, row->local)) {
    g_ptr_array_add(run->all, pull_one(context->client, options, row->local, row->remote));
    return;
  }
  GError *error =
      owup_error_new(OWUP_ERROR_LOCAL_PLUGIN, _("%s has an id that another file has too: '%s'"),
                     row->local->file, row->local->id);
  g_ptr_array_add(run->all, pull_failed(row->remote, NULL, error));
}

static void
pull_all(const DeployContext *context, const PullOptions *options, Run *run)
{
  StatusRequest request = {
      .found = run->found,
      .localized = TRUE,
      .has_type = run->has_type,
      .type = run->type,
  };
  g_autoptr(Status) status = status_make(context->client, &request, &run->error);
  for (guint i = 0; status != NULL && i < status->rows->len; i++) {
    if (cancel_level(context->cancel) != CANCEL_NONE)
      return;
    pull_row(context, options, run, status, g_ptr_array_index(status->rows, i));
  }
}

/* The file below -o's folder that has the plugin already. */
static Plugin *
find_owner(const GPtrArray *found, const Target *target)
{
  for (guint i = 0; i < found->len; i++) {
    Plugin *plugin = ((Found *)g_ptr_array_index(found, i))->plugin;
    if (kind_family(plugin->kind) == target->family && strcmp(plugin->id, target->id) == 0)
      return plugin;
  }
  return NULL;
}

static void
pull_word(const DeployContext *context, const PullOptions *options, Run *run, const char *word)
{
  GError *error = NULL;
  g_autoptr(Target) target = target_find(context->client, word, "pull", FALSE, &error);
  if (target == NULL) {
    g_ptr_array_add(run->all, pull_failed(NULL, word, error));
    return;
  }
  Plugin *owner = run->found != NULL ? find_owner(run->found, target) : target->local;
  g_ptr_array_add(run->all, pull_one(context->client, options, owner, target->remote));
}

/* The session's own history is for reading: a pull writes to no server, so it settles nothing that
 * an interrupted deploy left there. */
static History *
open_for_record(Run *run)
{
  const Options *options = run->line->options;
  if (options->no_history || options->dry_run || options->output != NULL)
    return NULL;
  g_autofree char *dir = history_default_dir(options->history);
  return history_open(dir, &run->unrecorded);
}

static int
pull_in_worker(const DeployContext *context, gpointer data)
{
  Run *run = data;
  const Options *options = run->line->options;
  g_autoptr(History) history = open_for_record(run);
  PullOptions pull = {
      .root = run->root,
      .dry_run = options->dry_run,
      .force = options->force,
      .valves = options->valves,
      .ignore_file = run->ignore_file,
      .record = history != NULL,
      .history = history != NULL ? history : context->history,
  };
  if (options->all)
    pull_all(context, &pull, run);
  for (char **word = run->line->args; *word != NULL; word++)
    if (cancel_level(context->cancel) == CANCEL_NONE)
      pull_word(context, &pull, run, *word);
  return 0;
}

static int
report_rows(const Run *run, gint64 since)
{
  Report *report = run->line->report;
  int status = 0;
  guint bad = 0;
  for (guint i = 0; i < run->all->len; i++) {
    int one = report_pulled(report, g_ptr_array_index(run->all, i));
    status = status != 0 ? status : one;
    bad += one != 0 ? 1 : 0;
  }
  if (run->all->len == 0)
    report_line(report, MARK_NONE, _("No plugin on the server."));
  if (run->unrecorded != NULL)
    report_note(report, NOTE_WARNING, _("Not remembered here, so a later deploy may ask again: %s"),
                run->unrecorded->message);
  report_pulled_count(report, run->all);
  report_json(report, json_fields_summary(run->all->len, bad, status, clock_took_ms(since)));
  return status;
}

/* Two files of one id, and no name picks one of them: a copy below a project that has plugins is
 * left out of searches by a file of its own, which a folder that was there before does not get. */
static char *
choose_ignore_file(const Run *run)
{
  g_autofree char *project = run->new_copy ? command_line_root(NULL) : NULL;
  g_autofree char *below = project != NULL ? g_build_filename(project, "/", NULL) : NULL;
  if (below == NULL || !g_str_has_prefix(run->root, below))
    return NULL;
  g_autoptr(GPtrArray) originals = discover_plugins(project, NULL, NULL);
  return originals != NULL && originals->len > 0 ? g_build_filename(run->root, ".owupignore", NULL)
                                                 : NULL;
}

static void
tell_ignore_file(const Run *run)
{
  if (run->ignore_file == NULL || !g_file_test(run->ignore_file, G_FILE_TEST_EXISTS))
    return;
  g_autofree char *shown = plugin_show_path(run->ignore_file);
  report_note(run->line->report, NOTE_HINT,
              _("%s leaves this copy out of searches; delete that file to deploy from here."),
              shown);
}

static gboolean
check_words(const CommandLine *line, GError **error)
{
  const Options *options = line->options;
  gboolean args = line->args[0] != NULL;
  if (options->all && args)
    owup_error_set(error, OWUP_ERROR_USAGE, _("--all takes everything; leave the names away"));
  else if (!options->all && !args)
    owup_error_set(error, OWUP_ERROR_USAGE, _("Which plugin? owup pull NAME, or owup pull --all"));
  else if (!options->all && options->type != NULL)
    owup_error_set(error, OWUP_ERROR_USAGE, _("--type goes with --all"));
  else
    return TRUE;
  return FALSE;
}

/* Where to, and the files there. */
static gboolean
look_here(Run *run, char **root, GError **error)
{
  const Options *options = run->line->options;
  if (!command_option_kind(options->type, &run->has_type, &run->type, error))
    return FALSE;
  *root = options->output != NULL ? g_canonicalize_filename(options->output, NULL)
                                  : command_line_root(error);
  if (*root == NULL)
    return FALSE;
  run->new_copy = options->output != NULL && !g_file_test(*root, G_FILE_TEST_EXISTS);
  if (run->new_copy)
    run->found = g_ptr_array_new();
  else if (options->all || options->output != NULL)
    run->found = discover_plugins(*root, NULL, error);
  else
    return TRUE;
  return run->found != NULL;
}

static int
run_pull(const CommandLine *line)
{
  const Options *options = line->options;
  gint64 since = clock_stopwatch();
  g_autoptr(GError) error = NULL;
  g_autofree char *root = NULL;
  Run run = {.line = line};
  if (!check_words(line, &error) || !look_here(&run, &root, &error))
    return report_error(line->report, error);
  run.root = root;
  g_autofree char *ignore_file = run.ignore_file = choose_ignore_file(&run);
  run.all = g_ptr_array_new_with_free_func((GDestroyNotify)pulled_free);
  SessionRequest session = {.history_dir = options->history, .no_history = options->no_history};
  int status = session_run(line, &session, pull_in_worker, NULL, &run);
  if (run.error != NULL)
    status = report_error(line->report, run.error);
  else if (status == 0 || run.all->len > 0) {
    int told = report_rows(&run, since);
    tell_ignore_file(&run);
    status = status != 0 ? status : told;
  }
  g_clear_pointer(&run.found, g_ptr_array_unref);
  g_ptr_array_unref(run.all);
  g_clear_error(&run.error);
  g_clear_error(&run.unrecorded);
  return status;
}

const Command command_pull = {
    .name = "pull",
    .summary = N_("Take plugins from the server into local files"),
    .usage = N_("NAME... | --all"),
    .details =
        N_("A plugin goes into the file here that has its id, else into\n"
           "plugins/filters/ID/ID.py (pipes, actions, events, tools) below the project's root.\n"
           "A file that was changed here since its last deploy stays; the server's text is then\n"
           "written beside it, as FILE.server.py. With --force it is taken all the same, and what\n"
           "the file held is kept as FILE.orig."),
    .examples = "owup pull my_filter\n"
                "owup pull --all -o backup --valves\n"
                "owup pull my_filter --dry-run",
    COMMAND_OPTIONS(option_table),
    .needs_server = TRUE,
    .args = ARGS_PLUGINS,
    .run = run_pull,
};
