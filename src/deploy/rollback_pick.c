/* SPDX-License-Identifier: MIT */
#include "rollback_pick.h"

#include "error.h"
#include "json_exact.h"

#include <glib/gi18n.h>
#include <string.h>

static const RollbackTrail *
rewind_of(const RollbackPick *pick)
{
  return pick->stamp != NULL ? pick->stamp->trail : NULL;
}

static gboolean
is_place(const Version *version, const RollbackTrail *trail, const char *digest)
{
  if (trail->version_id != NULL && version->version_id != NULL)
    return strcmp(trail->version_id, version->version_id) == 0;
  return version->at == trail->at && g_strcmp0(version->digest, digest) == 0;
}

/* Where in the list the last rollback stopped; 0 where the live version is no rollback's, or its
 * origin is not known here. */
static guint
find_place(const RollbackPick *pick)
{
  const RollbackTrail *trail = rewind_of(pick);
  const GPtrArray *versions = pick->versions->versions;
  if (trail == NULL || g_strcmp0(pick->stamp->sha256, pick->digest_before) != 0)
    return 0;
  /* The oldest: of several of one second, the newer ones are rollbacks' own. */
  for (guint i = versions->len; i > 1; i--)
    if (is_place(g_ptr_array_index(versions, i - 1), trail, pick->digest_before))
      return i - 1;
  return 0;
}

static const char *
description(const json_t *meta)
{
  const char *text = json_string_value(json_object_get(meta, "description"));
  return text != NULL ? text : "";
}

/* Going back to what is there already would bring nothing. */
static gboolean
is_live(const Version *version, const RemotePlugin *live)
{
  return g_bytes_equal(version->content, live->content) &&
         (version->name == NULL || strcmp(version->name, live->name) == 0) &&
         strcmp(description(version->meta), remote_plugin_description(live)) == 0;
}

/* What the stamp in that version remembered, when it was live. A tool's is lost on servers before
 * 0.12, but not in what was sent. */
static RollbackTrail *
remembered(const Version *version)
{
  g_autoptr(Stamp) stamp = stamp_read(version->meta);
  if (stamp == NULL && version->origin != NULL && version->origin->meta != NULL) {
    json_auto_t *sent = json_exact_parse_text(version->origin->meta, 0);
    stamp = stamp_read(sent);
  }
  if (stamp == NULL || g_strcmp0(stamp->sha256, version->digest) != 0)
    return NULL;
  return rollback_trail_copy(stamp->trail);
}

/* A version that is itself a rollback's stands for the one that was brought back. */
static void
set_place(RollbackTrail *trail, const Version *version)
{
  g_autoptr(RollbackTrail) before = remembered(version);
  trail->version_id = g_strdup(before != NULL ? before->version_id : version->version_id);
  trail->at = before != NULL ? before->at : version->at;
}

/* The first `kept` contents of what is remembered now, and the place of `version`. NULL: none. */
static RollbackTrail *
cut_rewind(const RollbackTrail *now, guint kept, const Version *version)
{
  if (now == NULL || kept == 0)
    return NULL;
  RollbackTrail *trail = rollback_trail_new();
  for (guint i = 0; i < kept; i++)
    g_ptr_array_add(trail->contents, g_strdup(g_ptr_array_index(now->contents, i)));
  set_place(trail, version);
  return trail;
}

/* The same with what is live now taken away too. */
static RollbackTrail *
extend_rewind(const RollbackPick *pick, const Version *version)
{
  const RollbackTrail *now = rewind_of(pick);
  if (pick->digest_before == NULL)
    return remembered(version);
  RollbackTrail *trail = now != NULL ? rollback_trail_copy(now) : rollback_trail_new();
  g_clear_pointer(&trail->version_id, g_free);
  if (g_strcmp0(rollback_trail_last(trail), pick->digest_before) != 0)
    g_ptr_array_add(trail->contents, g_strdup(pick->digest_before));
  set_place(trail, version);
  return trail;
}

Version *
rollback_pick_before(const RollbackPick *pick, RollbackTrail **trail, GError **error)
{
  const GPtrArray *versions = pick->versions->versions;
  const RemotePlugin *live = pick->versions->live;
  guint place = find_place(pick);
  for (guint i = live != NULL ? place + 1 : 0; i < versions->len; i++) {
    Version *version = g_ptr_array_index(versions, i);
    if (!version_list_read(pick->versions, version, error))
      return NULL;
    if (live != NULL && is_live(version, live))
      continue;
    /* Where the place is lost, what was taken away before must not come back. */
    if (place == 0 && rollback_trail_holds(rewind_of(pick), version->digest))
      continue;
    *trail = extend_rewind(pick, version);
    return version;
  }
  return NULL;
}

/* How many of the contents were taken away before this one; -1: it is none of them. */
static int
taken_before(const RollbackTrail *trail, const char *digest)
{
  for (guint i = 0; trail != NULL && i < trail->contents->len; i++)
    if (strcmp(g_ptr_array_index(trail->contents, i), digest) == 0)
      return (int)i;
  return -1;
}

Version *
rollback_pick_named(const RollbackPick *pick, const char *word, RollbackTrail **trail,
                    GError **error)
{
  Version *version = version_find(pick->versions, word, TRUE, error);
  if (version == NULL || !version_list_read(pick->versions, version, error))
    return NULL;
  int before = taken_before(rewind_of(pick), version->digest);
  *trail = before >= 0 ? cut_rewind(rewind_of(pick), (guint)before, version)
                       : extend_rewind(pick, version);
  return version;
}

static Version *
fail_no_rollback(const RollbackPick *pick, GError **error)
{
  owup_error_set(error, OWUP_ERROR_NOT_FOUND,
                 _("The last write to '%s' was no rollback; there is nothing to undo"),
                 pick->versions->live != NULL ? pick->versions->live->name : pick->versions->id);
  if (error != NULL)
    owup_error_set_hint(*error,
                        _("See what there is: owup history %s   Then: owup rollback %s --to N"),
                        pick->versions->id, pick->versions->id);
  return NULL;
}

Version *
rollback_pick_undo(const RollbackPick *pick, RollbackTrail **trail, GError **error)
{
  const RollbackTrail *now = rewind_of(pick);
  const char *digest = now != NULL ? rollback_trail_last(now) : NULL;
  if (now == NULL || digest == NULL || pick->digest_before == NULL)
    return fail_no_rollback(pick, error);
  Version *version = version_find(pick->versions, digest, TRUE, error);
  if (version == NULL || !version_list_read(pick->versions, version, error))
    return NULL;
  *trail = cut_rewind(now, now->contents->len - 1, version);
  return version;
}
