/* SPDX-License-Identifier: MIT */
/* What a module does while it is loaded that a process bears only once: a table on the server's own
 * SQLAlchemy Base, a metric in the common registry, a bound port, a signal handler. By its tokens
 * alone; what is done in functions, or by what is imported, goes unseen. */
#pragma once

#include <glib.h>

/* The first such thing in words, "table 'rows'"; NULL: none was seen. `text` is UTF-8. Owned by the
 * caller. */
char *once_mark_find(const char *text, gsize len);
