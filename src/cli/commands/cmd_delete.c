/* SPDX-License-Identifier: MIT */
#include "command_table.h"
#include "consent.h"
#include "error.h"
#include "remote_delete.h"
#include "target_command.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct {
  gboolean yes, no_valves, no_history;
  char *history;
} Options;

static const Option option_table[] = {
    OPTION_FLAG("yes", 'y', yes, "Do not ask"),
    OPTION_FLAG("no-valves", 0, no_valves,
                "Keep no valves, which may hold secrets, in the history"),
    OPTION_HISTORY,
    OPTION_FLAG(
        "no-history", 0, no_history,
        "Keep nothing of this delete; earlier versions stay until owup history --purge NAME"),
    {NULL},
};

typedef struct {
  const CommandLine *line;
  const Options *options;
  GPtrArray *asked; /* of Target: what the person was asked about; NULL: --yes */
  char *server;
} Deletion;

static gboolean
was_asked(const Deletion *deletion, const Target *target)
{
  for (guint i = 0; deletion->asked != NULL && i < deletion->asked->len; i++) {
    const Target *asked = g_ptr_array_index(deletion->asked, i);
    if (asked->family == target->family && strcmp(asked->id, target->id) == 0)
      return TRUE;
  }
  return deletion->asked == NULL;
}

static gpointer
delete_target(const DeployContext *context, const Target *target, gpointer data, GError **error)
{
  const Deletion *deletion = data;
  const Options *options = deletion->options;
  if (!was_asked(deletion, target)) {
    owup_error_set(error, OWUP_ERROR_CONFLICT,
                   _("'%s' (%s) was not there when you were asked; it stays"), target_label(target),
                   target->id);
    return NULL;
  }
  if (context->history == NULL && !options->no_history) {
    owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("Not deleted, since nothing could be kept: %s"),
                   context->history_error->message);
    if (error != NULL)
      owup_error_set_hint(
          *error, _("Mend it, name another place (--history DIR), or keep nothing: --no-history."));
    return NULL;
  }
  remote_delete(context->client, context->cancel, context->history, target, !options->no_valves,
                error);
  return NULL;
}

static void
tell_kept(Report *report, const Options *options, const char *id)
{
  if (options->no_history)
    report_note(report, NOTE_HINT,
                _("Nothing of this delete is kept. What was kept earlier stays until: owup "
                  "history --purge %s"),
                id);
  else
    report_note(
        report, NOTE_HINT,
        options->no_valves
            ? _("Its code, meta and flags are kept. To bring it back: owup rollback %s")
            : _("Its code, meta, flags and valves are kept. To bring it back: owup rollback %s"),
        id);
}

static void
tell_deleted(const CommandLine *line, const TargetResult *result, gpointer data)
{
  const Options *options = ((const Deletion *)data)->options;
  if (report_is_json(line->report)) {
    report_target_deleted(line->report, result, !options->no_history);
  } else if (result->error != NULL) {
    report_error(line->report, result->error);
  } else {
    report_line(line->report, MARK_DONE, _("Deleted '%s'."), target_label(result->target));
    tell_kept(line->report, options, result->target->id);
  }
}

/* In the worker. What cannot be found now is told when it is to be deleted. */
static int
snapshot(const DeployContext *context, gpointer data)
{
  Deletion *deletion = data;
  deletion->server = g_strdup(client_url(context->client));
  for (char **word = deletion->line->args; *word != NULL; word++) {
    Target *target = target_find(context->client, *word, "delete", FALSE, NULL);
    if (target != NULL)
      g_ptr_array_add(deletion->asked, target);
  }
  return 0;
}

/* Owned by the caller. */
static char *
question(const Deletion *deletion)
{
  const Options *options = deletion->options;
  g_autoptr(GString) names = g_string_new(NULL);
  for (guint i = 0; i < deletion->asked->len; i++) {
    const Target *target = g_ptr_array_index(deletion->asked, i);
    g_string_append_printf(names, "%s%s '%s' (%s)", i > 0 ? ", " : "", report_target_kind(target),
                           target_label(target), target->id);
  }
  return g_strdup_printf(_("Delete %s from %s? %s"), names->str, deletion->server,
                         options->no_history ? _("Nothing of this is kept on this machine.")
                         : options->no_valves
                             ? _("The code is kept on this machine, the valves are not.")
                             : _("Code, valves and secrets are kept on this machine."));
}

/* 0: go on. Which plugins the words mean, and on which server, only the server can tell. */
static int
confirm(Deletion *deletion)
{
  const CommandLine *line = deletion->line;
  g_autoptr(GError) error = NULL;
  if (!consent_possible(line, &error))
    return report_error(line->report, error);
  deletion->asked = g_ptr_array_new_with_free_func((GDestroyNotify)target_free);
  SessionRequest session = {.no_history = TRUE};
  int status = session_run(line, &session, snapshot, NULL, deletion);
  if (status != 0 || deletion->asked->len == 0)
    return status;
  g_autofree char *text = question(deletion);
  return consent_ask(line, FALSE, text, &error) ? 0 : report_error(line->report, error);
}

static int
run_delete(const CommandLine *line)
{
  const Options *options = line->options;
  Deletion deletion = {.line = line, .options = options};
  int status = options->yes || line->args[0] == NULL ? 0 : confirm(&deletion);
  TargetRequest request = {
      .history_dir = options->history,
      .no_history = options->no_history,
      .writes = TRUE,
      .args = line->args,
      .act = delete_target,
      .tell = tell_deleted,
      .data = &deletion,
  };
  if (status == 0)
    status = target_command_run(line, &request);
  g_clear_pointer(&deletion.asked, g_ptr_array_unref);
  g_free(deletion.server);
  return status;
}

const Command command_delete = {
    .name = "delete",
    .summary = N_("Delete plugins from the server, keeping what brings them back"),
    .usage = N_("NAME..."),
    .examples = "owup delete old_filter\nowup rollback old_filter",
    COMMAND_OPTIONS(option_table),
    .needs_server = TRUE,
    .args = ARGS_PLUGINS,
    .run = run_delete,
};
