/* SPDX-License-Identifier: MIT */
/* Any bytes as a .env file: values or an error, and what is written back in quotes reads the same.
 */
#include "dotenv.h"

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

/* A value without a single quote stands between two of them as it is. */
static void
check_value(const char *name, const char *value)
{
  require(*name != '\0' && g_utf8_validate(value, -1, NULL));
  if (strchr(value, '\'') != NULL)
    return;
  g_autofree char *line = g_strdup_printf("export %s = '%s' # again\r\n", name, value);
  g_autoptr(GHashTable) again = dotenv_parse(".env", line, strlen(line), NULL, NULL);
  require(again != NULL && g_hash_table_size(again) == 1);
  require(g_strcmp0(g_hash_table_lookup(again, name), value) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GHashTable) values = dotenv_parse(".env", (const char *)data, size, NULL, &error);
  require((values == NULL) == (error != NULL));
  if (values == NULL)
    return 0;
  GHashTableIter iter;
  gpointer name, value;
  g_hash_table_iter_init(&iter, values);
  while (g_hash_table_iter_next(&iter, &name, &value))
    check_value(name, value);
  return 0;
}
