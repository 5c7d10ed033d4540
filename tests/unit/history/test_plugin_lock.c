/* SPDX-License-Identifier: MIT */
/* The lock of one plugin: held by one, waited for, freed by a death. */
#include "plugin_lock.h"

#include "clock_test.h"
#include "error.h"
#include "support/rights.h"
#include "support/tree.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SERVER "https://example.org"
#define LONG_MS 60000

typedef struct {
  Tree *tree;
  char *dir;
  PluginLock *held;
  Cancel *cancel;
  int waits;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer data)
{
  fixture->tree = tree_new();
  fixture->dir = g_build_filename(fixture->tree->root, "a", "b", NULL);
  fixture->cancel = cancel_new();
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
  g_clear_pointer(&fixture->held, plugin_lock_free);
  cancel_free(fixture->cancel);
  tree_free(fixture->tree);
  g_free(fixture->dir);
}

static PluginLock *
try_lock(Fixture *fixture, const char *id)
{
  return plugin_lock_try(fixture->dir, SERVER, FAMILY_FUNCTION, id);
}

static void
test_exclusive(Fixture *fixture, gconstpointer data)
{
  fixture->held = try_lock(fixture, "p");
  g_assert_nonnull(fixture->held);
  g_assert_null(try_lock(fixture, "p"));
  g_clear_pointer(&fixture->held, plugin_lock_free);
  fixture->held = try_lock(fixture, "p");
  g_assert_nonnull(fixture->held);
}

/* Each of server, family and id makes another lock. */
static void
test_distinct(Fixture *fixture, gconstpointer data)
{
  fixture->held = try_lock(fixture, "p");
  g_autoptr(PluginLock) id = try_lock(fixture, "q");
  g_autoptr(PluginLock) family = plugin_lock_try(fixture->dir, SERVER, FAMILY_TOOL, "p");
  g_autoptr(PluginLock) server = plugin_lock_try(fixture->dir, "http://x", FAMILY_FUNCTION, "p");
  g_assert_nonnull(id);
  g_assert_nonnull(family);
  g_assert_nonnull(server);
}

/* Ids come from files and servers: none makes a file elsewhere, none is too long. */
static void
test_odd_ids(Fixture *fixture, gconstpointer data)
{
  g_autofree char *long_id = g_strnfill(5000, 'x');
  const char *ids[] = {"../../../x", "/etc/x", "", "精读", ".", "a\nb", long_id};
  for (guint i = 0; i < G_N_ELEMENTS(ids); i++) {
    g_autoptr(PluginLock) lock = try_lock(fixture, ids[i]);
    g_assert_nonnull(lock);
  }
  g_autofree char *locks = g_build_filename(fixture->dir, "locks", NULL);
  g_autoptr(GDir) dir = g_dir_open(locks, 0, NULL);
  guint files = 0;
  while (g_dir_read_name(dir) != NULL)
    files++;
  g_assert_cmpuint(files, ==, G_N_ELEMENTS(ids));
}

static void
test_private(Fixture *fixture, gconstpointer data)
{
  mode_t mask = umask(0);
  fixture->held = try_lock(fixture, "p");
  umask(mask);
  g_autofree char *locks = g_build_filename(fixture->dir, "locks", NULL);
  struct stat st;
  g_assert_cmpint(stat(fixture->dir, &st), ==, 0);
  g_assert_cmpuint(st.st_mode & 0777, ==, 0700);
  g_autoptr(GDir) dir = g_dir_open(locks, 0, NULL);
  g_autofree char *file = g_build_filename(locks, g_dir_read_name(dir), NULL);
  g_assert_cmpint(stat(file, &st), ==, 0);
  g_assert_cmpuint(st.st_mode & 0777, ==, 0600);
}

static void
count_wait(gpointer data)
{
  Fixture *fixture = data;
  fixture->waits++;
}

static void
release(gpointer data)
{
  Fixture *fixture = data;
  fixture->waits++;
  g_clear_pointer(&fixture->held, plugin_lock_free);
}

static void
interrupt(gpointer data)
{
  Fixture *fixture = data;
  cancel_raise(fixture->cancel);
}

static void
test_waits(Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;
  fixture->held = try_lock(fixture, "p");
  g_autoptr(PluginLock) lock = plugin_lock_take(fixture->dir, SERVER, FAMILY_FUNCTION, "p", LONG_MS,
                                                fixture->cancel, release, fixture, &error);
  g_assert_no_error(error);
  g_assert_nonnull(lock);
  g_assert_cmpint(fixture->waits, ==, 1);
}

static void
test_does_not_wait(Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;
  g_autoptr(PluginLock) lock = plugin_lock_take(fixture->dir, SERVER, FAMILY_FUNCTION, "p", LONG_MS,
                                                NULL, count_wait, fixture, &error);
  g_assert_no_error(error);
  g_assert_nonnull(lock);
  g_assert_cmpint(fixture->waits, ==, 0);
}

