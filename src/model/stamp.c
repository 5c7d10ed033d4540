#include "stamp.h"

#include "time_text.h"

#include <string.h>

/* More rollbacks in a row than anybody makes; a meta that was tampered with must not grow. */
#define REWIND_LIMIT 200

Rewind *
rewind_new(void)
{
  Rewind *rewind = g_new0(Rewind, 1);
  rewind->contents = g_ptr_array_new_with_free_func(g_free);
  return rewind;
}

Rewind *
rewind_copy(const Rewind *rewind)
{
  if (rewind == NULL)
    return NULL;
  Rewind *copy = rewind_new();
  for (guint i = 0; i < rewind->contents->len; i++)
    g_ptr_array_add(copy->contents, g_strdup(g_ptr_array_index(rewind->contents, i)));
  copy->version_id = g_strdup(rewind->version_id);
  copy->at = rewind->at;
  return copy;
}

void
rewind_free(Rewind *rewind)
{
  if (rewind == NULL)
    return;
  g_ptr_array_unref(rewind->contents);
  g_free(rewind->version_id);
  g_free(rewind);
}

gboolean
rewind_holds(const Rewind *rewind, const char *sha256)
{
  for (guint i = 0; rewind != NULL && i < rewind->contents->len; i++)
    if (strcmp(g_ptr_array_index(rewind->contents, i), sha256) == 0)
      return TRUE;
  return FALSE;
}

const char *
rewind_last(const Rewind *rewind)
{
  if (rewind == NULL || rewind->contents->len == 0)
    return NULL;
  return g_ptr_array_index(rewind->contents, rewind->contents->len - 1);
}

static char *
take(const json_t *object, const char *key)
{
  return g_strdup(json_string_value(json_object_get(object, key)));
}

static gint64
time_from_text(const char *text)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
  g_autoptr(GDateTime) at = text != NULL ? g_date_time_new_from_iso8601(text, utc) : NULL;
  return at != NULL ? g_date_time_to_unix(at) : 0;
}

static Rewind *
read_rewind(const json_t *stamp)
{
  const json_t *contents = json_object_get(stamp, "rolled_back");
  const json_t *restored = json_object_get(stamp, "restored");
  g_autoptr(Rewind) rewind = rewind_new();
  for (gsize i = 0; i < json_array_size(contents) && i < REWIND_LIMIT; i++) {
    const char *sha256 = json_string_value(json_array_get(contents, i));
    if (sha256 != NULL)
      g_ptr_array_add(rewind->contents, g_strdup(sha256));
  }
  rewind->version_id = take(restored, "version_id");
  rewind->at = json_integer_value(json_object_get(restored, "at"));
  return rewind->contents->len > 0 ? g_steal_pointer(&rewind) : NULL;
}

Stamp *
stamp_read(const json_t *meta)
{
  json_t *object = json_object_get(meta, STAMP_KEY);
  const char *sha256 = json_string_value(json_object_get(object, "sha256"));
  if (sha256 == NULL || strlen(sha256) != 64)
    return NULL;
  Stamp *stamp = g_new0(Stamp, 1);
  stamp->sha256 = g_strdup(sha256);
  stamp->name = take(object, "name");
  stamp->description = take(object, "description");
  stamp->version = take(object, "version");
  stamp->by = take(object, "by");
  stamp->at = time_from_text(json_string_value(json_object_get(object, "at")));
  stamp->from = take(object, "from");
  stamp->rewind = read_rewind(object);
  return stamp;
}

Stamp *
stamp_copy(const Stamp *stamp)
{
  Stamp *copy = g_new0(Stamp, 1);
  copy->sha256 = g_strdup(stamp->sha256);
  copy->name = g_strdup(stamp->name);
  copy->description = g_strdup(stamp->description);
  copy->version = g_strdup(stamp->version);
  copy->by = g_strdup(stamp->by);
  copy->at = stamp->at;
  copy->from = g_strdup(stamp->from);
  copy->rewind = rewind_copy(stamp->rewind);
  return copy;
}

void
stamp_free(Stamp *stamp)
{
  if (stamp == NULL)
    return;
  g_free(stamp->sha256);
  g_free(stamp->name);
  g_free(stamp->description);
  g_free(stamp->version);
  g_free(stamp->by);
  g_free(stamp->from);
  rewind_free(stamp->rewind);
  g_free(stamp);
}

static void
put(json_t *object, const char *key, const char *value)
{
  json_object_set_new(object, key, value != NULL ? json_string(value) : json_null());
}

static void
put_rewind(json_t *object, const Rewind *rewind)
{
  json_t *contents = json_array(), *restored = json_object();
  for (guint i = 0; i < rewind->contents->len; i++)
    json_array_append_new(contents, json_string(g_ptr_array_index(rewind->contents, i)));
  json_object_set_new(object, "rolled_back", contents);
  put(restored, "version_id", rewind->version_id);
  json_object_set_new(restored, "at", json_integer(rewind->at));
  json_object_set_new(object, "restored", restored);
}

json_t *
stamp_to_json(const Stamp *stamp)
{
  json_t *object = json_object();
  g_autofree char *at = time_text_utc(stamp->at);
  put(object, "sha256", stamp->sha256);
  put(object, "name", stamp->name);
  put(object, "description", stamp->description);
  put(object, "version", stamp->version);
  put(object, "by", stamp->by);
  put(object, "at", at);
  put(object, "from", stamp->from);
  if (stamp->rewind != NULL)
    put_rewind(object, stamp->rewind);
  return object;
}
