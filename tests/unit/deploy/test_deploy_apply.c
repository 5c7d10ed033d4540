/* SPDX-License-Identifier: MIT */
/* A deploy that has something to write, over scripts of real answers: its requests, its outcome,
 * what it remembers, and whether the next owup has something left to settle. */
#include "clock_test.h"
#include "error.h"
#include "stamp.h"
#include "support/deploy_stage.h"

#define TEN                                                                                        \
  "read:old+a read:old+a read:old+a read:old+a read:old+a read:old+a read:old+a read:old+a "       \
  "read:old+a read:old+a "
#define FIFTEEN TEN "read:old+a read:old+a read:old+a read:old+a read:old+a "
#define NOT_THERE "read:missing list:empty "

typedef struct {
  const char *name;
  StageGeneration generation; /* STAGE_N: the same in all */
  const char *script;
  Result result;
  int error;            /* 0: none */
  guint open;           /* rows left in the journal */
  const char *kept;     /* in the history */
  const char *repaired; /* flags; NULL: none */
  gboolean broken;
  DeployOptions options;
} Case;

#define AGAIN " read:old flip:old+a read:old"

static const Case cases[] = {
    {"update", STAGE_N, "read:old+a update:new+a", RESULT_UPDATED, 0, 0, "replaced sent"},
    {"update-lost-stored", STAGE_N, "read:old+a update:cut read:new+a", RESULT_UPDATED, 0, 0,
     "replaced sent"},
    {"update-page-then-done", STAGE_N, "read:old+a update:page read:old+a update:new+a",
     RESULT_UPDATED, 0, 0, "replaced sent"},
    /* What the look found is updated or it is not; a create would hide the update's own error. */
    {"refused-0.9", STAGE_0_9, "read:old update:refused read:old", RESULT_REJECTED,
     OWUP_ERROR_REFUSED, 0, "replaced"},
    {"refused-0.11", STAGE_0_11, "read:old update:refused read:old about:true", RESULT_REJECTED,
     OWUP_ERROR_REFUSED_HIDDEN, 0, "replaced"},
    {"refused-0.12", STAGE_0_12, "read:old+a update:refused", RESULT_REJECTED, OWUP_ERROR_REFUSED,
     0, "replaced"},
    /* The stored valves are read to take their secrets out of the words. */
    {"misfit", STAGE_0_12, "read:old+a update:misfit valves:null", RESULT_REJECTED,
     OWUP_ERROR_VALVES_MISFIT, 0, "replaced"},
    {"misfit-unread", STAGE_0_12, "read:old+a update:misfit valves:500", RESULT_REJECTED,
     OWUP_ERROR_VALVES_MISFIT, 0, "replaced"},
    {"gone-meanwhile", STAGE_0_12, "read:old+a update:missing", RESULT_FAILED, OWUP_ERROR_NOT_FOUND,
     0, "replaced"},
    {"too-many", STAGE_0_12,
     "read:old+a update:429 update:429 update:429 update:429 update:429 update:429", RESULT_FAILED,
     OWUP_ERROR_SERVER, 0, "replaced"},
    /* Up to 0.11 a failed update switches it off. */
    {"repaired", STAGE_0_9, "read:old+a update:refused read:old flip:old+a read:old+a",
     RESULT_REJECTED, OWUP_ERROR_REFUSED, 0, "replaced", "is_active"},
    {"repaired-0.11", STAGE_0_11,
     "read:old+a update:refused read:old flip:old+a read:old+a about:true", RESULT_REJECTED,
     OWUP_ERROR_REFUSED_HIDDEN, 0, "replaced", "is_active"},
    {"repaired-global", STAGE_0_9,
     "read:old+ag update:refused read:old flip:old+a flipglobal:old+ag read:old+ag",
     RESULT_REJECTED, OWUP_ERROR_REFUSED, 0, "replaced", "is_active is_global"},
    {"repair-busy", STAGE_0_9, "read:old+a update:refused read:500 read:old flip:old+a read:old+a",
     RESULT_REJECTED, OWUP_ERROR_REFUSED, 0, "replaced", "is_active"},
    {"repair-lost-done", STAGE_0_9,
     "read:old+a update:refused read:old flip:cut read:old+a read:old+a", RESULT_REJECTED,
     OWUP_ERROR_REFUSED, 0, "replaced", "is_active"},
    /* Should the first flip arrive after all, it switches it off: the next owup sees to that. */
    {"repair-lost-again", STAGE_0_9,
     "read:old+a update:refused read:old flip:cut read:old read:old read:old read:old read:old "
     "flip:old+a read:old+a",
     RESULT_REJECTED, OWUP_ERROR_REFUSED, 1, "replaced", "is_active"},
    {"repair-refused", STAGE_0_9, "read:old+a update:refused read:old flip:missing",
     RESULT_REJECTED, OWUP_ERROR_REFUSED, 1, "replaced", .broken = TRUE},
    /* Somebody else's failed update, or a hand: what the last look showed is said. */
    {"repair-flipped-back", STAGE_0_9,
     "read:old+a update:refused read:old flip:old+a read:old " AGAIN "+a", RESULT_REJECTED,
     OWUP_ERROR_REFUSED, 0, "replaced", "is_active"},
    {"repair-flipped-back-always", STAGE_0_9,
     "read:old+a update:refused read:old flip:old+a read:old " AGAIN AGAIN AGAIN AGAIN,
     RESULT_REJECTED, OWUP_ERROR_REFUSED, 1, "replaced", .broken = TRUE},
    /* The first update timed out, the second was refused: the first may come late, and switch it
     * off after the repair. */
    {"late", STAGE_0_9,
     "read:old+a update:silent read:old+a update:refused read:old flip:old+a read:old+a " FIFTEEN
     "read:old+a read:old+a read:old+a read:old+a read:old+a read:old+a",
     RESULT_REJECTED, OWUP_ERROR_REFUSED, 1, "replaced", "is_active"},
    {"late-indeed", STAGE_0_9,
     "read:old+a update:silent read:old+a update:refused read:old+a " TEN
     "read:old read:old flip:old+a read:old+a",
     RESULT_REJECTED, OWUP_ERROR_REFUSED, 1, "replaced", "is_active"},
    {"late-0.12", STAGE_0_12, "read:old+a update:silent read:old+a update:refused", RESULT_REJECTED,
     OWUP_ERROR_REFUSED, 0, "replaced"},
    /* Never "not updated". */
    {"unknown", STAGE_0_12, "read:old+a update:cut read:old+a update:cut " FIFTEEN, RESULT_UNKNOWN,
     OWUP_ERROR_UNKNOWN, 1, "replaced"},
    {"unknown-0.9", STAGE_0_9, "read:old+a update:cut read:old+a update:cut " FIFTEEN "read:old+a",
     RESULT_UNKNOWN, OWUP_ERROR_UNKNOWN, 1, "replaced"},
    {"500-twice", STAGE_0_12,
     "read:old+a update:500 read:old+a update:500 read:old+a read:old+a read:old+a read:old+a",
     RESULT_FAILED, OWUP_ERROR_SERVER, 0, "replaced"},
    {"interrupt-twice", STAGE_0_12, "read:old+a !!update:silent", RESULT_UNKNOWN,
     OWUP_ERROR_INTERRUPTED, 1, "replaced"},
    {"interrupt-twice-0.9", STAGE_0_9, "read:old+a !!update:silent", RESULT_UNKNOWN,
     OWUP_ERROR_INTERRUPTED, 1, "replaced", .broken = TRUE},
    {"interrupt", STAGE_N, "read:old+a !update:new+a", RESULT_UPDATED, 0, 0, "replaced sent"},

    /* Not there: update first, create second. */
    {"create", STAGE_N, NOT_THERE "update:missing create:new read:new", RESULT_CREATED, 0, 0,
     "sent"},
    {"create-made-meanwhile", STAGE_N, NOT_THERE "update:new", RESULT_UPDATED, 0, 0, "sent"},
    {"create-lost", STAGE_N,
     NOT_THERE "update:missing create:cut read:missing create:taken read:new", RESULT_CREATED, 0, 0,
     "sent"},
    {"create-update-lost", STAGE_N, NOT_THERE "update:cut read:missing create:new read:new",
     RESULT_CREATED, 0, 0, "sent"},
    {"create-taken-by-another", STAGE_N, NOT_THERE "update:missing create:taken read:other",
     RESULT_FAILED, OWUP_ERROR_ID_TAKEN, 0, ""},
    {"create-refused-0.9", STAGE_0_9, NOT_THERE "update:refused create:refused", RESULT_REJECTED,
     OWUP_ERROR_REFUSED, 0, ""},
    {"create-refused-0.11", STAGE_0_11,
     NOT_THERE "update:refused create:refused read:missing about:true", RESULT_REJECTED,
     OWUP_ERROR_REFUSED_HIDDEN, 0, ""},
    /* The create hides what the update said. */
    {"create-refused-0.12", STAGE_0_12, NOT_THERE "update:refused create:refused read:missing",
     RESULT_REJECTED, OWUP_ERROR_REFUSED, 0, ""},
    {"create-interrupted", STAGE_N, NOT_THERE "!update:missing", RESULT_SKIPPED,
     OWUP_ERROR_INTERRUPTED, 0, ""},
    {"create-unknown", STAGE_0_12, NOT_THERE "update:missing !!create:silent", RESULT_UNKNOWN,
     OWUP_ERROR_INTERRUPTED, 1, ""},
    {"create-only", STAGE_N, "create:new read:new", RESULT_CREATED, 0, 0, "sent",
     .options = {.create_only = TRUE}},
    {"create-only-taken", STAGE_N, "create:taken", RESULT_FAILED, OWUP_ERROR_ID_TAKEN, 0, "",
     .options = {.create_only = TRUE}},
    {"enable", STAGE_N,
     NOT_THERE "update:missing create:new read:new read:new flip:new+a read:new+a", RESULT_CREATED,
     0, 0, "sent", .options = {.enable = TRUE}},
    {"enable-of-what-was-there", STAGE_N, "read:old update:new", RESULT_UPDATED, 0, 0,
     "replaced sent", .options = {.enable = TRUE}},
};

