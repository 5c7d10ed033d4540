/* SPDX-License-Identifier: MIT */
#include "compile_check.h"

#include "clock.h"
#include "clock_test.h"
#include "import_rewrite.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  char *root;
  char *bin; /* the whole PATH of the test */
} Fixture;

/* A folder for PATH and one for the cache; the cache folder is fixed for the process. */
static void
set_up(Fixture *fixture, gconstpointer data)
{
  fixture->root = g_dir_make_tmp("owup-test-XXXXXX", NULL);
  g_assert_nonnull(fixture->root);
  fixture->bin = g_build_filename(fixture->root, "bin", NULL);
  g_assert_cmpint(g_mkdir(fixture->bin, 0700), ==, 0);
  g_setenv("PATH", fixture->bin, TRUE);
}

static void
remove_tree(const char *path)
{
  GDir *dir = g_dir_open(path, 0, NULL);
  if (dir != NULL) {
    const char *name;
    while ((name = g_dir_read_name(dir)) != NULL) {
      g_autofree char *child = g_build_filename(path, name, NULL);
      remove_tree(child);
    }
    g_dir_close(dir);
  }
  g_remove(path);
}

static char *
cache_folder(void)
{
  return g_build_filename(g_get_user_cache_dir(), "owup", "pycheck", NULL);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
  g_autofree char *cache = cache_folder();
  remove_tree(cache);
  remove_tree(fixture->root);
  g_free(fixture->root);
  g_free(fixture->bin);
}

/* The real interpreter of this machine (not a script that picks one), or NULL. */
static char *real_python;

static void
find_python(void)
{
  const char *argv[] = {"python3", "-c",
                        "import sys; print(sys.executable if sys.version_info > (3, 11) else '')",
                        NULL};
  if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL,
                    NULL, NULL, &real_python, NULL, NULL, NULL))
    return;
  g_strstrip(real_python);
  if (*real_python == '\0')
    g_clear_pointer(&real_python, g_free);
}

static void
link_python(Fixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename(fixture->bin, name, NULL);
  g_assert_cmpint(symlink(real_python, path), ==, 0);
}

static void
write_program(Fixture *fixture, const char *name, const char *body)
{
  g_autofree char *path = g_build_filename(fixture->bin, name, NULL);
  g_autofree char *text = g_strconcat("#!/bin/sh\n", body, "\n", NULL);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
  g_assert_cmpint(g_chmod(path, 0700), ==, 0);
}

static CompileCheckResult
check(const char *text, Diagnostic **diagnostic)
{
  g_autoptr(GBytes) original = g_bytes_new(text, strlen(text));
  g_autoptr(GBytes) rewritten = import_rewrite(original);
  *diagnostic = NULL;
  CompileCheckResult result = compile_check("x.py", original, rewritten, diagnostic);
  g_assert_true((result == PYCHECK_BROKEN) == (*diagnostic != NULL));
  return result;
}

static gboolean
needs_python(void)
{
  if (real_python == NULL)
    g_test_skip("no python3 of 3.11 or newer here");
  return real_python != NULL;
}

static void
test_fine(Fixture *fixture, gconstpointer data)
{
  g_autoptr(Diagnostic) diagnostic = NULL;
  if (!needs_python())
    return;
  link_python(fixture, "python3");
  g_assert_cmpint(check("class Pipe:\r\n  '''精读'''\n", &diagnostic), ==, PYCHECK_FINE);
  g_assert_cmpint(check("", &diagnostic), ==, PYCHECK_FINE);
  /* A warning is none of our business, and the code never runs. */
  g_assert_cmpint(check("x = '\\d' is 1\nimport os\nos.abort()\n", &diagnostic), ==, PYCHECK_FINE);
}

static void
test_broken(Fixture *fixture, gconstpointer data)
{
  g_autoptr(Diagnostic) diagnostic = NULL;
  if (!needs_python())
    return;
  link_python(fixture, "python3.12");
  g_assert_cmpint(check("a = 1\n精读 = (1 2)\n", &diagnostic), ==, PYCHECK_BROKEN);
  g_assert_cmpstr(diagnostic->file, ==, "x.py");
  g_assert_cmpint(diagnostic->line, ==, 2);
  g_assert_cmpint(diagnostic->col, ==, 7);
  g_assert_cmpstr(diagnostic->message, ==, "invalid syntax. Perhaps you forgot a comma?");
  g_assert_cmpstr(diagnostic->source, ==, "精读 = (1 2)");
}

