/* SPDX-License-Identifier: MIT */
/* The line that shows that work is alive; on a terminal only, and never wider than that. Needs a
 * running GMainLoop. NULL as `progress` is fine everywhere. */
#pragma once

#include <glib.h>
#include <stdio.h>

typedef struct ProgressLine ProgressLine;

ProgressLine *progress_line_new(FILE *terminal, gboolean utf8);
void progress_line_free(ProgressLine *progress);

/* From now on `what` is going on. Shown once it has taken half a second, with the seconds it took.
 */
void progress_line_begin(ProgressLine *progress, const char *what);
/* Takes the line away before something else is printed; it comes back by itself. */
void progress_line_hide(ProgressLine *progress);
/* Nothing is going on. */
void progress_line_end(ProgressLine *progress);

/* What many things at once have come to; owned by the caller, NULL: nothing to show. */
typedef char *(*ProgressText)(gpointer data);
/* From now on the line is what `text` says, asked anew whenever it is drawn, whatever
 * progress_line_begin() and progress_line_end() say meanwhile. With NULL as `text` that ends. */
void progress_line_follow(ProgressLine *progress, ProgressText text, gpointer data);
