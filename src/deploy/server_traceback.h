/* SPDX-License-Identifier: MIT */
/* From a server's words to the user's file. */
#pragma once

#include "diagnostic.h"
#include "plugin.h"

#include <glib.h>

/* The server's reason with its "(<string>, line 14)" replaced by "(FILE:14)". Owned by the caller.
 */
char *server_traceback_in_file(const char *detail, const Plugin *plugin);

/* Where in the file the reason lies: the line it names, or for "No module named 'x'" the line that
 * imports x. NULL where neither is known. Owned by the caller. */
Diagnostic *server_traceback_locate(const char *detail, const Plugin *plugin);

/* A next step for the reason why a plugin was refused, or NULL. Owned by the caller. */
char *server_traceback_hint(const char *detail);

/* Puts before the hint of an error without a reason that `once` (once_mark.h) is likely it. */
void server_traceback_explain_once(const char *once, GError *error);
