#include "dl.h"

#include "error.h"

#include <dlfcn.h>
#include <glib/gi18n.h>
#include <string.h>

static gpointer
open_library(const char *soname, const char *package, GError **error)
{
  gpointer library = dlopen(soname, RTLD_LAZY | RTLD_LOCAL);
  if (library != NULL)
    return library;
  GError *failed =
      owup_error_new(OWUP_ERROR_LOCAL_STATE, _("Cannot load a library: %s"), dlerror());
  owup_error_set_hint(failed, _("On Debian: apt install %s"), package);
  g_propagate_error(error, failed);
  return NULL;
}

gboolean
dl_load(const char *soname, const char *package, const char *const *names, gpointer into,
        GError **error)
{
  gpointer library = open_library(soname, package, error);
  if (library == NULL)
    return FALSE;
  guint n = g_strv_length((char **)names);
  g_autofree gpointer *functions = g_new(gpointer, n);
  for (guint i = 0; i < n; i++) {
    functions[i] = dlsym(library, names[i]);
    if (functions[i] == NULL) {
      owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("A library is too old for owup: %s"),
                     dlerror());
      return FALSE;
    }
  }
  memcpy(into, functions, n * sizeof(gpointer));
  return TRUE;
}
