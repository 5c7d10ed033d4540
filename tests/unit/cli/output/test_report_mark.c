/* SPDX-License-Identifier: MIT */
#include "report_deploy.h"
#include "report_mark.h"

#include "report.h"

#include <string.h>

typedef struct {
  NoteLevel level;
  const char *sign, *plain;
} Expected;

static const Expected levels[] = {
    {NOTE_INFO, "", ""},       {NOTE_WARNING, "⚠️ ", "[WARN] "}, {NOTE_BACK, "↩ ", "[BACK] "},
    {NOTE_HINT, "   ", "   "}, {NOTE_DETAIL, "   ", "   "},
};

static void
test_levels(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(levels); i++) {
    ReportMark mark = report_mark_of(levels[i].level);
    g_assert_cmpstr(report_mark_text(mark, FALSE), ==, levels[i].sign);
    g_assert_cmpstr(report_mark_text(mark, TRUE), ==, levels[i].plain);
  }
}

static void
test_results(void)
{
  g_assert_cmpstr(report_mark_text(MARK_DONE, FALSE), ==, "✅ ");
  g_assert_cmpstr(report_mark_text(MARK_DONE, TRUE), ==, "[OK] ");
  g_assert_cmpstr(report_mark_text(MARK_FAILED, FALSE), ==, "❌ ");
  g_assert_cmpstr(report_mark_text(MARK_FAILED, TRUE), ==, "[ERROR] ");
  g_assert_cmpstr(report_mark_text(MARK_BEGUN, FALSE), ==, "📦 ");
  g_assert_cmpstr(report_mark_text(MARK_BEGUN, TRUE), ==, "[DEPLOY] ");
}

static Plugin *
make_plugin(void)
{
  static const char text[] = "\"\"\"\ntitle: Nice\n\"\"\"\nclass Filter:\n    pass\n";
  g_autoptr(GBytes) content = g_bytes_new_static(text, strlen(text));
  return plugin_from_bytes("nice.py", content, NULL);
}

static char *
no_progress(gpointer data)
{
  return NULL;
}

static void
show(Report *report, Plugin *plugin, NoteLevel level, gboolean names_plugin, const char *text)
{
  g_autoptr(Event) event = event_note(plugin, level, text);
  event->names_plugin = names_plugin;
  report_event(report, event);
}

/* One note of each kind to a report of its own, in a process of its own. */
static void
show_notes(gboolean json, gboolean many)
{
  ReportOptions options = {.json = json};
  g_autoptr(Report) report = report_new(&options);
  g_autoptr(Plugin) plugin = make_plugin();
  if (many)
    report_follow(report, no_progress, NULL);
  show(report, plugin, NOTE_WARNING, FALSE, "Going back from 2.0 to 1.0.");
  show(report, plugin, NOTE_WARNING, TRUE, "'Nice' was a pipe.");
  show(report, plugin, NOTE_DETAIL, FALSE, "Description kept: '⚠️ x'");
  show(report, NULL, NOTE_BACK, FALSE, "'Other' was switched on again.");
  show(report, NULL, NOTE_INFO, FALSE, "A line.");
  if (!json)
    return;
  g_autoptr(Outcome) outcome = outcome_new(plugin, "http://localhost");
  outcome->result = RESULT_UPDATED;
  report_outcome(report, outcome);
}

static void
test_text(void)
{
  if (g_test_subprocess()) {
    show_notes(FALSE, FALSE);
    return;
  }
  g_test_trap_subprocess(NULL, 0, 0);
  g_test_trap_assert_passed();
  g_test_trap_assert_stderr("⚠️ Going back from 2.0 to 1.0.\n"
                            "⚠️ 'Nice' was a pipe.\n"
                            "   Description kept: '⚠️ x'\n"
                            "↩ 'Other' was switched on again.\n"
                            "A line.\n");
}

/* Among many a note names its plugin, unless it does so by itself, or is about none. */
static void
test_many(void)
{
  if (g_test_subprocess()) {
    show_notes(FALSE, TRUE);
    return;
  }
  g_test_trap_subprocess(NULL, 0, 0);
  g_test_trap_assert_passed();
  g_test_trap_assert_stderr("⚠️ 'Nice': Going back from 2.0 to 1.0.\n"
                            "⚠️ 'Nice' was a pipe.\n"
                            "   'Nice': Description kept: '⚠️ x'\n"
                            "↩ 'Other' was switched on again.\n"
                            "A line.\n");
}

/* With --json a note has neither sign nor blanks, and stands in its plugin's object. */
static void
test_json(void)
{
  if (g_test_subprocess()) {
    show_notes(TRUE, TRUE);
    return;
  }
  g_test_trap_subprocess(NULL, 0, 0);
  g_test_trap_assert_passed();
  g_test_trap_assert_stdout("*\"notes\":[\"Going back from 2.0 to 1.0.\",\"'Nice' was a pipe.\","
                            "\"Description kept: '⚠️ x'\"],\"dry_run\":false*");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/report_mark/levels", test_levels);
  g_test_add_func("/report_mark/results", test_results);
  g_test_add_func("/report_mark/notes/text", test_text);
  g_test_add_func("/report_mark/notes/many", test_many);
  g_test_add_func("/report_mark/notes/json", test_json);
  return g_test_run();
}
