#include "settle.h"

#include "error.h"

#include <glib/gi18n.h>

#define POLL_FIRST_MS 100
#define POLL_TOTAL_MS 60000
#define POLL_LONGEST_MS 6400
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

/* Reads again and again, for `total_ms`, until the server holds the payload, or with `any_answer`
 * until a read says anything. `*readable` tells
 * whether the last read said what is there. */
static RemotePlugin *
poll(const Settler *settler, const Payload *payload, guint total_ms, gboolean any_answer,
     gboolean *readable)
{
  guint wait = POLL_FIRST_MS;
  gint64 end = g_get_monotonic_time() + (gint64)total_ms * 1000;
  *readable = FALSE;
  while (g_get_monotonic_time() < end && cancel_wait(settler->cancel, wait, CANCEL_NOW)) {
    g_autoptr(GError) error = NULL;
    RemotePlugin *held = read_held(settler, payload, &error);
    if (held != NULL)
      return held;
    *readable = error == NULL || owup_error_is(error, OWUP_ERROR_NOT_FOUND);
    if (*readable && any_answer)
      break;
    wait = MIN(wait * 2, POLL_LONGEST_MS);
  }
  return NULL;
}

static RemotePlugin *
poll_held(const Settler *settler, const Payload *payload, guint total_ms, gboolean *readable)
{
  return poll(settler, payload, total_ms, FALSE, readable);
}

static RemotePlugin *
poll_until_read(const Settler *settler, const Payload *payload, gboolean *readable)
{
  return poll(settler, payload, POLL_TOTAL_MS, TRUE, readable);
}

/* An answer that somebody gave, senseless as it is. Behind a 502 or 504 the server may still be at
 * work. */
static gboolean
was_answered(const GError *error)
{
  int status = owup_error_status(error);
  return owup_error_is(error, OWUP_ERROR_NOT_OPENWEBUI) ||
         (owup_error_is(error, OWUP_ERROR_SERVER) && status != 502 && status != 504);
}

/* Sends the lost request again. TRUE: `*end` is decided. */
static gboolean
send_again(const Settler *settler, Payload *payload, WriteBy by, WriteEnd *end, RemotePlugin **held,
           GError **error)
{
  gboolean lost;
  g_autoptr(GError) failure = NULL;
  *held = write_once(settler, payload, by, &lost, &failure);
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
    *held = poll_held(settler, payload, POLL_ANSWERED_MS, &readable);
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
  if ((*held = read_held(settler, payload, NULL)) != NULL)
    return WRITE_DONE;
  if (cancel_level(settler->cancel) == CANCEL_NONE &&
      send_again(settler, payload, by, &end, held, error))
    return end;
  if ((*held = poll_held(settler, payload, POLL_TOTAL_MS, &readable)) != NULL)
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
    *held = poll_until_read(settler, payload, &readable);
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
