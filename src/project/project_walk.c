/* SPDX-License-Identifier: MIT */
#include "project_walk.h"

#include "error.h"
#include "file.h"
#include "ignore_file.h"
#include "plugin.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define IGNORE_FILE ".owupignore"
#define IGNORE_SIZE_LIMIT (1u << 20)
#define DEPTH_LIMIT 64

/* The rules of one folder; they see paths relative to it. */
typedef struct {
  char *folder;
  IgnoreFile *ignore;
} Rules;

typedef struct {
  GPtrArray *files;   /* of char *: what was found */
  GPtrArray *links;   /* of char *: found, too, but symbolic links */
  GPtrArray *folders; /* of char *: where they were looked for; NULL: nobody asks */
  GPtrArray *unread;  /* of Unread: where they could not be looked for; NULL: nobody asks */
  GPtrArray *rules;   /* of Rules, outermost first */
  const IgnoreFile
      *excludes; /* of the command line; no .owupignore takes back what they leave out */
  gsize dir_len; /* of the folder where the walk began, that `excludes` are relative to */
  guint entries; /* how many were looked at */
  gboolean deep;
} Walk;

typedef struct {
  char *path; /* absolute */
  const char *name;
  gboolean is_folder;
  gboolean is_link;
} Entry;

static const char *const left_folders[] = {"node_modules", "__pycache__", "tests"};

static void
rules_free(gpointer data)
{
  Rules *rules = data;
  g_free(rules->folder);
  ignore_file_free(rules->ignore);
  g_free(rules);
}

static void
entry_free(gpointer data)
{
  Entry *entry = data;
  g_free(entry->path);
  g_free(entry);
}

static gboolean
fail(GError **error, const char *path, const char *reason)
{
  return owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("Cannot read %s: %s"), path, reason);
}

Unread *
unread_new(const char *path, gboolean is_folder, GError *error)
{
  Unread *unread = g_new0(Unread, 1);
  unread->path = g_strdup(path);
  unread->is_folder = is_folder;
  unread->error = error;
  return unread;
}

void
unread_free(Unread *unread)
{
  if (unread == NULL)
    return;
  g_free(unread->path);
  g_clear_error(&unread->error);
  g_free(unread);
}

/* One that is gone by now held nothing that anybody misses. */
static void
pass_over(Walk *walk, const char *folder, int code)
{
  if (walk->unread == NULL || code == ENOENT)
    return;
  GError *error = NULL;
  g_autofree char *shown = plugin_show_path(folder);
  fail(&error, shown, g_strerror(code));
  g_ptr_array_add(walk->unread, unread_new(folder, TRUE, error));
}

static void
push_rules(Walk *walk, const char *folder, IgnoreFile *ignore)
{
  Rules *rules = g_new0(Rules, 1);
  rules->folder = g_strdup(folder);
  rules->ignore = ignore;
  g_ptr_array_add(walk->rules, rules);
}

/* Reads the folder's own .owupignore, if it has one. */
static gboolean
read_rules(Walk *walk, const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename(folder, IGNORE_FILE, NULL);
  if (!g_file_test(path, G_FILE_TEST_EXISTS))
    return TRUE;
  g_autoptr(GError) reason = NULL;
  g_autoptr(GBytes) bytes = file_read(path, IGNORE_SIZE_LIMIT, &reason);
  if (bytes == NULL)
    return owup_error_set(error, OWUP_ERROR_LOCAL_STATE, "%s", reason->message);
  gsize len;
  const char *text = g_bytes_get_data(bytes, &len);
  push_rules(walk, folder, ignore_file_parse(text != NULL ? text : "", len));
  return TRUE;
}

