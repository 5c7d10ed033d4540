/* SPDX-License-Identifier: MIT */
#include "report_table.h"

#include "report_private.h"
#include "terminal_text.h"

#include <glib/gi18n.h>
#include <string.h>
#include <sys/ioctl.h>

#define BETWEEN "  "
/* No column is padded to more, whatever a server says; the last one is not padded. */
#define WIDTH_MAX 64
#define TERMINAL_USUAL 80
/* Words that are longer are cut, in a pipe too. */
#define WORDS_WIDTH 200

typedef struct {
  char **cells;
  const char *colour;
} Row;

struct ReportTable {
  const TableColumn *columns;
  guint n_columns;
  GArray *rows; /* of Row; the first is the head */
};

static void
row_clear(gpointer data)
{
  g_strfreev(((Row *)data)->cells);
}

ReportTable *
report_table_new(const TableColumn *columns, guint n_columns)
{
  ReportTable *table = g_new0(ReportTable, 1);
  g_autofree const char **heads = g_new0(const char *, n_columns);
  table->columns = columns;
  table->n_columns = n_columns;
  table->rows = g_array_new(FALSE, FALSE, sizeof(Row));
  g_array_set_clear_func(table->rows, row_clear);
  for (guint i = 0; i < n_columns; i++)
    heads[i] = _(columns[i].head);
  report_table_add(table, heads, NULL);
  return table;
}

void
report_table_free(ReportTable *table)
{
  if (table == NULL)
    return;
  g_array_unref(table->rows);
  g_free(table);
}

void
report_table_add(ReportTable *table, const char *const *cells, const char *colour)
{
  Row row = {g_new0(char *, table->n_columns + 1), colour};
  for (guint i = 0; i < table->n_columns; i++)
    row.cells[i] = terminal_text_safe(cells[i] != NULL ? cells[i] : "-", FALSE);
  g_array_append_val(table->rows, row);
}

/* Returns how wide a row is in all. */
static gsize
measure(const ReportTable *table, gsize *widths)
{
  guint last = table->n_columns - 1;
  gsize all = last * strlen(BETWEEN);
  for (guint i = 0; i <= last; i++) {
    for (guint k = 0; k < table->rows->len; k++)
      widths[i] = MAX(widths[i], terminal_text_width(g_array_index(table->rows, Row, k).cells[i]));
    widths[i] = i < last ? MIN(widths[i], WIDTH_MAX) : widths[i];
    all += widths[i];
  }
  return all;
}

/* Takes `excess` columns away, one at a time. */
static void
narrow(const ReportTable *table, gsize *widths, gsize excess)
{
  for (; excess > 0; excess--) {
    gsize *widest = NULL;
    for (guint i = 0; i < table->n_columns; i++)
      if (table->columns[i].least > 0 && widths[i] > table->columns[i].least &&
          (widest == NULL || widths[i] > *widest))
        widest = &widths[i];
    if (widest == NULL)
      return;
    *widest -= 1;
  }
}

static gsize
terminal_width(const Stream *stream)
{
  struct winsize size = {0};
  gboolean known = ioctl(fileno(stream->file), TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : TERMINAL_USUAL;
}

/* In a pipe, what is wider than its column sticks out. */
static char *
fit_cell(const TableColumn *column, const char *cell, gsize width, gboolean cut)
{
  if (!cut && terminal_text_width(cell) > width)
    return g_strdup(cell);
  return column->keeps_end ? terminal_text_fit_end(cell, width) : terminal_text_fit(cell, width);
}

static void
print_row(const ReportTable *table, const Row *row, const gsize *widths, Report *report)
{
  const Stream *stream = &report->out;
  guint last = table->n_columns - 1;
  g_autoptr(GString) line = g_string_new(NULL);
  for (guint i = 0; i < last; i++) {
    g_autofree char *cell =
        fit_cell(&table->columns[i], row->cells[i], widths[i], stream->terminal);
    g_string_append_printf(line, "%s" BETWEEN, cell);
  }
  gboolean colour = row->colour != NULL && stream->colour;
  g_autofree char *end =
      g_strchomp(fit_cell(&table->columns[last], row->cells[last], widths[last], stream->terminal));
  if (*end == '\0')
    g_strchomp(line->str);
  g_string_append_printf(line, "%s%s%s", colour ? row->colour : "", end, colour ? "\033[0m" : "");
  report_text_line(report, stream, line->str);
}

/* What people wrote, without secrets and not too long. */
static void
clean_words(const ReportTable *table, const Report *report)
{
  for (guint i = 0; i < table->n_columns; i++) {
    for (guint k = 0; table->columns[i].words && k < table->rows->len; k++) {
      char **cell = &g_array_index(table->rows, Row, k).cells[i];
      g_autofree char *safe = report_text_safe(report, *cell, FALSE);
      g_free(*cell);
      *cell = terminal_text_width(safe) > WORDS_WIDTH ? terminal_text_fit(safe, WORDS_WIDTH)
                                                      : g_strdup(safe);
    }
  }
}

void
report_table_print(const ReportTable *table, Report *report)
{
  g_autofree gsize *widths = g_new0(gsize, table->n_columns);
  if (report->options.json || report->options.quiet)
    return;
  clean_words(table, report);
  gsize all = measure(table, widths);
  gsize room = report->out.terminal ? terminal_width(&report->out) : all;
  if (all > room)
    narrow(table, widths, all - room);
  progress_line_hide(report->progress);
  for (guint i = 0; i < table->rows->len; i++)
    print_row(table, &g_array_index(table->rows, Row, i), widths, report);
  fflush(report->out.file);
}
