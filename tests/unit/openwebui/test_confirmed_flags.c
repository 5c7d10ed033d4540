/* SPDX-License-Identifier: MIT */
/* Flags that are to be as wanted: flipped once, and seen to be so. */
#include "confirmed_flags.h"

#include "clock_test.h"
#include "error.h"
#include "support/stage.h"

#define SIX "read:500 read:500 read:500 read:500 read:500 read:500 "

typedef struct {
  const char *name;
  gboolean active, global; /* wanted */
  const char *script;
  gboolean done;
  int error; /* 0: none */
  FlagsChange change;
  gint64 waited_ms; /* -1: does not matter */
} Case;

static const Case cases[] = {
    {"as-wanted", TRUE, TRUE, "read:old+ag", TRUE, 0, {0}, 0},
    {"active", TRUE, FALSE, "read:old flip:old+a read:old+a", TRUE, 0, {TRUE, FALSE, FALSE}, 0},
    {"off", FALSE, FALSE, "read:old+a flip:old read:old", TRUE, 0, {TRUE, FALSE, FALSE}, 0},
    {"global",
     FALSE,
     TRUE,
     "read:old flipglobal:old+g read:old+g",
     TRUE,
     0,
     {FALSE, TRUE, FALSE},
     0},
    {"both",
     TRUE,
     TRUE,
     "read:old flip:old+a flipglobal:old+ag read:old+ag",
     TRUE,
     0,
     {TRUE, TRUE, FALSE},
     0},
    /* The server may be busy with the write that failed: 0.1, 0.2, … 3.2 s. */
    {"busy",
     TRUE,
     FALSE,
     "read:500 read:cut read:page read:old flip:old+a read:old+a",
     TRUE,
     0,
     {TRUE, FALSE, FALSE},
     700},
    {"never-readable", TRUE, FALSE, SIX "read:500", FALSE, OWUP_ERROR_SERVER, {0}, 6300},
    {"gone", TRUE, FALSE, "read:missing", FALSE, OWUP_ERROR_NOT_FOUND, {0}, 0},
    {"interrupted", TRUE, FALSE, "!!read:silent", FALSE, OWUP_ERROR_INTERRUPTED, {0}, -1},
    /* The server's definite no is not asked again. */
    {"refused", TRUE, FALSE, "read:old flip:missing", FALSE, OWUP_ERROR_NOT_FOUND, {0}, 0},
    /* Somebody flipped at the same moment: a second flip, after a moment and a look. */
    {"doubled",
     TRUE,
     FALSE,
     "read:old flip:old read:old read:old flip:old+a read:old+a",
     TRUE,
     0,
     {TRUE, FALSE, FALSE},
     -1},
    {"doubled-and-put-right",
     TRUE,
     FALSE,
     "read:old flip:old read:old+a",
     TRUE,
     0,
     {TRUE, FALSE, FALSE},
     0},
    {"put-right-by-the-other",
     TRUE,
     FALSE,
     "read:old flip:old+a read:old read:old+a",
     TRUE,
     0,
     {TRUE, FALSE, FALSE},
     -1},
    /* And no third. */
    {"fought",
     TRUE,
     FALSE,
     "read:old flip:old+a read:old read:old flip:old+a read:old",
     FALSE,
     OWUP_ERROR_SERVER,
     {0},
     -1},
    {"fought-off",
     FALSE,
     FALSE,
     "read:old+a flip:old read:old+a read:old+a flip:old read:old+a",
     FALSE,
     OWUP_ERROR_SERVER,
     {0},
     -1},
    /* The flip's answer was lost, but it was done: no second one, which would undo it. */
    {"lost-done",
     TRUE,
     FALSE,
     "read:old flip:cut read:old+a read:old+a",
     TRUE,
     0,
     {TRUE, FALSE, FALSE},
     100},
    {"lost-done-late",
     TRUE,
     FALSE,
     "read:old flip:500 read:old read:old read:old+a read:old+a",
     TRUE,
     0,
     {TRUE, FALSE, FALSE},
     700},
    {"lost-page",
     TRUE,
     FALSE,
     "read:old flip:page read:old+a read:old+a",
     TRUE,
     0,
     {TRUE, FALSE, FALSE},
     100},
    {"lost-silent",
     TRUE,
     FALSE,
     "read:old flip:silent read:old+a read:old+a",
     TRUE,
     0,
     {TRUE, FALSE, FALSE},
     -1},
    /* Reads are answered for 3.1 s and show that it was not done: once more, and only once. */
    {"lost-again",
     TRUE,
     FALSE,
     "read:old flip:cut read:old read:old read:old read:old read:old flip:old+a read:old+a",
     TRUE,
     0,
     {TRUE, FALSE, TRUE},
     3100},
    {"lost-twice",
     TRUE,
     FALSE,
     "read:old flip:cut read:old read:old read:old read:old read:old flip:cut read:old read:old "
     "read:old read:old read:old",
     FALSE,
     OWUP_ERROR_UNKNOWN,
     {FALSE, FALSE, TRUE},
     6200},
    /* Whether it was done cannot be seen: never again. */
    {"lost-unreadable",
     TRUE,
     FALSE,
     "read:old flip:cut read:old read:old read:old read:old read:500",
     FALSE,
     OWUP_ERROR_UNKNOWN,
     {0},
     3100},
    {"lost-global",
     FALSE,
     TRUE,
     "read:old flipglobal:cut read:old read:old+g read:old+g",
     TRUE,
     0,
     {FALSE, TRUE, FALSE},
     300},
};