static void
assert_repaired(const Outcome *outcome, const char *wanted)
{
  g_ptr_array_add(outcome->repaired, NULL);
  g_autofree char *repaired = g_strjoinv(" ", (char **)outcome->repaired->pdata);
  g_assert_cmpstr(repaired, ==, wanted != NULL ? wanted : "");
}

static void
play_case(const Case *test, StageGeneration generation)
{
  DeployStage *play = deploy_stage_new(generation);
  play->options = test->options;
  deploy_stage_play(play, test->script);
  g_autoptr(Outcome) outcome = deploy_stage_deploy(play);
  g_autofree char *kept = deploy_stage_kept(play);
  g_assert_cmpstr(result_name(outcome->result), ==, result_name(test->result));
  g_assert_cmpint(outcome->error != NULL ? outcome->error->code : 0, ==, test->error);
  g_assert_cmpuint(deploy_stage_open(play), ==, test->open);
  g_assert_cmpint(outcome->open, ==, test->open != 0);
  g_assert_cmpstr(kept, ==, test->kept);
  g_assert_true((outcome->broken != NULL) == test->broken);
  g_assert_cmpint(outcome->enabled, ==, test->options.enable && test->result == RESULT_CREATED);
  assert_repaired(outcome, test->repaired);
  deploy_stage_end(play);
}

