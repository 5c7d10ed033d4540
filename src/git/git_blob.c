/* SPDX-License-Identifier: MIT */
#include "git_blob.h"

#include "git_checkout.h"

#include <string.h>

char *
git_blob_hash(const char *text, gsize len, gboolean sha256)
{
  g_autoptr(GChecksum) sum = g_checksum_new(sha256 ? G_CHECKSUM_SHA256 : G_CHECKSUM_SHA1);
  g_autofree char *head = g_strdup_printf("blob %" G_GSIZE_FORMAT, len);
  g_checksum_update(sum, (const guchar *)head, (gssize)strlen(head) + 1);
  g_checksum_update(sum, (const guchar *)text, (gssize)len);
  return g_strdup(g_checksum_get_string(sum));
}

/* "name: filter: value" tells whether git would run a program over it. */
static gboolean
is_filtered(GitBudget *budget, const GitCheckout *checkout)
{
  const char *const words[] = {"check-attr", "filter", "--", checkout->name, NULL};
  GString *answer = git_process_ask(budget, checkout->folder, words, NULL);
  if (answer == NULL)
    return TRUE;
  g_strchomp(answer->str);
  gboolean none = g_str_has_suffix(answer->str, ": filter: unspecified") ||
                  g_str_has_suffix(answer->str, ": filter: unset");
  g_string_free(answer, TRUE);
  return !none;
}

static char *
ask_git(GitBudget *budget, const GitCheckout *checkout, GBytes *text)
{
  g_autofree char *path = g_strconcat("--path=", checkout->name, NULL);
  const char *const words[] = {"hash-object", "--stdin", path, NULL};
  if (is_filtered(budget, checkout))
    return NULL;
  GString *answer = git_process_ask(budget, checkout->folder, words, text);
  if (answer == NULL)
    return NULL;
  g_autofree char *blob = g_strchomp(g_string_free(answer, FALSE));
  return git_checkout_is_name(blob) ? g_steal_pointer(&blob) : NULL;
}

char *
git_blob_of_file(GitBudget *budget, const char *file, GBytes *text)
{
  gsize len;
  const char *data = g_bytes_get_data(text, &len);
  g_autoptr(GitCheckout) checkout = git_checkout_find(file);
  if (checkout == NULL)
    return git_blob_hash(data, len, FALSE);
  gboolean returns = len > 0 && memchr(data, '\r', len) != NULL;
  if (returns || git_checkout_converts(checkout))
    return ask_git(budget, checkout, text);
  return git_blob_hash(data, len, git_checkout_is_sha256(checkout));
}
