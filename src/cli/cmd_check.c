#include "command.h"

#include "error.h"
#include "plugin_json.h"
#include "pycheck.h"
#include "selection.h"

#include <glib/gi18n.h>

typedef struct {
  char *id;
  char *type;
  char **excludes;
  gboolean all;
  gboolean localized;
} CheckOptions;

/* One plugin, judged. */
typedef struct {
  GPtrArray *diagnostics; /* of Diagnostic */
  gboolean no_python;     /* only our own scan was made */
} Verdict;

static void
verdict_clear(Verdict *verdict)
{
  g_ptr_array_unref(verdict->diagnostics);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Verdict, verdict_clear)

/* The scan's findings; where there are none, a local python3 is asked too. */
static Verdict
judge(const Plugin *plugin)
{
  Verdict verdict = {g_ptr_array_new_with_free_func((GDestroyNotify)diagnostic_free), FALSE};
  Diagnostic *found = NULL;
  for (guint i = 0; i < plugin->diagnostics->len; i++)
    g_ptr_array_add(verdict.diagnostics,
                    diagnostic_copy(g_ptr_array_index(plugin->diagnostics, i)));
  if (verdict.diagnostics->len > 0)
    return verdict;
  PycheckResult result = python_check(plugin->file, plugin->content, plugin->held, &found);
  verdict.no_python = result == PYCHECK_UNAVAILABLE;
  if (result == PYCHECK_BROKEN && found != NULL)
    g_ptr_array_add(verdict.diagnostics, found);
  return verdict;
}

static void
print_fine(Report *report, const Plugin *plugin)
{
  if (plugin->version != NULL)
    report_line(report, _("✅ '%s' is fine (%s, version %s)"), plugin_label(plugin),
                kind_name(plugin->kind), plugin->version);
  else
    report_line(report, _("✅ '%s' is fine (%s, no version)"), plugin_label(plugin),
                kind_name(plugin->kind));
}

static void
print_verdict(Report *report, const Plugin *plugin, const Verdict *verdict)
{
  if (verdict->diagnostics->len == 0) {
    print_fine(report, plugin);
    return;
  }
  report_fault(report, _("❌ '%s' is invalid:"), plugin_label(plugin));
  for (guint i = 0; i < verdict->diagnostics->len; i++)
    report_diagnostic(report, g_ptr_array_index(verdict->diagnostics, i));
}

static void
json_result(Report *report, json_t *object, const GPtrArray *diagnostics, const GError *error)
{
  gboolean fine = error == NULL && (diagnostics == NULL || diagnostics->len == 0);
  json_object_set_new(object, "result", json_string(fine ? "fine" : "invalid"));
  json_object_set_new(object, "error", report_error_json(error));
  json_object_set_new(object, "diagnostics",
                      diagnostics != NULL ? report_diagnostics_json(diagnostics) : json_array());
  report_json(report, object);
}

/* Nothing to judge: no such plugin, an unreadable file, an id that another file has too. */
static int
check_unread(Report *report, const Selected *selected)
{
  if (!report_is_json(report))
    return report_error(report, selected->error);
  json_t *object = selected->plugin != NULL ? plugin_json(selected->plugin) : json_object();
  json_object_set_new(object, "type", json_string("plugin"));
  if (selected->plugin == NULL) {
    g_autofree char *word = g_utf8_make_valid(selected->word, -1);
    json_object_set_new(object, "file", json_string(word));
  }
  json_result(report, object, NULL, selected->error);
  return owup_error_exit((OwupErrorCode)selected->error->code);
}

/* Returns the exit status for this one. */
static int
check_one(Report *report, const Selected *selected, gboolean *no_python)
{
  if (selected->error != NULL)
    return check_unread(report, selected);
  g_auto(Verdict) verdict = judge(selected->plugin);
  *no_python |= verdict.no_python;
  if (report_is_json(report))
    json_result(report, plugin_json(selected->plugin), verdict.diagnostics, NULL);
  else
    print_verdict(report, selected->plugin, &verdict);
  return verdict.diagnostics->len > 0 ? owup_error_exit(OWUP_ERROR_LOCAL_PLUGIN) : 0;
}

static void
print_end(Report *report, const Selection *selection, guint failed, gboolean no_python)
{
  g_autofree char *left_out = selection_left_out(selection);
  guint total = selection->items->len;
  if (left_out != NULL)
    report_note(report, "%s", left_out);
  if (total > 1)
    report_line(report, _("%u plugins: %u fine, %u invalid"), total, total - failed, failed);
  if (no_python)
    report_note(report, _("   Checked without Python: no python3 of 3.11 or newer was found."));
}

static int
run_check(const CommandLine *line)
{
  const CheckOptions *options = line->options;
  SelectionRequest request = {
      .command = "check",
      .words = line->words,
      .all = options->all,
      .excludes = options->excludes,
      .localized = options->localized,
      .id = options->id,
      .type_text = options->type,
  };
  gint64 since = g_get_monotonic_time();
  g_autoptr(GError) error = NULL;
  g_autoptr(Selection) selection = selection_make(&request, &error);
  if (selection == NULL)
    return report_error(line->report, error);
  int status = 0;
  guint failed = 0;
  gboolean no_python = FALSE;
  for (guint i = 0; i < selection->items->len; i++) {
    int one = check_one(line->report, g_ptr_array_index(selection->items, i), &no_python);
    failed += one != 0;
    status = status != 0 ? status : one;
  }
  if (line->global.json)
    report_json(line->report, summary_json(selection->items->len, failed, status,
                                           (g_get_monotonic_time() - since) / 1000));
  print_end(line->report, selection, failed, no_python);
  return status;
}

static const GOptionEntry check_options[] = {
    {"all", 'a', 0, G_OPTION_ARG_NONE, OPTION_FIELD(CheckOptions, all),
     N_("Every plugin below DIR, or the project's root"), NULL},
    {"type", 't', 0, G_OPTION_ARG_FILENAME, OPTION_FIELD(CheckOptions, type),
     N_("Only pipe, filter, action, event or tool"), N_("KIND")},
    {"exclude", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, OPTION_FIELD(CheckOptions, excludes),
     N_("With --all: leave out what matches; may be repeated"), N_("GLOB")},
    {"localized", 0, 0, G_OPTION_ARG_NONE, OPTION_FIELD(CheckOptions, localized),
     N_("With --all: localized copies (X_cn.py beside X.py) too"), NULL},
    {"id", 0, 0, G_OPTION_ARG_FILENAME, OPTION_FIELD(CheckOptions, id),
     N_("The id to check it under"), N_("ID")},
    {NULL},
};

const Command command_check = {
    .name = "check",
    .summary = N_("Check plugins here, without a server"),
    .usage = N_("[PLUGIN…] | --all [DIR]"),
    .details =
        N_("PLUGIN is a file, a folder, a name, or - for standard input (with --id). Without\n"
           "one, the only plugin of the current folder. A python3 of 3.11 or newer is asked\n"
           "too where there is one; the plugin itself never runs. Exit status 5: invalid."),
    .examples = "owup check my_filter.py\n"
                "owup check --all\n",
    .options = check_options,
    .options_size = sizeof(CheckOptions),
    .words = WORDS_PLUGINS,
    .run = run_check,
};