/* What the scan cannot see. */
static void
test_beyond_scan(Fixture *fixture, gconstpointer data)
{
  g_autoptr(Diagnostic) diagnostic = NULL;
  if (!needs_python())
    return;
  link_python(fixture, "python3");
  g_assert_cmpint(check("def f():\n  nonlocal x\n", &diagnostic), ==, PYCHECK_BROKEN);
  g_assert_cmpint(diagnostic->line, ==, 2);
}

/* The server's import rewriting moves columns; the diagnostic is about the user's own file. */
static void
test_column_before_rewriting(Fixture *fixture, gconstpointer data)
{
  g_autoptr(Diagnostic) diagnostic = NULL;
  if (!needs_python())
    return;
  link_python(fixture, "python3");
  g_assert_cmpint(check("from utils import a; from apps import b; x = = 1\n", &diagnostic), ==,
                  PYCHECK_BROKEN);
  g_assert_cmpint(diagnostic->col, ==, 46);
  g_assert_cmpstr(diagnostic->source, ==, "from utils import a; from apps import b; x = = 1");
}

static void
test_none(Fixture *fixture, gconstpointer data)
{
  g_autoptr(Diagnostic) diagnostic = NULL;
  g_assert_cmpint(check("x = (", &diagnostic), ==, PYCHECK_UNAVAILABLE);
}

/* An interpreter that is too old, or says nonsense, or fails, is passed over. */
static void
test_next_candidate(Fixture *fixture, gconstpointer data)
{
  g_autoptr(Diagnostic) diagnostic = NULL;
  write_program(fixture, "python3", "printf 'old\\nend'");
  g_assert_cmpint(check("x = (", &diagnostic), ==, PYCHECK_UNAVAILABLE);
  write_program(fixture, "python3.14", "echo surprise; exit 1");
  write_program(fixture, "python3.13", "printf 'broken\\n-1\\nx\\nmessage\\nend'");
  write_program(fixture, "python3.12", "printf 'broken\\n1\\n5\\ncut'");
  g_assert_cmpint(check("x = (", &diagnostic), ==, PYCHECK_UNAVAILABLE);
  write_program(fixture, "python3.11", "printf 'fine\\nend'");
  g_assert_cmpint(check("x = (", &diagnostic), ==, PYCHECK_FINE);
}

static void
test_endless_answer(Fixture *fixture, gconstpointer data)
{
  g_autoptr(Diagnostic) diagnostic = NULL;
  write_program(fixture, "python3", "while :; do echo fine; done");
  g_assert_cmpint(check("x", &diagnostic), ==, PYCHECK_UNAVAILABLE);
}

/* Ten seconds for all of them together. */
static void
test_hanging(Fixture *fixture, gconstpointer data)
{
  g_autoptr(Diagnostic) diagnostic = NULL;
  write_program(fixture, "python3", "exec /bin/sleep 1000");
  write_program(fixture, "python3.11", "printf 'fine\\nend'");
  clock_test_set_scale(1000);
  gint64 begun = clock_now();
  g_assert_cmpint(check("x", &diagnostic), ==, PYCHECK_UNAVAILABLE);
  g_assert_cmpint(clock_now() - begun, >=, 10 * G_USEC_PER_SEC);
  clock_test_end();
}

/* Environment variables do not reach the interpreter's own settings. */
static void
test_environment(Fixture *fixture, gconstpointer data)
{
  g_autoptr(Diagnostic) diagnostic = NULL;
  write_program(fixture, "python3",
                "[ -z \"$PYTHONSTARTUP$PYTHONPATH$ENV\" ] && printf 'fine\\nend'");
  g_setenv("PYTHONSTARTUP", "/nowhere", TRUE);
  g_setenv("PYTHONPATH", "/nowhere", TRUE);
  g_setenv("ENV", "/nowhere", TRUE);
  g_assert_cmpint(check("x", &diagnostic), ==, PYCHECK_FINE);
  g_unsetenv("PYTHONSTARTUP");
  g_unsetenv("PYTHONPATH");
  g_unsetenv("ENV");
}

/* The one file in the cache; asserts that it is one. */
static char *
cache_entry(void)
{
  g_autofree char *folder = cache_folder();
  GDir *dir = g_dir_open(folder, 0, NULL);
  g_assert_nonnull(dir);
  char *path = g_build_filename(folder, g_dir_read_name(dir), NULL);
  g_assert_null(g_dir_read_name(dir));
  g_dir_close(dir);
  return path;
}

