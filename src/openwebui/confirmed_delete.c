/* SPDX-License-Identifier: MIT */
#include "confirmed_delete.h"

#include "client_admin.h"
#include "error.h"
#include "openwebui_times.h"

#include <glib/gi18n.h>

gboolean
confirmed_delete(Client *client, Cancel *cancel, Family family, const char *id, GError **error)
{
  gboolean sent = FALSE;
  g_autoptr(GError) failure = NULL;
  guint wait = DELETE_READ_FIRST_MS;
  gboolean deleted = client_delete(client, family, id, &sent, &failure);
  int status = owup_error_status(failure);
  /* A 4xx is its definite no. */
  if (!deleted && (!sent || (status >= 400 && status < 500))) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  for (int try = 0; try < DELETE_READ_TRIES; try++, wait *= 2) {
    g_autoptr(GError) missing = NULL;
    g_autoptr(RemotePlugin) remote = client_read(client, family, id, &missing);
    if (owup_error_is(missing, OWUP_ERROR_NOT_FOUND))
      return TRUE;
    if (!cancel_wait(cancel, wait, CANCEL_NOW))
      break;
  }
  if (failure == NULL)
    failure = owup_error_new(OWUP_ERROR_SERVER, _("it could not be deleted"));
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}
