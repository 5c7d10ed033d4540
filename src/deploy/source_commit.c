#include "source_commit.h"

#include "ci_env.h"
#include "file.h"

#include <glib.h>
#include <string.h>

#define REF_LIMIT (4u << 20)

static gboolean
is_commit(const char *text)
{
  gsize n = strlen(text);
  if (n != 40 && n != 64)
    return FALSE;
  for (const char *at = text; *at != '\0'; at++)
    if (!g_ascii_isxdigit(*at))
      return FALSE;
  return TRUE;
}

static char *
ci_commit(void)
{
  static const char *const names[] = {
      "GITHUB_SHA", "CI_COMMIT_SHA",       "BITBUCKET_COMMIT",  "CIRCLE_SHA1",
      "GIT_COMMIT", "BUILD_SOURCEVERSION", "DRONE_COMMIT_SHA",  "TRAVIS_COMMIT",
      "CI_COMMIT",  "BUILDKITE_COMMIT",    "SEMAPHORE_GIT_SHA",
  };
  if (!ci_env_runs_this())
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    const char *value = g_getenv(names[i]);
    if (value != NULL && is_commit(value))
      return g_strdup(value);
  }
  return NULL;
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
find_git(const char *file)
{
  g_autofree char *path = g_canonicalize_filename(file, NULL);
  g_autofree char *folder = g_path_get_dirname(path);
  for (;;) {
    char *git = git_folder(folder);
    if (git != NULL)
      return git;
    char *parent = g_path_get_dirname(folder);
    gboolean top = strcmp(parent, folder) == 0;
    g_free(folder);
    folder = parent;
    if (top)
      return NULL;
  }
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
    return is_commit(*line) ? g_strdup(*line) : NULL;
  }
  return NULL;
}

static char *
git_commit(const char *file)
{
  g_autofree char *git = find_git(file);
  g_autofree char *head = git != NULL ? read_word(git, "HEAD") : NULL;
  if (head == NULL)
    return NULL;
  if (!g_str_has_prefix(head, "ref: "))
    return is_commit(head) ? g_steal_pointer(&head) : NULL;
  /* A worktree keeps its HEAD, the branches lie in the common folder. */
  g_autofree char *common_name = read_word(git, "commondir");
  g_autofree char *common =
      common_name != NULL ? g_canonicalize_filename(common_name, git) : g_strdup(git);
  const char *ref = head + strlen("ref: ");
  g_autofree char *commit = strstr(ref, "..") == NULL ? read_word(common, ref) : NULL;
  if (commit != NULL)
    return is_commit(commit) ? g_steal_pointer(&commit) : NULL;
  return packed_ref(common, ref);
}

char *
source_commit(const char *file)
{
  char *commit = ci_commit();
  return commit != NULL || strcmp(file, "-") == 0 ? commit : git_commit(file);
}
