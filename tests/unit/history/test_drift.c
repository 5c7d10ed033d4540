/* SPDX-License-Identifier: MIT */
/* Who changed a plugin: every combination of what the server says, the stamp in it, and what the
 * local history knows. */
#include "drift.h"

#include "support/history_fixture.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"

static Stamp *
stamp_of(const char *sha256, gint64 at)
{
  Stamp *stamp = g_new0(Stamp, 1);
  stamp->sha256 = g_strdup(sha256);
  stamp->at = at;
  return stamp;
}

static HistoryEntry *
entry_of(HistoryAction action, const char *digest, gint64 at)
{
  HistoryEntry *entry = history_entry_new(SERVER, FAMILY_FUNCTION, "p", action);
  entry->digest = g_strdup(digest);
  entry->at = at;
  return entry;
}

/* `stamped` and `known` NULL: there is none. */
static void
judged(const char *server, const char *stamped, gint64 stamped_at, HistoryAction action,
       const char *known, gint64 known_at, Drift wanted)
{
  g_autoptr(Stamp) stamp = stamped != NULL ? stamp_of(stamped, stamped_at) : NULL;
  g_autoptr(HistoryEntry) last = known != NULL ? entry_of(action, known, known_at) : NULL;
  g_assert_cmpint(drift_judge(server, stamp, last), ==, wanted);
}

static void
test_without_pull(void)
{
  judged(A, NULL, 0, 0, NULL, 0, DRIFT_FOREIGN);
  /* A stamp that fits proves only that some owup wrote it. */
  judged(A, A, 10, 0, NULL, 0, DRIFT_ELSEWHERE);
  judged(B, A, 10, 0, NULL, 0, DRIFT_CHANGED);
  judged(A, NULL, 0, HISTORY_SENT, A, 10, DRIFT_NONE);
  judged(B, NULL, 0, HISTORY_SENT, A, 10, DRIFT_CHANGED);
  judged(A, A, 10, HISTORY_SENT, A, 10, DRIFT_NONE);
  judged(B, A, 10, HISTORY_SENT, A, 10, DRIFT_CHANGED);
  /* Another machine deployed since. */
  judged(B, B, 20, HISTORY_SENT, A, 10, DRIFT_ELSEWHERE);
  judged(B, B, 10, HISTORY_SENT, A, 10, DRIFT_ELSEWHERE);
  judged(C, B, 20, HISTORY_SENT, A, 10, DRIFT_CHANGED);
  /* The older version came back, and its stamp with it. */
  judged(A, A, 10, HISTORY_SENT, B, 20, DRIFT_SET_BACK);
  judged(A, A, 10, HISTORY_ROLLED_BACK, B, 20, DRIFT_SET_BACK);
  /* The same bytes again are no step back. */
  judged(A, A, 10, HISTORY_SENT, A, 20, DRIFT_NONE);
}

static void
test_with_pull(void)
{
  /* B was made in the browser over A, and taken. */
  judged(B, A, 10, HISTORY_PULLED, B, 20, DRIFT_NONE);
  judged(B, NULL, 0, HISTORY_PULLED, B, 20, DRIFT_NONE);
  /* It was changed once more, or back. */
  judged(C, A, 10, HISTORY_PULLED, B, 20, DRIFT_CHANGED);
  judged(C, NULL, 0, HISTORY_PULLED, B, 20, DRIFT_CHANGED);
  judged(A, A, 10, HISTORY_PULLED, B, 20, DRIFT_SET_BACK);
  /* Another machine deployed after the pull. */
  judged(C, C, 30, HISTORY_PULLED, B, 20, DRIFT_ELSEWHERE);
  judged(A, C, 30, HISTORY_PULLED, B, 20, DRIFT_CHANGED);
  judged(B, C, 30, HISTORY_PULLED, B, 20, DRIFT_NONE);
}

static void
test_base_digest(void)
{
  g_autoptr(Stamp) stamp = stamp_of(A, 20);
  g_autoptr(HistoryEntry) older = entry_of(HISTORY_SENT, B, 10);
  g_autoptr(HistoryEntry) same = entry_of(HISTORY_SENT, B, 20);
  g_autoptr(HistoryEntry) pulled = entry_of(HISTORY_PULLED, B, 20);
  g_autoptr(HistoryEntry) newer = entry_of(HISTORY_PULLED, B, 30);
  g_assert_null(drift_base_digest(NULL, NULL));
  g_assert_cmpstr(drift_base_digest(stamp, NULL), ==, A);
  g_assert_cmpstr(drift_base_digest(NULL, older), ==, B);
  g_assert_cmpstr(drift_base_digest(stamp, older), ==, A);
  /* Both within one second: the stamp is what the server has. */
  g_assert_cmpstr(drift_base_digest(stamp, same), ==, A);
  g_assert_cmpstr(drift_base_digest(stamp, pulled), ==, B);
  g_assert_cmpstr(drift_base_digest(stamp, newer), ==, B);
}

static void
based(const Stamp *stamp, const HistoryEntry *last, const char *name)
{
  g_autoptr(Stamp) base = drift_base(stamp, last);
  g_assert_cmpstr(base != NULL ? base->name : NULL, ==, name);
}

static void
test_base(void)
{
  g_autoptr(Stamp) stamp = stamp_of(A, 20);
  g_autoptr(HistoryEntry) last = entry_of(HISTORY_SENT, A, 30);
  stamp->name = g_strdup("of the stamp");
  based(NULL, NULL, NULL);
  based(stamp, NULL, "of the stamp");
  based(NULL, last, NULL);
  /* What was sent without a stamp tells no name; the one on the server is all there is. */
  based(stamp, last, "of the stamp");
  last->meta = g_strdup("no JSON");
  based(stamp, last, "of the stamp");
  g_free(last->meta);
  last->meta = g_strdup("{\"owup\":{\"sha256\":\"" A "\",\"name\":\"of the history\"}}");
  based(stamp, last, "of the history");
  based(NULL, last, "of the history");
  last->at = 10;
  based(stamp, last, "of the stamp");
}

