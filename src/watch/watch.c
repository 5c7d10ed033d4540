#include "watch.h"

#include "clock.h"
#include "debounce.h"
#include "error.h"
#include "run_command.h"
#include "watch_announced.h"
#include "watch_folders.h"
#include "watch_invalid.h"
#include "watch_project.h"
#include "watch_times.h"
#include "watch_worker.h"

#include <string.h>

struct Watch {
  const WatchHooks *hooks;
  gpointer data;
  RunCommand *run; /* NULL: no --run */
  gboolean no_check;
  gint64 since;
  char *server; /* NULL: not started yet */
  Debounce *debounce;
  WatchFolders *folders;
  WatchProject *project; /* NULL: only the files that were added */
  WatchWorker *worker;
  GQueue queue;         /* of WatchedFile: saved, and not sent yet */
  WatchedFile *running; /* NULL: the worker is idle, or looks */
  gint64 running_since; /* when it was written */
  gboolean writing;     /* its deploy is beyond the look */
  gboolean superseded;  /* when the watch was stopped, it had been saved again */
  guint check;
  guint retry;      /* 0: nothing waits for the server to come back */
  guint backoff_ms; /* 0: the server was there the last time */
  gboolean stopped;
  WatchCounts counts;
};

static void
enqueue(Watch *watch, WatchedFile *file)
{
  if (file->left_out)
    return;
  if (!file->queued)
    g_queue_push_tail(&watch->queue, file);
  file->queued = TRUE;
}

static void
dequeue(Watch *watch, WatchedFile *file)
{
  if (file->queued)
    g_queue_remove(&watch->queue, file);
  file->queued = FALSE;
}

/* Only a plugin that is read, and no error, can be looked for. A look while the file's own deploy
 * runs would be out of date. */
static void
look_ahead(Watch *watch, WatchedFile *file)
{
  if (watch->stopped || watch->backoff_ms != 0 || watch->running == file || file->plugin == NULL ||
      file->error != NULL || g_strcmp0(file->looked, file->plugin->id) == 0)
    return;
  g_free(file->looked);
  file->looked = g_strdup(file->plugin->id);
  watch_worker_look(watch->worker, file->plugin);
}

/* A command that writes the file anew, as a formatter does, would bring itself about for ever. */
static gboolean
is_own_echo(const Watch *watch, const WatchedFile *file, const Outcome *outcome)
{
  return outcome->result == RESULT_UNCHANGED && outcome->sha256 != NULL &&
         g_strcmp0(outcome->sha256, file->settled) == 0 &&
         run_command_covers(watch->run, watch->running_since);
}

static void
count(Watch *watch, const Outcome *outcome)
{
  Result result = outcome->result;
  if (result == RESULT_SKIPPED) {
    watch->counts.unsent += watch->superseded ? 0 : 1;
    return;
  }
  watch->counts.saves++;
  watch->counts.updated += result == RESULT_CREATED || result == RESULT_UPDATED ? 1 : 0;
  watch->counts.unchanged += result == RESULT_UNCHANGED ? 1 : 0;
  watch->counts.failed += outcome_ok(outcome) ? 0 : 1;
}

static void
tell(Watch *watch, WatchedFile *file, const Outcome *outcome)
{
  gboolean runs = watch->run != NULL && outcome_ok(outcome) && !watch->stopped &&
                  !is_own_echo(watch, file, outcome);
  file->twinned = FALSE;
  count(watch, outcome);
  watch->hooks->saved(outcome, watch_announce(file, outcome), watch->data);
  if (runs)
    run_command_after(watch->run, outcome);
}

static void
enqueue_if_alone(WatchedFile *file, gpointer data)
{
  Watch *watch = data;
  if (!file->twinned || file->gone || file->left_out || file->timer != 0 ||
      watch->running == file || debounce_find_twin(watch->debounce, file) != NULL)
    return;
  file->twinned = FALSE;
  enqueue(watch, file);
}

