/* SPDX-License-Identifier: MIT */
/* A plugin here and on the server: the word for who changed it. */
#include "compare.h"

#include "import_rewrite.h"
#include "stamp.h"

#include <string.h>

#define OLD "class Filter:\n    pass\n"
#define NEW "class Filter:\n    x = 1\n"
#define THEIRS "class Filter:\n    x = 2\n"

static char *
digest_of(const char *body, const char *title)
{
  g_autofree char *text =
      g_strdup_printf("\"\"\"\ntitle: %s\nversion: 1.0\n\"\"\"\n%s", title, body);
  return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

static Plugin *
local_of(const char *body, const char *title)
{
  g_autofree char *text =
      g_strdup_printf("\"\"\"\ntitle: %s\nversion: 1.0\n\"\"\"\n%s", title, body);
  g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
  return plugin_from_bytes("p.py", bytes, NULL);
}

/* `stamped`: the body that the stamp speaks of; NULL: no stamp. */
static RemotePlugin *
remote_of(const char *body, const char *title, const char *name, const char *stamped, gint64 at)
{
  GError *error = NULL;
  g_autofree char *text =
      g_strdup_printf("\"\"\"\ntitle: %s\nversion: 1.0\n\"\"\"\n%s", title, body);
  json_auto_t *object =
      json_pack("{s:s, s:s, s:s, s:s, s:{s:s, s:{s:s}}}", "id", "p", "type", "filter", "name", name,
                "content", text, "meta", "description", "", "manifest", "version", "1.0");
  if (stamped != NULL) {
    g_autoptr(Stamp) stamp = g_new0(Stamp, 1);
    stamp->sha256 = digest_of(stamped, "T");
    stamp->name = g_strdup("T");
    stamp->at = at;
    json_object_set_new(json_object_get(object, "meta"), STAMP_KEY, stamp_to_json(stamp));
  }
  RemotePlugin *remote = remote_plugin_from_json(FAMILY_FUNCTION, object, &error);
  g_assert_no_error(error);
  return remote;
}

static HistoryEntry *
last_of(HistoryAction action, const char *body, const char *name, gint64 at)
{
  HistoryEntry *last = history_entry_new("https://example.org", FAMILY_FUNCTION, "p", action);
  last->digest = digest_of(body, "T");
  last->name = g_strdup(name);
  last->at = at;
  last->meta = g_strdup_printf("{\"description\":\"\",\"owup\":{\"sha256\":\"%s\",\"name\":\"T\"}}",
                               last->digest);
  return last;
}

static CompareWitness nobody = {.server = "https://example.org"};

static void
compared(Plugin *local, RemotePlugin *remote, const HistoryEntry *last, CompareState state,
         guint parts)
{
  g_autoptr(Plugin) file = local;
  g_autoptr(Comparison) comparison = comparison_new(file, remote, last, &nobody);
  g_assert_cmpstr(compare_state_name(comparison->state), ==, compare_state_name(state));
  g_assert_cmpuint(comparison->parts, ==, parts);
}

static void
test_one_side(void)
{
  compared(local_of(OLD, "T"), NULL, NULL, STATE_ONLY_HERE, 0);
  compared(NULL, remote_of(OLD, "T", "T", NULL, 0), NULL, STATE_ONLY_THERE, 0);
}

static void
test_content(void)
{
  g_autoptr(HistoryEntry) sent = last_of(HISTORY_SENT, OLD, "T", 10);
  g_autoptr(HistoryEntry) pulled = last_of(HISTORY_PULLED, THEIRS, "T", 20);
  compared(local_of(OLD, "T"), remote_of(OLD, "T", "T", NULL, 0), NULL, STATE_SAME, 0);
  compared(local_of(NEW, "T"), remote_of(OLD, "T", "T", NULL, 0), NULL, STATE_DIFFERS,
           PART_CONTENT);
  compared(local_of(NEW, "T"), remote_of(OLD, "T", "T", OLD, 10), NULL, STATE_CHANGED_HERE,
           PART_CONTENT);
  compared(local_of(OLD, "T"), remote_of(THEIRS, "T", "T", OLD, 10), NULL, STATE_CHANGED_THERE,
           PART_CONTENT);
  compared(local_of(NEW, "T"), remote_of(THEIRS, "T", "T", OLD, 10), NULL, STATE_BOTH_CHANGED,
           PART_CONTENT);
  /* A tool before 0.12 keeps no stamp; the history knows. */
  compared(local_of(NEW, "T"), remote_of(OLD, "T", "T", NULL, 0), sent, STATE_CHANGED_HERE,
           PART_CONTENT);
  compared(local_of(OLD, "T"), remote_of(THEIRS, "T", "T", NULL, 0), sent, STATE_CHANGED_THERE,
           PART_CONTENT);
  compared(local_of(NEW, "T"), remote_of(THEIRS, "T", "T", OLD, 10), pulled, STATE_CHANGED_HERE,
           PART_CONTENT);
}

/* Another machine deployed THEIRS after our own last deploy of OLD: what is new here was made
 * without it. */
static void
test_other_machine(void)
{
  g_autoptr(HistoryEntry) last = last_of(HISTORY_SENT, OLD, "T", 10);
  compared(local_of(OLD, "T"), remote_of(THEIRS, "T", "T", THEIRS, 20), last, STATE_CHANGED_THERE,
           PART_CONTENT);
  compared(local_of(NEW, "T"), remote_of(THEIRS, "T", "T", THEIRS, 20), last, STATE_BOTH_CHANGED,
           PART_CONTENT);
  compared(local_of(NEW, "T"), remote_of(THEIRS, "T", "T", THEIRS, 20), NULL, STATE_CHANGED_HERE,
           PART_CONTENT);
}

/* The server went back to OLD, whose stamp came along; our last write was NEW. */
static void
test_set_back(void)
{
  g_autoptr(HistoryEntry) last = last_of(HISTORY_SENT, NEW, "T", 20);
  compared(local_of(NEW, "T"), remote_of(OLD, "T", "T", OLD, 10), last, STATE_CHANGED_THERE,
           PART_CONTENT);
  compared(local_of(THEIRS, "T"), remote_of(OLD, "T", "T", OLD, 10), last, STATE_BOTH_CHANGED,
           PART_CONTENT);
}

/* A rollback is a change on the server, although owup made it. */
static void
test_rolled_back(void)
{
  g_autoptr(Plugin) local = local_of(NEW, "T");
  RemotePlugin *remote = remote_of(OLD, "T", "T", OLD, 10);
  g_autoptr(Stamp) stamp = stamp_read(remote->meta);
  stamp->trail = rollback_trail_new();
  g_ptr_array_add(stamp->trail->contents, digest_of(NEW, "T"));
  json_object_set_new(remote->meta, STAMP_KEY, stamp_to_json(stamp));
  compared(g_steal_pointer(&local), remote, NULL, STATE_CHANGED_THERE, PART_CONTENT);
}

static void
test_name(void)
{
  g_autoptr(HistoryEntry) seen = last_of(HISTORY_PULLED, OLD, "Renamed", 20);
  g_autoptr(HistoryEntry) unseen = last_of(HISTORY_SENT, OLD, "T", 20);
  compared(local_of(OLD, "T"), remote_of(OLD, "T", "Renamed", NULL, 0), NULL, STATE_DIFFERS,
           PART_NAME);
  compared(local_of(OLD, "T"), remote_of(OLD, "T", "Renamed", OLD, 10), NULL, STATE_CHANGED_THERE,
           PART_NAME);
  compared(local_of(OLD, "T"), remote_of(OLD, "T", "Renamed", OLD, 10), unseen, STATE_CHANGED_THERE,
           PART_NAME);
  compared(local_of(OLD, "T"), remote_of(OLD, "T", "Renamed", OLD, 10), seen, STATE_SAME, 0);
  compared(local_of(OLD, "T2"), remote_of(OLD, "T", "T", OLD, 10), NULL, STATE_CHANGED_HERE,
           PART_CONTENT | PART_NAME);
  compared(local_of(OLD, "T2"), remote_of(OLD, "T", "Renamed", OLD, 10), NULL, STATE_BOTH_CHANGED,
           PART_CONTENT | PART_NAME);
}

/* What a server makes of the file counts, not the file's own bytes. */
static void
test_rewritten(void)
{
  g_autoptr(Plugin) local = local_of("from utils.misc import x\n" OLD, "T");
  RemotePlugin *remote = remote_of("from open_webui.utils.misc import x\n" OLD, "T", "T", NULL, 0);
  g_assert_false(g_bytes_equal(local->content, remote->content));
  compared(g_steal_pointer(&local), remote, NULL, STATE_SAME, 0);
}

static gboolean
unbumped(Plugin *local, RemotePlugin *remote)
{
  g_autoptr(Plugin) file = local;
  g_autoptr(Comparison) comparison = comparison_new(file, remote, NULL, &nobody);
  return comparison->unbumped;
}

static void
test_unbumped(void)
{
  g_assert_true(unbumped(local_of(NEW, "T"), remote_of(OLD, "T", "T", OLD, 10)));
  g_assert_true(unbumped(local_of(NEW, "T"), remote_of(OLD, "T", "T", NULL, 0)));
  g_assert_false(unbumped(local_of(OLD, "T"), remote_of(THEIRS, "T", "T", OLD, 10)));
  g_assert_false(unbumped(local_of(OLD, "T"), remote_of(OLD, "T", "Renamed", OLD, 10)));
  RemotePlugin *remote = remote_of(OLD, "T", "T", OLD, 10);
  json_object_set_new(json_object_get(remote->meta, "manifest"), "version", json_string("0.9"));
  g_assert_false(unbumped(local_of(NEW, "T"), remote));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/compare/one-side", test_one_side);
  g_test_add_func("/compare/content", test_content);
  g_test_add_func("/compare/other-machine", test_other_machine);
  g_test_add_func("/compare/set-back", test_set_back);
  g_test_add_func("/compare/rolled-back", test_rolled_back);
  g_test_add_func("/compare/name", test_name);
  g_test_add_func("/compare/rewritten", test_rewritten);
  g_test_add_func("/compare/unbumped", test_unbumped);
  return g_test_run();
}
