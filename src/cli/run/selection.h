/* SPDX-License-Identifier: MIT */
/* Which plugins a command is about: its args, --all, --type, --id, --exclude, --localized. */
#pragma once

#include "command.h"
#include "plugin.h"

#include <glib.h>

/* A part of a command's options struct, filled by its table's rows. */
typedef struct {
  gboolean all; /* the args are folders; without one, the project's root */
  gboolean localized;
  char **excludes; /* globs, or NULL */
  char *id, *type; /* or NULL */
} SelectionOptions;

/* One of the two is set. */
typedef struct {
  char *word; /* as typed; NULL with --all, but the path of a file that cannot be read */
  Plugin *plugin;
  GError *error; /* nothing could be read for the word, or another file has the same id */
} Selected;

typedef struct {
  GPtrArray *items; /* of Selected, in the order of the command line */
  guint templates;  /* left out of --all */
  guint localized;  /* left out of --all */
} Selection;

/* NULL with OWUP_ERROR_USAGE: args that do not go together, nothing to choose from; with a single
 * arg that arg's own error. With several each failing word is an item of its own, so that the
 * rest can go on. A file named twice is taken once; files that share an id are errors. So is with
 * --all each file that cannot be read: it may be a plugin. A folder that cannot is noted in the
 * report. */
Selection *selection_make(const CommandLine *line, const SelectionOptions *options, GError **error);
void selection_free(Selection *selection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Selection, selection_free)

/* For DeployOptions: what a file that is named by its path cannot be compared with here. */
GError *selection_twin(const Plugin *plugin, const char *path);

/* "Left out: 2 templates, 3 localized copies (deploy them by name, or --localized)", if any were.
 */
void selection_report_left_out(const Selection *selection, Report *report);