static void
shared(const char *file, const Stamp *stamp, const HistoryEntry *last, gboolean wanted)
{
  g_assert_cmpint(drift_was_shared(file, stamp, last), ==, wanted);
}

static void
test_shared(void)
{
  g_autoptr(Stamp) stamp = stamp_of(A, 20);
  g_autoptr(HistoryEntry) older = entry_of(HISTORY_SENT, B, 10);
  g_autoptr(HistoryEntry) pulled = entry_of(HISTORY_PULLED, B, 20);
  g_autoptr(HistoryEntry) newer = entry_of(HISTORY_SENT, B, 30);
  shared(A, NULL, NULL, FALSE);
  shared(A, stamp, NULL, TRUE);
  shared(B, stamp, NULL, FALSE);
  shared(B, NULL, older, TRUE);
  /* Another machine deployed since: the file of here is behind, that of there is not. */
  shared(A, stamp, older, TRUE);
  shared(B, stamp, older, TRUE);
  shared(C, stamp, older, FALSE);
  /* Back to what was deployed before the newer text was taken or sent: that is a change. */
  shared(B, stamp, pulled, TRUE);
  shared(A, stamp, pulled, FALSE);
  shared(B, stamp, newer, TRUE);
  shared(A, stamp, newer, FALSE);
  newer->meta = g_strdup("{\"owup\":{\"sha256\":\"" B "\",\"rolled_back\":[\"" C "\"]}}");
  shared(C, stamp, newer, TRUE);
}

static void
test_merge(void)
{
  static const struct {
    const char *server, *file, *base;
    DriftMerge wanted;
  } cases[] = {
      {"s", NULL, NULL, MERGE_SERVER}, {"s", NULL, "b", MERGE_SERVER},
      {"s", "s", NULL, MERGE_FILE},    {"s", "s", "b", MERGE_FILE},
      {"s", "f", NULL, MERGE_FILE},    {"b", "f", "b", MERGE_FILE},
      {"s", "b", "b", MERGE_KEPT},     {"", "b", "b", MERGE_KEPT},
      {"s", "f", "b", MERGE_CONFLICT}, {"b", "b", "b", MERGE_FILE},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    g_assert_cmpint(drift_merge(cases[i].server, cases[i].file, cases[i].base), ==,
                    cases[i].wanted);
}

static void
agreed(History *history, HistoryAction action, const char *digest)
{
  GError *error = NULL;
  g_autoptr(HistoryEntry) last = history_last_agreed(history, SERVER, FAMILY_FUNCTION, "p", &error);
  g_assert_no_error(error);
  g_assert_nonnull(last);
  g_assert_cmpint(last->action, ==, action);
  g_assert_cmpstr(last->digest, ==, digest);
}

/* What history_last_agreed() finds is what the judgement above goes by. */
static void
test_agreed(Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;
  g_autoptr(History) history = open_history(fixture->dir);
  g_assert_null(history_last_agreed(history, SERVER, FAMILY_FUNCTION, "p", &error));
  g_assert_no_error(error);
  g_autofree char *sent = add_version(history, SERVER, "p", HISTORY_SENT, "sent", 0);
  add(history, HISTORY_REPLACED, "theirs");
  agreed(history, HISTORY_SENT, sent);
  g_autofree char *pulled = add_version(history, SERVER, "p", HISTORY_PULLED, "theirs", 0);
  agreed(history, HISTORY_PULLED, pulled);
  g_autoptr(HistoryEntry) write = history_last_write(history, SERVER, FAMILY_FUNCTION, "p", &error);
  g_assert_cmpstr(write->digest, ==, sent);
  g_autofree char *again = add_version(history, SERVER, "p", HISTORY_ROLLED_BACK, "sent", 0);
  agreed(history, HISTORY_ROLLED_BACK, again);
  g_assert_cmpstr(history_action_name(HISTORY_PULLED), ==, "pulled");
}

/* Forgetting old versions never forgets what the next deploy starts from. */
static void
test_agreed_stays(Fixture *fixture, gconstpointer data)
{
  g_autoptr(History) history = open_history(fixture->dir);
  history_set_limits(history, 2, 0);
  g_free(add_version(history, SERVER, "p", HISTORY_SENT, "sent", 1));
  g_autofree char *pulled = add_version(history, SERVER, "p", HISTORY_PULLED, "pulled", 2);
  for (int i = 0; i < 5; i++) {
    g_autofree char *text = g_strdup_printf("theirs %d", i);
    g_free(add_version(history, SERVER, "p", HISTORY_REPLACED, text, 3 + i));
  }
  agreed(history, HISTORY_PULLED, pulled);
  g_assert_cmpuint(count(history, SERVER, "p"), ==, 3);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/drift/without-pull", test_without_pull);
  g_test_add_func("/drift/with-pull", test_with_pull);
  g_test_add_func("/drift/base-digest", test_base_digest);
  g_test_add_func("/drift/base", test_base);
  g_test_add_func("/drift/shared", test_shared);
  g_test_add_func("/drift/merge", test_merge);
  g_test_add("/drift/agreed", Fixture, NULL, set_up, test_agreed, tear_down);
  g_test_add("/drift/agreed-stays", Fixture, NULL, set_up, test_agreed_stays, tear_down);
  return g_test_run();
}
