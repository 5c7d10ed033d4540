/* SPDX-License-Identifier: MIT */
#include "git_known.h"

#include "git_blob.h"
#include "git_checkout.h"

#include <string.h>

static char *
without_returns(const char *text, gsize len, gsize *left)
{
  char *lines = g_malloc(len + 1);
  *left = 0;
  for (gsize i = 0; i < len; i++)
    if (text[i] != '\r' || i + 1 == len || text[i + 1] != '\n')
      lines[(*left)++] = text[i];
  return lines;
}

/* The ids that the text may have here; of char *. */
static GPtrArray *
list_ids(const GitCheckout *checkout, const char *blob, GBytes *text)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
  gboolean sha256 = git_checkout_is_sha256(checkout);
  gsize len, left;
  const char *data = g_bytes_get_data(text, &len);
  if (blob != NULL && git_checkout_is_name(blob) && strlen(blob) == (sha256 ? 64 : 40)) {
    g_ptr_array_add(ids, g_ascii_strdown(blob, -1));
    return ids;
  }
  g_ptr_array_add(ids, git_blob_hash(data, len, sha256));
  g_autofree char *lines = without_returns(data, len, &left);
  if (left != len)
    g_ptr_array_add(ids, git_blob_hash(lines, left, sha256));
  return ids;
}

/* Asks which commits have added one of them or taken it away; NULL: no answer. Only ids are
 * compared (no renames, no patch); merges count, since a text may be made in one. --find-object
 * says at once, but wants the object itself, which a partial clone may have to fetch: there all
 * changes are listed.
 */
static GString *
ask_log(GitBudget *budget, const GitCheckout *checkout, const GPtrArray *ids, const char *path)
{
  static const char *const first[] = {
      "log",        "-m",        "--no-renames",        "--no-ext-diff", "--no-textconv",
      "--no-notes", "--format=", "--no-show-signature", "--raw",         "--no-abbrev"};
  g_autoptr(GPtrArray) words = g_ptr_array_new();
  g_autoptr(GPtrArray) made = g_ptr_array_new_with_free_func(g_free);
  for (gsize i = 0; i < G_N_ELEMENTS(first); i++)
    g_ptr_array_add(words, (char *)first[i]);
  for (guint i = 0; i < ids->len && !checkout->partial; i++) {
    g_ptr_array_add(made, g_strconcat("--find-object=", g_ptr_array_index(ids, i), NULL));
    g_ptr_array_add(words, g_ptr_array_index(made, i));
  }
  if (!checkout->partial)
    g_ptr_array_add(words, (char *)"-1");
  g_ptr_array_add(words, (char *)"HEAD");
  g_ptr_array_add(words, (char *)"--");
  if (path != NULL)
    g_ptr_array_add(words, (char *)path);
  g_ptr_array_add(words, NULL);
  return git_process_ask(budget, checkout->folder, (const char *const *)words->pdata, NULL);
}

static gboolean
names_one(const GString *answer, const GPtrArray *ids)
{
  for (guint i = 0; i < ids->len; i++)
    if (strstr(answer->str, g_ptr_array_index(ids, i)) != NULL)
      return TRUE;
  return FALSE;
}

/* 1: yes, 0: no, -1: git does not say. First where the file is, which is quick in a long history.
 */
static int
is_in_history(GitBudget *budget, const GitCheckout *checkout, const GPtrArray *ids)
{
  const char *const places[] = {checkout->name, NULL};
  for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
    GString *answer = ask_log(budget, checkout, ids, places[i]);
    if (answer == NULL)
      return -1;
    gboolean found = names_one(answer, ids);
    g_string_free(answer, TRUE);
    if (found)
      return 1;
  }
  return 0;
}

static gboolean
is_object(GitBudget *budget, const GitCheckout *checkout, const GPtrArray *ids)
{
  static const char *const words[] = {"cat-file", "--batch-check=%(objecttype)", NULL};
  GString *asked = g_string_new(NULL);
  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf(asked, "%s\n", (const char *)g_ptr_array_index(ids, i));
  g_autoptr(GBytes) input = g_string_free_to_bytes(asked);
  GString *answer = git_process_ask(budget, checkout->folder, words, input);
  if (answer == NULL)
    return FALSE;
  g_autofree char *lines = g_strconcat("\n", answer->str, NULL);
  g_string_free(answer, TRUE);
  return strstr(lines, "\nblob\n") != NULL;
}

GitKnown
git_known(GitBudget *budget, const char *file, const char *blob, GBytes *text)
{
  g_autoptr(GitCheckout) checkout = git_checkout_find(file);
  if (checkout == NULL)
    return GIT_KNOWN_NOT;
  g_autoptr(GPtrArray) ids = list_ids(checkout, blob, text);
  int found = is_in_history(budget, checkout, ids);
  if (found != 0)
    return found > 0 ? GIT_KNOWN_HISTORY : GIT_KNOWN_NOT;
  return !checkout->shallow && is_object(budget, checkout, ids) ? GIT_KNOWN_ELSEWHERE
                                                                : GIT_KNOWN_NOT;
}
