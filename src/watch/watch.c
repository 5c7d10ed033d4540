/* SPDX-License-Identifier: MIT */
#include "watch.h"

#include "clock.h"
#include "error.h"
#include "watch_private.h"
#include "watch_times.h"

#include <string.h>

void
watch_enqueue(Watch *watch, WatchedFile *file)
{
  if (file->left_out)
    return;
  if (!file->sending.queued)
    g_queue_push_tail(&watch->queue, file);
  file->sending.queued = TRUE;
}

void
watch_dequeue(Watch *watch, WatchedFile *file)
{
  if (file->sending.queued)
    g_queue_remove(&watch->queue, file);
  file->sending.queued = FALSE;
}

/* Only a plugin that is read, and no error, can be looked for. A look while the file's own deploy
 * runs would be out of date. */
static void
look_ahead(Watch *watch, WatchedFile *file)
{
  if (watch->stopped || watch->backoff_ms != 0 || watch->running == file || file->plugin == NULL ||
      file->error != NULL || g_strcmp0(file->sending.looked, file->plugin->id) == 0)
    return;
  g_free(file->sending.looked);
  file->sending.looked = g_strdup(file->plugin->id);
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
announce_outcome(Watch *watch, WatchedFile *file, const Outcome *outcome)
{
  gboolean runs = watch->run != NULL && outcome_ok(outcome) && !watch->stopped &&
                  !is_own_echo(watch, file, outcome);
  file->sending.twinned = FALSE;
  count(watch, outcome);
  watch->hooks->saved(outcome, watched_file_announce(file, outcome), watch->data);
  if (runs)
    run_command_after(watch->run, outcome);
}

static void
enqueue_if_alone(WatchedFile *file, gpointer data)
{
  Watch *watch = data;
  if (!file->sending.twinned || file->save->gone || file->left_out || file->save->timer != 0 ||
      watch->running == file || watched_file_twin(file) != NULL)
    return;
  file->sending.twinned = FALSE;
  watch_enqueue(watch, file);
}

void
watch_free_twins(Watch *watch)
{
  watched_files_foreach(watch->files, enqueue_if_alone, watch);
}

/* TRUE: it was told what is wrong with the file, and there is nothing to send. */
static gboolean
tell_refused(Watch *watch, WatchedFile *file)
{
  g_autoptr(Outcome) refused = watched_file_invalid(file, watch->no_check, watch->server);
  if (refused == NULL)
    return FALSE;
  if (file->error == NULL)
    watched_file_settle(file, file->plugin->content);
  announce_outcome(watch, file, refused);
  file->sending.twinned = file->error == NULL && refused->diagnostics->len == 0;
  return TRUE;
}

/* The first that need not wait for git, or NULL. */
static WatchedFile *
next_free(Watch *watch)
{
  for (GList *at = watch->queue.head; at != NULL; at = at->next) {
    WatchedFile *file = at->data;
    if (git_hold_keeps(watch->git, file))
      continue;
    g_queue_delete_link(&watch->queue, at);
    file->sending.queued = FALSE;
    return file;
  }
  return NULL;
}

/* A file that changed since it was read comes again by itself. What git took away and brought back
 * is no save. */
static gboolean
is_void(Watch *watch, WatchedFile *file)
{
  gboolean back = file->sending.held && watched_file_is_settled(file);
  file->sending.held = FALSE;
  file->sending.alone = FALSE;
  if (debounce_is_stale(file->save))
    watched_file_touch(file, SAVE_UNTOLD_US);
  return back || file->save->timer != 0 || tell_refused(watch, file);
}

void
watch_pump(Watch *watch)
{
  WatchedFile *file;
  while (watch->running == NULL && watch->retry == 0 && !watch->stopped &&
         (file = next_free(watch)) != NULL) {
    if (is_void(watch, file))
      continue;
    watch->running = file;
    watch->writing = FALSE;
    watch->running_since = file->save->written_at;
    file->sending.sent = plugin_ref(file->plugin);
    watch_worker_deploy(watch->worker, file->plugin, file->digest);
  }
  if (watch->queue.head == NULL)
    git_hold_clear(watch->git);
}

static void
on_git_again(gpointer data)
{
  watch_pump(data);
}

static void
on_git_waiting(const WatchedFile *file, const char *lock, gpointer data)
{
  const Watch *watch = data;
  WatchNotice notice = {WATCH_GIT, file->plugin, .other = lock};
  if (file->plugin != NULL)
    watch->hooks->noticed(&notice, watch->data);
}

static gboolean
on_retry(gpointer data)
{
  Watch *watch = data;
  watch->retry = 0;
  watch_pump(watch);
  return G_SOURCE_REMOVE;
}

static void
on_changing(gpointer data)
{
  WatchedFile *file = data;
  Watch *watch = file->files->owner;
  watch_dequeue(watch, file);
  look_ahead(watch, file);
}

gboolean
watch_tell_moved(Watch *watch, WatchedFile *file)
{
  WatchedFile *left = file->plugin != NULL ? watched_file_left(file) : NULL;
  if (left == NULL || left->sending.moved)
    return FALSE;
  WatchNotice notice = {WATCH_MOVED, file->plugin, .other = left->plugin->file};
  left->sending.moved = TRUE;
  watched_file_follow(file, left);
  if (watch->running == left)
    watched_file_settle(file, NULL);
  watch->hooks->noticed(&notice, watch->data);
  return TRUE;
}

/* Nobody saved it: it was away, or somebody else's view of it was. */
static gboolean
is_back(const Watch *watch, const WatchedFile *file)
{
  return file->save->returned && watch->running != file && watched_file_is_settled(file);
}

static void
take_save(Watch *watch, WatchedFile *file)
{
  git_hold_saved(file);
  /* What is wrong with a file is not said before what became of its last save, or while git is at
   * work. */
  if (watch->running == file || git_hold_keeps(watch->git, file) || !tell_refused(watch, file))
    watch_enqueue(watch, file);
  if (watch->retry != 0)
    g_source_remove(watch->retry);
  watch->retry = 0;
}

static void
on_saved(gpointer data)
{
  WatchedFile *file = data;
  Watch *watch = file->files->owner;
  g_clear_pointer(&file->sending.looked, g_free);
  file->sending.moved = FALSE;
  if (file->save->absent)
    watch_tell_moved(watch, file);
  if (is_back(watch, file))
    file->sending.held = FALSE;
  else
    take_save(watch, file);
  watch_free_twins(watch);
  watch_pump(watch);
}

static void
on_gone(gpointer data)
{
  WatchedFile *file = data;
  Watch *watch = file->files->owner;
  watch_dequeue(watch, file);
  g_clear_pointer(&file->sending.looked, g_free);
  if (file->plugin == NULL)
    return;
  const WatchedFile *twin = watched_file_twin(file);
  WatchNotice notice = {WATCH_DELETED, file->plugin};
  notice.other = twin != NULL ? twin->plugin->file : NULL;
  notice.live = twin == NULL ? file->live : NULL;
  if (!file->sending.moved)
    watch->hooks->noticed(&notice, watch->data);
  watch_free_twins(watch);
  watch_pump(watch);
}

static void
on_path(const char *path, FolderChange change, gpointer data)
{
  Watch *watch = data;
  WatchedFile *file = watched_files_find(watch->files, path);
  if (watch->stopped)
    return;
  if (file != NULL) {
    watched_file_touch(file, (change & FOLDER_WRITING) != 0 ? SAVE_OPEN_US : SAVE_QUIET_US);
    return;
  }
  if ((change & FOLDER_NAMES) != 0 && g_file_test(path, G_FILE_TEST_IS_DIR))
    watched_files_check(watch->files);
  if (watch->project != NULL)
    watch_project_touch(watch->project, path, change);
}

static gboolean
on_check(gpointer data)
{
  Watch *watch = data;
  watch_folders_check(watch->folders);
  watched_files_check(watch->files);
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
  static const DebounceHooks save_hooks = {
      .changing = on_changing, .saved = on_saved, .gone = on_gone};
  static const GitHoldHooks git_hooks = {on_git_again, on_git_waiting};
  Watch *watch = g_new0(Watch, 1);
  watch->hooks = hooks;
  watch->data = data;
  watch->no_check = options->no_check;
  watch->since = options->since;
  if (options->run != NULL)
    watch->run = run_command_new(options->run, options->run_to_err, on_run_failed, watch);
  watch->files = watched_files_new(&save_hooks, watch);
  watch->folders = watch_folders_new(on_path, watch);
  watch->worker = watch_worker_new();
  watch->git = git_hold_new(&git_hooks, watch);
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
  watched_files_free(watch->files);
  watch_worker_free(watch->worker);
  git_hold_free(watch->git);
  g_free(watch->server);
  g_free(watch);
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
    file->sending.queued = FALSE;
    if (!tell_refused(watch, file))
      watch_enqueue(watch, file);
  }
  watch_pump(watch);
  watched_files_check(watch->files);
}