static void
assert_change(const FlagsChange *change, const FlagsChange *wanted)
{
  g_assert_cmpint(change->active_changed, ==, wanted->active_changed);
  g_assert_cmpint(change->global_changed, ==, wanted->global_changed);
  g_assert_cmpint(change->flipped_again, ==, wanted->flipped_again);
}

static void
play(const Case *test, StageGeneration generation)
{
  FlagsChange change;
  g_autoptr(GError) error = NULL;
  Stage *stage = stage_new(generation);
  stage_play(stage, test->script);
  client_begin_write(stage->client);
  gboolean done = confirmed_flags_set(stage->client, stage->cancel, STAGE_ID, test->active,
                                      test->global, &change, &error);
  g_assert_cmpint(done, ==, test->done);
  g_assert_cmpint(error != NULL ? error->code : 0, ==, test->error);
  assert_change(&change, &test->change);
  if (test->waited_ms >= 0)
    g_assert_cmpint(clock_test_elapsed(), ==, test->waited_ms);
  stage_end(stage);
}

static void
test_case(gconstpointer data)
{
  for (int generation = 0; generation < STAGE_N; generation++)
    play(data, (StageGeneration)generation);
}

typedef struct {
  const char *name;
  const char *script;
  gboolean done;
  int error;
  FlagsChange change;
} Guard;

#define BACK " read:old flip:old+a read:old"

/* Wanted: active, not global. */
static const Guard restores[] = {
    {"quiet", "read:old+a", TRUE, 0, {0}},
    {"on-again", "read:old flip:old+a read:old+a", TRUE, 0, {TRUE}},
    /* What somebody switched on stays on. */
    {"for-every-model", "read:old+ag", TRUE, 0, {0}},
    {"five-times",
     "read:old flip:old+a read:old" BACK BACK BACK " read:old flip:old+a read:old+a",
     TRUE,
     0,
     {TRUE}},
    {"no-sixth", "read:old flip:old+a read:old" BACK BACK BACK BACK, FALSE, OWUP_ERROR_SERVER, {0}},
};

static void
test_restore(gconstpointer data)
{
  const Guard *test = data;
  FlagsChange change;
  g_autoptr(GError) error = NULL;
  Stage *stage = stage_new(STAGE_0_11);
  stage_play(stage, test->script);
  client_begin_write(stage->client);
  gboolean done =
      confirmed_flags_restore(stage->client, stage->cancel, STAGE_ID, TRUE, FALSE, &change, &error);
  g_assert_cmpint(done, ==, test->done);
  g_assert_cmpint(error != NULL ? error->code : 0, ==, test->error);
  if (error != NULL)
    g_assert_nonnull(strstr(error->message, "it is switched off now"));
  assert_change(&change, &test->change);
  g_assert_cmpint(clock_test_elapsed(), <=, 2000);
  stage_end(stage);
}

/* For a second, each quarter of one; wanted: active, not global. */
static const Guard guards[] = {
    {"quiet", "read:old+a read:old+a read:old+a read:old+a read:old+a", TRUE, 0, {0}},
    {"late", "read:old+a read:old+a read:old read:old flip:old+a read:old+a", TRUE, 0, {TRUE}},
    {"unreadable-once", "read:old+a read:500 read:old+a read:500 read:old+a", TRUE, 0, {0}},
    {"unreadable",
     "read:old+a read:old+a read:old+a read:old+a read:500",
     FALSE,
     OWUP_ERROR_SERVER,
     {0}},
    {"interrupted", "read:old+a !read:old+a", TRUE, 0, {0}},
    {"refused", "read:old read:old flip:missing", FALSE, OWUP_ERROR_NOT_FOUND, {0}},
};

static void
test_guard(gconstpointer data)
{
  const Guard *test = data;
  FlagsChange change;
  g_autoptr(GError) error = NULL;
  Stage *stage = stage_new(STAGE_0_11);
  stage_play(stage, test->script);
  client_begin_write(stage->client);
  gboolean done = confirmed_flags_guard(stage->client, stage->cancel, STAGE_ID, TRUE, FALSE, 1000,
                                        &change, &error);
  g_assert_cmpint(done, ==, test->done);
  g_assert_cmpint(error != NULL ? error->code : 0, ==, test->error);
  assert_change(&change, &test->change);
  g_assert_cmpint(clock_test_elapsed(), <=, 1000);
  stage_end(stage);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *path = g_strconcat("/confirmed_flags/", cases[i].name, NULL);
    g_test_add_data_func(path, &cases[i], test_case);
  }
  for (gsize i = 0; i < G_N_ELEMENTS(restores); i++) {
    g_autofree char *path = g_strconcat("/confirmed_flags/restore/", restores[i].name, NULL);
    g_test_add_data_func(path, &restores[i], test_restore);
  }
  for (gsize i = 0; i < G_N_ELEMENTS(guards); i++) {
    g_autofree char *path = g_strconcat("/confirmed_flags/guard/", guards[i].name, NULL);
    g_test_add_data_func(path, &guards[i], test_guard);
  }
  return g_test_run();
}
