#include "command.h"

#include <glib/gi18n.h>
#include <jansson.h>
#include <stdio.h>

/* Versions that owup was built with; meson knows those of the libraries that other rooms use. */
static const struct {
  const char *name, *version;
} libraries[] = {
    {"GLib", BUILT_WITH_GLIB},
    {"libcurl", BUILT_WITH_CURL},
    {"jansson", BUILT_WITH_JANSSON},
    {"SQLite", BUILT_WITH_SQLITE},
    {"libmicrohttpd", BUILT_WITH_MICROHTTPD},
};

static void
print_json(Report *report)
{
  json_t *built_with = json_object();
  for (gsize i = 0; i < G_N_ELEMENTS(libraries); i++)
    json_object_set_new(built_with, libraries[i].name, json_string(libraries[i].version));
  json_t *object = json_object();
  json_object_set_new(object, "type", json_string("version"));
  json_object_set_new(object, "version", json_string(OWUP_VERSION));
  json_object_set_new(object, "built_with", built_with);
  report_json(report, object);
}

static int
run_version(const CommandLine *line)
{
  g_autoptr(GError) error = NULL;
  if (!command_line_check_words(line, 0, &error))
    return report_error(line->report, error);
  if (report_is_json(line->report)) {
    print_json(line->report);
    return 0;
  }
  printf("owup %s\n", OWUP_VERSION);
  if (line->global.verbose) {
    printf("%s\n", _("Built with:"));
    for (gsize i = 0; i < G_N_ELEMENTS(libraries); i++)
      printf("  %s %s\n", libraries[i].name, libraries[i].version);
  }
  return 0;
}

const Command command_version = {
    .name = "version",
    .summary = N_("Show the version of owup; with -v those of its libraries too"),
    .examples = "owup version -v\n",
    .run = run_version,
};
