/* SPDX-License-Identifier: MIT */
/* What comes before the first write, over scripts of real answers: what is asked, and what is
 * settled without another request. */
#include "clock.h"
#include "clock_test.h"
#include "deployment.h"
#include "error.h"
#include "support/deploy_stage.h"

#define NOT_THERE "read:missing list:empty "
#define CREATED "update:missing create:new read:new"
#define VERSIONED "\"\"\"\ntitle: P\nversion: 1.2.0\n\"\"\"\nclass Filter:\n    x = 2\n"
#define BROKEN "\"\"\"\ntitle: P\n\"\"\"\nclass Filter:\n    x = (\n"
#define ADOPTED "\"\"\"\ntitle: P\nopenwebui_id: twin\n\"\"\"\nclass Filter:\n    x = 2\n"

typedef struct {
  const char *name;
  StageGeneration generation; /* STAGE_N: the same in all */
  const char *script;
  Result result;
  int error; /* 0: none */
  const char *kept;
  DeployOptions options;
  const char *text;    /* of the file; NULL: "new" */
  const char *version; /* in the server's manifest, or NULL */
  const char *id;      /* --id, or NULL */
} Case;

static const Case cases[] = {
    {"unchanged", STAGE_N, "read:new", RESULT_UNCHANGED, 0, "pulled"},
    {"unchanged-dry", STAGE_N, "read:new", RESULT_UNCHANGED, 0, "", .options = {.dry_run = TRUE}},
    {"unchanged-sent-again", STAGE_N, "read:new update:new", RESULT_UPDATED, 0, "replaced sent",
     .options = {.resend = TRUE}},
    {"changed-dry", STAGE_N, "read:old", RESULT_UPDATED, 0, "", .options = {.dry_run = TRUE}},
    {"missing-dry", STAGE_N, NOT_THERE, RESULT_CREATED, 0, "", .options = {.dry_run = TRUE}},
    {"broken-file", STAGE_N, "", RESULT_INVALID, OWUP_ERROR_LOCAL_PLUGIN, "", .text = BROKEN},
    {"broken-file-sent", STAGE_0_12, "read:old update:refused", RESULT_REJECTED, OWUP_ERROR_REFUSED,
     "replaced", .options = {.no_check = TRUE}, .text = BROKEN},
    {"interrupted", STAGE_N, "!read:old", RESULT_SKIPPED, OWUP_ERROR_INTERRUPTED, ""},

    /* A look that failed says nothing about the plugin; nothing is sent. */
    {"look-500", STAGE_N, "read:500", RESULT_FAILED, OWUP_ERROR_SERVER, ""},
    {"look-cut", STAGE_N, "read:cut", RESULT_FAILED, OWUP_ERROR_UNKNOWN, ""},
    {"look-part", STAGE_N, "read:part", RESULT_FAILED, OWUP_ERROR_UNKNOWN, ""},
    {"look-page", STAGE_N, "read:page", RESULT_FAILED, OWUP_ERROR_NOT_OPENWEBUI, ""},
    {"look-silent", STAGE_N, "read:silent", RESULT_FAILED, OWUP_ERROR_TIMEOUT, ""},
    {"look-another", STAGE_N, "read:again", RESULT_FAILED, OWUP_ERROR_NOT_OPENWEBUI, ""},
    {"list-cut", STAGE_N, "read:missing list:cut", RESULT_FAILED, OWUP_ERROR_UNKNOWN, ""},

    {"missing-update-only", STAGE_N, NOT_THERE, RESULT_FAILED, OWUP_ERROR_NOT_FOUND, "",
     .options = {.update_only = TRUE}},
    /* The same title under another id: a person decides. */
    {"elsewhere", STAGE_N, "read:missing list:again", RESULT_CONFLICT, OWUP_ERROR_CONFLICT, ""},
    {"elsewhere-forced", STAGE_N, "read:missing list:again " CREATED, RESULT_CREATED, 0, "sent",
     .options = {.force = TRUE}},
    {"elsewhere-create-only", STAGE_N, "create:new read:new", RESULT_CREATED, 0, "sent",
     .options = {.create_only = TRUE}},
    {"elsewhere-own-id", STAGE_N, "read:missing " CREATED, RESULT_CREATED, 0, "sent",
     .id = STAGE_ID},
    {"elsewhere-moved-in", STAGE_N, "read:missing list:again elsewhere:again", RESULT_UPDATED, 0,
     "", .options = {.dry_run = TRUE}, .text = ADOPTED},

    {"downgrade", STAGE_N, "read:old", RESULT_UPDATED, 0, "", .options = {.dry_run = TRUE},
     .text = VERSIONED, .version = "1.10.0"},
    {"downgrade-refused", STAGE_N, "read:old", RESULT_INVALID, OWUP_ERROR_LOCAL_PLUGIN, "",
     .options = {.no_downgrade = TRUE}, .text = VERSIONED, .version = "1.10.0"},
    {"upgrade", STAGE_N, "read:old", RESULT_UPDATED, 0, "",
     .options = {.no_downgrade = TRUE, .require_bump = TRUE, .dry_run = TRUE}, .text = VERSIONED,
     .version = "1.1.9"},
    {"not-bumped", STAGE_N, "read:old", RESULT_INVALID, OWUP_ERROR_LOCAL_PLUGIN, "",
     .options = {.require_bump = TRUE}, .text = VERSIONED, .version = "1.2.0"},
};

