/* SPDX-License-Identifier: MIT */
/* A table for a person: a head, rows of cells, each column as wide as its widest cell.
 *
 * report_table_new(), report_table_add() for each row, report_table_print() once. On a terminal
 * columns give way until a row fits, the widest first; what does not fit even so wraps. In a pipe
 * only words are cut, where they are very long.
 */
#pragma once

#include "report.h"

typedef struct {
  const char *head;   /* N_() */
  gsize least;        /* gives way down to so many columns; 0: it does not */
  gboolean keeps_end; /* cut at its beginning: a path's end says more */
  gboolean words;     /* what people write: without secrets, and in a pipe not without an end */
} TableColumn;

typedef struct ReportTable ReportTable;

/* `columns` are borrowed. */
ReportTable *report_table_new(const TableColumn *columns, guint n_columns);
void report_table_free(ReportTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReportTable, report_table_free)

/* A cell for each column, copied without control characters; NULL is shown as "-". `colour` (an
 * escape sequence, static) is for the last cell where stdout has colours; NULL: none. */
void report_table_add(ReportTable *table, const char *const *cells, const char *colour);

/* To stdout; nothing with --json or --quiet. */
void report_table_print(const ReportTable *table, Report *report);
