/* SPDX-License-Identifier: MIT */
/* What the docstring at the top of a file says, read without a scan. */
#pragma once

#include "frontmatter.h"

#include <glib.h>

/* The frontmatter in the first `len` bytes of a plugin file. NULL: that is no UTF-8. Owned by the
 * caller. */
Frontmatter *plugin_head_read(const char *text, gsize len);
