/* SPDX-License-Identifier: MIT */
#include "file.h"

#include "error.h"
#include "support/tree.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
fails(const char *path, gsize limit, OwupErrorCode code, const char *part)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(file_read(path, limit, &error));
  g_assert_error(error, OWUP_ERROR, (int)code);
  g_assert_nonnull(strstr(error->message, path));
  g_assert_nonnull(strstr(error->message, part));
}

static void
test_reads(void)
{
  g_autoptr(Tree) tree = tree_new();
  static const gsize sizes[] = {0, 1, 65535, 65536, 65537, 200000, 3000000};
  for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
    g_autofree char *text = g_malloc(sizes[i] + 1);
    for (gsize k = 0; k < sizes[i]; k++)
      text[k] = (char)(k * 31 + i);
    tree_write_bytes(tree, "file", text, sizes[i]);
    GError *error = NULL;
    g_autoptr(GBytes) bytes = file_read("file", sizes[i], &error);
    g_assert_no_error(error);
    g_assert_cmpmem(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), text, sizes[i]);
  }
}

static void
test_limit(void)
{
  g_autoptr(Tree) tree = tree_new();
  tree_write(tree, "file", "12345");
  fails("file", 4, OWUP_ERROR_TOO_BIG, "larger");
  g_autoptr(GBytes) bytes = file_read("file", 5, NULL);
  g_assert_nonnull(bytes);
  /* Larger than any memory, and read to its end by nobody. */
  int fd = g_open("huge", O_CREAT | O_WRONLY, 0600);
  g_assert_no_errno(ftruncate(fd, (off_t)1 << 40));
  close(fd);
  fails("huge", 1 << 20, OWUP_ERROR_TOO_BIG, "1.0");
}

static void
test_what_is_no_file(void)
{
  g_autoptr(Tree) tree = tree_new();
  tree_mkdir(tree, "folder");
  g_assert_no_errno(mkfifo("fifo", 0600));
  g_assert_no_errno(symlink("nowhere", "link"));
  fails("missing", 10, OWUP_ERROR_LOCAL_STATE, "No such file");
  fails("folder", 10, OWUP_ERROR_LOCAL_STATE, "directory");
  fails("fifo", 10, OWUP_ERROR_LOCAL_STATE, "regular");
  fails("link", 10, OWUP_ERROR_LOCAL_STATE, "No such file");
  fails("/dev/zero", 10, OWUP_ERROR_LOCAL_STATE, "regular");
}

static gpointer
fill_pipe(gpointer data)
{
  int fd = GPOINTER_TO_INT(data);
  for (int i = 0; i < 3000; i++)
    if (write(fd, "0123456789abcdefghijklmnopqrstuvwxyz", 36) != 36)
      break;
  close(fd);
  return NULL;
}

static void
test_pipe(void)
{
  int ends[2];
  g_assert_no_errno(pipe(ends));
  GThread *thread = g_thread_new("writer", fill_pipe, GINT_TO_POINTER(ends[1]));
  GError *error = NULL;
  g_autoptr(GBytes) bytes = file_read_fd(ends[0], "standard input", 200000, &error);
  g_assert_no_error(error);
  g_thread_join(thread);
  close(ends[0]);
  g_assert_cmpuint(g_bytes_get_size(bytes), ==, 3000 * 36);
  const char *text = g_bytes_get_data(bytes, NULL);
  g_assert_cmpmem(text + 2999 * 36, 36, "0123456789abcdefghijklmnopqrstuvwxyz", 36);
}

static void
test_endless_descriptor(void)
{
  int fd = g_open("/dev/zero", O_RDONLY, 0);
  g_autoptr(GError) error = NULL;
  g_assert_null(file_read_fd(fd, "standard input", 1 << 20, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_TOO_BIG);
  close(fd);
  g_clear_error(&error);
  g_assert_null(file_read_fd(-1, "standard input", 10, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
}

static void
written(const char *path, const char *text)
{
  GError *error = NULL;
  g_autoptr(GBytes) content = g_bytes_new(text, strlen(text));
  g_assert_true(file_write(path, content, &error));
  g_assert_no_error(error);
  g_autoptr(GBytes) found = file_read(path, 100, &error);
  g_assert_no_error(error);
  g_assert_true(g_bytes_equal(content, found));
}

static mode_t
mode_of(const char *path)
{
  struct stat st;
  g_assert_cmpint(lstat(path, &st), ==, 0);
  return st.st_mode;
}

static void
test_writes(void)
{
  g_autoptr(Tree) tree = tree_new();
  mode_t mask = umask(027);
  written("new", "a\r\n");
  umask(mask);
  g_assert_cmpint(mode_of("new"), ==, S_IFREG | 0640);
  g_chmod("new", 0755);
  written("new", "");
  g_assert_cmpint(mode_of("new"), ==, S_IFREG | 0755);
  g_assert_cmpint(symlink("new", "link"), ==, 0);
  written("link", "in the link's place");
  g_assert_true(S_ISREG(mode_of("link")));
  g_autoptr(GBytes) untouched = file_read("new", 100, NULL);
  g_assert_cmpuint(g_bytes_get_size(untouched), ==, 0);
}

/* Nothing half written and nothing besides is left behind. */
static void
test_writes_nothing(void)
{
  g_autoptr(Tree) tree = tree_new();
  g_autoptr(GBytes) content = g_bytes_new_static("x", 1);
  static const char *const paths[] = {"missing/file", "folder"};
  tree_mkdir(tree, "folder");
  for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_false(file_write(paths[i], content, &error));
    g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
    g_assert_nonnull(strstr(error->message, paths[i]));
  }
  g_autoptr(GDir) dir = g_dir_open(".", 0, NULL);
  g_assert_cmpstr(g_dir_read_name(dir), ==, "folder");
  g_assert_null(g_dir_read_name(dir));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/files/reads", test_reads);
  g_test_add_func("/files/limit", test_limit);
  g_test_add_func("/files/what-is-no-file", test_what_is_no_file);
  g_test_add_func("/files/pipe", test_pipe);
  g_test_add_func("/files/endless-descriptor", test_endless_descriptor);
  g_test_add_func("/files/writes", test_writes);
  g_test_add_func("/files/writes-nothing", test_writes_nothing);
  return g_test_run();
}
