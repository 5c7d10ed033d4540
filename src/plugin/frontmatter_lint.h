/* SPDX-License-Identifier: MIT */
/* What a plugin's docstring shows beyond its values: whether it is a plugin's at all. */
#pragma once

#include "diagnostic.h"
#include "frontmatter.h"

#include <glib.h>

/* May a plugin's title stand in the text? Cheap; what it refuses declares nothing. */
gboolean frontmatter_lint_mentioned(const char *text, gsize len);

/* Does the frontmatter declare a plugin, whatever the code says: a title, and another of the keys
 * that plugins have (version, author, requirements, ...)? A title alone is found in other texts. */
gboolean frontmatter_lint_declares(const Frontmatter *frontmatter);

/* What was meant for the frontmatter and is read by no server (GPtrArray of Diagnostic, owned by
 * the caller): a full-width colon, or a blank before it; a docstring that is not the first line, or
 * whose first line is not `"""` alone. `text` is valid UTF-8 without a byte order mark,
 * `frontmatter` what was read of it. */
GPtrArray *frontmatter_lint(const char *file, const char *text, gsize len,
                            const Frontmatter *frontmatter);

/* "FILE:LINE: message" of one of them. Owned by the caller. */
char *frontmatter_lint_text(const Diagnostic *unread);
