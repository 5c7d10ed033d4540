/* SPDX-License-Identifier: MIT */
#include "help.h"

#include "command_line.h"
#include "terminal_text.h"

#include <glib/gi18n.h>
#include <string.h>

/* Wider names get a line of their own. */
#define WIDEST_NAME 26
#define PAGE_COLUMNS 80

/* The words of `text` in lines of the page's width; the first begins at column `indent`, the others
 * are indented so far. */
static void
add_wrapped(GString *page, const char *text, gsize indent)
{
  g_auto(GStrv) args = g_strsplit_set(text, " \n", -1);
  gsize column = indent;
  for (char **word = args; *word != NULL; word++) {
    gsize width = terminal_text_width(*word);
    if (column > indent && column + 1 + width >= PAGE_COLUMNS) {
      g_string_append_printf(page, "\n%*s", (int)indent, "");
      column = indent;
    }
    g_string_append_printf(page, "%s%s", column > indent ? " " : "", *word);
    column += width + (column > indent ? 1 : 0);
  }
  g_string_append_c(page, '\n');
}

/* "  name   what it is" with the second column at `width`. */
static void
add_row(GString *page, const char *name, gsize width, const char *text)
{
  gsize have = terminal_text_width(name);
  if (have > width)
    g_string_append_printf(page, "  %s\n  %*s  ", name, (int)width, "");
  else
    g_string_append_printf(page, "  %s%*s  ", name, (int)(width - have), "");
  add_wrapped(page, text, width + 4);
}

static void
add_commands(GString *page, const Command *const *commands)
{
  gsize width = 0;
  for (const Command *const *at = commands; *at != NULL; at++)
    width = MAX(width, strlen((*at)->name));
  for (const Command *const *at = commands; *at != NULL; at++)
    add_row(page, (*at)->name, width, _((*at)->summary));
}

/* "-q, --quiet" or "    --url URL". */
static char *
option_name(const Option *option)
{
  g_autofree char *letter =
      option->letter != 0 ? g_strdup_printf("-%c, ", option->letter) : g_strdup("    ");
  const char *value = option->argument;
  return g_strconcat(letter, "--", option->name, value != NULL ? " " : "",
                     value != NULL ? _(value) : "", NULL);
}

static void
add_options(GString *page, const char *heading, const Option *table)
{
  gsize width = 0;
  if (table == NULL || table->name == NULL)
    return;
  for (const Option *at = table; at->name != NULL; at++) {
    g_autofree char *name = option_name(at);
    gsize have = terminal_text_width(name);
    if (have <= WIDEST_NAME)
      width = MAX(width, have);
  }
  g_string_append_printf(page, "\n%s\n", heading);
  for (const Option *at = table; at->name != NULL; at++) {
    g_autofree char *name = option_name(at);
    add_row(page, name, width, _(at->help));
  }
}

static void
add_examples(GString *page, const char *examples)
{
  g_auto(GStrv) lines = g_strsplit(examples, "\n", -1);
  g_string_append_printf(page, "\n%s\n", _("Examples:"));
  for (char **line = lines; *line != NULL; line++)
    if (**line != '\0')
      g_string_append_printf(page, "  %s\n", *line);
}

#define EXAMPLES                                                                                   \
  "owup deploy my_filter.py\n"                                                                     \
  "owup deploy --all --dry-run\n"                                                                  \
  "owup sandbox -- owup deploy my_filter.py\n"

char *
help_short(const Command *const *commands)
{
  GString *page = g_string_new(_("owup puts plugins from files onto an Open WebUI server.\n\n"));
  add_commands(page, commands);
  add_examples(page, EXAMPLES);
  g_string_append_printf(page, "\n%s\n", _("More: owup help, owup help COMMAND"));
  return g_string_free(page, FALSE);
}

char *
help_full(const Command *const *commands)
{
  GString *page = g_string_new(_("owup puts plugins from files onto an Open WebUI server.\n\n"));
  g_string_append(page, _("Usage: owup COMMAND [OPTIONS] [ARGUMENTS]\n\nCommands:\n"));
  add_commands(page, commands);
  add_options(page, _("Options of every command:"), command_line_common_options);
  add_options(page, _("Options of commands that talk to a server:"), command_line_server_options);
  add_options(page, _("Without a command:"), command_line_top_options);
  g_string_append(
      page,
      _("\nSettings, the first that is found:\n"
        "  --url; the file of --env-file; the environment: OPENWEBUI_URL, OPENWEBUI_API_KEY,\n"
        "  OPENWEBUI_API_KEY_FILE; .env here, in the project's root, in its scripts/: url=, "
        "api_key=\n"));
  g_string_append(page, _("\nExit status:\n"
                          "  0    all is well\n"
                          "  1    rejected, failed, or someone else changed it\n"
                          "  2    wrong words or settings, or no command\n"
                          "  3    no key, a bad key, keys switched off, no permission\n"
                          "  4    the network, or an end that could not be learned\n"
                          "  5    a plugin is invalid; nothing was sent\n"
                          "  130  interrupted\n"));
  add_examples(page, EXAMPLES);
  g_string_append_printf(page, "\n%s\n", _("More: owup help COMMAND"));
  return g_string_free(page, FALSE);
}

char *
help_command(const Command *command)
{
  GString *page = g_string_new(NULL);
  const char *usage = command->usage != NULL ? command->usage : "";
  g_string_append_printf(page, "%s.\n\n", _(command->summary));
  g_string_append_printf(page, _("Usage: owup %s [OPTIONS]"), command->name);
  g_string_append_printf(page, "%s%s\n", *usage != '\0' ? " " : "", *usage != '\0' ? _(usage) : "");
  if (command->alias != NULL)
    g_string_append_printf(page, _("Alias: owup %s\n"), command->alias);
  if (command->details != NULL) {
    g_string_append_c(page, '\n');
    add_wrapped(page, _(command->details), 0);
  }
  add_options(page, _("Options:"), command->options);
  if (command->needs_server)
    add_options(page, _("The server:"), command_line_server_options);
  add_options(page, _("Options of every command:"), command_line_common_options);
  if (command->examples != NULL)
    add_examples(page, command->examples);
  return g_string_free(page, FALSE);
}
