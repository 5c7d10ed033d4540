/* SPDX-License-Identifier: MIT */
#include "clock.h"
#include "command_table.h"
#include "fd_limit.h"
#include "report_watch.h"
#include "selection.h"
#include "session.h"
#include "watch.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  SelectionOptions which;
  gboolean no_check, force, no_stamp, enable, no_history;
  char *history, *run;
} Options;

static const Option option_table[] = {
    OPTION_TEXT("run", 0, run, "Run this in a shell after each success", "COMMAND"),
    OPTION_FLAG("force", 'f', force, "Overwrite what somebody else changed on the server"),
    OPTION_FLAG("enable", 0, enable, "Switch on what this run creates"),
    OPTION_FLAG("no-check", 0, no_check, "Send although the check here found something"),
    OPTION_TEXT("type", 't', which.type, "Only pipe, filter, action, event or tool", "KIND"),
    OPTION_TEXTS("exclude", 0, which.excludes,
                 "Without a PLUGIN: leave out what matches; may be repeated", "GLOB"),
    OPTION_FLAG("localized", 0, which.localized,
                "Without a PLUGIN: also X_cn.py and X_zh.py beside X.py"),
    OPTION_FLAG("no-stamp", 0, no_stamp, "Leave no mark of owup in the plugin's meta"),
    OPTION_HISTORY,
    OPTION_FLAG("no-history", 0, no_history,
                "Keep nothing here, even where the server keeps nothing"),
    {NULL},
};

typedef struct {
  const CommandLine *line;
  Watch *watch;
  guint plugins;
  guint reader; /* 0: it is not known whether anybody reads the output */
} Run;

static void
saved(const Outcome *outcome, WatchSaid said, gpointer data)
{
  const Run *run = data;
  report_watch_saved(run->line->report, outcome, said);
}

static void
waiting(const char *label, const GError *error, gpointer data)
{
  const Run *run = data;
  report_watch_waiting(run->line->report, label, error);
}

static void
noticed(const WatchNotice *notice, gpointer data)
{
  const Run *run = data;
  report_watch_noticed(run->line->report, notice);
}

static void
trouble(const GError *error, gpointer data)
{
  const Run *run = data;
  report_watch_trouble(run->line->report, error);
}

static const WatchHooks hooks = {
    .saved = saved,
    .waiting = waiting,
    .noticed = noticed,
    .trouble = trouble,
};

/* In the worker, once the settings are known to be good. */
static int
watch_in_worker(const DeployContext *context, gpointer data)
{
  const Run *run = data;
  context->observe(event_new(EVENT_STARTED, NULL, 0, client_url(context->client)), context->data);
  watch_work(run->watch, context);
  return 0;
}

static void
finished(Outcome *outcome, gpointer data)
{
  const Run *run = data;
  watch_finished(run->watch, outcome);
}

static void
observe(const Event *event, gpointer data)
{
  const Run *run = data;
  Report *report = run->line->report;
  watch_see(run->watch, event);
  if (event->type != EVENT_STARTED || event->plugin != NULL) {
    report_watch_event(report, event);
    return;
  }
  report_watch_started(report, run->plugins, event->text);
  watch_start(run->watch, event->text);
}

static void
interrupted(CancelLevel level, gpointer data)
{
  const Run *run = data;
  if (level == CANCEL_GENTLY && watch_is_writing(run->watch))
    report_note(run->line->report, NOTE_INFO,
                _("Interrupted: a running write is let end. Again to stop at once."));
  watch_stop(run->watch);
}

static gboolean
add_all(Run *run, const Selection *selection, gboolean named, GError **error)
{
  for (guint i = 0; i < selection->items->len; i++) {
    const Selected *selected = g_ptr_array_index(selection->items, i);
    if (named && selected->error != NULL) {
      g_propagate_error(error, g_error_copy(selected->error));
      return FALSE;
    }
    if (selected->error != NULL && selected->plugin == NULL)
      /* When it can be read, its next save is noticed like a new file's. */
      report_note(run->line->report, NOTE_WARNING, "%s", selected->error->message);
    else if (watch_add(run->watch, selected->plugin, named, error))
      run->plugins++;
    else
      return FALSE;
  }
  return TRUE;
}

