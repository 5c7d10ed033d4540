#include "report_history.h"

#include "termtext.h"
#include "timetext.h"

#include <glib/gi18n.h>

enum {
  COLUMN_NUMBER,
  COLUMN_WHEN,
  COLUMN_WHO,
  COLUMN_VERSION,
  COLUMN_DIGEST,
  COLUMN_WHERE,
  COLUMN_MESSAGE,
  N_COLUMNS
};

static gboolean
is_live(const Past *past, const PastVersion *version)
{
  return past->live != NULL && version->number == 0;
}

static const char *
where(const PastVersion *version)
{
  if (version->here && version->there)
    return N_("both");
  return version->here ? N_("here") : N_("server");
}

static gboolean
is_ours(const PastVersion *version)
{
  const HistoryEntry *origin = version->origin;
  return origin != NULL &&
         (origin->action == HISTORY_SENT || origin->action == HISTORY_ROLLED_BACK);
}

static char *
describe(const Past *past, const PastVersion *version)
{
  const char *message = version->message != NULL ? version->message : "";
  gboolean deleted = version->state != NULL && version->state->action == HISTORY_DELETED;
  const char *mark = is_live(past, version) ? _("live") : deleted ? _("deleted") : NULL;
  if (mark == NULL)
    return g_strdup(message);
  return g_strdup_printf("(%s)%s%s", mark, *message != '\0' ? " " : "", message);
}

static char **
make_row(const Past *past, const PastVersion *version)
{
  char **row = g_new0(char *, N_COLUMNS + 1);
  row[COLUMN_NUMBER] = g_strdup_printf("%u", version->number);
  row[COLUMN_WHEN] = time_text(version->at);
  if (row[COLUMN_WHEN] == NULL)
    row[COLUMN_WHEN] = g_strdup("-");
  row[COLUMN_WHO] = g_strdup(version->user != NULL ? version->user
                             : is_ours(version)    ? "owup"
                                                   : "-");
  row[COLUMN_VERSION] = g_strdup(version->version != NULL ? version->version : "-");
  row[COLUMN_DIGEST] = version->digest != NULL ? past_short_digest(version->digest) : g_strdup("-");
  row[COLUMN_WHERE] = g_strdup(_(where(version)));
  row[COLUMN_MESSAGE] = describe(past, version);
  for (int i = 0; i < N_COLUMNS; i++) {
    char *safe = text_safe(row[i], FALSE);
    g_free(row[i]);
    row[i] = safe;
  }
  return row;
}

static char **
make_head(void)
{
  const char *const words[] = {_("N"),      _("WHEN"),  _("WHO"),     _("VERSION"),
                               _("DIGEST"), _("WHERE"), _("MESSAGE"), NULL};
  return g_strdupv((char **)words);
}

static void
print_row(Report *report, char **row, const gsize *widths)
{
  g_autoptr(GString) text = g_string_new(NULL);
  for (int i = 0; i < N_COLUMNS; i++) {
    g_autofree char *cell = i < N_COLUMNS - 1 ? text_fit(row[i], widths[i]) : g_strdup(row[i]);
    g_string_append_printf(text, "%s%s", i > 0 ? "  " : "", cell);
  }
  g_strchomp(text->str);
  report_line(report, "%s", text->str);
}

static void
print_table(Report *report, const Past *past, guint shown)
{
  gsize widths[N_COLUMNS] = {0};
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
  g_ptr_array_add(rows, make_head());
  for (guint i = 0; i < shown; i++)
    g_ptr_array_add(rows, make_row(past, g_ptr_array_index(past->versions, i)));
  for (guint i = 0; i < rows->len; i++)
    for (int column = 0; column < N_COLUMNS; column++)
      widths[column] = MAX(widths[column], text_width(((char **)rows->pdata[i])[column]));
  for (guint i = 0; i < rows->len; i++)
    print_row(report, rows->pdata[i], widths);
}

static json_t *
text_json(const char *text)
{
  g_autofree char *valid = text != NULL ? g_utf8_make_valid(text, -1) : NULL;
  return valid != NULL ? json_string(valid) : json_null();
}

json_t *
past_version_json(const Past *past, const PastVersion *version)
{
  const HistoryEntry *origin = version->origin, *state = version->state;
  const char *name = version->name == NULL && state != NULL ? state->name : version->name;
  g_autofree char *at = time_text_utc(version->at);
  json_t *object = json_object();
  json_object_set_new(object, "type", json_string("version"));
  json_object_set_new(object, "id", text_json(past->id));
  json_object_set_new(object, "number", json_integer(version->number));
  json_object_set_new(object, "live", json_boolean(is_live(past, version)));
  json_object_set_new(object, "at", text_json(at));
  json_object_set_new(object, "user", text_json(version->user));
  json_object_set_new(object, "version", text_json(version->version));
  json_object_set_new(object, "message", text_json(version->message));
  json_object_set_new(object, "sha256", text_json(version->digest));
  json_object_set_new(object, "where", json_string(where(version)));
  json_object_set_new(object, "version_id", text_json(version->version_id));
  json_object_set_new(object, "name", text_json(name));
  json_object_set_new(object, "action",
                      text_json(state != NULL && state->action == HISTORY_DELETED
                                    ? history_action_name(HISTORY_DELETED)
                                : origin != NULL ? history_action_name(origin->action)
                                                 : NULL));
  json_object_set_new(object, "from", text_json(origin != NULL ? origin->from : NULL));
  return object;
}

void
report_history(Report *report, const Past *past, guint most)
{
  guint shown = most == 0 ? past->versions->len : MIN(most, past->versions->len);
  if (!report_is_json(report)) {
    print_table(report, past, shown);
    return;
  }
  for (guint i = 0; i < shown; i++)
    report_json(report, past_version_json(past, g_ptr_array_index(past->versions, i)));
}