static void
test_cache(Fixture *fixture, gconstpointer data)
{
  g_autoptr(Diagnostic) diagnostic = NULL;
  GStatBuf status;
  if (!needs_python())
    return;
  link_python(fixture, "python3");
  g_assert_cmpint(check("x = 1\n", &diagnostic), ==, PYCHECK_FINE);
  g_autofree char *entry = cache_entry();
  g_autofree char *folder = g_path_get_dirname(entry);
  g_assert_cmpint(g_stat(entry, &status), ==, 0);
  g_assert_cmpint(status.st_mode & 0777, ==, 0600);
  g_assert_cmpint(g_stat(folder, &status), ==, 0);
  g_assert_cmpint(status.st_mode & 0777, ==, 0700);

  /* A planted answer shows that nobody is asked. */
  g_assert_true(g_file_set_contents(entry, "broken\n1\n3\nplanted\nend", -1, NULL));
  g_assert_cmpint(check("x = 1\n", &diagnostic), ==, PYCHECK_BROKEN);
  g_assert_cmpstr(diagnostic->message, ==, "planted");
  g_clear_pointer(&diagnostic, diagnostic_free);

  /* Half a file is no answer, and is replaced. */
  g_assert_true(g_file_set_contents(entry, "broken\n1\n3\npla", -1, NULL));
  g_assert_cmpint(check("x = 1\n", &diagnostic), ==, PYCHECK_FINE);
  g_autofree char *text = NULL;
  g_assert_true(g_file_get_contents(entry, &text, NULL, NULL));
  g_assert_cmpstr(text, ==, "fine\nend");
}

/* Which interpreter a script picks is not in its file: its answers are not kept. */
static void
test_script_not_cached(Fixture *fixture, gconstpointer data)
{
  g_autoptr(Diagnostic) diagnostic = NULL;
  write_program(fixture, "python3", "printf 'fine\\nend'");
  g_assert_cmpint(check("x", &diagnostic), ==, PYCHECK_FINE);
  g_autofree char *folder = cache_folder();
  g_assert_false(g_file_test(folder, G_FILE_TEST_EXISTS));
}

static guint
count_files(const char *folder)
{
  guint n = 0;
  GDir *dir = g_dir_open(folder, 0, NULL);
  while (g_dir_read_name(dir) != NULL)
    n++;
  g_dir_close(dir);
  return n;
}

static void
test_cache_bounded(Fixture *fixture, gconstpointer data)
{
  g_autoptr(Diagnostic) diagnostic = NULL;
  if (!needs_python())
    return;
  g_autofree char *folder = cache_folder();
  g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
  for (int i = 0; i < 450; i++) {
    g_autofree char *path = g_strdup_printf("%s/%d", folder, i);
    g_assert_true(g_file_set_contents(path, "fine\nend", -1, NULL));
  }
  link_python(fixture, "python3");
  g_assert_cmpint(check("x = 1\n", &diagnostic), ==, PYCHECK_FINE);
  g_assert_cmpuint(count_files(folder), ==, 301);
}

/* A cache that cannot be written is no error. */
static void
test_cache_unusable(Fixture *fixture, gconstpointer data)
{
  g_autoptr(Diagnostic) diagnostic = NULL;
  if (!needs_python())
    return;
  g_autofree char *folder = cache_folder();
  g_autofree char *parent = g_path_get_dirname(folder);
  g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
  g_assert_true(g_file_set_contents(folder, "a file in the way", -1, NULL));
  link_python(fixture, "python3");
  g_assert_cmpint(check("x = 1\n", &diagnostic), ==, PYCHECK_FINE);
  g_assert_cmpint(g_remove(folder), ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_autofree char *cache = g_dir_make_tmp("owup-test-XXXXXX", NULL);
  g_setenv("XDG_CACHE_HOME", cache, TRUE);
  find_python();
#define ADD(name, function) g_test_add("/pycheck/" name, Fixture, NULL, set_up, function, tear_down)
  ADD("fine", test_fine);
  ADD("broken", test_broken);
  ADD("beyond-scan", test_beyond_scan);
  ADD("column-before-rewriting", test_column_before_rewriting);
  ADD("none", test_none);
  ADD("next-candidate", test_next_candidate);
  ADD("endless-answer", test_endless_answer);
  ADD("hanging", test_hanging);
  ADD("environment", test_environment);
  ADD("cache", test_cache);
  ADD("script-not-cached", test_script_not_cached);
  ADD("cache-bounded", test_cache_bounded);
  ADD("cache-unusable", test_cache_unusable);
#undef ADD
  int failed = g_test_run();
  remove_tree(cache);
  g_free(real_python);
  return failed;
}
