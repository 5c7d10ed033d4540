/* SPDX-License-Identifier: MIT */
#include "bump.h"

#include "edit_distance.h"
#include "error.h"
#include "frontmatter.h"
#include "frontmatter_lint.h"
#include "plugin_version.h"

#include <glib/gi18n.h>
#include <string.h>

/* A word further away than this is no slip of the finger. */
#define SLIPS 2

static const char *const words[] = {
    [BUMP_PATCH] = "patch", [BUMP_MINOR] = "minor", [BUMP_MAJOR] = "major"};

gboolean
bump_parse(const char *word, BumpPart *part)
{
  for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
    if (g_ascii_strcasecmp(word, words[i]) == 0) {
      *part = (BumpPart)i;
      return TRUE;
    }
  }
  return FALSE;
}

const char *
bump_nearest(const char *word)
{
  guint best = SLIPS + 1;
  const char *nearest = NULL;
  for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
    guint distance = edit_distance(word, words[i], SLIPS);
    if (distance < best) {
      best = distance;
      nearest = words[i];
    }
  }
  return nearest;
}

static char *
fail_version(const char *version, GError **error)
{
  owup_error_set(error, OWUP_ERROR_LOCAL_PLUGIN,
                 _("The version is \"%s\", not MAJOR.MINOR.PATCH as in 1.3.0"), version);
  owup_error_add_hint(error, _("Write one of three numbers there first: version: 1.0.0"));
  return NULL;
}

char *
bump_version(const char *version, BumpPart part, GError **error)
{
  guint64 number;
  if (!plugin_version_is_strict(version))
    return fail_version(version, error);
  g_auto(GStrv) parts = g_strsplit(version, ".", -1);
  guint index = part == BUMP_MAJOR ? 0 : part == BUMP_MINOR ? 1 : 2;
  if (!g_ascii_string_to_unsigned(parts[index], 10, 0, G_MAXUINT64 - 1, &number, NULL))
    return fail_version(version, error);
  for (guint i = index; i < 3; i++) {
    g_free(parts[i]);
    parts[i] = i == index ? g_strdup_printf("%" G_GUINT64_FORMAT, number + 1) : g_strdup("0");
  }
  return g_strjoinv(".", parts);
}

static GBytes *
fail_line(GError **error)
{
  owup_error_set(error, OWUP_ERROR_LOCAL_PLUGIN, _("The docstring has no version line"));
  owup_error_add_hint(error, _("Add one there: version: 1.0.0"));
  return NULL;
}

/* There is no version that a server reads: perhaps one that none reads. */
static GBytes *
fail_version_line(const char *text, gsize len, const Frontmatter *frontmatter, GError **error)
{
  g_autoptr(GPtrArray) unread = frontmatter_lint("", text, len, frontmatter);
  if (unread->len == 0)
    return fail_line(error);
  const Diagnostic *first = g_ptr_array_index(unread, 0);
  for (guint i = 0; i < unread->len && strstr(first->message, "\"version:") == NULL; i++)
    first = g_ptr_array_index(unread, i);
  return owup_error_null(error, OWUP_ERROR_LOCAL_PLUGIN,
                         _("No version line that a server reads; line %d: %s"), first->line,
                         first->message);
}

/* Bytes [start, start + length) of `content` become `text`. */
static GBytes *
replace(GBytes *content, gsize start, gsize length, const char *text)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data(content, &size);
  GByteArray *out = g_byte_array_new();
  g_byte_array_append(out, bytes, (guint)start);
  g_byte_array_append(out, (const guint8 *)text, (guint)strlen(text));
  g_byte_array_append(out, bytes + start + length, (guint)(size - start - length));
  return g_byte_array_free_to_bytes(out);
}

GBytes *
bump_content(GBytes *content, BumpPart part, char **from, char **to, GError **error)
{
  gsize size, start, length;
  const char *text = g_bytes_get_data(content, &size);
  if (text == NULL)
    return fail_line(error);
  gsize bom = size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
  if (!g_utf8_validate_len(text, size, NULL))
    return owup_error_null(error, OWUP_ERROR_LOCAL_PLUGIN, _("The file is not UTF-8"));
  g_autoptr(Frontmatter) frontmatter = frontmatter_parse(text + bom, size - bom);
  if (!frontmatter_place(frontmatter, "version", &start, &length) || length == 0)
    return fail_version_line(text + bom, size - bom, frontmatter, error);
  g_autofree char *old = g_strndup(text + bom + start, length);
  g_autofree char *new = bump_version(old, part, error);
  if (new == NULL)
    return NULL;
  GBytes *bumped = replace(content, bom + start, length, new);
  *from = g_steal_pointer(&old);
  *to = g_steal_pointer(&new);
  return bumped;
}
