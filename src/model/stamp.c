/* SPDX-License-Identifier: MIT */
#include "stamp.h"

#include "time_text.h"

#include <string.h>

/* More rollbacks in a row than anybody makes; a meta that was tampered with must not grow. */
#define REWIND_LIMIT 200

RollbackTrail *
rollback_trail_new(void)
{
  RollbackTrail *trail = g_new0(RollbackTrail, 1);
  trail->contents = g_ptr_array_new_with_free_func(g_free);
  return trail;
}

RollbackTrail *
rollback_trail_copy(const RollbackTrail *trail)
{
  if (trail == NULL)
    return NULL;
  RollbackTrail *copy = rollback_trail_new();
  for (guint i = 0; i < trail->contents->len; i++)
    g_ptr_array_add(copy->contents, g_strdup(g_ptr_array_index(trail->contents, i)));
  copy->version_id = g_strdup(trail->version_id);
  copy->at = trail->at;
  return copy;
}

void
rollback_trail_free(RollbackTrail *trail)
{
  if (trail == NULL)
    return;
  g_ptr_array_unref(trail->contents);
  g_free(trail->version_id);
  g_free(trail);
}

gboolean
rollback_trail_holds(const RollbackTrail *trail, const char *sha256)
{
  for (guint i = 0; trail != NULL && i < trail->contents->len; i++)
    if (strcmp(g_ptr_array_index(trail->contents, i), sha256) == 0)
      return TRUE;
  return FALSE;
}

const char *
rollback_trail_last(const RollbackTrail *trail)
{
  if (trail == NULL || trail->contents->len == 0)
    return NULL;
  return g_ptr_array_index(trail->contents, trail->contents->len - 1);
}

static char *
copy_string(const json_t *object, const char *key)
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

static RollbackTrail *
read_rewind(const json_t *stamp)
{
  const json_t *contents = json_object_get(stamp, "rolled_back");
  const json_t *restored = json_object_get(stamp, "restored");
  g_autoptr(RollbackTrail) trail = rollback_trail_new();
  for (gsize i = 0; i < json_array_size(contents) && i < REWIND_LIMIT; i++) {
    const char *sha256 = json_string_value(json_array_get(contents, i));
    if (sha256 != NULL)
      g_ptr_array_add(trail->contents, g_strdup(sha256));
  }
  trail->version_id = copy_string(restored, "version_id");
  trail->at = json_integer_value(json_object_get(restored, "at"));
  return trail->contents->len > 0 ? g_steal_pointer(&trail) : NULL;
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
  stamp->name = copy_string(object, "name");
  stamp->description = copy_string(object, "description");
  stamp->version = copy_string(object, "version");
  stamp->by = copy_string(object, "by");
  stamp->at = time_from_text(json_string_value(json_object_get(object, "at")));
  stamp->from = copy_string(object, "from");
  const json_t *dirty = json_object_get(object, "dirty");
  stamp->blob = copy_string(object, "blob");
  stamp->has_dirty = json_is_boolean(dirty);
  stamp->dirty = json_is_true(dirty);
  stamp->write = copy_string(object, "write");
  stamp->who = copy_string(object, "who");
  stamp->trail = read_rewind(object);
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
  copy->blob = g_strdup(stamp->blob);
  copy->has_dirty = stamp->has_dirty;
  copy->dirty = stamp->dirty;
  copy->write = g_strdup(stamp->write);
  copy->who = g_strdup(stamp->who);
  copy->trail = rollback_trail_copy(stamp->trail);
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
  g_free(stamp->blob);
  g_free(stamp->write);
  g_free(stamp->who);
  rollback_trail_free(stamp->trail);
  g_free(stamp);
}

static void
put(json_t *object, const char *key, const char *value)
{
  json_object_set_new(object, key, value != NULL ? json_string(value) : json_null());
}

/* What an owup before these keys would not have written is left out where it is not known. */
static void
put_known(json_t *object, const char *key, const char *value)
{
  if (value != NULL)
    put(object, key, value);
}

static void
put_rewind(json_t *object, const RollbackTrail *trail)
{
  json_t *contents = json_array(), *restored = json_object();
  for (guint i = 0; i < trail->contents->len; i++)
    json_array_append_new(contents, json_string(g_ptr_array_index(trail->contents, i)));
  json_object_set_new(object, "rolled_back", contents);
  put(restored, "version_id", trail->version_id);
  json_object_set_new(restored, "at", json_integer(trail->at));
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
  put_known(object, "blob", stamp->blob);
  if (stamp->has_dirty)
    json_object_set_new(object, "dirty", json_boolean(stamp->dirty));
  put_known(object, "write", stamp->write);
  put_known(object, "who", stamp->who);
  if (stamp->trail != NULL)
    put_rewind(object, stamp->trail);
  return object;
}
