/* SPDX-License-Identifier: MIT */
#include "dl.h"

#include "error.h"

#include <dlfcn.h>
#include <glib/gi18n.h>
#include <pthread.h>

static gpointer
open_library(const DlLibrary *library, GError **error)
{
  gpointer handle = dlopen(library->soname, RTLD_LAZY | RTLD_LOCAL);
  if (handle != NULL)
    return handle;
  GError *failed =
      owup_error_new(OWUP_ERROR_LOCAL_STATE, _("Cannot load a library: %s"), dlerror());
  owup_error_set_hint(failed, _("On Debian: apt install %s"), library->package);
  g_propagate_error(error, failed);
  return NULL;
}

static gboolean
find_functions(const DlLibrary *library, GError **error)
{
  const DlFunction *function = library->functions;
  gpointer handle = function->name != NULL ? open_library(library, error) : NULL;
  if (function->name != NULL && handle == NULL)
    return FALSE;
  for (; function->name != NULL; function++) {
    /* As dlsym(3) has it: a pointer to a function is as large as one to an object. */
    gpointer *address = function->pointer;
    *address = dlsym(handle, function->name);
    if (*address == NULL)
      return owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("A library is too old for owup: %s"),
                            dlerror());
  }
  return TRUE;
}

gboolean
dl_load(DlLibrary *library, GError **error)
{
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&lock);
  if (!library->loaded) {
    library->loaded = find_functions(library, error);
    if (library->loaded && library->set_up != NULL)
      library->set_up();
  }
  gboolean loaded = library->loaded;
  pthread_mutex_unlock(&lock);
  return loaded;
}
