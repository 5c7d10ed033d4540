#include "confirmed_write.h"

#include "error.h"

#include <glib/gi18n.h>

#define POLL_FIRST_MS 100
#define POLL_LONGEST_MS 6400
/* All the time for a lost answer, but for requests that are under way at its end. */
#define SETTLE_MS 60000
/* After two senseless answers to the same write, before they are believed. */
#define POLL_ANSWERED_MS 1500

typedef enum { WRITE_BY_UPDATE, WRITE_BY_CREATE } WriteBy;

/* Can the server have acted, although the answer is this error? */
static gboolean
answer_is_lost(const GError *error, gboolean sent)
{
  if (!sent)
    return FALSE;
  switch ((OwupErrorCode)error->code) {
  case OWUP_ERROR_TIMEOUT:
  case OWUP_ERROR_UNKNOWN:
  case OWUP_ERROR_UNREACHABLE:
  case OWUP_ERROR_PROXY:
  case OWUP_ERROR_TLS:
  case OWUP_ERROR_NOT_OPENWEBUI:
  case OWUP_ERROR_TOO_BIG:
  case OWUP_ERROR_INTERRUPTED:
    return TRUE;
  case OWUP_ERROR_SERVER:
    return owup_error_status(error) >= 500;
  default:
    return FALSE;
  }
}

static GError *
differs_error(const Payload *payload, const RemotePlugin *remote)
{
  GError *error = owup_error_new(OWUP_ERROR_UNKNOWN,
                                 _("The server said OK, but holds something else than was sent"));
  if (remote->content != NULL && !g_bytes_equal(remote->content, payload->held))
    owup_error_set_hint(error,
                        _("Somebody else may have written at the same moment; deploy again."));
  owup_error_set_status(error, 200);
  return error;
}

/* Reads back: the plugin where it holds the payload, else NULL; `error` only where the read failed.
 */
static RemotePlugin *
read_held(const Settler *settler, const Payload *payload, GError **error)
{
  g_autoptr(RemotePlugin) remote =
      server_read(settler->server, payload->family, payload->id, error);
  return remote != NULL && payload_is_held(payload, remote) ? g_steal_pointer(&remote) : NULL;
}

/* One attempt. The plugin as held where the server's own answers prove it, else NULL: `*lost` tells
 * whether the error leaves open what happened. */
static RemotePlugin *
write_once(const Settler *settler, Payload *payload, WriteBy by, gboolean *lost, GError **error)
{
  gsize len;
  gboolean sent = FALSE;
  g_autoptr(GError) failure = NULL;
  g_autoptr(RemotePlugin) answer = NULL;
  *lost = FALSE;
  const char *body = payload_body(payload, &len, error);
  if (body == NULL)
    return NULL;
  if (by == WRITE_BY_UPDATE)
    answer =
        server_update(settler->server, payload->family, payload->id, body, len, &sent, &failure);
  else
    answer = server_create(settler->server, payload->family, body, len, &sent, &failure);
  if (answer == NULL) {
    *lost = answer_is_lost(failure, sent);
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
  }
  if (payload_is_held(payload, answer))
    return g_steal_pointer(&answer);
  /* A create's answer has no content; an update's that differs may be another writer's. */
  RemotePlugin *held = read_held(settler, payload, &failure);
  if (held != NULL)
    return held;
  *lost = TRUE;
  g_propagate_error(error,
                    failure != NULL ? g_steal_pointer(&failure) : differs_error(payload, answer));
  return NULL;
}

static gint64
deadline(guint ms)
{
  return g_get_monotonic_time() + (gint64)ms * 1000;
}

typedef enum { UNTIL_HELD, UNTIL_READ, UNTIL_ANSWERED } Until;

/* Reads again and again, until `end`, until the server holds the payload; or until a read says what
 * is there; or until it is answered at all: a server stands still while it runs a plugin's code, or
 * is being started. `*readable` tells whether the last read said what is
 * there. */
static RemotePlugin *
poll(const Settler *settler, const Payload *payload, gint64 end, Until until, gboolean *readable)
{
  guint wait = POLL_FIRST_MS;
  do {
    g_autoptr(GError) error = NULL;
    RemotePlugin *held = read_held(settler, payload, &error);
    *readable = held != NULL || error == NULL || owup_error_is(error, OWUP_ERROR_NOT_FOUND);
    if (held != NULL || (*readable && until == UNTIL_READ) ||
        (!owup_error_is_silence(error) && until == UNTIL_ANSWERED))
      return held;
    if (!cancel_wait(settler->cancel, wait, CANCEL_NOW))
      return NULL;
    wait = MIN(wait * 2, POLL_LONGEST_MS);
  } while (g_get_monotonic_time() < end);
  return NULL;
}

/* An answer that the server gave, senseless as it is. */
static gboolean
was_answered(const GError *error)
{
  return owup_error_is(error, OWUP_ERROR_NOT_OPENWEBUI) ||
         (owup_error_is(error, OWUP_ERROR_SERVER) &&
          !reply_may_be_at_work(owup_error_status(error)));
}

/* A server that was slow once is so again: the second answer, which decides, is waited for. */
static RemotePlugin *
write_patiently(const Settler *settler, Payload *payload, WriteBy by, gint64 until, gboolean *lost,
                GError **error)
{
  guint patience = server_patience(settler->server);
  gint64 left = (until - g_get_monotonic_time()) / 1000;
  if (left > patience)
    server_set_patience(settler->server, (guint)left);
  RemotePlugin *held = write_once(settler, payload, by, lost, error);
  server_set_patience(settler->server, patience);
  return held;
}

