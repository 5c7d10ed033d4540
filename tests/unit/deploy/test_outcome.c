/* SPDX-License-Identifier: MIT */
#include "outcome.h"

#include <string.h>

static const char text[] = "\"\"\"\ntitle: P\n\"\"\"\nclass Action:\n    pass\n";

static void
test_new(void)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
  g_autoptr(Plugin) plugin = plugin_from_bytes("p.py", bytes, NULL);
  g_autoptr(Outcome) outcome = outcome_new(plugin, "http://s");
  g_assert_true(outcome->plugin == plugin);
  g_assert_cmpint(outcome->kind, ==, plugin->kind);
  g_assert_cmpstr(outcome->server, ==, "http://s");
  g_assert_cmpuint(outcome->diagnostics->len, ==, 0);
  g_assert_cmpuint(outcome->repaired->len, ==, 0);
  g_autoptr(Outcome) bare = outcome_new(NULL, NULL);
  g_assert_null(bare->plugin);
  g_assert_null(bare->server);
}

static void
test_unresolved(void)
{
  g_autoptr(Outcome) outcome =
      outcome_new_unresolved("word", owup_error_new(OWUP_ERROR_USAGE, "no such plugin"));
  g_assert_cmpstr(outcome->word, ==, "word");
  g_assert_cmpint(outcome->result, ==, RESULT_FAILED);
  g_assert_false(outcome_ok(outcome));
  g_assert_cmpint(outcome_exit(outcome), ==, owup_error_exit(OWUP_ERROR_USAGE));
}

static void
test_free_of_nothing(void)
{
  outcome_free(NULL);
}

/* Words and statuses are promises to programs: each is here as it is written down for them. */
static const struct {
  Result result;
  const char *name;
  gboolean ok;
  int error; /* -1: none */
  int status;
} results[] = {
    {RESULT_CREATED, "created", TRUE, -1, 0},
    {RESULT_UPDATED, "updated", TRUE, -1, 0},
    {RESULT_UNCHANGED, "unchanged", TRUE, -1, 0},
    {RESULT_CONFLICT, "conflict", FALSE, OWUP_ERROR_CONFLICT, 1},
    {RESULT_REJECTED, "rejected", FALSE, OWUP_ERROR_REFUSED, 1},
    {RESULT_REJECTED, "rejected", FALSE, OWUP_ERROR_REFUSED_HIDDEN, 1},
    {RESULT_INVALID, "invalid", FALSE, OWUP_ERROR_LOCAL_PLUGIN, 5},
    {RESULT_FAILED, "failed", FALSE, -1, 1},
    {RESULT_FAILED, "failed", FALSE, OWUP_ERROR_TIMEOUT, 4},
    {RESULT_FAILED, "failed", FALSE, OWUP_ERROR_UNREACHABLE, 4},
    {RESULT_UNKNOWN, "unknown", FALSE, OWUP_ERROR_UNKNOWN, 4},
    {RESULT_UNKNOWN, "unknown", FALSE, OWUP_ERROR_INTERRUPTED, 130},
    {RESULT_SKIPPED, "skipped", FALSE, OWUP_ERROR_INTERRUPTED, 130},
    {RESULT_SKIPPED, "skipped", FALSE, OWUP_ERROR_SKIPPED, 1},
    {RESULT_REVERTED, "reverted", FALSE, OWUP_ERROR_REVERTED, 1},
};

static void
test_results(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(results); i++) {
    g_autoptr(Outcome) outcome = outcome_new(NULL, NULL);
    outcome->result = results[i].result;
    if (results[i].error >= 0)
      outcome->error = owup_error_new((OwupErrorCode)results[i].error, "why");
    g_assert_cmpstr(result_name(outcome->result), ==, results[i].name);
    g_assert_cmpint(outcome_ok(outcome), ==, results[i].ok);
    g_assert_cmpint(outcome_exit(outcome), ==, results[i].status);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/outcome/new", test_new);
  g_test_add_func("/outcome/unresolved", test_unresolved);
  g_test_add_func("/outcome/free-of-nothing", test_free_of_nothing);
  g_test_add_func("/outcome/results", test_results);
  return g_test_run();
}
