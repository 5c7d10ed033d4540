/* SPDX-License-Identifier: MIT */
#include "command_table.h"
#include "target_command.h"

#include "confirmed_flags.h"
#include "error.h"
#include "model_list.h"

#include <glib/gi18n.h>

typedef struct {
  gboolean global, no_global;
} Options;

static const Option option_table[] = {
    OPTION_FLAG("global", 0, global, "Also for every model"),
    OPTION_FLAG("no-global", 0, no_global, "No longer for every model"),
    {NULL},
};

typedef struct {
  gboolean active;
  const Options *options;
} Wish;

static gboolean
wanted_global(const Wish *wish, gboolean now)
{
  if (wish->options->global || wish->options->no_global)
    return wish->options->global;
  return now;
}

typedef struct {
  FlagsChange change;
  gboolean pipe;
  char *untrue; /* what Open WebUI's model list does not show yet, or NULL */
} Done;

static void
done_free(Done *done)
{
  if (done != NULL)
    g_free(done->untrue);
  g_free(done);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Done, done_free)

/* Also where it was so already: whoever switched it may not have read the list. */
static char *
renew_models(const DeployContext *context, const Target *target, gboolean active)
{
  ModelListWish wish = {target->id, target_label(target), active, FALSE};
  return model_list_renew(context->client, context->cancel, &wish);
}

/* Returns what was done, with an error too. */
static gpointer
switch_target(const DeployContext *context, const Target *target, gpointer data, GError **error)
{
  const Wish *wish = data;
  if (target->family == FAMILY_TOOL) {
    owup_error_set(error, OWUP_ERROR_USAGE, _("'%s' is a tool; tools have no switch"),
                   target_label(target));
    if (error != NULL)
      owup_error_set_hint(*error,
                          _("Who may use it is set at Workspace > Tools, in its Access settings."));
    return NULL;
  }
  Done *done = g_new0(Done, 1);
  client_begin_write(context->client);
  gboolean well =
      confirmed_flags_set(context->client, context->cancel, target->id, wish->active,
                          wanted_global(wish, target->remote->is_global), &done->change, error);
  client_end_write(context->client);
  done->pipe = g_strcmp0(target->remote->type, "pipe") == 0;
  if (done->pipe && (well || done->change.active_changed))
    done->untrue = renew_models(context, target, wish->active);
  return done;
}

/* Two flags are two requests: the first may be done when the second fails. */
static void
tell_failure(Report *report, const Wish *wish, const TargetResult *result,
             const FlagsChange *change)
{
  report_error(report, result->error);
  if (change != NULL && change->active_changed)
    report_fault(report, MARK_UNDER,
                 wish->active ? _("It is enabled now all the same.")
                              : _("It is disabled now all the same."));
}

static void
tell_switched(const CommandLine *line, const TargetResult *result, gpointer data)
{
  const Wish *wish = data;
  g_autoptr(Done) done = result->found;
  const FlagsChange *change = done != NULL ? &done->change : NULL;
  const char *untrue = done != NULL ? done->untrue : NULL;
  gboolean changed = change != NULL && (change->active_changed || change->global_changed);
  gboolean global = result->error == NULL && wanted_global(wish, result->target->remote->is_global);
  if (report_is_json(line->report)) {
    report_target_flags(line->report, result, change, wish->active, global, untrue);
    return;
  }
  if (result->error != NULL) {
    tell_failure(line->report, wish, result, change);
    return;
  }
  const char *state = wish->active ? _("enabled") : _("disabled");
  const char *scope = global ? _(", for every model") : "";
  if (changed)
    report_line(line->report, MARK_DONE, "'%s': %s%s.", target_label(result->target), state, scope);
  else
    report_line(line->report, MARK_DONE, _("'%s' was already %s%s."), target_label(result->target),
                state, scope);
  if (untrue != NULL)
    report_note(line->report, NOTE_WARNING, "%s", untrue);
  else if (done != NULL && done->pipe && !wish->active)
    report_note(line->report, NOTE_HINT,
                _("Chats no longer find it. A server with several workers and no Redis stops it in "
                  "each of them at its own next read of the model list."));
}

static int
run_switch(const CommandLine *line, gboolean active)
{
  const Options *options = line->options;
  if (options->global && options->no_global) {
    g_autoptr(GError) error =
        owup_error_new(OWUP_ERROR_USAGE, _("--global and --no-global exclude each other"));
    return report_error(line->report, error);
  }
  Wish wish = {.active = active, .options = options};
  TargetRequest request = {.writes = TRUE,
                           .args = line->args,
                           .act = switch_target,
                           .tell = tell_switched,
                           .data = &wish};
  return target_command_run(line, &request);
}

static int
run_enable(const CommandLine *line)
{
  return run_switch(line, TRUE);
}

static int
run_disable(const CommandLine *line)
{
  return run_switch(line, FALSE);
}

const Command command_enable = {
    .name = "enable",
    .summary = N_("Switch functions on"),
    .usage = N_("NAME..."),
    .examples = "owup enable my_filter --global",
    COMMAND_OPTIONS(option_table),
    .needs_server = TRUE,
    .args = ARGS_PLUGINS,
    .run = run_enable,
};

const Command command_disable = {
    .name = "disable",
    .summary = N_("Switch functions off, leaving code and valves as they are"),
    .usage = N_("NAME..."),
    .examples = "owup disable my_filter",
    COMMAND_OPTIONS(option_table),
    .needs_server = TRUE,
    .args = ARGS_PLUGINS,
    .run = run_disable,
};