/* The .owupignore files from `root` down to the folder above `dir`. */
static gboolean
read_rules_above(Walk *walk, const char *root, const char *dir, GError **error)
{
  gsize n = strlen(root);
  if (strncmp(dir, root, n) != 0 || dir[n] != '/')
    return TRUE;
  for (const char *slash = dir + n; slash != NULL; slash = strchr(slash + 1, '/')) {
    g_autofree char *folder = g_strndup(dir, (gsize)(slash - dir));
    if (!read_rules(walk, folder, error))
      return FALSE;
  }
  return TRUE;
}

/* The path of `path` below the folder whose path has `n` bytes. */
static const char *
path_below(const char *path, gsize n)
{
  return path[n] == '/' ? path + n + 1 : path + n;
}

/* The innermost rules that have a word on it decide. */
static gboolean
is_ignored(const Walk *walk, const Entry *entry)
{
  const char *below_dir = path_below(entry->path, walk->dir_len);
  if (ignore_file_match(walk->excludes, below_dir, entry->is_folder) == IGNORE_LEAVES)
    return TRUE;
  for (guint i = walk->rules->len; i > 0; i--) {
    const Rules *rules = g_ptr_array_index(walk->rules, i - 1);
    const char *below = path_below(entry->path, strlen(rules->folder));
    IgnoreVerdict verdict = ignore_file_match(rules->ignore, below, entry->is_folder);
    if (verdict != IGNORE_SILENT)
      return verdict == IGNORE_LEAVES;
  }
  return FALSE;
}

static gboolean
is_wanted_folder(const Entry *entry)
{
  for (gsize i = 0; i < G_N_ELEMENTS(left_folders); i++)
    if (strcmp(entry->name, left_folders[i]) == 0)
      return FALSE;
  g_autofree char *environment = g_build_filename(entry->path, "pyvenv.cfg", NULL);
  return !g_file_test(environment, G_FILE_TEST_EXISTS);
}

static gboolean
is_wanted_file(const Entry *entry)
{
  return g_str_has_suffix(entry->name, ".py") && !g_str_has_suffix(entry->name, ".server.py") &&
         !g_str_has_prefix(entry->name, "test_");
}

