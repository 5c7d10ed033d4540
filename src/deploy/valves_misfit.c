#include "valves_misfit.h"

#include "client_admin.h"
#include "valves_schema.h"

#include <glib/gi18n.h>
#include <string.h>

static gsize
indent_of(const char *line, gsize len)
{
  gsize n = 0;
  while (n < len && (line[n] == ' ' || line[n] == '\t'))
    n++;
  return n;
}

static gboolean
is_blank(const char *line, gsize len)
{
  gsize n = indent_of(line, len);
  return n == len || line[n] == '\r' || line[n] == '#';
}

static gboolean
begins_block(const char *line, gsize len)
{
  gsize n = indent_of(line, len);
  return len - n > strlen("class Valves") &&
         memcmp(line + n, "class Valves", strlen("class Valves")) == 0 &&
         !g_ascii_isalnum(line[n + strlen("class Valves")]);
}

/* The lines of every `class Valves` with what is indented below, less blank lines and comments. */
static char *
valves_text(GBytes *content)
{
  gsize size, depth = 0;
  gboolean inside = FALSE;
  const char *at = g_bytes_get_data(content, &size);
  const char *end = at + size;
  GString *text = g_string_new(NULL);
  while (at < end) {
    const char *stop = memchr(at, '\n', (gsize)(end - at));
    gsize len = (gsize)((stop != NULL ? stop : end) - at);
    if (!is_blank(at, len)) {
      gsize indent = indent_of(at, len);
      if (begins_block(at, len)) {
        inside = TRUE;
        depth = indent;
      } else if (indent <= depth) {
        inside = FALSE;
      }
      if (inside)
        g_string_append_len(g_string_append_c(text, '\n'), at, (gssize)len);
    }
    at += len + 1;
  }
  return g_string_free(text, FALSE);
}

/* Does the text of the `class Valves` blocks (also UserValves) differ? */
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
