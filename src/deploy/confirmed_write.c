/* SPDX-License-Identifier: MIT */
#include "confirmed_write.h"

#include "clock.h"
#include "deploy_times.h"
#include "error.h"

#include <glib/gi18n.h>

typedef enum { WRITE_BY_UPDATE, WRITE_BY_CREATE } WriteBy;

/* Can the server have acted, although the answer is this error? */
static gboolean
answer_is_lost(const GError *error, gboolean sent)
{
  if (!sent || reply_not_passed_on(error))
    return FALSE;
  switch (error->code) {
  case OWUP_ERROR_TIMEOUT:
  case OWUP_ERROR_UNKNOWN:
  case OWUP_ERROR_UNREACHABLE:
  case OWUP_ERROR_PROXY:
  case OWUP_ERROR_TLS:
  case OWUP_ERROR_NOT_OPENWEBUI:
  case OWUP_ERROR_TOO_BIG: /* of the answer */
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
  if (remote->content != NULL && !g_bytes_equal(remote->content, payload->stored))
    owup_error_set_hint(error,
                        _("Somebody else may have written at the same moment; deploy again."));
  owup_error_set_status(error, 200);
  return error;
}

/* Reads back: the plugin where it holds the payload, else NULL; `error` only where the read failed.
 */
static RemotePlugin *
read_confirmed(const Confirm *confirm, const Payload *payload, GError **error)
{
  g_autoptr(RemotePlugin) remote =
      client_read(confirm->client, payload->family, payload->id, error);
  return remote != NULL && payload_is_stored(payload, remote) ? g_steal_pointer(&remote) : NULL;
}

/* The server's own trouble, and no word on the plugin: it says so. */
static gboolean
is_servers_trouble(const GError *error)
{
  return owup_error_is(error, OWUP_ERROR_SERVER) && owup_error_status(error) == 400;
}

/* Or it may be hidden: many requests at once lock the database of 0.12, and its create hides that.
 */
static gboolean
may_be_trouble(const Confirm *confirm, WriteBy by, const GError *error)
{
  return is_servers_trouble(error) ||
         (by == WRITE_BY_CREATE && owup_error_is(error, OWUP_ERROR_REFUSED_HIDDEN) &&
          (confirm->loads || client_is_shared(confirm->client)));
}

/* One attempt. The plugin as held where the server's own answers prove it, else NULL: `*lost` tells
 * whether the error leaves open what happened. */
static RemotePlugin *
write_once(const Confirm *confirm, Payload *payload, WriteBy by, gboolean *lost, GError **error)
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
        client_update(confirm->client, payload->family, payload->id, body, len, &sent, &failure);
  else
    answer = client_create(confirm->client, payload->family, body, len, &sent, &failure);
  if (answer == NULL) {
    *lost = answer_is_lost(failure, sent);
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
  }
  if (payload_is_stored(payload, answer))
    return g_steal_pointer(&answer);
  /* A create's answer has no content; an update's that differs may be another writer's. */
  RemotePlugin *confirmed = read_confirmed(confirm, payload, &failure);
  if (confirmed != NULL)
    return confirmed;
  *lost = TRUE;
  g_propagate_error(error,
                    failure != NULL ? g_steal_pointer(&failure) : differs_error(payload, answer));
  return NULL;
}

typedef enum { UNTIL_STORED, UNTIL_READ, UNTIL_ANSWERED } Until;

/* Reads again and again, until `end`, until the server holds the payload; or until a read says what
 * is there; or until it is answered at all: a server stands still while it runs a plugin's code, or
 * is being started. `*readable` tells whether the last read said what is
 * there. */
