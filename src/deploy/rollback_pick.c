#include "rollback_pick.h"

#include "error.h"

#include <glib/gi18n.h>
#include <string.h>

static const Rewind *
rewind_of(const RewindPick *pick)
{
  return pick->stamp != NULL ? pick->stamp->rewind : NULL;
}

static gboolean
is_place(const PastVersion *version, const Rewind *rewind, const char *digest)
{
  if (rewind->version_id != NULL && version->version_id != NULL)
    return strcmp(rewind->version_id, version->version_id) == 0;
  return version->at == rewind->at && g_strcmp0(version->digest, digest) == 0;
}

/* Where in the list the last rollback stopped; 0 where the live version is no rollback's, or its
 * origin is not known here. */
static guint
find_place(const RewindPick *pick)
{
  const Rewind *rewind = rewind_of(pick);
  const GPtrArray *versions = pick->past->versions;
  if (rewind == NULL || g_strcmp0(pick->stamp->sha256, pick->digest_before) != 0)
    return 0;
  /* The oldest: of several of one second, the newer ones are rollbacks' own. */
  for (guint i = versions->len; i > 1; i--)
    if (is_place(g_ptr_array_index(versions, i - 1), rewind, pick->digest_before))
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
is_live(const PastVersion *version, const RemotePlugin *live)
{
  return g_bytes_equal(version->content, live->content) &&
         (version->name == NULL || strcmp(version->name, live->name) == 0) &&
         strcmp(description(version->meta), remote_plugin_description(live)) == 0;
}

/* What the stamp in that version remembered, when it was live. A tool's is lost on servers before
 * 0.12, but not in what was sent. */
static Rewind *
remembered(const PastVersion *version)
{
  g_autoptr(Stamp) stamp = stamp_read(version->meta);
  if (stamp == NULL && version->origin != NULL && version->origin->meta != NULL) {
    json_auto_t *sent = json_loads(version->origin->meta, 0, NULL);
    stamp = stamp_read(sent);
  }
  if (stamp == NULL || g_strcmp0(stamp->sha256, version->digest) != 0)
    return NULL;
  return rewind_copy(stamp->rewind);
}

/* A version that is itself a rollback's stands for the one that was brought back. */
static void
set_place(Rewind *rewind, const PastVersion *version)
{
  g_autoptr(Rewind) before = remembered(version);
  rewind->version_id = g_strdup(before != NULL ? before->version_id : version->version_id);
  rewind->at = before != NULL ? before->at : version->at;
}

/* The first `kept` contents of what is remembered now, and the place of `version`. NULL: none. */
static Rewind *
cut_rewind(const Rewind *now, guint kept, const PastVersion *version)
{
  if (now == NULL || kept == 0)
    return NULL;
  Rewind *rewind = rewind_new();
  for (guint i = 0; i < kept; i++)
    g_ptr_array_add(rewind->contents, g_strdup(g_ptr_array_index(now->contents, i)));
  set_place(rewind, version);
  return rewind;
}

/* The same with what is live now taken away too. */
static Rewind *
extend_rewind(const RewindPick *pick, const PastVersion *version)
{
  const Rewind *now = rewind_of(pick);
  if (pick->digest_before == NULL)
    return remembered(version);
  Rewind *rewind = now != NULL ? rewind_copy(now) : rewind_new();
  g_clear_pointer(&rewind->version_id, g_free);
  if (g_strcmp0(rewind_last(rewind), pick->digest_before) != 0)
    g_ptr_array_add(rewind->contents, g_strdup(pick->digest_before));
  set_place(rewind, version);
  return rewind;
}

PastVersion *
rewind_pick_before(const RewindPick *pick, Rewind **rewind, GError **error)
{
  const GPtrArray *versions = pick->past->versions;
  const RemotePlugin *live = pick->past->live;
  guint place = find_place(pick);
  for (guint i = live != NULL ? place + 1 : 0; i < versions->len; i++) {
    PastVersion *version = g_ptr_array_index(versions, i);
    if (!past_read(pick->past, version, error))
      return NULL;
    if (live != NULL && is_live(version, live))
      continue;
    /* Where the place is lost, what was taken away before must not come back. */
    if (place == 0 && rewind_holds(rewind_of(pick), version->digest))
      continue;
    *rewind = extend_rewind(pick, version);
    return version;
  }
  return NULL;
}

/* How many of the contents were taken away before this one; -1: it is none of them. */
static int
taken_before(const Rewind *rewind, const char *digest)
{
  for (guint i = 0; rewind != NULL && i < rewind->contents->len; i++)
    if (strcmp(g_ptr_array_index(rewind->contents, i), digest) == 0)
      return (int)i;
  return -1;
}

PastVersion *
rewind_pick_named(const RewindPick *pick, const char *word, Rewind **rewind, GError **error)
{
  PastVersion *version = past_find(pick->past, word, TRUE, error);
  if (version == NULL || !past_read(pick->past, version, error))
    return NULL;
  int before = taken_before(rewind_of(pick), version->digest);
  *rewind = before >= 0 ? cut_rewind(rewind_of(pick), (guint)before, version)
                        : extend_rewind(pick, version);
  return version;
}

static PastVersion *
fail_no_rollback(const RewindPick *pick, GError **error)
{
  owup_error_set(error, OWUP_ERROR_NOT_FOUND,
                 _("The last write to '%s' was no rollback; there is nothing to undo"),
                 pick->past->live != NULL ? pick->past->live->name : pick->past->id);
  if (error != NULL)
    owup_error_set_hint(*error,
                        _("See what there is: owup history %s   Then: owup rollback %s --to N"),
                        pick->past->id, pick->past->id);
  return NULL;
}

PastVersion *
rewind_pick_undo(const RewindPick *pick, Rewind **rewind, GError **error)
{
  const Rewind *now = rewind_of(pick);
  const char *digest = now != NULL ? rewind_last(now) : NULL;
  if (now == NULL || digest == NULL || pick->digest_before == NULL)
    return fail_no_rollback(pick, error);
  PastVersion *version = past_find(pick->past, digest, TRUE, error);
  if (version == NULL || !past_read(pick->past, version, error))
    return NULL;
  *rewind = cut_rewind(now, now->contents->len - 1, version);
  return version;
}
