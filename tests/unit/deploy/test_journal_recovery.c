/* SPDX-License-Identifier: MIT */
/* What an owup left behind that died in the middle of a write, settled by the next one: over
 * scripts of real answers, with the requests, the words, and whether the row is closed. */
#include "journal_recovery.h"

#include "clock_test.h"
#include "plugin_lock.h"
#include "support/deploy_stage.h"

#define PATIENCE_S 10
#define WINDOW_S 60

typedef struct {
  const char *name;
  StageGeneration generation; /* STAGE_N: the same in all */
  JournalAction action;
  gboolean batch;
  const char *before, *after; /* texts; NULL: nothing was there */
  gboolean active, global;    /* at the look */
  gint64 changed;             /* seconds after the look, by the server's clock */
  const char *script;
  guint open;       /* rows left */
  const char *told; /* NULL: not a word */
  const char *kept; /* in the history, after "replaced" of what was there before */
} Case;

static const Case cases[] = {
    /* Nothing happened, or it went through: nothing to do but to remember it. */
    {"not-done", STAGE_N, JOURNAL_UPDATE, FALSE, "old", "new", TRUE, FALSE, -500, "read:old+a", 0,
     NULL, "replaced"},
    {"done", STAGE_N, JOURNAL_UPDATE, FALSE, "old", "new", TRUE, FALSE, 1, "read:new+a", 0, NULL,
     "replaced sent"},
    {"created", STAGE_N, JOURNAL_CREATE, FALSE, NULL, "new", FALSE, FALSE, 1, "read:new", 0, NULL,
     "sent"},
    {"not-created", STAGE_N, JOURNAL_CREATE, FALSE, NULL, "new", FALSE, FALSE, 1, "read:missing", 0,
     NULL, ""},
    {"deleted-since", STAGE_N, JOURNAL_UPDATE, FALSE, "old", "new", TRUE, FALSE, 1, "read:missing",
     0, NULL, "replaced"},
    {"replaced-since", STAGE_0_12, JOURNAL_UPDATE, FALSE, "old", "new", TRUE, FALSE, 1,
     "read:other+a", 0, NULL, "replaced"},
    /* Where the server says nothing, the row waits for the next one. */
    {"cut", STAGE_N, JOURNAL_UPDATE, FALSE, "old", "new", TRUE, FALSE, 1, "read:cut", 1, NULL,
     "replaced"},
    {"500", STAGE_N, JOURNAL_UPDATE, FALSE, "old", "new", TRUE, FALSE, 1, "read:500", 1, NULL,
     "replaced"},
    {"page", STAGE_N, JOURNAL_UPDATE, FALSE, "old", "new", TRUE, FALSE, 1, "read:page", 1, NULL,
     "replaced"},

    /* Switched off by the failed update, up to 0.11: within the window of that write. */
    {"switched-off", STAGE_0_9, JOURNAL_UPDATE, FALSE, "old", "new", TRUE, FALSE, 5,
     "read:old read:old flip:old+a read:old+a", 0, "switched on again", "replaced"},
    {"switched-off-0.11", STAGE_0_11, JOURNAL_UPDATE, FALSE, "old", "new", TRUE, FALSE, 5,
     "read:old read:old flip:old+a read:old+a", 0, "switched on again", "replaced"},
    {"switched-off-global", STAGE_0_9, JOURNAL_UPDATE, FALSE, "old", "new", TRUE, TRUE, 5,
     "read:old read:old flip:old+a flipglobal:old+ag read:old+ag", 0, "switched on again",
     "replaced"},
    {"window-first", STAGE_0_9, JOURNAL_UPDATE, FALSE, "old", "new", TRUE, FALSE, -1,
     "read:old read:old flip:old+a read:old+a", 0, "switched on again", "replaced"},
    {"window-last", STAGE_0_9, JOURNAL_UPDATE, FALSE, "old", "new", TRUE, FALSE,
     PATIENCE_S + WINDOW_S, "read:old read:old flip:old+a read:old+a", 0, "switched on again",
     "replaced"},
    /* Before or after it, it was somebody on purpose. */
    {"too-early", STAGE_0_9, JOURNAL_UPDATE, FALSE, "old", "new", TRUE, FALSE, -2, "read:old", 0,
     "it is left as it is", "replaced"},
    {"too-late", STAGE_0_9, JOURNAL_UPDATE, FALSE, "old", "new", TRUE, FALSE,
     PATIENCE_S + WINDOW_S + 1, "read:old", 0, "it is left as it is", "replaced"},
    {"switched-by-a-person-0.12", STAGE_0_12, JOURNAL_UPDATE, FALSE, "old", "new", TRUE, FALSE, 5,
     "read:old", 0, NULL, "replaced"},
    /* The write went through, so it switched nothing. */
    {"done-and-switched", STAGE_0_9, JOURNAL_UPDATE, FALSE, "old", "new", TRUE, FALSE, 5,
     "read:new", 0, NULL, "replaced sent"},
    /* The same text sent again proves nothing. */
    {"same-and-switched", STAGE_0_9, JOURNAL_UPDATE, FALSE, "new", "new", TRUE, FALSE, 5,
     "read:new read:new flip:new+a read:new+a", 0, "switched on again", "replaced"},
    {"flip-refused", STAGE_0_9, JOURNAL_UPDATE, FALSE, "old", "new", TRUE, FALSE, 5,
     "read:old read:old flip:missing", 1, "could not be switched on again", "replaced"},
    {"flip-lost", STAGE_0_9, JOURNAL_UPDATE, FALSE, "old", "new", TRUE, FALSE, 5,
     "read:old read:old flip:cut read:old+a read:old+a", 0, "switched on again", "replaced"},

    /* A deleted plugin that a rollback brought back. */
    {"undelete-not-done", STAGE_N, JOURNAL_UNDELETE, FALSE, NULL, "new", TRUE, FALSE, 1,
     "read:missing", 0, NULL, ""},
    {"undelete-off", STAGE_N, JOURNAL_UNDELETE, FALSE, NULL, "new", TRUE, FALSE, 1,
     "read:new read:new flip:new+a read:new+a", 0, "that is finished now", "rolled back"},
    {"undelete-whole", STAGE_N, JOURNAL_UNDELETE, FALSE, NULL, "new", TRUE, FALSE, 1,
     "read:new+a read:new+a", 0, "that is finished now", "rolled back"},
    {"undelete-flip-refused", STAGE_N, JOURNAL_UNDELETE, FALSE, NULL, "new", TRUE, FALSE, 1,
     "read:new read:new flip:missing", 1, "without its flags", "rolled back"},
    {"undelete-changed-since", STAGE_N, JOURNAL_UNDELETE, FALSE, NULL, "new", TRUE, FALSE, 1,
     "read:other", 0, "changed since", ""},
    {"undelete-switched-since", STAGE_N, JOURNAL_UNDELETE, FALSE, NULL, "new", TRUE, FALSE,
     PATIENCE_S + WINDOW_S + 1, "read:new", 0, "changed since", "rolled back"},

    /* All or nothing: what still is ours goes back. */
    {"batch-update", STAGE_0_9, JOURNAL_UPDATE, TRUE, "old", "new", TRUE, FALSE, 1,
     "read:new+a update:old+a read:old+a", 0, "what it was before", "replaced replaced"},
    {"batch-update-off", STAGE_0_9, JOURNAL_UPDATE, TRUE, "old", "new", TRUE, FALSE, 1,
     "read:new update:old read:old flip:old+a read:old+a", 0, "what it was before",
     "replaced replaced"},
    {"batch-update-refused", STAGE_0_12, JOURNAL_UPDATE, TRUE, "old", "new", TRUE, FALSE, 1,
     "read:new+a update:refused", 1, "could not be put back", "replaced replaced"},
    {"batch-create", STAGE_N, JOURNAL_CREATE, TRUE, NULL, "new", FALSE, FALSE, 1,
     "read:new delete:true read:missing", 0, "what it was before", "deleted"},
    {"batch-create-lost", STAGE_N, JOURNAL_CREATE, TRUE, NULL, "new", FALSE, FALSE, 1,
     "read:new delete:cut read:missing", 0, "what it was before", "deleted"},
    {"batch-create-refused", STAGE_N, JOURNAL_CREATE, TRUE, NULL, "new", FALSE, FALSE, 1,
     "read:new delete:missing", 1, "could not be put back", "deleted"},
    {"batch-not-done", STAGE_N, JOURNAL_UPDATE, TRUE, "old", "new", TRUE, FALSE, -500, "read:old+a",
     0, NULL, "replaced"},
    {"batch-not-done-off", STAGE_0_9, JOURNAL_UPDATE, TRUE, "old", "new", TRUE, FALSE, 5,
     "read:old read:old flip:old+a read:old+a", 0, "switched on again", "replaced"},
    {"batch-not-created", STAGE_N, JOURNAL_CREATE, TRUE, NULL, "new", FALSE, FALSE, 1,
     "read:missing", 0, NULL, ""},
    {"batch-theirs", STAGE_0_12, JOURNAL_UPDATE, TRUE, "old", "new", TRUE, FALSE, 1, "read:other+a",
     0, NULL, "replaced"},
};

