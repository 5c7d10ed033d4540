#include "mhd_dl.h"

#include "dl.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdarg.h>

/* Its name in all versions from 0.9.50 on. */
#define MHD_SONAME "libmicrohttpd.so.12"
#define MHD_PACKAGE "libmicrohttpd12"

#define MHD_FUNCTIONS(each)                                                                        \
  each(add_response_header);                                                                       \
  each(create_response_from_buffer);                                                               \
  each(destroy_response);                                                                          \
  each(get_connection_values);                                                                     \
  each(get_daemon_info);                                                                           \
  each(lookup_connection_value);                                                                   \
  each(queue_response);                                                                            \
  each(start_daemon_va);                                                                           \
  each(stop_daemon);

/* NOLINTNEXTLINE(bugprone-macro-parentheses): it is a declaration */
#define MEMBER(name) __typeof__(MHD_##name) *name
#define NAME(name) names[n++] = "MHD_" #name

/* The library is one for the whole process, and so is this: written once, by load(). */
static struct {
  MHD_FUNCTIONS(MEMBER)
} loaded;
static GError *load_error;

static void
load(void)
{
  const char *names[sizeof loaded / sizeof(gpointer) + 1] = {NULL};
  guint n = 0;
  MHD_FUNCTIONS(NAME)
  dl_load(MHD_SONAME, MHD_PACKAGE, names, &loaded, &load_error);
}

gboolean
mhd_dl_load(GError **error)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  if (load_error != NULL && error != NULL)
    *error = g_error_copy(load_error);
  return load_error == NULL;
}

struct MHD_Daemon *
MHD_start_daemon(unsigned int flags, uint16_t port, MHD_AcceptPolicyCallback accept,
                 void *accept_data, MHD_AccessHandlerCallback handle, void *handle_data, ...)
{
  va_list options;
  va_start(options, handle_data);
  struct MHD_Daemon *daemon =
      loaded.start_daemon_va(flags, port, accept, accept_data, handle, handle_data, options);
  va_end(options);
  return daemon;
}

void
MHD_stop_daemon(struct MHD_Daemon *daemon)
{
  loaded.stop_daemon(daemon);
}

/* None of what is asked for takes an argument of its own. */
const union MHD_DaemonInfo *
MHD_get_daemon_info(struct MHD_Daemon *daemon, enum MHD_DaemonInfoType what, ...)
{
  return loaded.get_daemon_info(daemon, what);
}

int
MHD_get_connection_values(struct MHD_Connection *connection, enum MHD_ValueKind kind,
                          MHD_KeyValueIterator take, void *data)
{
  return loaded.get_connection_values(connection, kind, take, data);
}

const char *
MHD_lookup_connection_value(struct MHD_Connection *connection, enum MHD_ValueKind kind,
                            const char *name)
{
  return loaded.lookup_connection_value(connection, kind, name);
}

struct MHD_Response *
MHD_create_response_from_buffer(size_t size, void *buffer, enum MHD_ResponseMemoryMode mode)
{
  return loaded.create_response_from_buffer(size, buffer, mode);
}

enum MHD_Result
MHD_add_response_header(struct MHD_Response *response, const char *name, const char *value)
{
  return loaded.add_response_header(response, name, value);
}

enum MHD_Result
MHD_queue_response(struct MHD_Connection *connection, unsigned int status,
                   struct MHD_Response *response)
{
  return loaded.queue_response(connection, status, response);
}

void
MHD_destroy_response(struct MHD_Response *response)
{
  loaded.destroy_response(response);
}
