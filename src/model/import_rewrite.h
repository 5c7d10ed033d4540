/* SPDX-License-Identifier: MIT */
/* The import rewriting that every server applies to a plugin's text before it stores it
 * (measured on 0.6.10 to 0.12.4): plain replacement everywhere, comments and strings included, of
 *   "from utils" -> "from open_webui.utils", and so for "from apps", "from main", "from config".
 * What a server holds is therefore compared with the rewritten text, never with the file's own
 * bytes. */
#pragma once

#include <glib.h>

/* The text as a server will hold it. Returns a new reference to `text` itself where nothing
 * changes. */
GBytes *import_rewrite(GBytes *text);