static void
test_gives_up(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  fixture->held = try_lock(fixture, "p");
  clock_test_script(NULL, NULL);
  g_assert_null(plugin_lock_take(fixture->dir, SERVER, FAMILY_FUNCTION, "p", LONG_MS, NULL,
                                 count_wait, fixture, &error));
  g_assert_cmpint(clock_test_elapsed(), ==, LONG_MS);
  clock_test_end();
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
  g_assert_nonnull(strstr(error->message, "Another owup"));
  g_assert_nonnull(strstr(error->message, SERVER));
  g_assert_cmpint(fixture->waits, ==, 1);
}

static void
test_interrupted(Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  fixture->held = try_lock(fixture, "p");
  g_assert_null(plugin_lock_take(fixture->dir, SERVER, FAMILY_FUNCTION, "p", LONG_MS,
                                 fixture->cancel, interrupt, fixture, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_INTERRUPTED);
}

static void
test_unwritable(Fixture *fixture, gconstpointer data)
{
  g_chmod(fixture->tree->root, 0555);
  pid_t pid = fork();
  if (pid == 0) {
    drop_rights();
    g_autoptr(GError) error = NULL;
    g_assert_null(plugin_lock_take(fixture->dir, SERVER, FAMILY_FUNCTION, "p", LONG_MS, NULL, NULL,
                                   NULL, &error));
    g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
    g_assert_nonnull(strstr(error->message, fixture->dir));
    _exit(0);
  }
  int status;
  g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
  g_assert_cmpint(status, ==, 0);
  g_chmod(fixture->tree->root, 0700);
}

#define PROCESSES 8
#define EACH 25

/* One line more in the file, read and written in two steps. */
static void
count_up(const char *path)
{
  g_autofree char *text = NULL;
  int n = 0;
  if (g_file_get_contents(path, &text, NULL, NULL))
    n = (int)strtol(text, NULL, 10);
  g_autofree char *next = g_strdup_printf("%d", n + 1);
  FILE *file = fopen(path, "w");
  if (file == NULL || fputs(next, file) < 0 || fclose(file) != 0)
    _exit(1);
}

/* Processes race for it, from the making of the folder on. */
static void
test_race(Fixture *fixture, gconstpointer data)
{
  g_autofree char *counter = g_build_filename(fixture->tree->root, "counter", NULL);
  for (int i = 0; i < PROCESSES; i++) {
    pid_t pid = fork();
    g_assert_cmpint(pid, >=, 0);
    for (int j = 0; pid == 0 && j < EACH; j++) {
      g_autoptr(PluginLock) lock = plugin_lock_take(fixture->dir, SERVER, FAMILY_FUNCTION, "p",
                                                    LONG_MS, NULL, NULL, NULL, NULL);
      if (lock == NULL)
        _exit(2);
      count_up(counter);
    }
    if (pid == 0)
      _exit(0);
  }
  for (int i = 0; i < PROCESSES; i++) {
    int status;
    g_assert_cmpint(wait(&status), >, 0);
    g_assert_cmpint(status, ==, 0);
  }
  g_autofree char *text = NULL;
  g_assert_true(g_file_get_contents(counter, &text, NULL, NULL));
  g_assert_cmpint(strtol(text, NULL, 10), ==, PROCESSES * EACH);
}

/* A program that owup starts does not hold on to the lock. */
static void
test_not_inherited(Fixture *fixture, gconstpointer data)
{
  int pipe_ends[2];
  g_assert_cmpint(pipe(pipe_ends), ==, 0);
  fixture->held = try_lock(fixture, "p");
  pid_t pid = fork();
  if (pid == 0) {
    dup2(pipe_ends[0], STDIN_FILENO);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    execlp("sh", "sh", "-c", "read line", (char *)NULL);
    _exit(1);
  }
  close(pipe_ends[0]);
  g_clear_pointer(&fixture->held, plugin_lock_free);
  /* The fork holds it until it has become the other program. */
  fixture->held =
      plugin_lock_take(fixture->dir, SERVER, FAMILY_FUNCTION, "p", LONG_MS, NULL, NULL, NULL, NULL);
  g_assert_nonnull(fixture->held);
  g_assert_cmpint(waitpid(pid, NULL, WNOHANG), ==, 0);
  close(pipe_ends[1]);
  g_assert_cmpint(waitpid(pid, NULL, 0), ==, pid);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add(name, Fixture, NULL, set_up, function, tear_down)
  ADD("/plugin-lock/exclusive", test_exclusive);
  ADD("/plugin-lock/distinct", test_distinct);
  ADD("/plugin-lock/odd-ids", test_odd_ids);
  ADD("/plugin-lock/private", test_private);
  ADD("/plugin-lock/waits", test_waits);
  ADD("/plugin-lock/does-not-wait", test_does_not_wait);
  ADD("/plugin-lock/gives-up", test_gives_up);
  ADD("/plugin-lock/interrupted", test_interrupted);
  ADD("/plugin-lock/unwritable", test_unwritable);
  ADD("/plugin-lock/race", test_race);
  ADD("/plugin-lock/not-inherited", test_not_inherited);
  return g_test_run();
}
