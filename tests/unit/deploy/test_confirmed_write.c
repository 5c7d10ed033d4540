/* SPDX-License-Identifier: MIT */
/* One write, over scripts of real answers: what is sent, how often, and what is believed. */
#include "confirmed_write.h"

#include "clock_test.h"
#include "error.h"
#include "support/stage.h"

#define TEN                                                                                        \
  "read:old read:old read:old read:old read:old read:old read:old read:old read:old read:old "
#define FIVE "read:old read:old read:old read:old read:old "

typedef enum { UPDATE, OF_MISSING, CREATE, CREATE_ONLY } Way;

typedef struct {
  const char *name;
  Way way;
  StageGeneration generation; /* STAGE_N: the same in all */
  const char *script;
  WriteEnd end;
  int error; /* 0: none */
  int losses;
  gint64 waited_ms; /* by the program's own waits and the silences; -1: does not matter */
} Case;

static const Case cases[] = {
    {"update/good", UPDATE, STAGE_N, "update:new", WRITE_DONE, 0, 0, 0},
    {"update/refused", UPDATE, STAGE_0_9, "update:refused", WRITE_REFUSED, OWUP_ERROR_REFUSED, 0,
     0},
    {"update/refused-hidden", UPDATE, STAGE_0_11, "update:refused", WRITE_REFUSED,
     OWUP_ERROR_REFUSED_HIDDEN, 0, 0},
    {"update/refused-0.12", UPDATE, STAGE_0_12, "update:refused", WRITE_REFUSED, OWUP_ERROR_REFUSED,
     0, 0},
    {"update/valves-misfit", UPDATE, STAGE_0_12, "update:misfit", WRITE_REFUSED,
     OWUP_ERROR_VALVES_MISFIT, 0, 0},
    {"update/gone", UPDATE, STAGE_0_12, "update:missing", WRITE_REFUSED, OWUP_ERROR_NOT_FOUND, 0,
     0},
    /* What it had no time for is sent again after 1, 2, 4, 8 and 16 s. */
    {"update/too-many", UPDATE, STAGE_N, "update:429 update:429 update:new", WRITE_DONE, 0, 0,
     3000},
    {"update/too-many-for-long", UPDATE, STAGE_N,
     "update:429 update:429 update:429 update:429 update:429 update:429", WRITE_REFUSED,
     OWUP_ERROR_SERVER, 0, 31000},
    {"update/too-many-interrupt", UPDATE, STAGE_N, "!update:429", WRITE_REFUSED, OWUP_ERROR_SERVER,
     0, 0},
    /* What somebody in front takes for himself is a definite no. */
    {"update/not-passed-on", UPDATE, STAGE_N, "update:413", WRITE_REFUSED, OWUP_ERROR_TOO_BIG, 0,
     0},
    /* The server's own trouble is asked again after 0.1, 0.2, 0.4 and 0.8 s. */
    {"update/locked", UPDATE, STAGE_N, "update:locked update:locked update:new", WRITE_DONE, 0, 0,
     300},
    {"update/locked-for-long", UPDATE, STAGE_N,
     "update:locked update:locked update:locked update:locked update:locked", WRITE_REFUSED,
     OWUP_ERROR_SERVER, 0, 1500},
    {"update/locked-then-refused", UPDATE, STAGE_0_12, "update:locked update:refused",
     WRITE_REFUSED, OWUP_ERROR_REFUSED, 0, 100},
    {"update/locked-then-lost", UPDATE, STAGE_0_12, "update:locked update:cut read:new", WRITE_DONE,
     0, 1, 100},
    {"update/locked-interrupt", UPDATE, STAGE_N, "!update:locked", WRITE_REFUSED, OWUP_ERROR_SERVER,
     0, 0},
    {"create/locked", CREATE, STAGE_N, "create:locked create:new read:new", WRITE_DONE, 0, 0, 100},
    /* The answer holds another's text: read back, and only then believed, or done again. */
    {"update/differs-read-back", UPDATE, STAGE_N, "update:other read:new", WRITE_DONE, 0, 0, 0},
    {"update/differs-again", UPDATE, STAGE_N, "update:other read:other read:other update:new",
     WRITE_DONE, 0, 1, 0},
    {"update/lost-stored", UPDATE, STAGE_N, "update:cut read:new", WRITE_DONE, 0, 1, 0},
    {"update/truncated-stored", UPDATE, STAGE_N, "update:part read:new", WRITE_DONE, 0, 1, 0},
    {"update/page-stored", UPDATE, STAGE_N, "update:page read:new", WRITE_DONE, 0, 1, 0},
    {"update/500-stored", UPDATE, STAGE_N, "update:500 read:new", WRITE_DONE, 0, 1, 0},
    {"update/lost-old", UPDATE, STAGE_N, "update:cut read:old update:new", WRITE_DONE, 0, 1, 0},
    {"update/lost-old-refused", UPDATE, STAGE_0_12, "update:cut read:old update:refused",
     WRITE_REFUSED, OWUP_ERROR_REFUSED, 1, 0},
    {"update/lost-gone", UPDATE, STAGE_0_12, "update:cut read:missing update:missing",
     WRITE_REFUSED, OWUP_ERROR_NOT_FOUND, 1, 0},
    /* What is cut off or senseless is an answer, too, from somebody who is there. */
    {"update/lost-read-lost", UPDATE, STAGE_N, "update:cut read:cut update:new", WRITE_DONE, 0, 1,
     0},
    {"update/lost-read-500", UPDATE, STAGE_N, "update:cut read:500 update:new", WRITE_DONE, 0, 1,
     0},
    {"update/lost-twice", UPDATE, STAGE_N,
     "update:cut read:old update:cut read:old read:old read:new", WRITE_DONE, 0, 1, 300},
    /* 0.1, 0.2, … 3.2 s, and then 6.4 s each: a minute. Never "not updated". */
    {"update/never", UPDATE, STAGE_N, "update:cut read:old update:cut " TEN FIVE, WRITE_UNKNOWN,
     OWUP_ERROR_UNKNOWN, 1, 63900},
    /* Two senseless answers: read for 1.5 s more, then believed. */
    {"update/500-twice", UPDATE, STAGE_N,
     "update:500 read:old update:500 read:old read:old read:old read:old", WRITE_REFUSED,
     OWUP_ERROR_SERVER, 1, 1500},
    {"update/500-twice-late", UPDATE, STAGE_N,
     "update:500 read:old update:500 read:old read:old read:new", WRITE_DONE, 0, 1, 300},
    {"update/page-twice", UPDATE, STAGE_N,
     "update:page read:old update:page read:old read:old read:old read:old", WRITE_REFUSED,
     OWUP_ERROR_NOT_OPENWEBUI, 1, 1500},
    /* A gateway that gave up says nothing about the server behind it. */
    {"update/502-twice", UPDATE, STAGE_N, "update:502 read:old update:502 " TEN FIVE, WRITE_UNKNOWN,
     OWUP_ERROR_SERVER, 1, 63900},
    {"update/502-twice-late", UPDATE, STAGE_N, "update:502 read:old update:502 read:old read:new",
     WRITE_DONE, 0, 1, 100},
    /* Nobody answers in time: the second time it is waited for as long as there is left. */
    {"update/late", UPDATE, STAGE_N, "update:silent read:old update:new", WRITE_DONE, 0, 1, -1},
    {"update/late-stored", UPDATE, STAGE_N, "update:silent read:new", WRITE_DONE, 0, 1, -1},
    {"update/late-refused", UPDATE, STAGE_0_9, "update:silent read:old update:refused",
     WRITE_REFUSED, OWUP_ERROR_REFUSED, 1, -1},
    /* The first Ctrl-C: what was sent is found out, and nothing sent again. The second ends it. */
    {"update/interrupt", UPDATE, STAGE_N, "!update:new", WRITE_DONE, 0, 0, 0},
    {"update/interrupt-lost", UPDATE, STAGE_N, "!update:cut read:old read:old read:new", WRITE_DONE,
     0, 1, 100},
    {"update/interrupt-twice", UPDATE, STAGE_N, "!!update:silent", WRITE_UNKNOWN,
     OWUP_ERROR_INTERRUPTED, 0, -1},
    {"update/interrupt-while-polling", UPDATE, STAGE_N,
     "update:cut read:old update:cut read:old !!read:old", WRITE_UNKNOWN, OWUP_ERROR_INTERRUPTED, 1,
     -1},

    /* What is not there gets no second update: a create may follow. */
    {"missing/as-expected", OF_MISSING, STAGE_0_12, "update:missing", WRITE_REFUSED,
     OWUP_ERROR_NOT_FOUND, 0, 0},
    {"missing/as-expected-0.11", OF_MISSING, STAGE_0_11, "update:missing", WRITE_REFUSED,
     OWUP_ERROR_REFUSED_HIDDEN, 0, 0},
    {"missing/there-now", OF_MISSING, STAGE_N, "update:new", WRITE_DONE, 0, 0, 0},
    {"missing/lost", OF_MISSING, STAGE_N, "update:cut read:missing", WRITE_REFUSED,
     OWUP_ERROR_UNKNOWN, 1, 0},
    {"missing/lost-there-now", OF_MISSING, STAGE_N, "update:cut read:new", WRITE_DONE, 0, 1, 0},
    {"missing/lost-away", OF_MISSING, STAGE_N, "update:500 read:500 read:cut read:missing",
     WRITE_REFUSED, OWUP_ERROR_SERVER, 1, 300},
    {"missing/interrupt-twice", OF_MISSING, STAGE_N, "!!update:silent", WRITE_UNKNOWN,
     OWUP_ERROR_INTERRUPTED, 0, -1},

    /* A create's answer carries no content: it is read back. */
    {"create/good", CREATE, STAGE_N, "create:new read:new", WRITE_DONE, 0, 0, 0},
    {"create/read-lost", CREATE, STAGE_N, "create:new read:cut read:new", WRITE_DONE, 0, 1, 0},
    {"create/refused", CREATE, STAGE_0_9, "create:refused", WRITE_REFUSED, OWUP_ERROR_REFUSED, 0,
     0},
    /* Of two at one moment the loser hears no reason; it may be this one, doubled on its way. */
    {"create/hidden", CREATE, STAGE_0_11, "create:refused read:missing", WRITE_REFUSED,
     OWUP_ERROR_REFUSED_HIDDEN, 0, 0},
    {"create/hidden-ours", CREATE, STAGE_0_12, "create:refused read:new", WRITE_DONE, 0, 0, 0},
    {"create/taken-ours", CREATE, STAGE_N, "create:taken read:new", WRITE_DONE, 0, 0, 0},
    {"create/taken", CREATE, STAGE_N, "create:taken read:other", WRITE_REFUSED, OWUP_ERROR_ID_TAKEN,
     0, 0},
    {"create/taken-not-looked", CREATE_ONLY, STAGE_N, "create:taken", WRITE_REFUSED,
     OWUP_ERROR_ID_TAKEN, 0, 0},
    {"create/lost-stored", CREATE, STAGE_N, "create:cut read:new", WRITE_DONE, 0, 1, 0},
    {"create/lost-again", CREATE, STAGE_N, "create:cut read:missing create:new read:new",
     WRITE_DONE, 0, 1, 0},
    {"create/lost-taken-ours", CREATE, STAGE_N, "create:cut read:missing create:taken read:new",
     WRITE_DONE, 0, 1, 0},
    {"create/lost-taken", CREATE, STAGE_N, "create:cut read:missing create:taken read:other",
     WRITE_REFUSED, OWUP_ERROR_ID_TAKEN, 1, 0},
    {"create/page-twice", CREATE, STAGE_N,
     "create:page read:missing create:page read:missing read:missing read:missing read:missing",
     WRITE_REFUSED, OWUP_ERROR_NOT_OPENWEBUI, 1, 1500},
};

