/* SPDX-License-Identifier: MIT */
#include "ci_env.h"
#include "clock.h"
#include "command_table.h"
#include "consent.h"
#include "error.h"
#include "history_check.h"
#include "json_fields.h"
#include "report_history.h"
#include "session.h"
#include "target_deleted.h"
#include "version_list.h"

#include <glib/gi18n.h>
#include <stdio.h>

/* What only the server has costs a request each, to learn its version and digest. */
#define READS 20

typedef struct {
  gboolean purge, yes, check;
  char *limit, *show, *history;
} Options;

static const Option option_table[] = {
    OPTION_TEXT("limit", 0, limit, "Only the newest N, all of them with version and digest", "N"),
    OPTION_TEXT("show", 0, show, "Print that version's text: its number, version or digest",
                "VERSION"),
    OPTION_FLAG("purge", 0, purge, "Forget what is kept here of the plugin"),
    OPTION_FLAG("check", 0, check, "See whether what is kept here is in order, and mend it"),
    OPTION_FLAG("yes", 'y', yes, "With --purge: do not ask"),
    OPTION_HISTORY,
    {NULL},
};

/* The worker's until it ends. */
typedef struct {
  const Options *options;
  const char *word;
  guint limit; /* 0: all */
  VersionList *versions;
  Version *shown; /* --show */
  guint unread;
  gboolean server_keeps;
  char *trouble; /* why there is no local history */
  GError *error;
} Run;