/* Sends what was lost for `first` again. TRUE: `*end` is decided. */
static gboolean
send_again(const Settler *settler, Payload *payload, WriteBy by, const GError *first, gint64 until,
           WriteEnd *end, RemotePlugin **held, GError **error)
{
  gboolean lost;
  g_autoptr(GError) failure = NULL;
  *held = owup_error_is(first, OWUP_ERROR_TIMEOUT)
              ? write_patiently(settler, payload, by, until, &lost, &failure)
              : write_once(settler, payload, by, &lost, &failure);
  if (*held != NULL) {
    *end = WRITE_DONE;
    return TRUE;
  }
  if (by == WRITE_BY_CREATE && owup_error_is(failure, OWUP_ERROR_ID_TAKEN)) {
    *held = read_held(settler, payload, NULL);
    *end = WRITE_DONE;
    if (*held != NULL)
      return TRUE;
  }
  if (lost && was_answered(failure)) {
    gboolean readable;
    *held = poll(settler, payload, deadline(POLL_ANSWERED_MS), UNTIL_HELD, &readable);
    *end = WRITE_DONE;
    if (*held != NULL)
      return TRUE;
    lost = !readable;
  }
  if (lost || owup_error_is(failure, OWUP_ERROR_UNREACHABLE))
    return FALSE;
  *end = WRITE_REFUSED;
  g_propagate_error(error, g_steal_pointer(&failure));
  return TRUE;
}

static WriteEnd
still_open(const Settler *settler, GError *first, GError **error)
{
  if (cancel_level(settler->cancel) == CANCEL_NOW &&
      !owup_error_is(first, OWUP_ERROR_INTERRUPTED)) {
    g_error_free(first);
    first =
        owup_error_new(OWUP_ERROR_INTERRUPTED, _("Interrupted while the server was still at work"));
  }
  g_propagate_error(error, first);
  return WRITE_UNKNOWN;
}

/* Of two creates at one moment the loser gets the hidden words (0.10 to 0.12), of two in a row it
 * hears that the id is taken. */
static gboolean
may_be_ours(const Settler *settler, const GError *refusal)
{
  return owup_error_is(refusal, OWUP_ERROR_REFUSED_HIDDEN) ||
         (settler->was_missing && owup_error_is(refusal, OWUP_ERROR_ID_TAKEN));
}

static WriteEnd
settle_write(const Settler *settler, Payload *payload, WriteBy by, RemotePlugin **held,
             GError **error)
{
  gboolean lost, readable;
  WriteEnd end;
  g_autoptr(GError) first = NULL;
  *held = write_once(settler, payload, by, &lost, &first);
  if (*held != NULL)
    return WRITE_DONE;
  if (!lost) {
    if (by == WRITE_BY_CREATE && may_be_ours(settler, first))
      *held = read_held(settler, payload, NULL);
    if (*held == NULL)
      g_propagate_error(error, g_steal_pointer(&first));
    return *held != NULL ? WRITE_DONE : WRITE_REFUSED;
  }
  if (cancel_level(settler->cancel) == CANCEL_NOW)
    return still_open(settler, g_steal_pointer(&first), error);
  settler->lost(first, settler->data);
  gint64 until = deadline(SETTLE_MS);
  if ((*held = poll(settler, payload, until, UNTIL_ANSWERED, &readable)) != NULL)
    return WRITE_DONE;
  gboolean silent = g_get_monotonic_time() >= until;
  if (!silent && cancel_level(settler->cancel) == CANCEL_NONE &&
      send_again(settler, payload, by, first, until, &end, held, error))
    return end;
  if ((*held = poll(settler, payload, until, UNTIL_HELD, &readable)) != NULL)
    return WRITE_DONE;
  return still_open(settler, g_steal_pointer(&first), error);
}

WriteEnd
settle_update(const Settler *settler, Payload *payload, RemotePlugin **held, GError **error)
{
  server_begin_write(settler->server);
  WriteEnd end = settle_write(settler, payload, WRITE_BY_UPDATE, held, error);
  server_end_write(settler->server);
  return end;
}

WriteEnd
settle_create(const Settler *settler, Payload *payload, RemotePlugin **held, GError **error)
{
  server_begin_write(settler->server);
  WriteEnd end = settle_write(settler, payload, WRITE_BY_CREATE, held, error);
  server_end_write(settler->server);
  return end;
}

/* Waits until the server answers reads again: it stands still while it runs the plugin's code. */
static WriteEnd
settle_missing(const Settler *settler, Payload *payload, RemotePlugin **held, GError **error)
{
  gboolean lost, readable;
  g_autoptr(GError) first = NULL;
  *held = write_once(settler, payload, WRITE_BY_UPDATE, &lost, &first);
  if (*held != NULL)
    return WRITE_DONE;
  if (lost && cancel_level(settler->cancel) == CANCEL_NOW)
    return still_open(settler, g_steal_pointer(&first), error);
  if (lost) {
    settler->lost(first, settler->data);
    *held = poll(settler, payload, deadline(SETTLE_MS), UNTIL_READ, &readable);
    if (*held != NULL)
      return WRITE_DONE;
    if (!readable)
      return still_open(settler, g_steal_pointer(&first), error);
  }
  g_propagate_error(error, g_steal_pointer(&first));
  return WRITE_REFUSED;
}

WriteEnd
settle_update_of_missing(const Settler *settler, Payload *payload, RemotePlugin **held,
                         GError **error)
{
  server_begin_write(settler->server);
  WriteEnd end = settle_missing(settler, payload, held, error);
  server_end_write(settler->server);
  return end;
}
