#include "target.h"

#include "error.h"

#include <glib/gi18n.h>

Target *
target_find(Server *server, const char *word, gboolean local_only_ok, GError **error)
{
  owup_error_set(error, OWUP_ERROR_NOT_FOUND, _("'%s' is not on the server"), word);
  return NULL;
}

void
target_free(Target *target)
{
  if (target == NULL)
    return;
  g_free(target->id);
  g_clear_pointer(&target->local, plugin_unref);
  g_clear_pointer(&target->remote, remote_plugin_free);
  g_free(target);
}

const char *
target_label(const Target *target)
{
  if (target->remote != NULL)
    return target->remote->name;
  return target->local != NULL ? plugin_label(target->local) : target->id;
}
