/* The plugin classes as lines of text, for hints, and where a broken file leaves the scan blind. */
#pragma once

#include "kind.h"
#include "python_scan.h"

#include <glib.h>

/* Does the text hold one of the five class names at all? Cheap; what it refuses binds none. */
gboolean plugin_class_mentioned(const char *text, gsize len);

/* The line (from 1) of the first unindented `class NAME` of that kind, by looking at lines alone (a
 * docstring can deceive it); 0 where there is none. */
int plugin_class_find_line(const char *text, gsize len, Kind kind);

/* Which kind is the file, as a server finds it? A file whose only real plugin class is Tools is a
 * tool, also where it imports or defines helpers named Event or Action: it goes to the tools' API,
 * which looks for Tools alone. FALSE: no kind. */
gboolean plugin_class_kind(const char *text, gsize len, const PythonScan *scan, Kind *kind);

/* Does a class statement in the text show a plugin: a method that a server calls, or a stub? A
 * server takes imported names and models of the same name, too. */
gboolean plugin_class_intended(const char *text, gsize len, const PythonScan *scan);

/* Is there an unindented class, by its line alone, that is called nearly as a plugin class or shows
 * a plugin's body? */
gboolean plugin_class_resemble(const char *text, gsize len);

/* Appends a Diagnostic where no class makes the file a plugin (with the nearest miss), or where two
 * classes of different kinds do. Reads a text that holds together, and its scan. */
void plugin_class_check(const char *file, const char *text, gsize len, const PythonScan *scan,
                        GPtrArray *diagnostics);