static Outcome *
deploy(DeployStage *play, const Case *test)
{
  const char *text = test->text != NULL ? test->text : stage_text("new");
  g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
  g_autoptr(Plugin) plugin = plugin_from_bytes("p.py", bytes, test->id);
  return deploy_one(&play->context, plugin, NULL);
}

static void
play_case(const Case *test, StageGeneration generation)
{
  DeployStage *play = deploy_stage_new(generation);
  play->options = test->options;
  play->stage->version = test->version;
  deploy_stage_play(play, test->script);
  g_autoptr(Outcome) outcome = deploy(play, test);
  g_autofree char *kept = deploy_stage_kept(play);
  g_assert_cmpstr(result_name(outcome->result), ==, result_name(test->result));
  g_assert_cmpint(outcome->error != NULL ? outcome->error->code : 0, ==, test->error);
  g_assert_cmpuint(deploy_stage_open(play), ==, 0);
  g_assert_cmpstr(kept, ==, test->kept);
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

/* What a look made before found. */
static Snapshot *
make_snapshot(const DeployStage *play, const char *word)
{
  Snapshot *snapshot = g_new0(Snapshot, 1);
  json_auto_t *json = stage_plugin(play->stage, word);
  snapshot->before = remote_plugin_from_json(FAMILY_FUNCTION, json, NULL);
  snapshot->id = g_strdup(STAGE_ID);
  snapshot->at = clock_now();
  snapshot->last =
      snapshot_last(play->history, client_url(play->stage->client), FAMILY_FUNCTION, STAGE_ID);
  return snapshot;
}

static void
deploy_snapshot(DeployStage *play, Snapshot *snapshot, Result result)
{
  g_autoptr(Plugin) plugin = deploy_stage_plugin(stage_text("new"));
  g_autoptr(Outcome) outcome = deploy_one(&play->context, plugin, snapshot);
  g_assert_cmpstr(result_name(outcome->result), ==, result_name(result));
  deploy_stage_end(play);
}

/* A look is used while it is fresh, and nobody here has written since. */
static void
test_snapshot(void)
{
  DeployStage *play = deploy_stage_new(STAGE_0_12);
  deploy_stage_play(play, "update:new");
  deploy_snapshot(play, make_snapshot(play, "old"), RESULT_UPDATED);

  play = deploy_stage_new(STAGE_0_12);
  deploy_stage_play(play, "read:old update:new");
  Snapshot *old = make_snapshot(play, "old");
  clock_test_advance(5001);
  deploy_snapshot(play, old, RESULT_UPDATED);

  play = deploy_stage_new(STAGE_0_12);
  deploy_stage_play(play, "read:new");
  Snapshot *before = make_snapshot(play, "old");
  deploy_stage_remember(play, HISTORY_SENT, "new", STAGE_DATE, NULL);
  deploy_snapshot(play, before, RESULT_UNCHANGED);
}

/* That the server holds the same needs no request at all, while it is fresh. */
static void
test_snapshot_same(void)
{
  DeployStage *play = deploy_stage_new(STAGE_0_12);
  deploy_stage_play(play, "");
  Snapshot *same = make_snapshot(play, "new");
  same->same = TRUE;
  deploy_snapshot(play, same, RESULT_UNCHANGED);

  play = deploy_stage_new(STAGE_0_12);
  deploy_stage_play(play, "read:old update:new");
  same = make_snapshot(play, "new");
  same->same = TRUE;
  clock_test_advance(5001);
  deploy_snapshot(play, same, RESULT_UPDATED);
}

typedef struct {
  PluginLock *lock;
  gint64 until_ms;
} Other;

static void
let_go(gint64 ms, gpointer data)
{
  Other *other = data;
  if (ms >= other->until_ms)
    g_clear_pointer(&other->lock, plugin_lock_free);
}

static Other
take_lock(const DeployStage *play, gint64 until_ms)
{
  return (Other){plugin_lock_try(history_dir(play->history), client_url(play->stage->client),
                                 FAMILY_FUNCTION, STAGE_ID),
                 until_ms};
}

/* Another owup is at work on it: for a minute, or --timeout, its end is waited for. */
static void
test_lock_held(void)
{
  for (guint timeout = 0; timeout <= 3000; timeout += 3000) {
    DeployStage *play = deploy_stage_new(STAGE_0_12);
    play->options.idle_timeout_ms = timeout;
    deploy_stage_play(play, "");
    Other other = take_lock(play, G_MAXINT64);
    g_autoptr(Outcome) outcome = deploy_stage_deploy(play);
    g_assert_cmpint(outcome->result, ==, RESULT_FAILED);
    g_assert_error(outcome->error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
    g_assert_cmpint(clock_test_elapsed(), ==, timeout != 0 ? timeout : 60000);
    plugin_lock_free(other.lock);
    deploy_stage_end(play);
  }
}

/* Then what was seen before is old. */
static void
test_lock_let_go(void)
{
  DeployStage *play = deploy_stage_new(STAGE_0_12);
  deploy_stage_play(play, "read:old update:new");
  Snapshot *snapshot = make_snapshot(play, "other");
  Other other = take_lock(play, 2000);
  clock_test_script(let_go, &other);
  snapshot->at = clock_now();
  deploy_snapshot(play, snapshot, RESULT_UPDATED);
  g_assert_null(other.lock);
}

/* Servers before 0.12 keep no versions: without a history, what is replaced would be lost. */
static void
test_no_history(void)
{
  for (int generation = 0; generation < STAGE_N; generation++) {
    for (int option = 0; option < 2; option++) {
      gboolean sent = generation == STAGE_0_12 || option == 1;
      g_autoptr(GError) trouble = owup_error_new(OWUP_ERROR_LOCAL_STATE, "no place");
      DeployStage *play = deploy_stage_new((StageGeneration)generation);
      deploy_stage_play(play, sent ? "read:old update:new" : "read:old");
      play->options.no_history = option == 1;
      play->context.history = NULL;
      play->context.history_error = trouble;
      g_autoptr(Outcome) outcome = deploy_stage_deploy(play);
      g_assert_cmpint(outcome->result, ==, sent ? RESULT_UPDATED : RESULT_FAILED);
      g_assert_true((strstr(play->told->str, "no place") != NULL) == sent);
      deploy_stage_end(play);
    }
  }
}

/* Just before a write that comes long after the look. */
static void
test_snapshot_holds(void)
{
  static const struct {
    const char *script;
    gint64 later_ms;
    gboolean holds;
    Result result;
  } tests[] = {
      {"", 4000, TRUE, RESULT_CREATED},
      {"read:old+a", 6000, TRUE, RESULT_CREATED},
      {"read:other", 6000, FALSE, RESULT_CONFLICT},
      {"read:missing", 6000, FALSE, RESULT_CONFLICT},
      {"read:500", 6000, FALSE, RESULT_FAILED},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
    DeployStage *play = deploy_stage_new(STAGE_0_12);
    deploy_stage_play(play, tests[i].script);
    g_autoptr(Plugin) plugin = deploy_stage_plugin(stage_text("new"));
    Deployment *d = deployment_new(&play->context, plugin);
    json_auto_t *json = stage_plugin(play->stage, "old");
    d->seen.snapshot_at = clock_now();
    deploy_take_before(d, remote_plugin_from_json(FAMILY_FUNCTION, json, NULL));
    clock_test_advance((guint)tests[i].later_ms);
    g_assert_cmpint(deploy_snapshot_holds(d), ==, tests[i].holds);
    /* Switched on meanwhile is no conflict, but what a repair would put back. */
    g_assert_cmpint(d->seen.before->is_active, ==, strstr(tests[i].script, "+a") != NULL);
    g_autoptr(Outcome) outcome = deployment_end(d);
    g_assert_cmpint(outcome->result, ==, tests[i].result);
    deploy_stage_end(play);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *path = g_strconcat("/deploy_plan/", cases[i].name, NULL);
    g_test_add_data_func(path, &cases[i], test_case);
  }
  g_test_add_func("/deploy_plan/snapshot", test_snapshot);
  g_test_add_func("/deploy_plan/snapshot-same", test_snapshot_same);
  g_test_add_func("/deploy_plan/lock-held", test_lock_held);
  g_test_add_func("/deploy_plan/lock-let-go", test_lock_let_go);
  g_test_add_func("/deploy_plan/no-history", test_no_history);
  g_test_add_func("/deploy_plan/snapshot-holds", test_snapshot_holds);
  return g_test_run();
}
