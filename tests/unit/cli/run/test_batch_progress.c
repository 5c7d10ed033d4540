/* SPDX-License-Identifier: MIT */
/* How far a batch is: the counts, and which plugin is named as slow. */
#include "batch_progress.h"

#define SECOND ((gint64)G_USEC_PER_SEC)

static Plugin *
make_plugin(const char *title)
{
  g_autofree char *text =
      g_strdup_printf("\"\"\"\ntitle: %s\n\"\"\"\nclass Filter:\n    pass\n", title);
  g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
  return plugin_from_bytes("f.py", bytes, NULL);
}

static void
see(BatchProgress *batch, guint item, Plugin *plugin, gint64 now)
{
  g_autoptr(Event) event = event_new(EVENT_REQUEST, plugin, 0, "Updating");
  event->item = item;
  batch_progress_see(batch, event, now);
}

static void
end(BatchProgress *batch, guint item, Plugin *plugin, Result result)
{
  Outcome *outcome = outcome_new(plugin, "http://localhost");
  outcome->result = result;
  g_autoptr(Event) event = event_finished(outcome);
  event->item = item;
  batch_progress_see(batch, event, 0);
}

static void
assert_text(const BatchProgress *batch, gint64 now, const char *expected)
{
  g_autofree char *text = batch_progress_text(batch, now);
  g_assert_cmpstr(text, ==, expected);
}

static void
test_counts(void)
{
  g_autoptr(BatchProgress) batch = batch_progress_new(3);
  g_autoptr(Plugin) plugin = make_plugin("A");
  assert_text(batch, 0, "0 of 3 done, 3 left");
  end(batch, 1, plugin, RESULT_UPDATED);
  assert_text(batch, 0, "1 of 3 done, 2 left");
  end(batch, 0, plugin, RESULT_FAILED);
  assert_text(batch, 0, "1 of 3 done, 1 failed, 1 left");
  end(batch, 2, plugin, RESULT_UNCHANGED);
  assert_text(batch, 0, NULL);
}

static void
test_slow(void)
{
  g_autoptr(BatchProgress) batch = batch_progress_new(3);
  g_autoptr(Plugin) a = make_plugin("A"), b = make_plugin("精读");
  see(batch, 0, a, 1 * SECOND);
  see(batch, 2, b, 2 * SECOND);
  assert_text(batch, 3 * SECOND, "0 of 3 done, 3 left");
  see(batch, 0, a, 3 * SECOND);
  assert_text(batch, 10 * SECOND, "0 of 3 done, 3 left; 9 s for 'A'");
  end(batch, 0, a, RESULT_UPDATED);
  assert_text(batch, 10 * SECOND, "1 of 3 done, 2 left; 8 s for '精读'");
  end(batch, 2, b, RESULT_UPDATED);
  assert_text(batch, 20 * SECOND, "2 of 3 done, 1 left");
}

static void
tell(BatchProgress *batch, guint item, EventType type)
{
  g_autoptr(Event) event = event_new(type, NULL, 0, NULL);
  event->item = item;
  batch_progress_see(batch, event, 0);
}

/* --atomic: all are prepared, then written, and the outcomes come at the end. */
static void
test_together(void)
{
  g_autoptr(BatchProgress) batch = batch_progress_new(2);
  g_autoptr(Plugin) a = make_plugin("A"), b = make_plugin("B");
  see(batch, 0, a, 0);
  tell(batch, 0, EVENT_PREPARED);
  see(batch, 1, b, 8 * SECOND);
  assert_text(batch, 9 * SECOND, "0 of 2 done, 2 left");
  assert_text(batch, 12 * SECOND, "0 of 2 done, 2 left; 4 s for 'B'");
  tell(batch, 1, EVENT_PREPARED);
  see(batch, 0, a, 12 * SECOND);
  tell(batch, 0, EVENT_HELD);
  assert_text(batch, 20 * SECOND, "1 of 2 done, 1 left");
  tell(batch, 1, EVENT_HELD);
  assert_text(batch, 20 * SECOND, NULL);
  end(batch, 0, a, RESULT_REVERTED);
  assert_text(batch, 20 * SECOND, NULL);
  end(batch, 1, b, RESULT_UPDATED);
  assert_text(batch, 20 * SECOND, NULL);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/batch-progress/counts", test_counts);
  g_test_add_func("/batch-progress/slow", test_slow);
  g_test_add_func("/batch-progress/together", test_together);
  return g_test_run();
}
