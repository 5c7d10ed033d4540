/* SPDX-License-Identifier: MIT */
#include "error.h"
#include "version_list.h"

#include <glib/gi18n.h>
#include <string.h>

/* A shorter beginning of a digest is more likely something else. */
#define PREFIX_MIN 4
/* Each may be a request. */
#define READ_LIMIT 200

/* What was asked for, in one go through the list. */
typedef struct {
  VersionList *versions;
  const char *word;
  char *prefix; /* of a digest, in lower case; NULL: it cannot be one */
  gboolean skip_live;
} Search;

static char *
digest_prefix(const char *word)
{
  gsize length = strlen(word);
  if (length < PREFIX_MIN || length > 64)
    return NULL;
  for (const char *at = word; *at != '\0'; at++)
    if (!g_ascii_isxdigit(*at))
      return NULL;
  return g_ascii_strdown(word, -1);
}

static Version *
find_number(const VersionList *versions, const char *word)
{
  guint64 number;
  if (!g_ascii_string_to_unsigned(word, 10, 0, G_MAXINT, &number, NULL))
    return NULL;
  for (guint i = 0; i < versions->versions->len; i++) {
    Version *version = g_ptr_array_index(versions->versions, i);
    if (version->number == number)
      return version;
  }
  return NULL;
}

static gboolean
has_digest(const Version *version, const char *prefix)
{
  const char *sent = version->origin != NULL ? version->origin->sent_digest : NULL;
  if (prefix == NULL || version->digest == NULL)
    return FALSE;
  return g_str_has_prefix(version->digest, prefix) ||
         (sent != NULL && g_str_has_prefix(sent, prefix));
}

/* The newest whose digest is known and fits. FALSE: several texts do. */
static gboolean
find_digest(const Search *search, Version **hit, GError **error)
{
  for (guint i = 0; i < search->versions->versions->len; i++) {
    Version *version = g_ptr_array_index(search->versions->versions, i);
    if ((search->skip_live && version->number == 0) || !has_digest(version, search->prefix))
      continue;
    if (*hit != NULL && strcmp((*hit)->digest, version->digest) != 0)
      return owup_error_set(error, OWUP_ERROR_USAGE,
                            _("Several versions' digests begin with %s; give more of it"),
                            search->word);
    if (*hit == NULL)
      *hit = version;
  }
  return TRUE;
}

/* The newest that fits, with what has to be read for it. NULL without an error: none. */
static Version *
find_reading(const Search *search, GError **error)
{
  guint reads = 0;
  for (guint i = 0; i < search->versions->versions->len; i++) {
    Version *version = g_ptr_array_index(search->versions->versions, i);
    if (search->skip_live && version->number == 0)
      continue;
    gboolean unread = version->digest == NULL;
    if (unread && reads++ == READ_LIMIT)
      return NULL;
    if (unread && !version_list_read(search->versions, version, error))
      return NULL;
    if (g_strcmp0(version->version, search->word) == 0 || has_digest(version, search->prefix))
      return version;
  }
  return NULL;
}

Version *
version_find(VersionList *versions, const char *word, gboolean skip_live, GError **error)
{
  g_autofree char *prefix = digest_prefix(word);
  Search search = {versions, word, prefix, skip_live};
  OWUP_ERROR_GUARD(error);
  Version *hit = find_number(versions, word);
  if (hit == NULL && find_digest(&search, &hit, error) && hit == NULL)
    hit = find_reading(&search, error);
  if (*error != NULL)
    return NULL;
  if (hit == NULL) {
    owup_error_set(error, OWUP_ERROR_NOT_FOUND, _("%s has no version \"%s\""), versions->id, word);
    owup_error_add_hint(error,
                        _("A number, a version or the first 4 characters of a digest or "
                          "more, as in: owup history %s"),
                        versions->id);
  }
  return hit;
}
