/* SPDX-License-Identifier: MIT */
#include "valves_misfit.h"

#include "client_admin.h"
#include "outline.h"
#include "valves_schema.h"

#include <glib/gi18n.h>
#include <string.h>

/* Every `class Valves` with its block, less blanks and comments. */
static char *
valves_text(GBytes *content)
{
  gsize len;
  const char *all = g_bytes_get_data(content, &len);
  g_autoptr(Outline) outline = outline_read(all, len, TRUE);
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < outline->items->len; i++) {
    const OutlineItem *item = outline->items->pdata[i];
    if (item->type != OUTLINE_CLASS || !g_str_equal(item->name, "Valves"))
      continue;
    g_autofree char *block = outline_class_text(item);
    g_string_append(g_string_append_c(text, '\n'), block);
  }
  return g_string_free(text, FALSE);
}

/* Does the text of the `class Valves` blocks differ? */
static gboolean
blocks_differ(GBytes *a, GBytes *b)
{
  g_autofree char *left = valves_text(a);
  g_autofree char *right = valves_text(b);
  return strcmp(left, right) != 0;
}

void
valves_misfit(Deployment *d)
{
  if (d->seen.before == NULL || d->done.confirmed == NULL || d->seen.before->version_id != NULL ||
      !blocks_differ(d->seen.before->content, d->plan.payload->stored))
    return;
  json_auto_t *valves = client_valves(d->client, d->family, d->id, NULL);
  json_auto_t *spec = valves != NULL && json_object_size(valves) > 0
                          ? client_valves_spec(d->client, d->family, d->id, NULL)
                          : NULL;
  if (spec == NULL)
    return;
  g_autoptr(GPtrArray) lines = valves_schema_check(spec, valves);
  for (guint i = 0; i < lines->len; i++)
    deployment_note_naming(d, d->plan.payload->name, NOTE_WARNING,
                           _("Valves of '%s': %s (owup valves %s)"), d->plan.payload->name,
                           (const char *)g_ptr_array_index(lines, i), d->id);
}
