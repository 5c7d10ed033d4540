#include "deploy_restore.h"

#include "confirmed_flags.h"
#include "confirmed_write.h"

static void
ignore_loss(const GError *why, gpointer data)
{
}

static gboolean
restore_content(Client *client, Cancel *cancel, Payload *old, GError **error)
{
  Confirm confirm = {client, cancel, ignore_loss, NULL};
  RemotePlugin *confirmed = NULL;
  WriteEnd end = confirmed_write_update(&confirm, old, &confirmed, error);
  remote_plugin_free(confirmed);
  return end == WRITE_DONE;
}

gboolean
deploy_restore(Client *client, Cancel *cancel, Payload *old, gboolean active, gboolean global,
               GError **error)
{
  FlagsChange change;
  return restore_content(client, cancel, old, error) &&
         (old->family != FAMILY_FUNCTION ||
          confirmed_flags_set(client, cancel, old->id, active, global, &change, error));
}
