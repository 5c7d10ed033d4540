#include "state_dir.h"

#include "error.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

gboolean
state_dir_make(const char *dir, GError **error)
{
  if (g_mkdir_with_parents(dir, 0700) == 0)
    return TRUE;
  int code = errno;
  g_autofree char *shown = g_filename_display_name(dir);
  owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("Cannot make the folder %s: %s"), shown,
                 g_strerror(code));
  return FALSE;
}
