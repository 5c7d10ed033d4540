/* SPDX-License-Identifier: MIT */
#include "git_tree.h"

#include "git_checkout.h"

#include <pthread.h>
#include <string.h>

/* The tree that was asked for last; a batch asks for one only. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *known_git, *known_head;
static GHashTable *known_blobs; /* path -> id; NULL: git did not say, and is asked again */

/* "MODE blob ID\tPATH", each ended by a NUL. */
static GHashTable *
read_tree(const GString *answer)
{
  GHashTable *blobs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  const char *end = answer->str + answer->len;
  for (const char *line = answer->str; line < end; line += strlen(line) + 1) {
    const char *tab = strchr(line, '\t');
    const char *id = strstr(line, " blob ");
    if (tab != NULL && id != NULL && id < tab) {
      id += strlen(" blob ");
      g_hash_table_insert(blobs, g_strdup(tab + 1), g_strndup(id, (gsize)(tab - id)));
    }
  }
  return blobs;
}

static void
learn(GitBudget *budget, const GitCheckout *checkout)
{
  const char *const words[] = {"ls-tree", "-r", "-z", "--full-tree", checkout->head, NULL};
  if (known_blobs != NULL && g_strcmp0(known_git, checkout->git) == 0 &&
      g_strcmp0(known_head, checkout->head) == 0)
    return;
  g_free(known_git);
  g_free(known_head);
  g_clear_pointer(&known_blobs, g_hash_table_unref);
  known_git = g_strdup(checkout->git);
  known_head = g_strdup(checkout->head);
  GString *answer = git_process_ask(budget, checkout->folder, words, NULL);
  if (answer == NULL)
    return;
  known_blobs = read_tree(answer);
  g_string_free(answer, TRUE);
}

GitTreeState
git_tree_state(GitBudget *budget, const char *file, const char *blob)
{
  g_autoptr(GitCheckout) checkout = blob != NULL ? git_checkout_find(file) : NULL;
  if (checkout == NULL || checkout->head == NULL)
    return GIT_TREE_UNKNOWN;
  GitTreeState state = GIT_TREE_UNKNOWN;
  pthread_mutex_lock(&lock);
  learn(budget, checkout);
  if (known_blobs != NULL) {
    const char *held = g_hash_table_lookup(known_blobs, checkout->path);
    state = g_strcmp0(held, blob) == 0 ? GIT_TREE_CLEAN : GIT_TREE_DIRTY;
  }
  pthread_mutex_unlock(&lock);
  return state;
}
