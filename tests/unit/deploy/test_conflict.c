/* SPDX-License-Identifier: MIT */
/* Whose change is it? By the stamp on the server, by the local history, by the server's own
 * versions. */
#include "conflict.h"

#include "error.h"
#include "support/deploy_stage.h"

#define VERSIONS "history:old history2:empty "
#define BEFORE (STAGE_DATE - 100)
#define AFTER (STAGE_DATE + 100)

typedef struct {
  const char *name;
  StageGeneration generation; /* STAGE_N: the same in all */
  const char *stamped;        /* the text that the server's stamp names; NULL: no stamp */
  HistoryAction action;       /* of what the history knows last */
  const char *known;          /* its text; NULL: nothing */
  gint64 known_at;
  const char *script;
  gboolean conflict;
  const char *told; /* a piece of what was told or of the error's message; NULL: nothing of it */
  const char *python;
} Case;

static const Case cases[] = {
    {"some-owups", STAGE_N, "old", 0, NULL, 0, "read:old update:new", FALSE,
     "as it was deployed from elsewhere ("},
    {"ours-both", STAGE_N, "old", HISTORY_SENT, "old", STAGE_DATE, "read:old update:new", FALSE,
     NULL},
    /* A tool before 0.12 loses the stamp; the history stands in. */
    {"ours-by-history", STAGE_N, NULL, HISTORY_SENT, "old", BEFORE, "read:old update:new", FALSE,
     NULL},
    {"ours-pulled", STAGE_N, "old", HISTORY_PULLED, "other", AFTER, "read:other update:new", FALSE,
     NULL},
    {"adopted", STAGE_N, NULL, 0, NULL, 0, "read:old update:new", FALSE,
     "was already on the server"},

    {"changed-by-stamp", STAGE_0_9, "old", 0, NULL, 0, "read:other", TRUE,
     "was changed on the server"},
    {"changed-by-stamp-0.11", STAGE_0_11, "old", 0, NULL, 0, "read:other", TRUE,
     "was changed on the server"},
    /* From 0.12 on the server knows what was there before, and who changed it. */
    {"changed-by-stamp-0.12", STAGE_0_12, "old", 0, NULL, 0,
     "read:other " VERSIONS "version:old format:tidy " VERSIONS, TRUE, "by Ann"},
    {"changed-by-stamp-0.12-twice", STAGE_0_12, "old", 0, NULL, 0,
     "read:other " VERSIONS "version:tidy " VERSIONS, TRUE, "by Ann"},
    {"changed-by-history", STAGE_0_9, NULL, HISTORY_SENT, "old", BEFORE, "read:other format:tidy",
     TRUE, "was changed on the server"},
    {"changed-after-a-pull", STAGE_0_9, "old", HISTORY_PULLED, "tidy", AFTER,
     "read:other format:tidy", TRUE, "was changed on the server"},

    /* The web editor's Save: the server's own formatter proves it, else a python3. */
    {"formatted", STAGE_0_11, "old", HISTORY_SENT, "old", BEFORE,
     "read:tidy format:tidy update:new", FALSE, "re-formatted"},
    {"formatted-0.12", STAGE_0_12, "old", 0, NULL, 0,
     "read:tidy " VERSIONS "version:old format:tidy update:new", FALSE, "re-formatted"},
    {"formatted-by-python", STAGE_0_11, NULL, HISTORY_SENT, "old", BEFORE,
     "read:tidy format:500 update:new", FALSE, "re-formatted", "fine"},
    {"not-formatted-by-python", STAGE_0_11, NULL, HISTORY_SENT, "old", BEFORE,
     "read:other format:500", TRUE, "was changed on the server", "broken\n0\n0\ndiffers"},
    {"unformatted-unproved", STAGE_0_11, NULL, HISTORY_SENT, "old", BEFORE, "read:tidy format:500",
     TRUE, "was changed on the server"},

    {"set-back", STAGE_0_9, "old", HISTORY_SENT, "other", AFTER, "read:old", TRUE,
     "was set back on the server"},
    {"set-back-0.12", STAGE_0_12, "old", HISTORY_SENT, "other", AFTER, "read:old " VERSIONS, TRUE,
     "was set back on the server"},
    /* Another machine's work, newer than all that is known here, and no git that knows it. */
    {"from-elsewhere", STAGE_N, "old", HISTORY_SENT, "other", BEFORE, "read:old", TRUE,
     "was deployed from elsewhere since ("},
    {"from-elsewhere-after-a-pull", STAGE_N, "old", HISTORY_PULLED, "other", BEFORE, "read:old",
     TRUE, "was deployed from elsewhere since ("},
};

static json_t *
make_stamp(const char *word, const char *name, RollbackTrail *trail)
{
  g_autoptr(Stamp) stamp = g_new0(Stamp, 1);
  stamp->sha256 = stage_digest(word);
  stamp->name = g_strdup(name);
  stamp->at = STAGE_DATE;
  stamp->by = g_strdup("owup 0");
  stamp->trail = trail;
  return stamp_to_json(stamp);
}

