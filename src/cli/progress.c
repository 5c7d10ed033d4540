#include "progress.h"

#include "termtext.h"

#include <glib/gi18n.h>

#define SHOW_AFTER_US (500 * 1000)
#define TICK_MS 120

struct Progress {
  FILE *terminal;
  gboolean utf8;
  gboolean visible;
  char *what;
  gint64 since;
  guint timer;
  guint ticks;
};

Progress *
progress_new(FILE *terminal, gboolean utf8)
{
  Progress *progress = g_new0(Progress, 1);
  progress->terminal = terminal;
  progress->utf8 = utf8;
  return progress;
}

void
progress_free(Progress *progress)
{
  if (progress == NULL)
    return;
  progress_end(progress);
  g_free(progress);
}

static gboolean
tick(gpointer data)
{
  static const char *const wheel[] = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
  static const char *const plain[] = {"-", "\\", "|", "/"};
  Progress *progress = data;
  gint64 took = g_get_monotonic_time() - progress->since;
  if (took < SHOW_AFTER_US)
    return G_SOURCE_CONTINUE;
  const char *sign = progress->utf8 ? wheel[progress->ticks % G_N_ELEMENTS(wheel)]
                                    : plain[progress->ticks % G_N_ELEMENTS(plain)];
  progress->ticks++;
  fprintf(progress->terminal, "\r\033[K   %s %s (%d s)", sign, progress->what,
          (int)(took / G_USEC_PER_SEC));
  fflush(progress->terminal);
  progress->visible = TRUE;
  return G_SOURCE_CONTINUE;
}

void
progress_begin(Progress *progress, const char *what)
{
  if (progress == NULL)
    return;
  progress_hide(progress);
  g_free(progress->what);
  progress->what = text_safe(what, FALSE);
  progress->since = g_get_monotonic_time();
  if (progress->timer == 0)
    progress->timer = g_timeout_add(TICK_MS, tick, progress);
}

void
progress_hide(Progress *progress)
{
  if (progress == NULL || !progress->visible)
    return;
  fputs("\r\033[K", progress->terminal);
  fflush(progress->terminal);
  progress->visible = FALSE;
}

void
progress_end(Progress *progress)
{
  if (progress == NULL)
    return;
  progress_hide(progress);
  if (progress->timer != 0)
    g_source_remove(progress->timer);
  progress->timer = 0;
  g_clear_pointer(&progress->what, g_free);
}
