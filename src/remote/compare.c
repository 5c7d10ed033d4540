/* SPDX-License-Identifier: MIT */
#include "compare.h"

#include "drift.h"
#include "json_exact.h"
#include "live_origin.h"
#include "plugin_version.h"

#include <string.h>

/* Who changed something since both were the same. */
typedef struct {
  gboolean here, there;
  gboolean unknown; /* it differs, and nothing tells who changed it */
} Change;

const char *
compare_state_name(CompareState state)
{
  static const char *const names[N_STATES] = {
      [STATE_SAME] = "same",
      [STATE_CHANGED_HERE] = "changed here",
      [STATE_CHANGED_THERE] = "changed on server",
      [STATE_BOTH_CHANGED] = "both changed",
      [STATE_DIFFERS] = "differs",
      [STATE_ONLY_HERE] = "only here",
      [STATE_ONLY_THERE] = "only on server",
  };
  g_return_val_if_fail(state < N_STATES, "differs");
  return names[state];
}

static gboolean
differs(const Change *change)
{
  return change->here || change->there || change->unknown;
}

static Change
judge_content(const Comparison *comparison, const Stamp *stamp, const HistoryEntry *last,
              CompareWitness *witness)
{
  const char *here = comparison->sha256_here, *there = comparison->sha256_there;
  if (strcmp(here, there) == 0)
    return (Change){0};
  Drift drift = drift_judge(there, stamp, last);
  if (drift == DRIFT_FOREIGN)
    return (Change){.unknown = TRUE};
  if (drift_was_shared(here, stamp, last))
    return (Change){.there = TRUE};
  gboolean theirs = drift != DRIFT_NONE;
  if (drift == DRIFT_ELSEWHERE)
    theirs =
        live_origin_judge(witness->history, &witness->git, witness->server, comparison->local->file,
                          comparison->remote, last) == LIVE_ORIGIN_ELSEWHERE;
  return (Change){.here = TRUE, .there = theirs};
}

/* A name or a description. `base` as for drift_merge(); `seen` is what the server had when both
 * last agreed, or NULL. */
static Change
judge_word(const char *server, const char *file, const char *base, gboolean has_base,
           const char *seen)
{
  if (file == NULL || strcmp(server, file) == 0)
    return (Change){0};
  if (!has_base)
    return (Change){.unknown = TRUE};
  switch (drift_merge(server, file, base)) {
  case MERGE_KEPT:
    return (Change){.there = g_strcmp0(server, seen) != 0};
  case MERGE_CONFLICT:
    return (Change){.here = TRUE, .there = TRUE};
  case MERGE_FILE:
  case MERGE_SERVER:
    break;
  }
  return (Change){.here = TRUE};
}

static void
add_change(Comparison *comparison, const Change *change, guint part, Change *all)
{
  if (!differs(change))
    return;
  comparison->parts |= part;
  all->here |= change->here;
  all->there |= change->there;
  all->unknown |= change->unknown;
}

static CompareState
state_of(const Change *change)
{
  if (change->unknown)
    return STATE_DIFFERS;
  if (change->here)
    return change->there ? STATE_BOTH_CHANGED : STATE_CHANGED_HERE;
  return change->there ? STATE_CHANGED_THERE : STATE_SAME;
}

static gboolean
is_unbumped(const Comparison *comparison)
{
  gboolean known;
  const char *here = comparison->local->version;
  const char *there = remote_plugin_manifest(comparison->remote, "version");
  if ((comparison->parts & PART_CONTENT) == 0 || comparison->state == STATE_CHANGED_THERE)
    return FALSE;
  return here != NULL && there != NULL && plugin_version_compare(here, there, &known) == 0;
}

static void
compare(Comparison *comparison, const HistoryEntry *last, CompareWitness *witness)
{
  const Plugin *local = comparison->local;
  const RemotePlugin *remote = comparison->remote;
  g_autoptr(Stamp) stamp = stamp_read(remote->meta);
  g_autoptr(Stamp) base = drift_base(stamp, last);
  json_auto_t *meta =
      last != NULL && last->meta != NULL ? json_exact_parse_text(last->meta, 0) : NULL;
  const char *description = json_string_value(json_object_get(meta, "description"));
  Change all = {0};
  Change content = judge_content(comparison, stamp, last, witness);
  Change name = judge_word(remote->name, local->title, base != NULL ? base->name : NULL,
                           base != NULL, last != NULL ? last->name : NULL);
  Change text = judge_word(remote_plugin_description(remote), local->description,
                           base != NULL ? base->description : NULL, base != NULL, description);
  add_change(comparison, &content, PART_CONTENT, &all);
  add_change(comparison, &name, PART_NAME, &all);
  add_change(comparison, &text, PART_DESCRIPTION, &all);
  comparison->state = state_of(&all);
  comparison->unbumped = is_unbumped(comparison);
}

static void
take_local(Comparison *comparison, Plugin *local)
{
  comparison->local = plugin_ref(local);
  comparison->family = kind_family(local->kind);
  comparison->id = g_strdup(local->id);
  comparison->sha256_here = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, local->stored);
  comparison->state = STATE_ONLY_HERE;
}

static void
take_remote(Comparison *comparison, RemotePlugin *remote)
{
  g_free(comparison->id);
  comparison->remote = remote;
  comparison->family = remote->family;
  comparison->id = g_strdup(remote->id);
  comparison->sha256_there = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, remote->content);
  comparison->state = STATE_ONLY_THERE;
}

Comparison *
comparison_new(Plugin *local, RemotePlugin *remote, const HistoryEntry *last,
               CompareWitness *witness)
{
  Comparison *comparison = g_new0(Comparison, 1);
  if (local != NULL)
    take_local(comparison, local);
  if (remote != NULL)
    take_remote(comparison, remote);
  if (local != NULL && remote != NULL)
    compare(comparison, last, witness);
  return comparison;
}

void
comparison_free(Comparison *comparison)
{
  if (comparison == NULL)
    return;
  g_free(comparison->id);
  g_free(comparison->server);
  g_clear_pointer(&comparison->local, plugin_unref);
  g_clear_pointer(&comparison->remote, remote_plugin_free);
  g_free(comparison->sha256_here);
  g_free(comparison->sha256_there);
  g_free(comparison);
}

const char *
comparison_label(const Comparison *comparison)
{
  return comparison->remote != NULL ? comparison->remote->name : plugin_label(comparison->local);
}

const char *
comparison_kind(const Comparison *comparison)
{
  gboolean held = comparison->remote != NULL && (comparison->parts & PART_CONTENT) == 0;
  if (held && comparison->remote->type != NULL)
    return comparison->remote->type;
  if (comparison->local != NULL && comparison->local->has_kind)
    return kind_name(comparison->local->kind);
  if (comparison->family == FAMILY_TOOL)
    return kind_name(KIND_TOOL);
  return comparison->remote != NULL && comparison->remote->type != NULL
             ? comparison->remote->type
             : kind_name(comparison->local != NULL ? comparison->local->kind : KIND_FILTER);
}
