/* SPDX-License-Identifier: MIT */
#include "report_history.h"

#include "json_fields.h"
#include "report_private.h"
#include "report_table.h"
#include "time_text.h"

#include <glib/gi18n.h>
#include <stdio.h>

static const TableColumn columns[] = {
    {.head = N_("N")},
    {.head = N_("WHEN")},
    {.head = N_("WHO"), .least = 8, .words = TRUE},
    {.head = N_("VERSION"), .least = 8, .words = TRUE},
    {.head = N_("DIGEST")},
    {.head = N_("WHERE")},
    {.head = N_("MESSAGE"), .least = 16, .words = TRUE},
};

static gboolean
is_live(const VersionList *versions, const Version *version)
{
  return versions->live != NULL && version->number == 0;
}

static const char *
where(const Version *version)
{
  if (version->here && version->there)
    return N_("both");
  return version->here ? N_("here") : N_("server");
}

static gboolean
is_ours(const Version *version)
{
  const HistoryEntry *origin = version->origin;
  return origin != NULL &&
         (origin->action == HISTORY_SENT || origin->action == HISTORY_ROLLED_BACK);
}

static char *
describe(const VersionList *versions, const Version *version)
{
  const char *message = version->message != NULL ? version->message : "";
  gboolean deleted = version->state != NULL && version->state->action == HISTORY_DELETED;
  const char *mark = is_live(versions, version) ? _("live") : deleted ? _("deleted") : NULL;
  if (mark == NULL)
    return g_strdup(message);
  return g_strdup_printf("(%s)%s%s", mark, *message != '\0' ? " " : "", message);
}

static void
add_row(ReportTable *table, const VersionList *versions, const Version *version)
{
  g_autofree char *number = g_strdup_printf("%u", version->number);
  g_autofree char *when = time_text(version->at);
  g_autofree char *digest =
      version->digest != NULL ? version_list_short_digest(version->digest) : NULL;
  g_autofree char *message = describe(versions, version);
  const char *who = version->user == NULL && is_ours(version) ? "owup" : version->user;
  const char *const cells[G_N_ELEMENTS(columns)] = {
      number, when, who, version->version, digest, _(where(version)), message};
  report_table_add(table, cells, NULL);
}

static void
print_table(Report *report, const VersionList *versions, guint shown)
{
  g_autoptr(ReportTable) table = report_table_new(columns, G_N_ELEMENTS(columns));
  for (guint i = 0; i < shown; i++)
    add_row(table, versions, g_ptr_array_index(versions->versions, i));
  report_table_print(table, report);
}

static json_t *
version_json(const VersionList *versions, const Version *version)
{
  const HistoryEntry *origin = version->origin, *state = version->state;
  const char *name = version->name == NULL && state != NULL ? state->name : version->name;
  g_autofree char *at = time_text_utc(version->at);
  json_t *object = json_fields_new("version");
  json_add_text(object, "id", versions->id);
  json_add_int(object, "number", version->number);
  json_add_bool(object, "live", is_live(versions, version));
  json_add_text(object, "at", at);
  json_add_text(object, "user", version->user);
  json_add_text(object, "version", version->version);
  json_add_text(object, "message", version->message);
  json_add_text(object, "sha256", version->digest);
  json_add_text(object, "where", where(version));
  json_add_text(object, "version_id", version->version_id);
  json_add_text(object, "name", name);
  json_add_text(object, "action",
                state != NULL && state->action == HISTORY_DELETED
                    ? history_action_name(HISTORY_DELETED)
                : origin != NULL ? history_action_name(origin->action)
                                 : NULL);
  json_add_text(object, "from", origin != NULL ? origin->from : NULL);
  return object;
}

void
report_history(Report *report, const VersionList *versions, guint most)
{
  guint shown = most == 0 ? versions->versions->len : MIN(most, versions->versions->len);
  if (!report_is_json(report)) {
    print_table(report, versions, shown);
    return;
  }
  for (guint i = 0; i < shown; i++)
    report_json(report, version_json(versions, g_ptr_array_index(versions->versions, i)));
}

void
report_history_text(Report *report, const VersionList *versions, const Version *version)
{
  gsize size;
  const char *text = g_bytes_get_data(version->content, &size);
  if (report_is_json(report)) {
    json_t *object = version_json(versions, version);
    json_object_set_new(object, "content", json_stringn(text != NULL ? text : "", size));
    report_json(report, object);
  } else {
    report_text_code(report, text != NULL ? text : "", size);
  }
}

void
report_history_purged(Report *report, const char *id, guint removed)
{
  json_t *object = json_fields_new("purge");
  json_add_text(object, "id", id);
  json_add_int(object, "removed", removed);
  json_add_text(object, "result", "purged");
  report_json(report, object);
  report_line(report, MARK_DONE, _("Forgot all that was kept here of '%s' (%u entries)."), id,
              removed);
}

static void
print_check_json(Report *report, const char *dir, const HistoryCheck *check)
{
  json_t *object = json_fields_new("history_check");
  json_t *lost = json_array();
  json_add_text(object, "folder", dir);
  json_add_int(object, "entries", check->entries);
  json_add_text(object, "moved", check->moved);
  json_add_int(object, "salvaged", check->salvaged);
  for (guint i = 0; i < check->lost->len; i++) {
    const HistoryEntry *entry = g_ptr_array_index(check->lost, i);
    json_t *one = json_object();
    json_add_text(one, "server", entry->server);
    json_add_text(one, "id", entry->id);
    json_add_text(one, "version", entry->version);
    json_add_text(one, "digest", entry->digest);
    json_array_append_new(lost, one);
  }
  json_object_set_new(object, "lost", lost);
  report_json(report, object);
}

void
report_history_checked(Report *report, const char *dir, const HistoryCheck *check)
{
  if (report_is_json(report)) {
    print_check_json(report, dir, check);
    return;
  }
  g_autofree char *shown = g_filename_display_name(dir);
  if (check->moved != NULL) {
    g_autofree char *moved = g_filename_display_name(check->moved);
    report_line(report, MARK_WARNING, _("The history in %s was damaged; it is now %s."), shown,
                moved);
    report_line(report, MARK_UNDER, _("Read from it: %u rows. What else it held is lost."),
                check->salvaged);
  }
  for (guint i = 0; i < check->lost->len; i++) {
    const HistoryEntry *entry = g_ptr_array_index(check->lost, i);
    report_line(report, MARK_WARNING, _("Lost: %s %s of '%s' on %s"),
                entry->version != NULL ? entry->version : "-", entry->digest, entry->id,
                entry->server);
  }
  report_line(report, MARK_DONE,
              ngettext("The history is in order: %u entry in %s",
                       "The history is in order: %u entries in %s", check->entries),
              check->entries, shown);
}
