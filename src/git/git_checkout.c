/* SPDX-License-Identifier: MIT */
#include "git_checkout.h"

#include "file.h"

#include <stdlib.h>
#include <string.h>

#define REF_LIMIT (4u << 20)

gboolean
git_checkout_is_name(const char *text)
{
  gsize n = strlen(text);
  if (n != 40 && n != 64)
    return FALSE;
  for (const char *at = text; *at != '\0'; at++)
    if (!g_ascii_isxdigit(*at))
      return FALSE;
  return TRUE;
}

/* A small text file without its line break, or NULL. */
static char *
read_word(const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_autoptr(GBytes) bytes = file_read(path, REF_LIMIT, NULL);
  if (bytes == NULL)
    return NULL;
  gsize len;
  const char *data = g_bytes_get_data(bytes, &len);
  return g_strchomp(g_strndup(data, len));
}

/* The folder behind a .git, which is a file in worktrees and submodules. */
static char *
git_folder(const char *folder)
{
  g_autofree char *dot_git = g_build_filename(folder, ".git", NULL);
  if (g_file_test(dot_git, G_FILE_TEST_IS_DIR))
    return g_steal_pointer(&dot_git);
  g_autofree char *text = read_word(folder, ".git");
  if (text == NULL || !g_str_has_prefix(text, "gitdir: "))
    return NULL;
  return g_canonicalize_filename(text + strlen("gitdir: "), folder);
}

static char *
packed_ref(const char *git, const char *ref)
{
  g_autofree char *text = read_word(git, "packed-refs");
  g_autofree char *end = g_strdup_printf(" %s", ref);
  g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);
  for (char **line = lines; *line != NULL; line++) {
    if (!g_str_has_suffix(*line, end))
      continue;
    (*line)[strlen(*line) - strlen(end)] = '\0';
    return git_checkout_is_name(*line) ? g_strdup(*line) : NULL;
  }
  return NULL;
}

static char *
read_head(const GitCheckout *checkout)
{
  g_autofree char *head = read_word(checkout->git, "HEAD");
  if (head == NULL)
    return NULL;
  if (!g_str_has_prefix(head, "ref: "))
    return git_checkout_is_name(head) ? g_steal_pointer(&head) : NULL;
  const char *ref = head + strlen("ref: ");
  g_autofree char *commit = strstr(ref, "..") == NULL ? read_word(checkout->common, ref) : NULL;
  if (commit != NULL)
    return git_checkout_is_name(commit) ? g_steal_pointer(&commit) : NULL;
  return packed_ref(checkout->common, ref);
}

char *
git_checkout_dir(const char *folder, char **top)
{
  g_autofree char *at = g_strdup(folder);
  for (;;) {
    char *git = git_folder(at);
    if (git != NULL && top != NULL)
      *top = g_steal_pointer(&at);
    if (git != NULL)
      return git;
    char *parent = g_path_get_dirname(at);
    gboolean last = strcmp(parent, at) == 0;
    g_free(at);
    at = parent;
    if (last)
      return NULL;
  }
}

GitCheckout *
git_checkout_find(const char *file)
{
  if (file == NULL || strcmp(file, "-") == 0)
    return NULL;
  char *real = realpath(file, NULL);
  if (real == NULL)
    return NULL;
  g_autofree char *path = g_strdup(real);
  free(real);
  g_autoptr(GitCheckout) checkout = g_new0(GitCheckout, 1);
  g_autofree char *top = NULL;
  checkout->folder = g_path_get_dirname(path);
  checkout->name = g_path_get_basename(path);
  checkout->git = git_checkout_dir(checkout->folder, &top);
  if (checkout->git == NULL)
    return NULL;
  checkout->path = g_strdup(path + (strcmp(top, "/") == 0 ? 1 : strlen(top) + 1));
  /* A worktree keeps its HEAD, the branches lie in the common folder. */
  g_autofree char *common = read_word(checkout->git, "commondir");
  checkout->common =
      common != NULL ? g_canonicalize_filename(common, checkout->git) : g_strdup(checkout->git);
  checkout->head = read_head(checkout);
  g_autofree char *shallow = g_build_filename(checkout->common, "shallow", NULL);
  checkout->shallow = g_file_test(shallow, G_FILE_TEST_EXISTS);
  g_autofree char *config = read_word(checkout->common, "config");
  checkout->partial = config != NULL && strstr(config, "promisor") != NULL;
  return g_steal_pointer(&checkout);
}

void
git_checkout_free(GitCheckout *checkout)
{
  if (checkout == NULL)
    return;
  g_free(checkout->folder);
  g_free(checkout->name);
  g_free(checkout->path);
  g_free(checkout->git);
  g_free(checkout->common);
  g_free(checkout->head);
  g_free(checkout);
}

gboolean
git_checkout_is_sha256(const GitCheckout *checkout)
{
  return checkout->head != NULL && strlen(checkout->head) == 64;
}

static gboolean
names_conversion(const char *folder, const char *name)
{
  static const char *const words[] = {"filter", "ident", "working-tree-encoding"};
  g_autofree char *text = read_word(folder, name);
  for (gsize i = 0; text != NULL && i < G_N_ELEMENTS(words); i++)
    if (strstr(text, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

gboolean
git_checkout_converts(const GitCheckout *checkout)
{
  gsize below = strlen(checkout->path) - strlen(checkout->name);
  gsize top = strlen(checkout->folder) - (below > 0 ? below - 1 : 0);
  g_autofree char *folder = g_strdup(checkout->folder);
  if (names_conversion(checkout->common, "info/attributes"))
    return TRUE;
  for (;;) {
    if (names_conversion(folder, ".gitattributes"))
      return TRUE;
    if (strlen(folder) <= top || strlen(folder) <= 1)
      return FALSE;
    char *parent = g_path_get_dirname(folder);
    g_free(folder);
    folder = parent;
  }
}
