#include "command.h"
#include "deploy.h"
#include "interrupt.h"
#include "selection.h"
#include "worker.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct {
  gboolean all, localized, resend, no_check, update_only, create_only, dry_run;
  char *id, *type;
  char **excludes;
} Options;

static const GOptionEntry entries[] = {
    {"all", 'a', 0, G_OPTION_ARG_NONE, OPTION_FIELD(Options, all),
     N_("Every plugin below DIR, by default below the project's root"), NULL},
    {"type", 't', 0, G_OPTION_ARG_FILENAME, OPTION_FIELD(Options, type),
     N_("With --all: only this kind"), "KIND"},
    {"exclude", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, OPTION_FIELD(Options, excludes),
     N_("With --all: leave out what matches; may be repeated"), "GLOB"},
    {"localized", 0, 0, G_OPTION_ARG_NONE, OPTION_FIELD(Options, localized),
     N_("With --all: also X_cn.py and X_zh.py beside X.py"), NULL},
    {"id", 0, 0, G_OPTION_ARG_FILENAME, OPTION_FIELD(Options, id), N_("Deploy under this id"),
     "ID"},
    {"dry-run", 'n', 0, G_OPTION_ARG_NONE, OPTION_FIELD(Options, dry_run),
     N_("Say what would be done, send nothing"), NULL},
    {"resend", 0, 0, G_OPTION_ARG_NONE, OPTION_FIELD(Options, resend),
     N_("Send although the server holds the same"), NULL},
    {"no-check", 0, 0, G_OPTION_ARG_NONE, OPTION_FIELD(Options, no_check),
     N_("Send although the check here found something"), NULL},
    {"update-only", 0, 0, G_OPTION_ARG_NONE, OPTION_FIELD(Options, update_only), N_("Never create"),
     NULL},
    {"create-only", 0, 0, G_OPTION_ARG_NONE, OPTION_FIELD(Options, create_only), N_("Never update"),
     NULL},
    {NULL},
};

/* What the worker needs; nothing of it changes while it runs. */
typedef struct {
  const CommandLine *line;
  const Settings *settings;
  const Selection *selection;
  Cancel *cancel;
  Channel *events;
  DeployOptions options;
  GPtrArray *outcomes; /* of Outcome; the main thread's alone */
} Run;

static void
push_event(Event *event, gpointer data)
{
  channel_push(data, event);
}

static void
push_trace(const char *text, gpointer data)
{
  channel_push(data, event_new(EVENT_TRACE, NULL, 0, text));
}

static Outcome *
deploy_selected(const DeployContext *context, const Selected *selected)
{
  if (selected->error == NULL)
    return deploy_one(context, selected->plugin);
  Outcome *outcome = outcome_new(selected->plugin, server_url(context->server));
  outcome->word = g_strdup(selected->word);
  outcome->result = selected->plugin != NULL ? RESULT_INVALID : RESULT_FAILED;
  outcome->error = g_error_copy(selected->error);
  return outcome;
}

/* In the worker: one plugin after the other. */
static gpointer
work(gpointer data)
{
  Run *run = data;
  const Settings *settings = run->settings;
  ServerOptions options = {
      .url = settings->url,
      .key = settings->key,
      .key_origin = settings->key_origin,
      .cacert = settings->cacert,
      .insecure = settings->insecure,
      .headers = (const char *const *)settings->headers,
      .silence_ms = (guint)settings->timeout * 1000,
  };
  g_autoptr(Server) server = server_new(&options, run->cancel);
  if (run->line->global.verbose)
    server_set_trace(server, push_trace, run->events);
  DeployContext context = {server, run->cancel, &run->options, push_event, run->events};
  for (guint i = 0; i < run->selection->items->len; i++) {
    Outcome *outcome = deploy_selected(&context, g_ptr_array_index(run->selection->items, i));
    channel_push(run->events, event_finished(outcome));
  }
  return NULL;
}

/* Which default could be meant is known here only. */
static void
add_default_hint(const Run *run, Outcome *outcome)
{
  if (!run->settings->url_default || !owup_error_is(outcome->error, OWUP_ERROR_UNREACHABLE))
    return;
  g_autofree char *hint = g_strdup(owup_error_hint(outcome->error));
  owup_error_set_hint(
      outcome->error, "%s%s%s", hint != NULL ? hint : "", hint != NULL ? "\n" : "",
      _("(http://localhost:3000 is the default; set url= in .env or OPENWEBUI_URL)"));
}