static void
run_clear(Run *run)
{
  version_list_free(run->versions);
  g_free(run->trouble);
  g_clear_error(&run->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)

/* Up to the bound; how many stay unread is told. */
static gboolean
read_versions(Run *run)
{
  const GPtrArray *versions = run->versions->versions;
  guint shown = run->limit == 0 ? versions->len : MIN(run->limit, versions->len);
  guint left = run->limit == 0 ? READS : run->limit;
  for (guint i = 0; i < shown; i++) {
    Version *version = g_ptr_array_index(versions, i);
    if (version->digest != NULL)
      continue;
    if (left == 0)
      run->unread++;
    else if (!version_list_read(run->versions, version, &run->error))
      return FALSE;
    else
      left--;
  }
  return TRUE;
}

static void
find_shown(Run *run)
{
  run->shown = version_find(run->versions, run->options->show, FALSE, &run->error);
  if (run->shown != NULL)
    version_list_read(run->versions, run->shown, &run->error);
}

static void
fail_none(Run *run, const Target *target)
{
  run->error = owup_error_new(OWUP_ERROR_NOT_FOUND,
                              _("'%s' is not on the server, and nothing is known of it here"),
                              target_label(target));
  if (target->local != NULL)
    owup_error_set_hint(run->error, _("Put it there: owup deploy %s"), target->id);
}

static int
list_in_worker(const DeployContext *context, gpointer data)
{
  Run *run = data;
  run->trouble = g_strdup(context->history_error != NULL ? context->history_error->message : NULL);
  g_autoptr(Target) target =
      target_find_deleted(context->client, context->history, run->word, "history", &run->error);
  if (target == NULL)
    return 0;
  run->versions = version_list_load(context->client, context->history, target->family, target->id,
                                    target->remote, &run->error);
  if (run->versions == NULL)
    return 0;
  run->server_keeps = client_capabilities(context->client)->has_history;
  if (run->versions->versions->len == 0)
    fail_none(run, target);
  else if (run->options->show != NULL)
    find_shown(run);
  else
    read_versions(run);
  return 0;
}

static void
print_notes(const CommandLine *line, const Run *run)
{
  const VersionList *versions = run->versions;
  Report *report = line->report;
  if (run->trouble != NULL)
    report_note(report, NOTE_WARNING, _("No local history: %s"), run->trouble);
  if (versions->known_from != NULL)
    report_note(report, NOTE_DETAIL,
                _("What was before is known from %s: this state was written there, too."),
                versions->known_from);
  if (run->unread > 0)
    report_note(report, NOTE_HINT,
                _("Not read: version and digest of %u more that only the server has (owup "
                  "history %s --limit %u)."),
                run->unread, versions->id, versions->versions->len);
  if (run->server_keeps || versions->live == NULL)
    return;
  if (ci_env_runs_this())
    report_note(report, NOTE_WARNING,
                _("This server keeps no old versions; they are kept only on this machine."));
  else if (versions->versions->len == 1)
    report_note(report, NOTE_DETAIL,
                _("This server keeps no old versions. owup keeps them here, from its "
                  "first deploy on."));
}

static int
show_history(const CommandLine *line, Run *run)
{
  const Options *options = line->options;
  SessionRequest request = {.history_dir = options->history};
  gint64 start = clock_stopwatch();
  int status = session_run(line, &request, list_in_worker, NULL, run);
  if (run->error != NULL)
    return report_error(line->report, run->error);
  if (status != 0 || run->versions == NULL)
    return status;
  if (run->shown != NULL) {
    report_history_text(line->report, run->versions, run->shown);
    return 0;
  }
  report_history(line->report, run->versions, run->limit);
  print_notes(line, run);
  if (report_is_json(line->report))
    report_json(line->report,
                json_fields_summary(run->versions->versions->len, 0, 0, clock_took_ms(start)));
  return 0;
}

/* Nothing is asked of the server for this; it may be gone. */
static int
purge(const CommandLine *line, const char *word)
{
  const Options *options = line->options;
  guint removed = 0;
  g_autoptr(GError) error = NULL;
  g_autofree char *root = command_line_root(&error);
  g_autoptr(Settings) settings = root != NULL ? command_line_settings(line, root, &error) : NULL;
  g_autofree char *dir = history_default_dir(options->history);
  g_autoptr(History) history = settings != NULL ? history_open(dir, &error) : NULL;
  HistoryEntry *entry =
      history != NULL ? target_deleted_entry(history, settings->url, word, &error) : NULL;
  if (entry == NULL && error == NULL && settings != NULL)
    error = owup_error_new(OWUP_ERROR_NOT_FOUND, _("Nothing is kept here of \"%s\" on %s"), word,
                           settings->url);
  if (entry == NULL)
    return report_error(line->report, error);
  g_autofree char *question =
      g_strdup_printf(_("Forget every version of '%s' that is kept here?"), entry->id);
  if (consent_ask(line, options->yes, question, &error))
    history_purge(history, settings->url, entry->family, entry->id, &removed, &error);
  if (error == NULL)
    report_history_purged(line->report, entry->id, removed);
  history_entry_free(entry);
  return error != NULL ? report_error(line->report, error) : 0;
}

/* 1: something is lost. */
static int
check_kept(const CommandLine *line)
{
  const Options *options = line->options;
  g_autoptr(GError) error = NULL;
  g_autofree char *dir = history_default_dir(options->history);
  g_autoptr(HistoryCheck) check = history_check(dir, &error);
  if (check == NULL)
    return report_error(line->report, error);
  report_history_checked(line->report, dir, check);
  return check->moved != NULL || check->lost->len > 0 ? 1 : 0;
}

static gboolean
check_line(const CommandLine *line, int *limit, GError **error)
{
  const Options *options = line->options;
  if (!command_line_check_args(line, 1, error) ||
      !command_option_number("--limit", options->limit, 1, 10000, limit, error))
    return FALSE;
  if (options->check && (line->args[0] != NULL || options->purge || options->show != NULL))
    owup_error_set(error, OWUP_ERROR_USAGE,
                   _("--check looks at all that is kept, and stands alone: owup history --check"));
  else if (!options->check && line->args[0] == NULL)
    owup_error_set(error, OWUP_ERROR_USAGE, _("Which plugin? owup history NAME"));
  else if (options->purge && options->show != NULL)
    owup_error_set(error, OWUP_ERROR_USAGE, _("--purge and --show exclude each other"));
  else
    return TRUE;
  return FALSE;
}

static int
run_history(const CommandLine *line)
{
  const Options *options = line->options;
  int limit = 0;
  g_autoptr(GError) error = NULL;
  if (!check_line(line, &limit, &error))
    return report_error(line->report, error);
  if (options->check)
    return check_kept(line);
  if (options->purge)
    return purge(line, line->args[0]);
  g_auto(Run) run = {.options = options, .word = line->args[0], .limit = (guint)limit};
  return show_history(line, &run);
}

const Command command_history = {
    .name = "history",
    .summary = N_("List a plugin's versions, here and on the server"),
    .usage = N_("NAME"),
    .details =
        N_("Newest first; 0 is the live one. \"here\" is this machine's history, which keeps what\n"
           "owup sent, replaced or deleted; \"server\" is Open WebUI's own, from 0.12 on."),
    .examples = "owup history my_filter\n"
                "owup history my_filter --show 2 > old.py\n"
                "owup history my_filter --purge\n"
                "owup history --check",
    COMMAND_OPTIONS(option_table),
    .needs_server = TRUE,
    .args = ARGS_PLUGINS,
    .run = run_history,
};
