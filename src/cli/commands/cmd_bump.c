/* SPDX-License-Identifier: MIT */
#include "bump.h"
#include "command_table.h"
#include "error.h"
#include "file.h"
#include "json_fields.h"
#include "resolve.h"
#include "suggest.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

/* Writes through a symbolic link: the file behind it is the plugin. */
static gboolean
rewrite(const char *file, GBytes *content, GError **error)
{
  char *real = realpath(file, NULL);
  gboolean done = file_write(real != NULL ? real : file, content, error);
  free(real);
  return done;
}

static int
bump(const CommandLine *line, const Plugin *plugin, BumpPart part)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *from = NULL, *to = NULL;
  g_autoptr(GBytes) bumped = bump_content(plugin->content, part, &from, &to, &error);
  if (bumped == NULL || !rewrite(plugin->file, bumped, &error))
    return report_error(line->report, error);
  report_json(line->report, json_fields_bump(plugin, from, to));
  report_line(line->report, MARK_NONE, "%s: %s -> %s", plugin->file, from, to);
  return 0;
}

static GError *
fail_part(char **args)
{
  BumpPart part;
  if (args[0] == NULL)
    return owup_error_new(OWUP_ERROR_USAGE, _("Which part? owup bump patch|minor|major NAME"));
  GError *error = owup_error_new(OWUP_ERROR_USAGE,
                                 _("\"%s\" is no part: owup bump patch|minor|major NAME"), args[0]);
  const char *nearest = bump_nearest(args[0]);
  if (args[1] != NULL && bump_parse(args[1], &part)) {
    g_autofree char *name = suggest_shell_word(args[0]);
    owup_error_set_hint(error, _("The part comes first: owup bump %s %s"), args[1], name);
  } else if (nearest != NULL) {
    owup_error_set_hint(error, _("Did you mean %s?"), nearest);
  }
  return error;
}

static int
run_bump(const CommandLine *line)
{
  BumpPart part;
  g_autoptr(GError) error = NULL;
  g_autoptr(Plugin) plugin = NULL;
  char **args = line->args;
  g_autofree char *command = g_strjoin(" ", "bump", args[0], NULL);
  ResolveOptions names = {.command = command};
  if (!command_line_check_args(line, 2, &error))
    return report_error(line->report, error);
  if (args[0] == NULL || !bump_parse(args[0], &part))
    error = fail_part(args);
  else if (g_strcmp0(args[1], "-") == 0)
    error = owup_error_new(OWUP_ERROR_USAGE, _("owup bump writes into a file; - is none"));
  else
    plugin = args[1] != NULL ? resolve_names(args[1], &names, &error)
                             : resolve_names_here(&names, &error);
  return plugin != NULL ? bump(line, plugin, part) : report_error(line->report, error);
}

const Command command_bump = {
    .name = "bump",
    .summary = N_("Raise a plugin's version in its file"),
    .usage = N_("patch|minor|major [NAME]"),
    .details = N_("Edits the version line of the docstring and nothing else: 1.3.0 becomes 1.3.1,\n"
                  "1.4.0 or 2.0.0. Without NAME, the only plugin of the current folder."),
    .examples = "owup bump patch my_filter",
    .args = ARGS_PLUGINS,
    .choices = "patch minor major",
    .choices_at = 1,
    .run = run_bump,
};
