/* SPDX-License-Identifier: MIT */
/* Any text through the frontmatter and what is made of it. The reader asks for UTF-8, so other
 * input is repaired first, as plugin_from_bytes() does. */
#include "frontmatter.h"
#include "plugin_id.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* What must hold for every key. */
static void
check_key(const Frontmatter *frontmatter, const char *key)
{
  const char *value = frontmatter_get(frontmatter, key);
  const char *text = frontmatter_get_text(frontmatter, key);
  g_assert(value != NULL && g_utf8_validate(value, -1, NULL));
  g_assert(strpbrk(value, "\n\r\v\f") == NULL);
  g_assert(text == NULL || (*text != '\0' && g_utf8_validate(text, -1, NULL)));
  g_assert(frontmatter_line(frontmatter, key) >= 1);
  IdOrigin origin;
  g_autofree char *id = plugin_id_choose(NULL, value, "folder/file.py", &origin);
  g_autofree char *made = plugin_id_from_name(value);
  g_assert(made == NULL || plugin_id_valid(made));
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
  g_autofree char *text = g_utf8_make_valid((const char *)data, (gssize)size);
  g_autoptr(Frontmatter) frontmatter = frontmatter_parse(text, strlen(text));
  g_autoptr(GPtrArray) keys = frontmatter_keys(frontmatter);
  for (guint i = 0; i < keys->len; i++)
    check_key(frontmatter, g_ptr_array_index(keys, i));
  return 0;
}