/* The row as the owup left it that died. After deploy_stage_play(). */
static void
leave_row(const DeployStage *play, const Case *test)
{
  g_autoptr(JournalRow) row = g_new0(JournalRow, 1);
  row->server = g_strdup(client_url(play->stage->client));
  row->family = FAMILY_FUNCTION;
  row->id = g_strdup(STAGE_ID);
  row->title = g_strdup(STAGE_NAME);
  row->action = test->action;
  row->batch = test->batch ? g_strdup("together") : NULL;
  row->digest_before = test->before != NULL ? stage_digest(test->before) : NULL;
  row->digest_after = stage_digest(test->after);
  row->is_active = test->active;
  row->is_global = test->global;
  row->server_date = STAGE_DATE;
  /* This machine's clock may say anything. */
  row->started_at = STAGE_DATE + 100000;
  row->patience_s = PATIENCE_S;
  if (test->before != NULL)
    row->before = g_strdup("{\"name\":\"" STAGE_NAME
                           "\",\"meta\":{\"description\":\"" STAGE_DESCRIPTION "\"}}");
  if (test->before != NULL)
    deploy_stage_remember(play, HISTORY_REPLACED, test->before, STAGE_DATE - 10, NULL);
  g_assert_true(journal_begin(play->history, row, NULL));
}