static RemotePlugin *
poll_until(const Confirm *confirm, const Payload *payload, ClockDeadline end, Until until,
           gboolean *readable)
{
  guint wait = SETTLE_POLL_FIRST_MS;
  do {
    g_autoptr(GError) error = NULL;
    RemotePlugin *confirmed = read_confirmed(confirm, payload, &error);
    *readable = confirmed != NULL || error == NULL || owup_error_is(error, OWUP_ERROR_NOT_FOUND);
    if (confirmed != NULL || (*readable && until == UNTIL_READ) ||
        (!owup_error_is_silence(error) && until == UNTIL_ANSWERED))
      return confirmed;
    if (!cancel_wait(confirm->cancel, wait, CANCEL_NOW))
      return NULL;
    wait = MIN(wait * 2, SETTLE_POLL_LONGEST_MS);
  } while (!clock_passed(end));
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
write_patiently(const Confirm *confirm, Payload *payload, WriteBy by, ClockDeadline until,
                gboolean *lost, GError **error)
{
  guint idle_timeout = client_idle_timeout(confirm->client);
  gint64 left = clock_left(until);
  if (left > idle_timeout)
    client_set_idle_timeout(confirm->client, (guint)left);
  RemotePlugin *confirmed = write_once(confirm, payload, by, lost, error);
  client_set_idle_timeout(confirm->client, idle_timeout);
  return confirmed;
}

/* Sends what was lost for `first` again. TRUE: `*end` is decided. */
static gboolean
send_again(const Confirm *confirm, Payload *payload, WriteBy by, const GError *first,
           ClockDeadline until, WriteEnd *end, RemotePlugin **confirmed, GError **error)
{
  gboolean lost;
  g_autoptr(GError) failure = NULL;
  *confirmed = owup_error_is(first, OWUP_ERROR_TIMEOUT)
                   ? write_patiently(confirm, payload, by, until, &lost, &failure)
                   : write_once(confirm, payload, by, &lost, &failure);
  if (*confirmed != NULL) {
    *end = WRITE_DONE;
    return TRUE;
  }
  if (by == WRITE_BY_CREATE && owup_error_is(failure, OWUP_ERROR_ID_TAKEN)) {
    *confirmed = read_confirmed(confirm, payload, NULL);
    *end = WRITE_DONE;
    if (*confirmed != NULL)
      return TRUE;
  }
  if (lost && was_answered(failure)) {
    gboolean readable;
    *confirmed =
        poll_until(confirm, payload, clock_deadline(SETTLE_ANSWERED_MS), UNTIL_STORED, &readable);
    *end = WRITE_DONE;
    if (*confirmed != NULL)
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
still_open(const Confirm *confirm, GError *first, GError **error)
{
  if (cancel_level(confirm->cancel) == CANCEL_NOW &&
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
may_be_ours(const Confirm *confirm, const GError *refusal)
{
  return owup_error_is(refusal, OWUP_ERROR_REFUSED_HIDDEN) ||
         (confirm->was_missing && owup_error_is(refusal, OWUP_ERROR_ID_TAKEN));
}

/* Refused, perhaps for the server's own trouble: once more beside no other request, and where it
 * names that trouble again, a few times. The plugin as held, else NULL: `*error` and `*lost` are
 * those of the last try. */
static RemotePlugin *
write_alone(const Confirm *confirm, Payload *payload, WriteBy by, gboolean *lost, GError **error)
{
  RemotePlugin *confirmed = NULL;
  guint wait = TROUBLE_FIRST_MS;
  for (int try = 0; try < TROUBLE_TRIES && confirmed == NULL; try++, wait *= 2) {
    client_learn_load(confirm->client, FALSE);
    if (!cancel_wait(confirm->cancel, wait, CANCEL_GENTLY))
      break;
    g_clear_error(error);
    client_set_alone(confirm->client, TRUE);
    confirmed = write_once(confirm, payload, by, lost, error);
    client_set_alone(confirm->client, FALSE);
    if (confirmed == NULL && (*lost || !is_servers_trouble(*error)))
      break;
  }
  return confirmed;
}

/* The plugin, where the refusal was none or is taken back; else NULL, and `*error` and `*lost` are
 * what counts. */
static RemotePlugin *
after_refusal(const Confirm *confirm, Payload *payload, WriteBy by, gboolean *lost, GError **error)
{
  RemotePlugin *confirmed = NULL;
  if (by == WRITE_BY_CREATE && may_be_ours(confirm, *error))
    confirmed = read_confirmed(confirm, payload, NULL);
  if (confirmed != NULL || !may_be_trouble(confirm, by, *error))
    return confirmed;
  confirmed = write_alone(confirm, payload, by, lost, error);
  if (confirmed == NULL && by == WRITE_BY_CREATE && !*lost && may_be_ours(confirm, *error))
    confirmed = read_confirmed(confirm, payload, NULL);
  return confirmed;
}

static WriteEnd
confirm_write(const Confirm *confirm, Payload *payload, WriteBy by, RemotePlugin **confirmed,
              GError **error)
{
  gboolean lost, readable;
  WriteEnd end;
  g_autoptr(GError) first = NULL;
  *confirmed = write_once(confirm, payload, by, &lost, &first);
  if (*confirmed != NULL)
    return WRITE_DONE;
  if (!lost) {
    *confirmed = after_refusal(confirm, payload, by, &lost, &first);
    if (*confirmed != NULL)
      return WRITE_DONE;
  }
  if (!lost) {
    g_propagate_error(error, g_steal_pointer(&first));
    return WRITE_REFUSED;
  }
  if (cancel_level(confirm->cancel) == CANCEL_NOW)
    return still_open(confirm, g_steal_pointer(&first), error);
  confirm->lost(first, confirm->data);
  ClockDeadline until = clock_deadline(SETTLE_MS);
  if ((*confirmed = poll_until(confirm, payload, until, UNTIL_ANSWERED, &readable)) != NULL)
    return WRITE_DONE;
  gboolean silent = clock_passed(until);
  if (!silent && cancel_level(confirm->cancel) == CANCEL_NONE &&
      send_again(confirm, payload, by, first, until, &end, confirmed, error))
    return end;
  if ((*confirmed = poll_until(confirm, payload, until, UNTIL_STORED, &readable)) != NULL)
    return WRITE_DONE;
  return still_open(confirm, g_steal_pointer(&first), error);
}

WriteEnd
confirmed_write_update(const Confirm *confirm, Payload *payload, RemotePlugin **confirmed,
                       GError **error)
{
  client_begin_write(confirm->client);
  WriteEnd end = confirm_write(confirm, payload, WRITE_BY_UPDATE, confirmed, error);
  client_end_write(confirm->client);
  return end;
}

WriteEnd
confirmed_write_create(const Confirm *confirm, Payload *payload, RemotePlugin **confirmed,
                       GError **error)
{
  client_begin_write(confirm->client);
  WriteEnd end = confirm_write(confirm, payload, WRITE_BY_CREATE, confirmed, error);
  client_end_write(confirm->client);
  return end;
}

/* Waits until the server answers reads again: it stands still while it runs the plugin's code. */
static WriteEnd
confirm_missing(const Confirm *confirm, Payload *payload, RemotePlugin **confirmed, GError **error)
{
  gboolean lost, readable;
  g_autoptr(GError) first = NULL;
  *confirmed = write_once(confirm, payload, WRITE_BY_UPDATE, &lost, &first);
  if (*confirmed != NULL)
    return WRITE_DONE;
  if (is_servers_trouble(first))
    client_learn_load(confirm->client, FALSE);
  if (lost && cancel_level(confirm->cancel) == CANCEL_NOW)
    return still_open(confirm, g_steal_pointer(&first), error);
  if (lost) {
    confirm->lost(first, confirm->data);
    *confirmed = poll_until(confirm, payload, clock_deadline(SETTLE_MS), UNTIL_READ, &readable);
    if (*confirmed != NULL)
      return WRITE_DONE;
    if (!readable)
      return still_open(confirm, g_steal_pointer(&first), error);
  }
  g_propagate_error(error, g_steal_pointer(&first));
  return WRITE_REFUSED;
}

WriteEnd
confirmed_write_update_of_missing(const Confirm *confirm, Payload *payload,
                                  RemotePlugin **confirmed, GError **error)
{
  client_begin_write(confirm->client);
  WriteEnd end = confirm_missing(confirm, payload, confirmed, error);
  client_end_write(confirm->client);
  return end;
}
