/* SPDX-License-Identifier: MIT */
/* Which characters may stand in a Python name: for the scan and for ids. */
#pragma once

#include <glib.h>

/* XID_Start with "_", XID_Continue, as str.isidentifier() of Python 3.11 to 3.14 has them. What
 * this GLib's Unicode does not know yet passes. */
gboolean identifier_starts(gunichar c);
gboolean identifier_continues(gunichar c);

/* str.isprintable() of one character. */
gboolean identifier_is_printable(gunichar c);