static void
test_case(gconstpointer data)
{
  const Case *test = data;
  if (test->generation != STAGE_N) {
    play_case(test, test->generation);
    return;
  }
  for (int generation = 0; generation < STAGE_N; generation++)
    play_case(test, (StageGeneration)generation);
}

/* What hides the reason is explained by what is known here. */
static void
test_hidden_reason(void)
{
  DeployStage *play = deploy_stage_new(STAGE_0_11);
  deploy_stage_play(play, "read:old update:refused read:old about:true");
  play->options.no_check = TRUE;
  deploy_stage_give_python(play, "broken\n5\n9\nwords of its own");
  g_autoptr(Outcome) outcome = deploy_stage_deploy(play);
  g_assert_cmpint(outcome->result, ==, RESULT_REJECTED);
  g_assert_cmpuint(outcome->diagnostics->len, ==, 1);
  g_assert_nonnull(strstr(owup_error_hint(outcome->error), "hides the reason"));
  deploy_stage_end(play);
}

/* Before 0.12 a python3 is asked first, since the update would switch it off; after, nobody is. */
static void
test_python_first(void)
{
  DeployStage *play = deploy_stage_new(STAGE_0_9);
  deploy_stage_play(play, "read:old+a");
  deploy_stage_give_python(play, "broken\n5\n9\nwords of its own");
  g_autoptr(Outcome) outcome = deploy_stage_deploy(play);
  g_assert_cmpint(outcome->result, ==, RESULT_INVALID);
  g_assert_cmpuint(deploy_stage_open(play), ==, 0);
  deploy_stage_end(play);

  play = deploy_stage_new(STAGE_0_12);
  deploy_stage_play(play, "read:old+a update:new+a");
  deploy_stage_give_python(play, "broken\n5\n9\nwords of its own");
  g_autoptr(Outcome) sent = deploy_stage_deploy(play);
  g_assert_cmpint(sent->result, ==, RESULT_UPDATED);
  deploy_stage_end(play);
}

/* The stamp and the message travel with it. */
static void
test_what_is_sent(void)
{
  DeployStage *play = deploy_stage_new(STAGE_0_12);
  deploy_stage_play(play, "read:old+a update:new+a");
  play->options.message = "a reason";
  g_autoptr(Outcome) outcome = deploy_stage_deploy(play);
  g_autofree char *digest = stage_digest("new");
  g_assert_cmpint(outcome->result, ==, RESULT_UPDATED);
  g_assert_cmpstr(outcome->sha256, ==, digest);
  peer_stop(play->stage->peer);
  const char *body = strstr(peer_request(play->stage->peer, 1), "\r\n\r\n");
  json_auto_t *sent = json_loads(body, 0, NULL);
  json_t *stamp = json_object_get(json_object_get(sent, "meta"), STAMP_KEY);
  g_assert_cmpstr(json_string_value(json_object_get(stamp, "sha256")), ==, digest);
  g_assert_cmpstr(json_string_value(json_object_get(sent, "commit_message")), ==, "a reason");
  g_assert_cmpstr(json_string_value(json_object_get(sent, "content")), ==, stage_text("new"));
  g_assert_null(json_object_get(sent, "access_grants"));
  deploy_stage_end(play);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *path = g_strconcat("/deploy_apply/", cases[i].name, NULL);
    g_test_add_data_func(path, &cases[i], test_case);
  }
  g_test_add_func("/deploy_apply/hidden-reason", test_hidden_reason);
  g_test_add_func("/deploy_apply/python-first", test_python_first);
  g_test_add_func("/deploy_apply/what-is-sent", test_what_is_sent);
  return g_test_run();
}