/* TRUE: it was told what is wrong with the file, and there is nothing to send. */
static gboolean
tell_refused(Watch *watch, WatchedFile *file)
{
  g_autoptr(Outcome) refused =
      watch_invalid_outcome(watch->debounce, file, watch->no_check, watch->server);
  if (refused == NULL)
    return FALSE;
  tell(watch, file, refused);
  file->twinned = file->error == NULL && refused->diagnostics->len == 0;
  return TRUE;
}

/* Sends what waits, if nothing is on its way. A file that changed since it was read comes again by
 * itself. */
static void
pump(Watch *watch)
{
  WatchedFile *file;
  while (watch->running == NULL && watch->retry == 0 && !watch->stopped &&
         (file = g_queue_pop_head(&watch->queue)) != NULL) {
    file->queued = FALSE;
    if (debounce_is_stale(file)) {
      debounce_touch(file, SAVE_UNTOLD_US);
      if (file->timer != 0)
        continue;
    }
    if (tell_refused(watch, file))
      continue;
    watch->running = file;
    watch->writing = FALSE;
    watch->running_since = file->written_at;
    watch_worker_deploy(watch->worker, file->plugin, file->digest);
  }
}

static gboolean
on_retry(gpointer data)
{
  Watch *watch = data;
  watch->retry = 0;
  pump(watch);
  return G_SOURCE_REMOVE;
}

static void
on_changing(WatchedFile *file, gpointer data)
{
  Watch *watch = data;
  dequeue(watch, file);
  look_ahead(watch, file);
}

/* A file that came: is it the one that another was? */
static gboolean
tell_moved(Watch *watch, const WatchedFile *file)
{
  WatchedFile *left = file->plugin != NULL ? debounce_find_left(watch->debounce, file) : NULL;
  if (left == NULL || left->moved)
    return FALSE;
  WatchNotice notice = {WATCH_MOVED, file->plugin, .other = left->plugin->file};
  left->moved = TRUE;
  watch->hooks->noticed(&notice, watch->data);
  return TRUE;
}

static void
on_saved(WatchedFile *file, gpointer data)
{
  Watch *watch = data;
  file->moved = FALSE;
  if (file->absent)
    tell_moved(watch, file);
  /* What is wrong with a file is not said before what became of its last save. */
  if (watch->running == file || !tell_refused(watch, file))
    enqueue(watch, file);
  debounce_foreach(watch->debounce, enqueue_if_alone, watch);
  if (watch->retry != 0)
    g_source_remove(watch->retry);
  watch->retry = 0;
  pump(watch);
}

static void
on_gone(WatchedFile *file, gpointer data)
{
  Watch *watch = data;
  dequeue(watch, file);
  if (file->plugin == NULL)
    return;
  const WatchedFile *twin = debounce_find_twin(watch->debounce, file);
  WatchNotice notice = {WATCH_DELETED, file->plugin};
  notice.other = twin != NULL ? twin->plugin->file : NULL;
  notice.live = twin == NULL ? file->live : NULL;
  if (!file->moved)
    watch->hooks->noticed(&notice, watch->data);
  debounce_foreach(watch->debounce, enqueue_if_alone, watch);
  pump(watch);
}

static void
on_new_plugin(Plugin *plugin, gpointer data)
{
  Watch *watch = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_canonicalize_filename(plugin->file, NULL);
  const WatchedFile *known = debounce_find(watch->debounce, path);
  if (watch->stopped || (known != NULL && !known->left_out))
    return;
  WatchNotice notice = {WATCH_APPEARED, plugin};
  gboolean added = watch_add(watch, plugin, TRUE, &error);
  if (!added || !tell_moved(watch, debounce_find(watch->debounce, path)))
    watch->hooks->noticed(&notice, watch->data);
  if (added)
    pump(watch);
  else
    watch->hooks->trouble(error, watch->data);
}

