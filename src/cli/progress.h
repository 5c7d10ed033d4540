/* The line that shows that a long request is alive; on a terminal only. Needs a running GMainLoop.
 */
#pragma once

#include <glib.h>
#include <stdio.h>

typedef struct Progress Progress;

Progress *progress_new(FILE *terminal, gboolean utf8);
void progress_free(Progress *progress);

/* From now on `what` is going on. Shown once it has taken half a second, with the seconds it took.
 */
void progress_begin(Progress *progress, const char *what);
/* Takes the line away before something else is printed; it comes back by itself. NULL is fine. */
void progress_hide(Progress *progress);
/* Nothing is going on. NULL is fine. */
void progress_end(Progress *progress);
