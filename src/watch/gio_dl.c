#include "gio_dl.h"

#include "dl.h"

#include <gio/gio.h>

/* Its name in all versions of GLib 2. */
#define GIO_SONAME "libgio-2.0.so.0"
#define GIO_PACKAGE "libglib2.0-0"

#define GIO_FUNCTIONS(each)                                                                        \
  each(g_file_get_path);                                                                           \
  each(g_file_monitor_cancel);                                                                     \
  each(g_file_monitor_directory);                                                                  \
  each(g_file_monitor_set_rate_limit);                                                             \
  each(g_file_new_for_path);                                                                       \
  each(g_object_unref);                                                                            \
  each(g_signal_connect_data);                                                                     \
  each(g_signal_handlers_disconnect_matched);

/* NOLINTNEXTLINE(bugprone-macro-parentheses): it is a declaration */
#define MEMBER(name) __typeof__(name) *name
#define NAME(name) names[n++] = #name

/* The library is one for the whole process, and so is this: written once, by gio_dl_load().
 * GObject's functions are found there, too, since GIO stands on it. */
static struct {
  GIO_FUNCTIONS(MEMBER)
} loaded;

gboolean
gio_dl_load(GError **error)
{
  static gboolean is_loaded;
  const char *names[sizeof loaded / sizeof(gpointer) + 1] = {NULL};
  guint n = 0;
  GIO_FUNCTIONS(NAME)
  is_loaded = is_loaded || dl_load(GIO_SONAME, GIO_PACKAGE, names, &loaded, error);
  return is_loaded;
}

char *
g_file_get_path(GFile *file)
{
  return loaded.g_file_get_path(file);
}

GFile *
g_file_new_for_path(const char *path)
{
  return loaded.g_file_new_for_path(path);
}

GFileMonitor *
g_file_monitor_directory(GFile *file, GFileMonitorFlags flags, GCancellable *cancellable,
                         GError **error)
{
  return loaded.g_file_monitor_directory(file, flags, cancellable, error);
}

void
g_file_monitor_set_rate_limit(GFileMonitor *monitor, gint limit_msecs)
{
  loaded.g_file_monitor_set_rate_limit(monitor, limit_msecs);
}

gboolean
g_file_monitor_cancel(GFileMonitor *monitor)
{
  return loaded.g_file_monitor_cancel(monitor);
}

gulong
g_signal_connect_data(gpointer instance, const gchar *signal, GCallback handler, gpointer data,
                      GClosureNotify destroy, GConnectFlags flags)
{
  return loaded.g_signal_connect_data(instance, signal, handler, data, destroy, flags);
}

guint
g_signal_handlers_disconnect_matched(gpointer instance, GSignalMatchType mask, guint signal_id,
                                     GQuark detail, GClosure *closure, gpointer func, gpointer data)
{
  return loaded.g_signal_handlers_disconnect_matched(instance, mask, signal_id, detail, closure,
                                                     func, data);
}

void
g_object_unref(gpointer object)
{
  loaded.g_object_unref(object);
}
