#include "restore.h"

#include "settle.h"

static void
ignore_loss(const GError *why, gpointer data)
{
}

gboolean
restore_content(Server *server, Cancel *cancel, Payload *old, GError **error)
{
  Settler settler = {server, cancel, ignore_loss, NULL};
  RemotePlugin *held = NULL;
  WriteEnd end = settle_update(&settler, old, &held, error);
  remote_plugin_free(held);
  return end == WRITE_DONE;
}
