#include "ask.h"
#include "each_target.h"
#include "error.h"
#include "removal.h"

#include <glib/gi18n.h>

typedef struct {
  gboolean yes, no_valves, no_history;
  char *history;
} Options;

static const GOptionEntry entries[] = {
    {"yes", 'y', 0, G_OPTION_ARG_NONE, OPTION_FIELD(Options, yes), N_("Do not ask"), NULL},
    {"no-valves", 0, 0, G_OPTION_ARG_NONE, OPTION_FIELD(Options, no_valves),
     N_("Keep no valves, which may hold secrets, in the history"), NULL},
    OPTION_HISTORY(Options),
    {"no-history", 0, 0, G_OPTION_ARG_NONE, OPTION_FIELD(Options, no_history),
     N_("Keep nothing: it cannot come back"), NULL},
    {NULL},
};

static gpointer
act(const DeployContext *context, const Target *target, gpointer data, GError **error)
{
  const Options *options = data;
  if (context->history == NULL && !options->no_history) {
    owup_error_set(error, OWUP_ERROR_LOCAL_STATE, _("Not deleted, since nothing could be kept: %s"),
                   context->history_error->message);
    if (error != NULL)
      owup_error_set_hint(
          *error, _("Mend it, name another place (--history DIR), or keep nothing: --no-history."));
    return NULL;
  }
  removal_run(context->server, context->cancel, context->history, target, !options->no_valves,
              error);
  return NULL;
}

static void
tell(const CommandLine *line, const TargetResult *result, gpointer data)
{
  const Options *options = data;
  if (report_is_json(line->report)) {
    json_t *object = target_result_json("delete", result);
    json_object_set_new(object, "result",
                        json_string(result->error == NULL ? "deleted" : "failed"));
    json_object_set_new(object, "kept",
                        json_boolean(result->error == NULL && !options->no_history));
    report_json(line->report, object);
  } else if (result->error != NULL) {
    report_error(line->report, result->error);
  } else {
    report_line(line->report, _("✅ Deleted '%s'."), target_label(result->target));
    if (!options->no_history)
      report_note(
          line->report,
          options->no_valves
              ? _("   Its code, meta and flags are kept. To bring it back: owup rollback %s")
              : _("   Its code, meta, flags and valves are kept. To bring it back: owup rollback "
                  "%s"),
          result->target->id);
  }
}

static gboolean
confirm(const CommandLine *line, const Options *options, GError **error)
{
  if (line->words[0] == NULL)
    return TRUE;
  g_autofree char *names = g_strjoinv(", ", line->words);
  g_autofree char *question =
      g_strdup_printf(_("Delete %s from the server? It keeps %s in the local history."), names,
                      options->no_history  ? _("nothing")
                      : options->no_valves ? _("code, meta and flags")
                                           : _("code, meta, flags and valves, secrets included,"));
  return ask_consent(line, options->yes, question, error);
}

static int
run(const CommandLine *line)
{
  Options *options = line->options;
  g_autoptr(GError) error = NULL;
  if (!confirm(line, options, &error))
    return report_error(line->report, error);
  TargetRequest request = {
      .history_dir = options->history,
      .no_history = options->no_history,
      .writes = TRUE,
      .words = line->words,
      .act = act,
      .tell = tell,
      .data = options,
  };
  return each_target(line, &request);
}

const Command command_delete = {
    .name = "delete",
    .summary = N_("Delete plugins from the server, keeping what brings them back"),
    .usage = N_("NAME..."),
    .examples = "owup delete old_filter\nowup rollback old_filter",
    .options = entries,
    .options_size = sizeof(Options),
    .needs_server = TRUE,
    .words = WORDS_PLUGINS,
    .run = run,
};
