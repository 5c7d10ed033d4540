/* SPDX-License-Identifier: MIT */
/* What kind a file is, and whether a class makes it a plugin at all. */
#pragma once

#include "kind.h"
#include "python_scan.h"

#include <glib.h>

/* Does the text hold one of the five class names at all? Cheap; what it refuses binds none. */
gboolean plugin_class_mentioned(const char *text, gsize len);

/* Decides a file's kind: the class that its scan shows, as a server finds it; where that could not
 * see the whole text, a class by its statement alone. FALSE where there is none: `*kind` is
 * then that of a folder above (filters/), else KIND_FILTER. What a server said later wins
 * (deploy/deployment.c). */
gboolean plugin_class_kind(const char *file, const char *text, gsize len, const PythonScan *scan,
                           Kind *kind);

/* Does a class statement in the text show a plugin: a method that a server calls, or a stub? A
 * server takes imported names and models of the same name, too. */
gboolean plugin_class_intended(const char *text, gsize len, const PythonScan *scan);

/* Is there an unindented class that is called nearly as a plugin class or shows a plugin's body? */
gboolean plugin_class_resemble(const char *text, gsize len, const PythonScan *scan);

/* Appends a Diagnostic where no class makes the file a plugin (with the nearest miss), or where two
 * classes of different kinds do. Reads a text that holds together, and its scan. */
void plugin_class_check(const char *file, const char *text, gsize len, const PythonScan *scan,
                        GPtrArray *diagnostics);
