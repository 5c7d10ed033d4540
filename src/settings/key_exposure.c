/* SPDX-License-Identifier: MIT */
#include "key_exposure.h"

#include "git_checkout.h"
#include "git_process.h"

#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The folder above, or FALSE at the top. */
static gboolean
go_up(char **folder)
{
  char *parent = g_path_get_dirname(*folder);
  gboolean more = strcmp(parent, *folder) != 0;
  g_free(*folder);
  *folder = parent;
  return more;
}

static gboolean
is_below_git(const char *path)
{
  g_autofree char *folder = g_path_get_dirname(path);
  g_autofree char *git = git_checkout_dir(folder, NULL);
  return git != NULL;
}

static gboolean
lists(GitBudget *budget, const char *folder, const char *const *words)
{
  GString *answer = git_process_ask(budget, folder, words, NULL);
  gboolean listed = answer != NULL && answer->len > 0;
  if (answer != NULL)
    g_string_free(answer, TRUE);
  return listed;
}

static void
check_git(const char *path, const char *shown, GPtrArray *notes)
{
  g_autofree char *folder = g_path_get_dirname(path);
  g_autofree char *name = g_path_get_basename(path);
  const char *const kept[] = {"ls-files", "--cached", "--others", "--exclude-standard",
                              "--",       name,       NULL};
  const char *const tracked[] = {"ls-files", "--", name, NULL};
  GitBudget budget = {0};
  if (!lists(&budget, folder, kept))
    return;
  if (lists(&budget, folder, tracked))
    g_ptr_array_add(
        notes, g_strdup_printf(_("%s holds an API key, and git tracks it. Put the line %s into "
                                 ".gitignore, then: git rm --cached %s   Was it pushed? Make a "
                                 "new key."),
                               shown, name, shown));
  else
    g_ptr_array_add(notes, g_strdup_printf(_("%s holds an API key, and git would add it. Put the "
                                             "line %s into .gitignore."),
                                           shown, name));
}

/* Can somebody who is neither owner nor in the group reach the file and read it? */
static gboolean
is_public(const char *path)
{
  struct stat st;
  if (stat(path, &st) != 0 || (st.st_mode & S_IROTH) == 0)
    return FALSE;
  g_autofree char *folder = g_path_get_dirname(path);
  do
    if (stat(folder, &st) != 0 || (st.st_mode & S_IXOTH) == 0)
      return FALSE;
  while (go_up(&folder));
  return TRUE;
}

void
key_exposure_check(const char *path, const char *shown, GPtrArray *notes)
{
  if (is_below_git(path))
    check_git(path, shown, notes);
  if (is_public(path))
    g_ptr_array_add(notes, g_strdup_printf(_("%s holds an API key, and everybody on this machine "
                                             "can read it: chmod 600 %s"),
                                           shown, shown));
}
