/* SPDX-License-Identifier: MIT */
#include "session.h"

#include "batch_progress.h"
#include "clock.h"
#include "error.h"
#include "event_order.h"
#include "history_times.h"
#include "journal_recovery.h"
#include "report_deploy.h"
#include "signals.h"
#include "worker_thread.h"

#include <glib/gi18n.h>

/* What all threads see; but for its end nothing of it changes while they run. */
typedef struct {
  const CommandLine *line;
  const SessionRequest *request;
  const Settings *settings;
  Cancel *cancel;
  Channel *events;
  SessionWork work;
  SessionFinished finished;
  gpointer data;
  guint versions, days;    /* what the history keeps */
  EventOrder *order;       /* this and what follows: the main thread's alone */
  BatchProgress *progress; /* NULL: not many plugins */
  gboolean over;           /* nothing is left to be interrupted */
} Session;

static const DeployOptions no_options;

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

static Client *
open_server(const Session *session)
{
  const Settings *settings = session->settings;
  const SettingOrigin *key_origin = settings->key_origin;
  g_autofree char *key_origin_text = setting_origin_text(key_origin);
  ClientOptions options = {
      .url = settings->url,
      .url_default = settings->url_origin->type == ORIGIN_DEFAULT,
      .key = settings->key,
      .key_origin = key_origin_text,
      .key_place = key_origin->file != NULL ? KEY_PLACE_FILE : KEY_PLACE_VARIABLE,
      .cacert = settings->cacert,
      .insecure = settings->insecure,
      .headers = (const char *const *)settings->headers,
      .idle_timeout_ms = (guint)settings->timeout * 1000,
      .redactor = report_redactor(session->line->report),
  };
  Client *client = client_new(&options, session->cancel);
  if (session->line->global.verbose)
    client_set_trace(client, push_trace, session->events);
  return client;
}

/* The limit from its variable; where that is not set, the limit stays. */
static gboolean
read_limit(const char *variable, guint *limit, GError **error)
{
  guint64 number;
  const char *text = g_getenv(variable);
  if (text == NULL || *text == '\0')
    return TRUE;
  if (!g_ascii_string_to_unsigned(text, 10, 1, HISTORY_MAX, &number, NULL))
    return owup_error_set(error, OWUP_ERROR_SETTINGS, _("%s is '%s', not a number from 1 to %d"),
                          variable, text, HISTORY_MAX);
  *limit = (guint)number;
  return TRUE;
}

static gboolean
read_limits(Session *session, GError **error)
{
  session->versions = HISTORY_VERSIONS;
  session->days = HISTORY_DAYS;
  return read_limit("OWUP_HISTORY_VERSIONS", &session->versions, error) &&
         read_limit("OWUP_HISTORY_DAYS", &session->days, error);
}

static History *
open_history(const Session *session, GError **error)
{
  const SessionRequest *request = session->request;
  if (request->no_history)
    return NULL;
  g_autofree char *dir = history_default_dir(request->history_dir);
  gboolean reads = !request->writes || (request->options != NULL && request->options->dry_run);
  if (reads)
    return history_open_readonly(dir, error);
  History *history = history_open(dir, error);
  if (history != NULL)
    history_set_limits(history, session->versions, session->days);
  return history;
}

static void
open_lane(const DeployContext *from, DeployContext *worker)
{
  const Session *session = from->session;
  GError *error = NULL;
  worker->client = client_new_beside(from->client);
  worker->history = from->history != NULL ? open_history(session, &error) : NULL;
  if (error != NULL)
    worker->history_error = error;
}

static void
close_lane(const DeployContext *from, DeployContext *worker)
{
  client_free(worker->client);
  history_free(worker->history);
  if (worker->history_error != from->history_error)
    g_error_free((GError *)worker->history_error);
}

static const DeployWorkers workers = {.open = open_lane, .close = close_lane};

static gpointer
work_in_thread(gpointer data)
{
  const Session *session = data;
  const SessionRequest *request = session->request;
  g_autoptr(GError) history_error = NULL;
  g_autoptr(Client) client = open_server(session);
  g_autoptr(History) history = open_history(session, &history_error);
  g_autoptr(GPtrArray) undeleted = g_ptr_array_new_with_free_func(g_free);
  DeployContext context = {
      .client = client,
      .cancel = session->cancel,
      .options = request->options != NULL ? request->options : &no_options,
      .history = history,
      .history_error = history_error,
      .undeleted = undeleted,
      .observe = push_event,
      .data = session->events,
      .workers = &workers,
      .session = session,
  };
  if (request->writes && !context.options->dry_run)
    journal_recovery_run(&context);
  else
    journal_recovery_report(&context);
  return GINT_TO_POINTER(session->work(&context, session->data));
}

/* On the main thread, in the order of the command line. */
static void
show_event(Event *taken, gpointer data)
{
  const Session *session = data;
  g_autoptr(Event) event = taken;
  if (session->request->observe != NULL)
    session->request->observe(event, session->data);
  else
    report_event(session->line->report, event);
  if (event->type == EVENT_FINISHED)
    session->finished(event_steal_outcome(event), session->data);
}

/* On the main thread, as it comes. */
static void
observe(gpointer item, gpointer data)
{
  Session *session = data;
  Event *event = item;
  if (session->progress != NULL)
    batch_progress_see(session->progress, event, clock_stopwatch());
  event_order_push(session->order, event);
}

static char *
describe_progress(gpointer data)
{
  return batch_progress_text(data, clock_stopwatch());
}

static void
tell_interrupt(int signal_number, CancelLevel level, gpointer data)
{
  const Session *session = data;
  if (session->request->interrupted != NULL)
    session->request->interrupted(level, session->data);
  else if (level == CANCEL_GENTLY && !session->over)
    report_note(session->line->report, NOTE_INFO,
                _("Interrupted: a running write is let end. Again to stop at once."));
}

int
session_run(const CommandLine *line, const SessionRequest *request, SessionWork work,
            SessionFinished finished, gpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *root = command_line_root(&error);
  g_autoptr(Settings) settings = root != NULL ? command_line_settings(line, root, &error) : NULL;
  Session session = {
      .line = line,
      .request = request,
      .settings = settings,
      .work = work,
      .finished = finished,
      .data = data,
  };
  if (settings == NULL || !read_limits(&session, &error))
    return report_error(line->report, error);
  report_set_target(line->report, settings->loopback ? NULL : settings->url);
  g_autoptr(Cancel) cancel = session.cancel = cancel_new();
  g_autoptr(Channel) events = session.events = channel_new((GDestroyNotify)event_free);
  g_autoptr(EventOrder) order = session.order = event_order_new(show_event, &session);
  g_autoptr(Signals) interrupt = signals_watch(cancel, tell_interrupt, &session);
  g_autoptr(BatchProgress) progress =
      request->plugins > 1 ? batch_progress_new(request->plugins) : NULL;
  session.progress = progress;
  if (progress != NULL)
    report_follow(line->report, describe_progress, progress);
  int status =
      GPOINTER_TO_INT(worker_thread_run(work_in_thread, &session, events, observe, &session));
  session.over = TRUE;
  report_follow(line->report, NULL, NULL);
  return cancel_level(cancel) != CANCEL_NONE ? 130 : status;
}
