/* SPDX-License-Identifier: MIT */
#include "restore.h"

#include "confirmed_write.h"

gboolean
restore_flags(const Restore *to, FlagsChange *change, GError **error)
{
  FlagsChange unasked = {0};
  FlagsChange *changed = change != NULL ? change : &unasked;
  *changed = (FlagsChange){0};
  return to->family != FAMILY_FUNCTION ||
         confirmed_flags_restore(to->client, to->cancel, to->id, to->active, to->global, changed,
                                 error);
}

static void
ignore_loss(const GError *why, gpointer data)
{
}

static gboolean
restore_content(const Restore *to, Payload *old, GError **error)
{
  Confirm confirm = {to->client, to->cancel, ignore_loss, NULL};
  RemotePlugin *confirmed = NULL;
  WriteEnd end = confirmed_write_update(&confirm, old, &confirmed, error);
  remote_plugin_free(confirmed);
  return end == WRITE_DONE;
}

gboolean
restore_plugin(const Restore *to, Payload *old, GError **error)
{
  return restore_content(to, old, error) && restore_flags(to, NULL, error);
}