void
watch_work(Watch *watch, const DeployContext *context)
{
  watch_worker_run(watch->worker, context);
}

static void
wait_for_server(Watch *watch, WatchedFile *file, const GError *error)
{
  if (watch->backoff_ms == 0)
    watch->hooks->waiting(plugin_label(file->plugin), error, watch->data);
  watch->backoff_ms = CLAMP(watch->backoff_ms * 2, WATCH_RETRY_FIRST_MS, WATCH_RETRY_LONGEST_MS);
  if (file->save->timer == 0)
    watch_enqueue(watch, file);
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
  if (watch_worker_is_outage(taken) && !watch->stopped) {
    g_clear_pointer(&file->sending.sent, plugin_unref);
    wait_for_server(watch, file, taken->error);
    return;
  }
  if (watch_worker_was_answered(taken))
    watch->backoff_ms = 0;
  watched_file_settle_plugin(file, file->sending.sent);
  g_clear_pointer(&file->sending.sent, plugin_unref);
  announce_outcome(watch, file, taken);
  if (file->save->timer != 0)
    look_ahead(watch, file);
  watch_pump(watch);
}

/* Does it wait to be sent, or is it being changed? */
static gboolean
is_open(const WatchedFile *file)
{
  return file->sending.queued || debounce_is_open(file->save);
}

static void
stop_file(WatchedFile *file, gpointer data)
{
  Watch *watch = data;
  watch->counts.unsent += is_open(file) ? 1 : 0;
  debounce_stop(file->save);
}

void
watch_stop(Watch *watch)
{
  if (watch->stopped)
    return;
  watch->stopped = TRUE;
  watch->superseded = watch->running != NULL && is_open(watch->running);
  watched_files_foreach(watch->files, stop_file, watch);
  run_command_stop(watch->run);
  if (watch->retry != 0)
    g_source_remove(watch->retry);
  watch->retry = 0;
  git_hold_clear(watch->git);
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
