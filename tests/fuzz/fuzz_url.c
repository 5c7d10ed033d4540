/* SPDX-License-Identifier: MIT */
/* Any text as a URL: an error, or a normal form that is its own normal form. */
#include "url.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(gboolean condition)
{
  if (!condition)
    abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup((const char *)data, size);
  g_autoptr(GError) error = NULL;
  NormalUrl once = {0}, twice = {0};
  if (!url_normalise(text, &once, &error)) {
    require(error != NULL && once.url == NULL);
    return 0;
  }
  require(g_str_has_prefix(once.url, "http://") || g_str_has_prefix(once.url, "https://"));
  require(!g_str_has_suffix(once.url, "/") && strchr(once.url, ' ') == NULL);
  require(url_normalise(once.url, &twice, NULL));
  require(strcmp(once.url, twice.url) == 0 && once.loopback == twice.loopback);
  normal_url_clear(&once);
  normal_url_clear(&twice);
  return 0;
}
