/* SPDX-License-Identifier: MIT */
/* A history in a folder of its own, with short words for what the tests do to it. */
#pragma once

#include "error.h"
#include "history.h"
#include "tree.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>

#define SERVER "https://example.org"

typedef struct {
  Tree *tree;
  char *dir, *path;
} Fixture;

static inline void
set_up(Fixture *fixture, gconstpointer data)
{
  fixture->tree = tree_new();
  fixture->dir = g_build_filename(fixture->tree->root, "state", "owup", NULL);
  fixture->path = g_build_filename(fixture->dir, "history.db", NULL);
}

static inline void
tear_down(Fixture *fixture, gconstpointer data)
{
  tree_free(fixture->tree);
  g_free(fixture->dir);
  g_free(fixture->path);
}

static inline History *
open_history(const char *dir)
{
  GError *error = NULL;
  History *history = history_open(dir, &error);
  g_assert_no_error(error);
  g_assert_nonnull(history);
  return history;
}

/* Adds `text` as a version of plugin `id`; the digest, owned by the caller. */
static inline char *
add_version(History *history, const char *server, const char *id, HistoryAction action,
            const char *text, gint64 at)
{
  GError *error = NULL;
  g_autoptr(HistoryEntry) entry = history_entry_new(server, FAMILY_FUNCTION, id, action);
  g_autoptr(GBytes) content = g_bytes_new(text, strlen(text));
  entry->at = at;
  history_add(history, entry, content, &error);
  g_assert_no_error(error);
  g_assert_cmpint(entry->row, >, 0);
  return g_strdup(entry->digest);
}

static inline void
add(History *history, HistoryAction action, const char *text)
{
  g_free(add_version(history, SERVER, "p", action, text, 0));
}

static inline GPtrArray *
list(History *history, const char *server, const char *id)
{
  GError *error = NULL;
  GPtrArray *entries = history_list(history, server, FAMILY_FUNCTION, id, &error);
  g_assert_no_error(error);
  return entries;
}

static inline guint
count(History *history, const char *server, const char *id)
{
  g_autoptr(GPtrArray) entries = list(history, server, id);
  return entries->len;
}

static inline void
assert_content(History *history, const char *digest, const char *text)
{
  GError *error = NULL;
  g_autoptr(GBytes) content = history_content(history, digest, &error);
  g_assert_no_error(error);
  g_assert_cmpmem(g_bytes_get_data(content, NULL), g_bytes_get_size(content), text, strlen(text));
}

static inline void
assert_gone(History *history, const char *digest)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(history_content(history, digest, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_NOT_FOUND);
}

/* Makes the database a file of other words, its log gone. */
static inline void
spoil(const char *dir, const char *words)
{
  g_autofree char *path = g_build_filename(dir, "history.db", NULL);
  g_autofree char *log = g_strconcat(path, "-wal", NULL);
  g_autofree char *shared = g_strconcat(path, "-shm", NULL);
  g_remove(log);
  g_remove(shared);
  g_assert_true(g_file_set_contents(path, words, -1, NULL));
}

static inline void
assert_refused(const char *dir, const char *words)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(History) history = history_open(dir, &error);
  g_assert_null(history);
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
  g_assert_nonnull(strstr(error->message, words));
  g_assert_nonnull(strstr(error->message, dir));
}

/* The child ends by itself, with status 0. */
static inline void
assert_ends_well(pid_t pid)
{
  int status;
  g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
  g_assert_true(WIFEXITED(status));
  g_assert_cmpint(WEXITSTATUS(status), ==, 0);
}