static DeployStage *
begin(const Case *test, StageGeneration generation)
{
  DeployStage *play = deploy_stage_new(generation);
  play->stage->updated_at = STAGE_DATE + test->changed;
  deploy_stage_play(play, test->script);
  leave_row(play, test);
  return play;
}

static void
play_case(const Case *test, StageGeneration generation)
{
  DeployStage *play = begin(test, generation);
  journal_recovery_run(&play->context);
  g_autofree char *kept = deploy_stage_kept(play);
  g_assert_cmpuint(deploy_stage_open(play), ==, test->open);
  if (test->told != NULL)
    g_assert_nonnull(strstr(play->told->str, test->told));
  else
    g_assert_cmpstr(play->told->str, ==, "");
  g_assert_cmpstr(kept, ==, test->kept);
  deploy_stage_end(play);
}

static void
test_case(gconstpointer data)
{
  const Case *test = data;
  for (int generation = 0; generation < STAGE_N; generation++)
    if (test->generation == STAGE_N || (int)test->generation == generation)
      play_case(test, (StageGeneration)generation);
}

static const Case off = {"", STAGE_0_9, JOURNAL_UPDATE, FALSE, "old", "new", TRUE, FALSE, 5,
                         "", 1,         NULL,           NULL};

/* Its owner lives, and is at work on it. */
static void
test_locked(void)
{
  DeployStage *play = begin(&off, STAGE_0_9);
  PluginLock *lock = plugin_lock_try(history_dir(play->history), client_url(play->stage->client),
                                     FAMILY_FUNCTION, STAGE_ID);
  journal_recovery_run(&play->context);
  journal_recovery_report(&play->context);
  g_assert_cmpuint(deploy_stage_open(play), ==, 1);
  g_assert_cmpstr(play->told->str, ==, "");
  plugin_lock_free(lock);
  deploy_stage_end(play);
}

/* Who only reads says that there is something, and asks nobody. */
static void
test_report(void)
{
  DeployStage *play = begin(&off, STAGE_0_9);
  journal_recovery_report(&play->context);
  g_assert_cmpuint(deploy_stage_open(play), ==, 1);
  g_assert_nonnull(strstr(play->told->str, "the next deploy settles it"));
  deploy_stage_end(play);
}

/* Another server's rows are none of ours. */
static void
test_another_server(void)
{
  DeployStage *play = deploy_stage_new(STAGE_0_9);
  deploy_stage_play(play, "");
  g_autoptr(JournalRow) row = g_new0(JournalRow, 1);
  row->server = g_strdup("http://elsewhere");
  row->id = g_strdup(STAGE_ID);
  row->digest_after = stage_digest("new");
  g_assert_true(journal_begin(play->history, row, NULL));
  journal_recovery_run(&play->context);
  g_autoptr(GPtrArray) rows = journal_rows(play->history, "http://elsewhere", NULL);
  g_assert_cmpuint(rows->len, ==, 1);
  deploy_stage_end(play);
}

/* The newest first: a batch is undone in reverse order. */
static void
test_reverse_order(void)
{
  static const Case create = {"",
                              STAGE_0_12,
                              JOURNAL_CREATE,
                              TRUE,
                              NULL,
                              "old",
                              FALSE,
                              FALSE,
                              1,
                              "read:new update:old read:old read:old delete:true read:missing",
                              0,
                              NULL,
                              NULL};
  static const Case update = {"", STAGE_0_12, JOURNAL_UPDATE, TRUE, "old", "new", FALSE, FALSE, 1,
                              "", 0,          NULL,           NULL};
  DeployStage *play = begin(&create, STAGE_0_12);
  leave_row(play, &update);
  journal_recovery_run(&play->context);
  g_assert_cmpuint(deploy_stage_open(play), ==, 0);
  deploy_stage_end(play);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *path = g_strconcat("/journal_recovery/", cases[i].name, NULL);
    g_test_add_data_func(path, &cases[i], test_case);
  }
  g_test_add_func("/journal_recovery/locked", test_locked);
  g_test_add_func("/journal_recovery/report", test_report);
  g_test_add_func("/journal_recovery/another-server", test_another_server);
  g_test_add_func("/journal_recovery/reverse-order", test_reverse_order);
  return g_test_run();
}
