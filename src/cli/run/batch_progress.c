/* SPDX-License-Identifier: MIT */
#include "batch_progress.h"

#include "clock.h"
#include "run_times.h"

#include <glib/gi18n.h>

typedef struct {
  Plugin *plugin; /* a reference; NULL: not yet, or no longer under way */
  gint64 since;
  gboolean held; /* counted as well, before its outcome came */
} UnderWay;

struct BatchProgress {
  guint total, well, failed;
  UnderWay *items;
};

BatchProgress *
batch_progress_new(guint total)
{
  BatchProgress *batch = g_new0(BatchProgress, 1);
  batch->total = total;
  batch->items = g_new0(UnderWay, total);
  return batch;
}

void
batch_progress_free(BatchProgress *batch)
{
  if (batch == NULL)
    return;
  for (guint i = 0; i < batch->total; i++)
    g_clear_pointer(&batch->items[i].plugin, plugin_unref);
  g_free(batch->items);
  g_free(batch);
}

void
batch_progress_see(BatchProgress *batch, const Event *event, gint64 now)
{
  if (event->item >= batch->total)
    return;
  UnderWay *item = &batch->items[event->item];
  if (event->type == EVENT_FINISHED) {
    gboolean well = outcome_ok(event->outcome);
    batch->well += (well ? 1 : 0) - (item->held ? 1 : 0);
    batch->failed += well ? 0 : 1;
  } else if (event->type == EVENT_HELD) {
    batch->well += item->held ? 0 : 1;
    item->held = TRUE;
  } else if (event->type != EVENT_PREPARED) {
    if (event->plugin == NULL || item->plugin != NULL || item->held)
      return;
    item->plugin = plugin_ref(event->plugin);
    item->since = now;
    return;
  }
  g_clear_pointer(&item->plugin, plugin_unref);
}

static const UnderWay *
find_slowest(const BatchProgress *batch, gint64 now)
{
  const UnderWay *slowest = NULL;
  for (guint i = 0; i < batch->total; i++) {
    const UnderWay *item = &batch->items[i];
    if (item->plugin != NULL && (slowest == NULL || item->since < slowest->since))
      slowest = item;
  }
  return slowest != NULL && now - slowest->since >= clock_real_us(PROGRESS_SLOW_US) ? slowest
                                                                                    : NULL;
}

char *
batch_progress_text(const BatchProgress *batch, gint64 now)
{
  guint left = batch->total - MIN(batch->total, batch->well + batch->failed);
  if (left == 0)
    return NULL;
  GString *text = g_string_new(NULL);
  g_string_printf(text, _("%u of %u done"), batch->well, batch->total);
  if (batch->failed > 0)
    g_string_append_printf(text, _(", %u failed"), batch->failed);
  g_string_append_printf(text, _(", %u left"), left);
  const UnderWay *slow = find_slowest(batch, now);
  if (slow != NULL)
    g_string_append_printf(text, _("; %d s for '%s'"), (int)((now - slow->since) / G_USEC_PER_SEC),
                           plugin_label(slow->plugin));
  return g_string_free(text, FALSE);
}
