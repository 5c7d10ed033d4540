/* SPDX-License-Identifier: MIT */
/* A delete is done when the server no longer has it, whatever it answered. */
#include "confirmed_delete.h"

#include "clock_test.h"
#include "error.h"
#include "support/stage.h"

#define SIX "read:old read:old read:old read:old read:old read:old "

typedef struct {
  const char *name;
  const char *script;
  gboolean done;
  int error; /* 0: none */
  gint64 waited_ms;
} Case;

static const Case cases[] = {
    {"good", "delete:true read:missing", TRUE, 0, 0},
    {"shown-for-a-moment", "delete:true read:old read:old read:missing", TRUE, 0, 300},
    {"read-lost", "delete:true read:cut read:500 read:missing", TRUE, 0, 300},
    {"refused", "delete:missing", FALSE, OWUP_ERROR_NOT_FOUND, 0},
    /* Never sent twice: somebody may have made it anew meanwhile. */
    {"lost-done", "delete:cut read:missing", TRUE, 0, 0},
    {"500-done", "delete:500 read:old read:missing", TRUE, 0, 100},
    {"page-done", "delete:page read:missing", TRUE, 0, 0},
    {"lost-not-done", "delete:cut " SIX "read:old", FALSE, OWUP_ERROR_UNKNOWN, 12700},
    {"said-false", "delete:false " SIX "read:old", FALSE, OWUP_ERROR_SERVER, 12700},
    {"said-true-not-done", "delete:true " SIX "read:old", FALSE, OWUP_ERROR_SERVER, 12700},
    {"interrupted", "delete:cut !!read:old", FALSE, OWUP_ERROR_UNKNOWN, 0},
};

static void
test_case(gconstpointer data)
{
  const Case *test = data;
  for (int generation = 0; generation < STAGE_N; generation++) {
    g_autoptr(GError) error = NULL;
    Stage *stage = stage_new((StageGeneration)generation);
    stage_play(stage, test->script);
    client_begin_write(stage->client);
    g_assert_cmpint(
        confirmed_delete(stage->client, stage->cancel, FAMILY_FUNCTION, STAGE_ID, &error), ==,
        test->done);
    g_assert_cmpint(error != NULL ? error->code : 0, ==, test->error);
    g_assert_cmpint(clock_test_elapsed(), ==, test->waited_ms);
    stage_end(stage);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *path = g_strconcat("/confirmed_delete/", cases[i].name, NULL);
    g_test_add_data_func(path, &cases[i], test_case);
  }
  return g_test_run();
}
