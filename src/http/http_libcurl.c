#include "http_libcurl.h"

#include "dl.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdarg.h>

/* Its name since 2006, in all versions from 7.16 to 8. */
#define CURL_SONAME "libcurl.so.4"
#define CURL_PACKAGE "libcurl4"

#define CURL_FUNCTIONS(each)                                                                       \
  each(easy_cleanup);                                                                              \
  each(easy_getinfo);                                                                              \
  each(easy_header);                                                                               \
  each(easy_init);                                                                                 \
  each(easy_setopt);                                                                               \
  each(easy_strerror);                                                                             \
  each(getdate);                                                                                   \
  each(global_init);                                                                               \
  each(multi_add_handle);                                                                          \
  each(multi_cleanup);                                                                             \
  each(multi_info_read);                                                                           \
  each(multi_init);                                                                                \
  each(multi_perform);                                                                             \
  each(multi_poll);                                                                                \
  each(multi_remove_handle);                                                                       \
  each(multi_wakeup);                                                                              \
  each(slist_append);                                                                              \
  each(slist_free_all);

/* NOLINTNEXTLINE(bugprone-macro-parentheses): it is a declaration */
#define MEMBER(name) __typeof__(curl_##name) *name
#define NAME(name) names[n++] = "curl_" #name

/* libcurl is one for the whole process, and so is this: written once, by load(). */
static struct {
  CURL_FUNCTIONS(MEMBER)
} loaded;
static GError *load_error;

static void
load(void)
{
  const char *names[sizeof loaded / sizeof(gpointer) + 1] = {NULL};
  guint n = 0;
  CURL_FUNCTIONS(NAME)
  if (dl_load(CURL_SONAME, CURL_PACKAGE, names, &loaded, &load_error))
    loaded.global_init(CURL_GLOBAL_DEFAULT);
}

gboolean
http_libcurl_load(GError **error)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  if (load_error != NULL && error != NULL)
    *error = g_error_copy(load_error);
  return load_error == NULL;
}

CURL *
curl_easy_init(void)
{
  return loaded.easy_init();
}

void
curl_easy_cleanup(CURL *curl)
{
  loaded.easy_cleanup(curl);
}

/* Macros of these names check the types where they are called. */
#undef curl_easy_setopt
#undef curl_easy_getinfo

/* An option's number tells the type of its value. */
CURLcode
curl_easy_setopt(CURL *curl, CURLoption option, ...)
{
  CURLcode code;
  va_list args;
  va_start(args, option);
  if (option >= CURLOPTTYPE_OFF_T && option < CURLOPTTYPE_BLOB)
    /* NOLINTNEXTLINE(bugprone-branch-clone): a long's branch looks the same on 64 bits */
    code = loaded.easy_setopt(curl, option, va_arg(args, curl_off_t));
  else if (option >= CURLOPTTYPE_OBJECTPOINT)
    code = loaded.easy_setopt(curl, option, va_arg(args, void *));
  else
    code = loaded.easy_setopt(curl, option, va_arg(args, long));
  va_end(args);
  return code;
}

/* Whatever is asked for, a place for it is given. */
CURLcode
curl_easy_getinfo(CURL *curl, CURLINFO info, ...)
{
  va_list args;
  va_start(args, info);
  CURLcode code = loaded.easy_getinfo(curl, info, va_arg(args, void *));
  va_end(args);
  return code;
}

CURLHcode
curl_easy_header(CURL *easy, const char *name, size_t index, unsigned int origin, int request,
                 struct curl_header **hout)
{
  return loaded.easy_header(easy, name, index, origin, request, hout);
}

const char *
curl_easy_strerror(CURLcode code)
{
  return loaded.easy_strerror(code);
}

time_t
curl_getdate(const char *p, const time_t *unused)
{
  return loaded.getdate(p, unused);
}

CURLM *
curl_multi_init(void)
{
  return loaded.multi_init();
}

CURLMcode
curl_multi_cleanup(CURLM *multi_handle)
{
  return loaded.multi_cleanup(multi_handle);
}

CURLMcode
curl_multi_add_handle(CURLM *multi_handle, CURL *curl_handle)
{
  return loaded.multi_add_handle(multi_handle, curl_handle);
}

CURLMcode
curl_multi_remove_handle(CURLM *multi_handle, CURL *curl_handle)
{
  return loaded.multi_remove_handle(multi_handle, curl_handle);
}

CURLMcode
curl_multi_perform(CURLM *multi_handle, int *running_handles)
{
  return loaded.multi_perform(multi_handle, running_handles);
}

CURLMcode
curl_multi_poll(CURLM *multi_handle, struct curl_waitfd extra_fds[], unsigned int extra_nfds,
                int timeout_ms, int *ret)
{
  return loaded.multi_poll(multi_handle, extra_fds, extra_nfds, timeout_ms, ret);
}

CURLMcode
curl_multi_wakeup(CURLM *multi_handle)
{
  return loaded.multi_wakeup(multi_handle);
}

CURLMsg *
curl_multi_info_read(CURLM *multi_handle, int *msgs_in_queue)
{
  return loaded.multi_info_read(multi_handle, msgs_in_queue);
}

struct curl_slist *
curl_slist_append(struct curl_slist *list, const char *data)
{
  return loaded.slist_append(list, data);
}

void
curl_slist_free_all(struct curl_slist *list)
{
  loaded.slist_free_all(list);
}
