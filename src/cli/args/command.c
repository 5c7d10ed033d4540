/* SPDX-License-Identifier: MIT */
#include "command.h"

#include "command_line.h"
#include "discover.h"
#include "error.h"
#include "help.h"
#include "http.h"
#include "key_exposure.h"
#include "trust_consent.h"

#include <glib/gi18n.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

const Command *
command_find(const Command *const *commands, const char *name)
{
  for (const Command *const *at = commands; *at != NULL; at++)
    if (g_str_equal(name, (*at)->name) || g_strcmp0(name, (*at)->alias) == 0)
      return *at;
  return NULL;
}

char *
command_line_root(GError **error)
{
  return discover_current_root(error);
}

/* Once a run, however often the settings are read. */
static void
look_after_key(const Settings *settings, GPtrArray *notes)
{
  static gboolean done;
  if (settings->key_file != NULL && !done)
    key_exposure_check(settings->key_file, settings->key_file_shown, notes);
  done = TRUE;
}

Settings *
command_line_settings(const CommandLine *line, const char *root, GError **error)
{
  const GlobalOptions *global = &line->global;
  g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
  SettingsFlags flags = {
      .url = global->url,
      .env_file = global->env_files != NULL ? global->env_files[0] : NULL,
      .cacert = global->cacert,
      .insecure = global->insecure,
      .headers = global->headers,
      .timeout = (int)(line->idle_timeout_ms / 1000),
      .notes = notes,
      .trusts = trust_consent,
      .trusts_data = (gpointer)line,
  };
  Settings *settings = settings_load(&flags, root, error);
  if (settings != NULL)
    look_after_key(settings, notes);
  for (guint i = 0; i < notes->len; i++)
    report_note(line->report, NOTE_WARNING, "%s", (const char *)g_ptr_array_index(notes, i));
  if (settings != NULL) {
    g_autofree char *url_origin = setting_origin_text(settings->url_origin);
    g_autofree char *key_origin = setting_origin_text(settings->key_origin);
    report_detail(line->report, _("URL: %s (%s)"), settings->url, url_origin);
    report_detail(line->report, _("API key: %s"), key_origin);
  }
  return settings;
}

gboolean
command_option_number(const char *option, const char *text, int min, int max, int *value,
                      GError **error)
{
  gint64 number = 0;
  if (text == NULL)
    return TRUE;
  if (!g_ascii_string_to_signed(text, 10, min, max, &number, NULL))
    return owup_error_set(error, OWUP_ERROR_USAGE,
                          _("%s takes a whole number from %d to %d, not \"%s\""), option, min, max,
                          text);
  *value = (int)number;
  return TRUE;
}

gboolean
command_option_kind(const char *text, gboolean *has, Kind *kind, GError **error)
{
  *has = text != NULL;
  if (text == NULL || kind_parse(text, kind))
    return TRUE;
  return owup_error_set(error, OWUP_ERROR_USAGE,
                        _("--type takes pipe, filter, action, event or tool, not \"%s\""), text);
}

gboolean
command_line_check_args(const CommandLine *line, guint most, GError **error)
{
  if (g_strv_length(line->args) <= most)
    return TRUE;
  owup_error_set(error, OWUP_ERROR_USAGE, _("owup %s does not take \"%s\""), line->command->name,
                 line->args[most]);
  return owup_error_add_hint(error, _("See: owup help %s"), line->command->name);
}

/* `owup` alone: what can be asked for. Exit status 2, so that `owup $COMMAND` with an empty
 * variable fails in a script. */
static int
no_command(const CommandLine *line)
{
  if (line->global.json) {
    g_autoptr(GError) error = owup_error_new(OWUP_ERROR_USAGE, _("No command was given"));
    owup_error_set_hint(error, _("See: owup help"));
    return report_error(line->report, error);
  }
  g_autofree char *text = help_short(line->commands);
  fputs(text, stdout);
  return owup_error_exit(OWUP_ERROR_USAGE);
}

static int
run_command(const CommandLine *line)
{
  owup_error_init();
  /* Done by the time when settings and files are read. */
  GThread *loading = line->command->needs_server ? http_load_ahead() : NULL;
  int status = line->command->run(line);
  if (loading != NULL)
    g_thread_join(loading);
  return status;
}

static int
run(CommandLine *line)
{
  if (line->command == NULL)
    return no_command(line);
  if (line->global.help) {
    g_autofree char *text = help_command(line->command);
    fputs(text, stdout);
    return 0;
  }
  return run_command(line);
}

/* A reader that has gone away (`| head`) has what it wanted. */
static gboolean
reader_gone(void)
{
  struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
  return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

/* A result that could not be written is no success. */
static int
close_output(Report *report, int status)
{
  gboolean written = fflush(stdout) == 0 && !ferror(stdout);
  if (written || reader_gone())
    return status;
  report_output_lost(report);
  return status != 0 ? status : owup_error_exit(OWUP_ERROR_LOCAL_STATE);
}

int
command_main(const Command *const *commands, int argc, char **argv)
{
  g_auto(CommandLine) line = {0};
  g_autoptr(GError) error = NULL;
  gboolean parsed = command_line_parse(&line, commands, argc, argv, &error);
  ReportOptions options = {
      .json = line.global.json, .quiet = line.global.quiet, .verbose = line.global.verbose};
  line.report = report_new(&options);
  int status = parsed ? run(&line) : report_error(line.report, error);
  return close_output(line.report, status);
}