static void
count_loss(const GError *why, gpointer data)
{
  g_assert_nonnull(why);
  (*(int *)data)++;
}

static Payload *
make_payload(void)
{
  g_autoptr(GBytes) text = stage_bytes("new");
  g_autoptr(Plugin) plugin = plugin_from_bytes("p.py", text, NULL);
  g_assert_nonnull(plugin);
  return payload_new(plugin, STAGE_ID, NULL, NULL, NULL);
}

static WriteEnd
run(const Case *test, Stage *stage, gpointer losses, RemotePlugin **confirmed, GError **error)
{
  Confirm confirm = {stage->client, stage->cancel, count_loss, losses, FALSE, test->way == CREATE};
  g_autoptr(Payload) payload = make_payload();
  switch (test->way) {
  case UPDATE:
    return confirmed_write_update(&confirm, payload, confirmed, error);
  case OF_MISSING:
    return confirmed_write_update_of_missing(&confirm, payload, confirmed, error);
  case CREATE:
  case CREATE_ONLY:
    break;
  }
  return confirmed_write_create(&confirm, payload, confirmed, error);
}

static void
play(const Case *test, StageGeneration generation)
{
  int losses = 0;
  g_autoptr(GError) error = NULL;
  g_autoptr(RemotePlugin) confirmed = NULL;
  Stage *stage = stage_new(generation);
  stage_play(stage, test->script);
  guint idle = client_idle_timeout(stage->client);
  WriteEnd end = run(test, stage, &losses, &confirmed, &error);
  g_assert_cmpint(end, ==, test->end);
  g_assert_cmpint(error != NULL ? error->code : 0, ==, test->error);
  g_assert_cmpint(losses, ==, test->losses);
  g_assert_true((confirmed != NULL) == (end == WRITE_DONE));
  if (test->waited_ms >= 0)
    g_assert_cmpint(clock_test_elapsed(), ==, test->waited_ms);
  /* Whatever happened, the next request is waited for as long as the last one was. */
  g_assert_cmpuint(client_idle_timeout(stage->client), ==, idle);
  stage_end(stage);
}

static void
test_case(gconstpointer data)
{
  const Case *test = data;
  if (test->generation != STAGE_N) {
    play(test, test->generation);
    return;
  }
  for (int generation = 0; generation < STAGE_N; generation++)
    play(test, (StageGeneration)generation);
}

/* While nobody answers reads, nothing is sent a second time. */
static void
test_silence(void)
{
  int losses = 0;
  g_autoptr(GError) error = NULL;
  g_autoptr(RemotePlugin) confirmed = NULL;
  Stage *stage = stage_new(STAGE_0_12);
  stage_play(stage, "update:silent read:silent read:silent");
  Case test = {.way = UPDATE};
  g_assert_cmpint(run(&test, stage, &losses, &confirmed, &error), ==, WRITE_UNKNOWN);
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_TIMEOUT);
  g_assert_cmpint(losses, ==, 1);
  g_assert_cmpint(clock_test_elapsed(), >=, 60000);
  stage_end(stage);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *path = g_strconcat("/confirmed_write/", cases[i].name, NULL);
    g_test_add_data_func(path, &cases[i], test_case);
  }
  g_test_add_func("/confirmed_write/silence", test_silence);
  return g_test_run();
}
