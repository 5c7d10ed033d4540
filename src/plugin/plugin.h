/* SPDX-License-Identifier: MIT */
/* One local plugin file: its bytes and what they say. Immutable once loaded; may be read by any
 * thread.
 *
 * plugin_load() reads a file, plugin_from_bytes() takes a text from elsewhere (standard input).
 * Neither needs a network or an interpreter. What is wrong with the file is a list of diagnostics,
 * not an error, since a user may want to send it all the same (--no-check); an error is what leaves
 * nothing to send.
 */
#pragma once

#include "diagnostic.h"
#include "frontmatter.h"
#include "kind.h"
#include "plugin_id.h"
#include "python_scan.h"

#include <glib.h>

/* A plugin is a text that a person pasted once: 64 MB is no plugin. */
#define PLUGIN_SIZE_LIMIT (64u << 20)

typedef struct {
  gint refs;  /* atomic */
  char *file; /* as shown to the user: relative to the current folder where it is below it, "-" for
                 stdin */
  GBytes *content;  /* the file's bytes, sent as they are */
  GBytes *stored;   /* what a server will hold: after import rewriting */
  gboolean is_utf8; /* FALSE: no JSON can carry the content, so not even --no-check sends it */
  Frontmatter *frontmatter; /* of the file's own bytes, less a byte order mark */
  PythonScan scan;          /* empty where the content is not UTF-8 or holds a NUL */
  gboolean has_kind; /* FALSE: no plugin class (a diagnostic says so, unless a star import may bring
                        one); kind is then that of the folder, else KIND_FILTER */
  Kind kind;
  char *id; /* from --id, the frontmatter or the file's name, always lower-cased (create lower-cases
               it, and an id with a capital is never found again); may be invalid (a diagnostic says
               so) */
  IdOrigin id_origin;
  char *title;       /* frontmatter title, else NULL; NULL, too, where bytes in it are not UTF-8 */
  char *version;     /* frontmatter version, else NULL */
  char *description; /* frontmatter description as one line of text, else NULL */
  gboolean has_requirements; /* the server may run pip */
  GPtrArray
      *diagnostics; /* of Diagnostic; empty: nothing found. The first is the most important. */
  GPtrArray *
      unread; /* of Diagnostic: what was meant for the frontmatter and no server reads; a warning */
} Plugin;

/* `id` is --id or NULL. NULL with OWUP_ERROR_LOCAL_PLUGIN (too big) or OWUP_ERROR_LOCAL_STATE
 * (unreadable). */
Plugin *plugin_load(const char *path, const char *id, GError **error);

/* The content alone, with the same errors; `path` is how they name the file. */
GBytes *plugin_read(const char *path, GError **error);

/* `file` is the name to show. `content` is referenced. Never NULL. */
Plugin *plugin_from_bytes(const char *file, GBytes *content, const char *id);

/* `path` as it is shown: relative to the current folder where it is below it, else absolute. Owned
 * by the caller. */
char *plugin_show_path(const char *path);

Plugin *plugin_ref(Plugin *plugin);
void plugin_unref(Plugin *plugin);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Plugin, plugin_unref)

/* The name a person knows it by: its title, else its id. Owned by `plugin`. */
const char *plugin_label(const Plugin *plugin);
/* The version to send on a create where the file has none. */
#define PLUGIN_DEFAULT_VERSION "1.0.0"