typedef struct {
  Watch *watch;
  GHashTable *files;
} Rules;

static void
leave_out(WatchedFile *file, gpointer data)
{
  const Rules *rules = data;
  Watch *watch = rules->watch;
  if (file->left_out || g_hash_table_contains(rules->files, file->path) ||
      !file_signature_of(file->path).there)
    return;
  dequeue(watch, file);
  debounce_leave(file);
  WatchNotice notice = {WATCH_LEFT_OUT, file->plugin};
  if (file->plugin != NULL)
    watch->hooks->noticed(&notice, watch->data);
}

static void
on_rules(GHashTable *files, gpointer data)
{
  Watch *watch = data;
  Rules rules = {watch, files};
  if (watch->stopped)
    return;
  debounce_foreach(watch->debounce, leave_out, &rules);
  debounce_foreach(watch->debounce, enqueue_if_alone, watch);
  pump(watch);
}

static void
on_path(const char *path, FolderChange change, gpointer data)
{
  Watch *watch = data;
  WatchedFile *file = debounce_find(watch->debounce, path);
  if (watch->stopped)
    return;
  if (file != NULL) {
    debounce_touch(file, (change & FOLDER_WRITING) != 0 ? SAVE_OPEN_US : SAVE_QUIET_US);
    return;
  }
  if ((change & FOLDER_NAMES) != 0 && g_file_test(path, G_FILE_TEST_IS_DIR))
    debounce_check(watch->debounce);
  if (watch->project != NULL)
    watch_project_touch(watch->project, path, change);
}

static gboolean
on_check(gpointer data)
{
  Watch *watch = data;
  watch_folders_check(watch->folders);
  debounce_check(watch->debounce);
  return G_SOURCE_CONTINUE;
}

static void
on_run_failed(const GError *error, gpointer data)
{
  const Watch *watch = data;
  watch->hooks->trouble(error, watch->data);
}

Watch *
watch_new(const WatchOptions *options, const WatchHooks *hooks, gpointer data)
{
  static const DebounceHooks debounce_hooks = {on_changing, on_saved, on_gone};
  Watch *watch = g_new0(Watch, 1);
  watch->hooks = hooks;
  watch->data = data;
  watch->no_check = options->no_check;
  watch->since = options->since;
  if (options->run != NULL)
    watch->run = run_command_new(options->run, options->run_to_err, on_run_failed, watch);
  watch->debounce = debounce_new(&debounce_hooks, watch);
  watch->folders = watch_folders_new(on_path, watch);
  watch->worker = watch_worker_new();
  watch->check = clock_timer(WATCH_CHECK_MS, on_check, watch);
  g_queue_init(&watch->queue);
  return watch;
}

void
watch_free(Watch *watch)
{
  if (watch == NULL)
    return;
  watch_stop(watch);
  run_command_free(watch->run);
  watch_project_free(watch->project);
  watch_folders_free(watch->folders);
  g_queue_clear(&watch->queue);
  debounce_free(watch->debounce);
  watch_worker_free(watch->worker);
  g_free(watch->server);
  g_free(watch);
}

gboolean
watch_add(Watch *watch, Plugin *plugin, gboolean send, GError **error)
{
  g_autofree char *path = g_canonicalize_filename(plugin->file, NULL);
  g_autofree char *folder = g_path_get_dirname(path);
  if (!watch_folders_add(watch->folders, folder, error))
    return FALSE;
  WatchedFile *file = debounce_find(watch->debounce, path);
  if (file == NULL)
    file = debounce_add(watch->debounce, path, send ? NULL : plugin, watch->since);
  else if (file->left_out)
    debounce_rejoin(file);
  if (send)
    enqueue(watch, file);
  return TRUE;
}

gboolean
watch_project(Watch *watch, const WatchScope *scope, GError **error)
{
  static const WatchProjectHooks project_hooks = {on_new_plugin, on_rules};
  watch->project =
      watch_project_new(scope, watch->since, watch->folders, &project_hooks, watch, error);
  return watch->project != NULL;
}