/* On the main thread. */
static void
observe(gpointer item, gpointer data)
{
  Run *run = data;
  g_autoptr(Event) event = item;
  report_event(run->line->report, event);
  if (event->type != EVENT_FINISHED)
    return;
  Outcome *outcome = event_steal_outcome(event);
  add_default_hint(run, outcome);
  report_outcome(run->line->report, outcome);
  g_ptr_array_add(run->outcomes, outcome);
}

static void
tell_interrupt(int signal_number, CancelLevel level, gpointer data)
{
  const Run *run = data;
  if (level == CANCEL_GENTLY)
    report_note(run->line->report,
                _("Interrupted: letting the running write end. Again to stop at once."));
}

static int
exit_status(const Run *run)
{
  if (cancel_level(run->cancel) != CANCEL_NONE)
    return 130;
  for (guint i = 0; i < run->outcomes->len; i++) {
    int status = outcome_exit(g_ptr_array_index(run->outcomes, i));
    if (status != 0)
      return status;
  }
  return 0;
}

static int
deploy_selection(const CommandLine *line, const Settings *settings, const Selection *selection)
{
  const Options *options = line->options;
  gint64 start = g_get_monotonic_time();
  g_autoptr(Cancel) cancel = cancel_new();
  g_autoptr(Channel) events = channel_new((GDestroyNotify)event_free);
  g_autoptr(GPtrArray) outcomes = g_ptr_array_new_with_free_func((GDestroyNotify)outcome_free);
  Run run = {
      .line = line,
      .settings = settings,
      .selection = selection,
      .cancel = cancel,
      .events = events,
      .options = {.resend = options->resend,
                  .no_check = options->no_check,
                  .update_only = options->update_only,
                  .create_only = options->create_only,
                  .dry_run = options->dry_run,
                  .patience_ms = (guint)settings->timeout * 1000},
      .outcomes = outcomes,
  };
  g_autoptr(Interrupt) interrupt = interrupt_watch(cancel, tell_interrupt, &run);
  worker_run(work, &run, events, observe, &run);
  int status = exit_status(&run);
  report_summary(line->report, outcomes, status, (g_get_monotonic_time() - start) / 1000);
  return status;
}

static gboolean
check_options(const Options *options, GError **error)
{
  if (!options->update_only || !options->create_only)
    return TRUE;
  owup_error_set(error, OWUP_ERROR_USAGE, _("--update-only and --create-only exclude each other"));
  return FALSE;
}

static int
run(const CommandLine *line)
{
  const Options *options = line->options;
  SelectionRequest request = {
      .command = "deploy",
      .words = line->words,
      .all = options->all,
      .excludes = options->excludes,
      .localized = options->localized,
      .id = options->id,
      .type_text = options->type,
  };
  g_autoptr(GError) error = NULL;
  if (!check_options(options, &error))
    return report_error(line->report, error);
  g_autoptr(Selection) selection = selection_make(&request, &error);
  if (selection == NULL)
    return report_error(line->report, error);
  g_autofree char *root = command_line_root(&error);
  g_autoptr(Settings) settings = root != NULL ? command_line_settings(line, root, &error) : NULL;
  if (settings == NULL)
    return report_error(line->report, error);
  report_set_target(line->report, settings->loopback ? NULL : settings->url);
  g_autofree char *left_out = selection_left_out(selection);
  if (left_out != NULL)
    report_note(line->report, "%s", left_out);
  return deploy_selection(line, settings, selection);
}

const Command command_deploy = {
    .name = "deploy",
    .summary = N_("Update plugins on the server; create those that are not there"),
    .usage = N_("[PLUGIN…]"),
    .details = N_("A PLUGIN is a name (id, file, folder or title), a .py file, a folder, or - for "
                  "standard input "
                  "(with --id). Without one, the only plugin of the current folder."),
    .examples = "owup deploy my_filter\n"
                "owup deploy plugins/pipes/flux.py\n"
                "owup deploy --all --dry-run\n"
                "git show HEAD~1:my_filter.py | owup deploy - --id my_filter",
    .options = entries,
    .options_size = sizeof(Options),
    .needs_server = TRUE,
    .words = WORDS_PLUGINS,
    .run = run,
};
