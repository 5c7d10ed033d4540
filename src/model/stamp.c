#include "stamp.h"

#include <string.h>

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
  stamp->rolled_back = take(object, "rolled_back");
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
  copy->rolled_back = g_strdup(stamp->rolled_back);
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
  g_free(stamp->rolled_back);
  g_free(stamp);
}

static void
put(json_t *object, const char *key, const char *value)
{
  json_object_set_new(object, key, value != NULL ? json_string(value) : json_null());
}

json_t *
stamp_to_json(const Stamp *stamp)
{
  json_t *object = json_object();
  g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc(stamp->at);
  g_autofree char *text = at != NULL ? g_date_time_format(at, "%Y-%m-%dT%H:%M:%SZ") : NULL;
  put(object, "sha256", stamp->sha256);
  put(object, "name", stamp->name);
  put(object, "description", stamp->description);
  put(object, "version", stamp->version);
  put(object, "by", stamp->by);
  put(object, "at", text);
  put(object, "from", stamp->from);
  if (stamp->rolled_back != NULL)
    put(object, "rolled_back", stamp->rolled_back);
  return object;
}
