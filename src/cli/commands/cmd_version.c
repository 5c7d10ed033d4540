/* SPDX-License-Identifier: MIT */
#include "command_table.h"
#include "json_fields.h"

#include <glib/gi18n.h>
#include <stdio.h>

/* Versions that owup was built with; meson knows those of the libraries that other rooms use. */
static const char *const libraries[] = {
    "GLib",          BUILT_WITH_GLIB,       "libcurl", BUILT_WITH_CURL,
    "jansson",       BUILT_WITH_JANSSON,    "SQLite",  BUILT_WITH_SQLITE,
    "libmicrohttpd", BUILT_WITH_MICROHTTPD, NULL,
};

static int
run_version(const CommandLine *line)
{
  g_autoptr(GError) error = NULL;
  if (!command_line_check_args(line, 0, &error))
    return report_error(line->report, error);
  if (report_is_json(line->report)) {
    report_json(line->report, json_fields_version(OWUP_VERSION, libraries));
    return 0;
  }
  printf("owup %s\n", OWUP_VERSION);
  if (line->global.verbose) {
    printf("%s\n", _("Built with:"));
    for (const char *const *at = libraries; *at != NULL; at += 2)
      printf("  %s %s\n", at[0], at[1]);
  }
  return 0;
}

const Command command_version = {
    .name = "version",
    .summary = N_("Show the version of owup; with -v those of its libraries too"),
    .examples = "owup version -v\n",
    .run = run_version,
};