static gboolean
on_reader_gone(gint fd, GIOCondition condition, gpointer data)
{
  Run *run = data;
  run->reader = 0;
  report_note(run->line->report, NOTE_INFO, _("Nobody reads the output any more; the watch ends."));
  raise(SIGINT);
  return G_SOURCE_REMOVE;
}

/* A watch that nobody sees must not go on deploying (owup watch | head -1). A terminal that goes
 * sends its own signal. */
static void
follow_reader(Run *run)
{
  struct stat st;
  if (fstat(STDOUT_FILENO, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode)))
    run->reader = g_unix_fd_add(STDOUT_FILENO, G_IO_ERR | G_IO_HUP, on_reader_gone, run);
}

static int
watch_until_interrupted(Run *run)
{
  const Options *options = run->line->options;
  DeployOptions deploy = {
      .twin = selection_twin,
      .no_check = options->no_check,
      .force = options->force,
      .no_stamp = options->no_stamp,
      .no_history = options->no_history,
      .enable = options->enable,
      .idle_timeout_ms = run->line->idle_timeout_ms,
  };
  SessionRequest request = {
      .writes = TRUE,
      .history_dir = options->history,
      .no_history = options->no_history,
      .options = &deploy,
      .observe = observe,
      .interrupted = interrupted,
  };
  gint64 start = clock_stopwatch();
  follow_reader(run);
  int status = session_run(run->line, &request, watch_in_worker, finished, run);
  if (run->reader != 0)
    g_source_remove(run->reader);
  WatchCounts counts = watch_counts(run->watch);
  if (status == 130)
    report_watch_summary(run->line->report, &counts, status, clock_took_ms(start));
  return status;
}

static int
watch_selection(const CommandLine *line, const Selection *selection, gint64 since)
{
  const Options *options = line->options;
  gboolean named = line->args[0] != NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *root = command_line_root(&error);
  WatchScope scope = {
      .folder = root,
      .excludes = (const char *const *)options->which.excludes,
      .localized = options->which.localized,
  };
  WatchOptions watch_options = {
      .run = options->run,
      .run_to_err = report_is_json(line->report),
      .no_check = options->no_check,
      .since = since,
  };
  Run run = {.line = line};
  /* Where there is no inotify, each file that is watched is open. */
  fd_limit_raise();
  g_autoptr(Watch) watch = run.watch = watch_new(&watch_options, &hooks, &run);
  if (root == NULL ||
      !command_option_kind(options->which.type, &scope.has_type, &scope.type, &error) ||
      !add_all(&run, selection, named, &error) || (!named && !watch_project(watch, &scope, &error)))
    return report_error(line->report, error);
  return watch_until_interrupted(&run);
}

/* Standard input is saved by nobody. */
static gboolean
check_words(const CommandLine *line, GError **error)
{
  for (char **word = line->args; *word != NULL; word++) {
    if (!g_str_equal(*word, "-"))
      continue;
    return owup_error_set(error, OWUP_ERROR_USAGE, _("Standard input cannot be watched"));
  }
  return TRUE;
}

static int
run_watch(const CommandLine *line)
{
  Options *options = line->options;
  options->which.all = line->args[0] == NULL;
  g_autoptr(GError) error = NULL;
  if (!check_words(line, &error))
    return report_error(line->report, error);
  gint64 since = clock_wall();
  g_autoptr(Selection) selection = selection_make(line, &options->which, &error);
  if (selection == NULL)
    return report_error(line->report, error);
  selection_report_left_out(selection, line->report);
  return watch_selection(line, selection, since);
}

const Command command_watch = {
    .name = "watch",
    .summary = N_("Deploy plugins whenever they are saved"),
    .usage = N_("[PLUGIN...]"),
    .details = N_("Each PLUGIN is deployed now, if it differs, and at every save. Without one, all "
                  "that\n\"deploy --all\" would take are watched, new ones too, and each is sent "
                  "when it is saved.\nWhat --run starts finds OWUP_ID, OWUP_FILE and OWUP_RESULT "
                  "in its environment."),
    .examples = "owup watch my_filter\n"
                "owup watch --run 'curl -s localhost:8080/test'",
    COMMAND_OPTIONS(option_table),
    .needs_server = TRUE,
    .args = ARGS_PLUGINS,
    .run = run_watch,
};
