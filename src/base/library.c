#include "library.h"

#include "error.h"

#include <dlfcn.h>
#include <glib/gi18n.h>

gpointer
library_load(const char *soname, const char *package, GError **error)
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

gpointer
library_function(gpointer library, const char *name, GError **error)
{
  gpointer function = dlsym(library, name);
  if (function == NULL)
    owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("A library is too old for owup: %s"),
                   dlerror());
  return function;
}
