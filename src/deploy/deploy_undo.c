/* SPDX-License-Identifier: MIT */
#include "deployment.h"

#include "confirmed_delete.h"
#include "deploy_history.h"
#include "error.h"

#include <glib/gi18n.h>

/* Takes `error` over. */
static void
left_as_it_is(Deployment *d, Result result, GError *error)
{
  g_free(d->outcome->broken);
  d->outcome->broken = g_strdup_printf(_("Not undone: %s"), error->message);
  deployment_finish(d, result, error);
}

static gboolean
remove_created(Deployment *d, GError **error)
{
  return confirmed_delete(d->client, d->context->cancel, d->family, d->id, error);
}

static gboolean
restore_replaced(Deployment *d, GError **error)
{
  Restore to = deployment_restore(d);
  g_autoptr(Payload) old = payload_from_remote(d->seen.before);
  return restore_plugin(&to, old, error);
}

static gboolean
is_ours(const Deployment *d, const RemotePlugin *now)
{
  return now != NULL && payload_is_stored(d->plan.payload, now);
}

void
deploy_undo(Deployment *d)
{
  g_autoptr(GError) error = NULL;
  if (d->done.confirmed == NULL)
    return;
  client_begin_write(d->client);
  g_autoptr(RemotePlugin) now = client_read(d->client, d->family, d->id, &error);
  if (now == NULL && !owup_error_is(error, OWUP_ERROR_NOT_FOUND)) {
    left_as_it_is(d, RESULT_FAILED, g_steal_pointer(&error));
  } else if (!is_ours(d, now)) {
    left_as_it_is(d, RESULT_CONFLICT,
                  owup_error_new(OWUP_ERROR_CONFLICT, _("somebody changed '%s' meanwhile"),
                                 d->outcome->title));
  } else {
    deploy_history_undone(d);
    if (d->seen.before == NULL ? remove_created(d, &error) : restore_replaced(d, &error))
      deployment_finish(
          d, RESULT_REVERTED,
          deployment_interrupted(d)
              ? owup_error_new(OWUP_ERROR_REVERTED, _("'%s' is what it was before the interrupt"),
                               d->outcome->title)
              : owup_error_new(OWUP_ERROR_REVERTED,
                               _("'%s' is what it was before, since another one failed"),
                               d->outcome->title));
    else
      left_as_it_is(d, RESULT_FAILED, g_steal_pointer(&error));
  }
  client_end_write(d->client);
}
