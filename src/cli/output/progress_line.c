/* SPDX-License-Identifier: MIT */
#include "progress_line.h"

#include "clock.h"
#include "output_times.h"
#include "terminal_text.h"

#include <sys/ioctl.h>

#define COLUMNS 80

struct ProgressLine {
  FILE *terminal;
  gboolean utf8;
  gboolean visible;
  char *what;        /* NULL: nothing, or what `text` says */
  ProgressText text; /* see progress_line_follow(), or NULL */
  gpointer text_data;
  gint64 since;
  guint timer;
  guint ticks;
};

ProgressLine *
progress_line_new(FILE *terminal, gboolean utf8)
{
  ProgressLine *progress = g_new0(ProgressLine, 1);
  progress->terminal = terminal;
  progress->utf8 = utf8;
  return progress;
}

void
progress_line_free(ProgressLine *progress)
{
  if (progress == NULL)
    return;
  progress_line_follow(progress, NULL, NULL);
  progress_line_end(progress);
  g_free(progress);
}

/* How wide the line may be: a full one would wrap, and could not be taken away again. */
static gsize
room(const ProgressLine *progress)
{
  struct winsize size;
  gboolean known = ioctl(fileno(progress->terminal), TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
  return (known ? size.ws_col : COLUMNS) - 1;
}

/* What is going on, in words; NULL: nothing. */
static char *
describe(const ProgressLine *progress, gint64 took)
{
  if (progress->text == NULL)
    return g_strdup_printf("%s (%d s)", progress->what, (int)(took / G_USEC_PER_SEC));
  g_autofree char *text = progress->text(progress->text_data);
  return text != NULL ? terminal_text_safe(text, FALSE) : NULL;
}

static void
draw(ProgressLine *progress, const char *text)
{
  static const char *const wheel[] = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
  static const char *const plain[] = {"-", "\\", "|", "/"};
  const char *sign = progress->utf8 ? wheel[progress->ticks % G_N_ELEMENTS(wheel)]
                                    : plain[progress->ticks % G_N_ELEMENTS(plain)];
  progress->ticks++;
  g_autofree char *line = g_strdup_printf("   %s %s", sign, text);
  gsize most = room(progress);
  g_autofree char *cut = terminal_text_width(line) > most ? terminal_text_fit(line, most) : NULL;
  fprintf(progress->terminal, "\r\033[K%s", cut != NULL ? cut : line);
  fflush(progress->terminal);
  progress->visible = TRUE;
}

static gboolean
tick(gpointer data)
{
  ProgressLine *progress = data;
  gint64 took = clock_stopwatch() - progress->since;
  if (took < clock_real_us(PROGRESS_SHOW_AFTER_US))
    return G_SOURCE_CONTINUE;
  g_autofree char *text = describe(progress, took);
  if (text != NULL)
    draw(progress, text);
  else
    progress_line_hide(progress);
  return G_SOURCE_CONTINUE;
}

static void
start(ProgressLine *progress)
{
  progress->since = clock_stopwatch();
  if (progress->timer == 0)
    progress->timer = clock_timer(PROGRESS_TICK_MS, tick, progress);
}

static void
stop(ProgressLine *progress)
{
  progress_line_hide(progress);
  if (progress->timer != 0)
    g_source_remove(progress->timer);
  progress->timer = 0;
  g_clear_pointer(&progress->what, g_free);
}

void
progress_line_begin(ProgressLine *progress, const char *what)
{
  if (progress == NULL || progress->text != NULL)
    return;
  progress_line_hide(progress);
  g_free(progress->what);
  progress->what = terminal_text_safe(what, FALSE);
  start(progress);
}

void
progress_line_hide(ProgressLine *progress)
{
  if (progress == NULL || !progress->visible)
    return;
  fputs("\r\033[K", progress->terminal);
  fflush(progress->terminal);
  progress->visible = FALSE;
}

void
progress_line_end(ProgressLine *progress)
{
  if (progress != NULL && progress->text == NULL)
    stop(progress);
}

void
progress_line_follow(ProgressLine *progress, ProgressText text, gpointer data)
{
  if (progress == NULL)
    return;
  stop(progress);
  progress->text = text;
  progress->text_data = data;
  if (text != NULL)
    start(progress);
}