void
watch_start(Watch *watch, const char *server)
{
  if (watch->stopped)
    return;
  g_free(watch->server);
  watch->server = g_strdup(server);
  GQueue all = watch->queue;
  g_queue_init(&watch->queue);
  for (WatchedFile *file; (file = g_queue_pop_head(&all)) != NULL;) {
    file->queued = FALSE;
    if (!tell_refused(watch, file))
      enqueue(watch, file);
  }
  pump(watch);
  debounce_check(watch->debounce);
}

void
watch_work(Watch *watch, const DeployContext *context)
{
  watch_worker_run(watch->worker, context);
}

/* The server is away, or on its way back: not a word about the plugin. */
static gboolean
is_outage(const Outcome *outcome)
{
  const GError *error = outcome->error;
  gboolean open = outcome->result == RESULT_FAILED || outcome->result == RESULT_UNKNOWN;
  if (!open || error == NULL)
    return FALSE;
  int status = owup_error_status(error);
  return owup_error_is_silence(error) || owup_error_is(error, OWUP_ERROR_PROXY) ||
         (owup_error_is(error, OWUP_ERROR_UNKNOWN) && status < 500) || reply_is_gateway(status);
}

/* What was found here says nothing about the server. */
static gboolean
client_answered(const Outcome *outcome)
{
  if (outcome_ok(outcome) || outcome->http_status != 0)
    return TRUE;
  return outcome->result != RESULT_INVALID && outcome->result != RESULT_SKIPPED &&
         !owup_error_is(outcome->error, OWUP_ERROR_LOCAL_PLUGIN) &&
         !owup_error_is(outcome->error, OWUP_ERROR_LOCAL_STATE);
}

static void
wait_for_server(Watch *watch, WatchedFile *file, const GError *error)
{
  if (watch->backoff_ms == 0)
    watch->hooks->waiting(plugin_label(file->plugin), error, watch->data);
  watch->backoff_ms = CLAMP(watch->backoff_ms * 2, WATCH_RETRY_FIRST_MS, WATCH_RETRY_LONGEST_MS);
  if (file->timer == 0)
    enqueue(watch, file);
  watch->retry = clock_timer(watch->backoff_ms, on_retry, watch);
}

void
watch_finished(Watch *watch, Outcome *outcome)
{
  g_autoptr(Outcome) taken = outcome;
  WatchedFile *file = watch->running;
  g_return_if_fail(file != NULL);
  watch->running = NULL;
  watch->writing = FALSE;
  if (is_outage(taken) && !watch->stopped) {
    wait_for_server(watch, file, taken->error);
    return;
  }
  if (client_answered(taken))
    watch->backoff_ms = 0;
  tell(watch, file, taken);
  if (file->timer != 0)
    look_ahead(watch, file);
  pump(watch);
}

void
watch_stop(Watch *watch)
{
  if (watch->stopped)
    return;
  watch->stopped = TRUE;
  const WatchedFile *running = watch->running;
  watch->superseded = running != NULL && debounce_is_open(running);
  watch->counts.unsent = debounce_count_open(watch->debounce);
  run_command_stop(watch->run);
  debounce_stop(watch->debounce);
  if (watch->retry != 0)
    g_source_remove(watch->retry);
  watch->retry = 0;
  g_source_remove(watch->check);
  watch_worker_stop(watch->worker);
}

gboolean
watch_is_busy(const Watch *watch)
{
  return watch->running != NULL;
}

void
watch_see(Watch *watch, const Event *event)
{
  if (event->type == EVENT_STARTED && event->plugin != NULL)
    watch->writing = watch->running != NULL;
}

gboolean
watch_is_writing(const Watch *watch)
{
  return watch->writing;
}

WatchCounts
watch_counts(const Watch *watch)
{
  return watch->counts;
}
