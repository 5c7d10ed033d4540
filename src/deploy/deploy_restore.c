#include "deploy_restore.h"

#include "confirmed_flags.h"
#include "confirmed_write.h"

static void
ignore_loss(const GError *why, gpointer data)
{
}

static gboolean
restore_content(Server *server, Cancel *cancel, Payload *old, GError **error)
{
  Settler settler = {server, cancel, ignore_loss, NULL};
  RemotePlugin *held = NULL;
  WriteEnd end = settle_update(&settler, old, &held, error);
  remote_plugin_free(held);
  return end == WRITE_DONE;
}

gboolean
restore_plugin(Server *server, Cancel *cancel, Payload *old, gboolean active, gboolean global,
               GError **error)
{
  FlagsChange change;
  return restore_content(server, cancel, old, error) &&
         (old->family != FAMILY_FUNCTION ||
          flags_set(server, cancel, old->id, active, global, &change, error));
}