/* TRUE for folders and regular files, also behind a link in the case of files. */
static gboolean
classify(int dir_fd, const struct dirent *item, gboolean *is_folder, gboolean *is_link)
{
  struct stat st;
  *is_folder = item->d_type == DT_DIR;
  *is_link = FALSE;
  if (item->d_type == DT_DIR || item->d_type == DT_REG)
    return TRUE;
  if (item->d_type == DT_UNKNOWN) {
    if (fstatat(dir_fd, item->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
      return FALSE;
    *is_folder = S_ISDIR(st.st_mode);
    if (!S_ISLNK(st.st_mode))
      return S_ISDIR(st.st_mode) || S_ISREG(st.st_mode);
  } else if (item->d_type != DT_LNK) {
    return FALSE;
  }
  *is_link = TRUE;
  return fstatat(dir_fd, item->d_name, &st, 0) == 0 && S_ISREG(st.st_mode);
}

/* The folder's entries that are worth a look. NULL where it cannot be read. */
static GPtrArray *
read_folder(Walk *walk, const char *folder)
{
  DIR *dir = opendir(folder);
  if (dir == NULL)
    return NULL;
  GPtrArray *entries = g_ptr_array_new_with_free_func(entry_free);
  for (struct dirent *item; walk->entries <= WALK_ENTRY_LIMIT && (item = readdir(dir)) != NULL;) {
    gboolean is_folder, is_link;
    walk->entries++;
    if (item->d_name[0] == '.' || !classify(dirfd(dir), item, &is_folder, &is_link))
      continue;
    Entry *entry = g_new0(Entry, 1);
    entry->path = g_build_filename(folder, item->d_name, NULL);
    entry->name = strrchr(entry->path, '/') + 1;
    entry->is_folder = is_folder;
    entry->is_link = is_link;
    g_ptr_array_add(entries, entry);
  }
  closedir(dir);
  return entries;
}

static gboolean walk_folder(Walk *walk, const char *folder, guint depth, GError **error);

static gboolean
take_entry(Walk *walk, Entry *entry, guint depth, GError **error)
{
  gboolean wanted = entry->is_folder ? walk->deep && depth < DEPTH_LIMIT && is_wanted_folder(entry)
                                     : is_wanted_file(entry);
  if (!wanted || is_ignored(walk, entry))
    return TRUE;
  if (entry->is_folder)
    return walk_folder(walk, entry->path, depth + 1, error);
  g_ptr_array_add(entry->is_link ? walk->links : walk->files, g_steal_pointer(&entry->path));
  return TRUE;
}

static gboolean
walk_folder(Walk *walk, const char *folder, guint depth, GError **error)
{
  g_autoptr(GPtrArray) entries = read_folder(walk, folder);
  if (entries == NULL && depth == 0)
    return fail(error, folder, g_strerror(errno));
  if (entries == NULL) {
    pass_over(walk, folder, errno);
    return TRUE;
  }
  if (walk->entries > WALK_ENTRY_LIMIT)
    return owup_error_set(
        error, OWUP_ERROR_LOCAL_STATE,
        _("More than %d files and folders to look through, at last in %s; name a folder "
          "that holds less"),
        WALK_ENTRY_LIMIT, folder);
  if (walk->folders != NULL)
    g_ptr_array_add(walk->folders, g_strdup(folder));
  guint outer = walk->rules->len;
  if (!read_rules(walk, folder, error))
    return FALSE;
  for (guint i = 0; i < entries->len; i++)
    if (!take_entry(walk, g_ptr_array_index(entries, i), depth, error))
      return FALSE;
  g_ptr_array_set_size(walk->rules, (int)outer);
  return TRUE;
}

static int
compare_paths(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A link to a file that was found as well is no second plugin. */
static void
add_links(Walk *walk, const char *dir)
{
  char *real_dir = realpath(dir, NULL);
  g_autoptr(GHashTable) real = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; real_dir != NULL && i < walk->files->len; i++) {
    const char *below = path_below(g_ptr_array_index(walk->files, i), walk->dir_len);
    g_hash_table_add(real, g_build_filename(real_dir, below, NULL));
  }
  free(real_dir);
  for (guint i = 0; i < walk->links->len; i++) {
    char *target = realpath(g_ptr_array_index(walk->links, i), NULL);
    if (target != NULL && !g_hash_table_contains(real, target))
      g_ptr_array_add(walk->files, g_strdup(g_ptr_array_index(walk->links, i)));
    free(target);
  }
}

static GPtrArray *
walk_from(const char *dir, const char *root, const char *const *excludes, gboolean deep,
          GPtrArray *folders, GPtrArray *unread, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename(dir, NULL);
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GPtrArray) links = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GPtrArray) rules = g_ptr_array_new_with_free_func(rules_free);
  g_autoptr(IgnoreFile) globs = ignore_file_from_globs(excludes);
  Walk walk = {files, links, folders, unread, rules, globs, strlen(absolute), 0, deep};
  if (root != NULL && !read_rules_above(&walk, root, absolute, error))
    return NULL;
  if (!walk_folder(&walk, absolute, 0, error))
    return NULL;
  if (links->len > 0)
    add_links(&walk, absolute);
  g_ptr_array_sort(files, compare_paths);
  return g_steal_pointer(&files);
}

GPtrArray *
project_walk_files(const char *dir, const char *root, const char *const *excludes,
                   GPtrArray *unread, GError **error)
{
  return walk_from(dir, root, excludes, TRUE, NULL, unread, error);
}

GPtrArray *
project_walk_tree(const char *dir, const char *root, const char *const *excludes,
                  GPtrArray *folders, GError **error)
{
  return walk_from(dir, root, excludes, TRUE, folders, NULL, error);
}

GPtrArray *
project_walk_folder(const char *dir, GError **error)
{
  return walk_from(dir, NULL, NULL, FALSE, NULL, NULL, error);
}