static gboolean
was_told(const DeployStage *play, const Outcome *outcome, const char *piece)
{
  return strstr(play->told->str, piece) != NULL ||
         (outcome->error != NULL && strstr(outcome->error->message, piece) != NULL);
}

static void
play_case(const Case *test, StageGeneration generation, gboolean force)
{
  DeployStage *play = deploy_stage_new(generation);
  play->options.force = force;
  if (test->stamped != NULL)
    play->stage->stamp = make_stamp(test->stamped, STAGE_NAME, NULL);
  if (test->python != NULL && !force)
    deploy_stage_give_python(play, test->python);
  g_autofree char *look = g_strndup(test->script, strcspn(test->script, " "));
  g_autofree char *forced = g_strconcat(look, " update:new", NULL);
  deploy_stage_play(play, force ? forced : test->script);
  if (test->known != NULL)
    deploy_stage_remember(play, test->action, test->known, test->known_at, NULL);
  g_autoptr(Outcome) outcome = deploy_stage_deploy(play);
  gboolean conflict = test->conflict && !force;
  g_assert_cmpstr(result_name(outcome->result), ==,
                  result_name(conflict ? RESULT_CONFLICT : RESULT_UPDATED));
  g_assert_cmpint(outcome->error != NULL ? outcome->error->code : 0, ==,
                  conflict ? OWUP_ERROR_CONFLICT : 0);
  if (test->told != NULL && !force)
    g_assert_true(was_told(play, outcome, test->told));
  g_assert_cmpint(was_told(play, outcome, "Nothing was sent"), ==, conflict);
  g_assert_cmpuint(deploy_stage_open(play), ==, 0);
  deploy_stage_end(play);
}

static void
test_case(gconstpointer data)
{
  const Case *test = data;
  for (int generation = 0; generation < STAGE_N; generation++)
    if (test->generation == STAGE_N || (int)test->generation == generation)
      play_case(test, (StageGeneration)generation, FALSE);
}

/* --force asks nothing more, and what it overwrites is kept. */
static void
test_force(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    for (int generation = 0; generation < STAGE_N && cases[i].conflict; generation++)
      if (cases[i].generation == STAGE_N || (int)cases[i].generation == generation)
        play_case(&cases[i], (StageGeneration)generation, TRUE);
}

/* Name and description are merged each by itself with what the file had at our last write. */
static void
test_words(void)
{
  static const struct {
    const char *server, *base; /* names; the file's is STAGE_NAME */
    gboolean conflict;
    const char *sent;
  } tests[] = {
      {STAGE_NAME, STAGE_NAME, FALSE, STAGE_NAME},
      {STAGE_NAME, "X", FALSE, STAGE_NAME},
      {"X", "X", FALSE, STAGE_NAME},
      {"Y", STAGE_NAME, FALSE, "Y"},
      {"Y", "X", TRUE, NULL},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
    DeployStage *play = deploy_stage_new(STAGE_0_9);
    play->stage->stamp = make_stamp("old", tests[i].base, NULL);
    play->stage->name = tests[i].server;
    stage_add(play->stage, "read:old");
    play->stage->name = tests[i].sent;
    deploy_stage_play(play, tests[i].conflict ? "" : "update:new");
    g_autoptr(Outcome) outcome = deploy_stage_deploy(play);
    g_assert_cmpint(outcome->result, ==, tests[i].conflict ? RESULT_CONFLICT : RESULT_UPDATED);
    if (!tests[i].conflict)
      g_assert_cmpstr(outcome->title, ==, tests[i].sent);
    g_assert_cmpint(was_told(play, outcome, "Name on the server kept: 'Y'"), ==,
                    g_strcmp0(tests[i].sent, "Y") == 0);
    deploy_stage_end(play);
  }
}

/* A text that a rollback took away comes back only on purpose. */
static void
test_rolled_back(void)
{
  RollbackTrail *trail = rollback_trail_new();
  g_ptr_array_add(trail->contents, stage_digest("new"));
  DeployStage *play = deploy_stage_new(STAGE_0_9);
  play->stage->stamp = make_stamp("old", STAGE_NAME, trail);
  deploy_stage_play(play, "read:old");
  g_autoptr(Outcome) outcome = deploy_stage_deploy(play);
  g_assert_cmpint(outcome->result, ==, RESULT_CONFLICT);
  g_assert_true(was_told(play, outcome, "was rolled back from just this text"));
  deploy_stage_end(play);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *path = g_strconcat("/conflict/", cases[i].name, NULL);
    g_test_add_data_func(path, &cases[i], test_case);
  }
  g_test_add_func("/conflict/force", test_force);
  g_test_add_func("/conflict/words", test_words);
  g_test_add_func("/conflict/rolled-back", test_rolled_back);
  return g_test_run();
}
