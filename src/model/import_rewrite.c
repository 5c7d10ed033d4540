/* SPDX-License-Identifier: MIT */
#include "import_rewrite.h"

#include <string.h>

#define FROM "from "
#define PACKAGE "open_webui."

/* The four replacements cannot feed each other ("from open_webui…" matches none), so one pass over
 * "from " does what the server's four passes do. */
static const char *const modules[] = {"utils", "apps", "main", "config"};

static gboolean
names_module(const char *at, const char *end)
{
  for (gsize i = 0; i < G_N_ELEMENTS(modules); i++) {
    gsize n = strlen(modules[i]);
    if ((gsize)(end - at) >= n && memcmp(at, modules[i], n) == 0)
      return TRUE;
  }
  return FALSE;
}

/* The place right after the next "from " that a module's name follows, or NULL. */
static const char *
next_import(const char *at, const char *end)
{
  while (at < end && (at = memmem(at, (gsize)(end - at), FROM, strlen(FROM))) != NULL) {
    at += strlen(FROM);
    if (names_module(at, end))
      return at;
  }
  return NULL;
}

GBytes *
import_rewrite(GBytes *text)
{
  gsize len;
  const char *data = g_bytes_get_data(text, &len);
  if (len == 0) /* `data` may be NULL */
    return g_bytes_ref(text);
  const char *end = data + len;
  const char *next = next_import(data, end);
  if (next == NULL)
    return g_bytes_ref(text);
  GString *out = g_string_sized_new(len + 256);
  const char *done = data;
  for (; next != NULL; next = next_import(next, end)) {
    g_string_append_len(out, done, next - done);
    g_string_append(out, PACKAGE);
    done = next;
  }
  g_string_append_len(out, done, end - done);
  return g_string_free_to_bytes(out);
}
