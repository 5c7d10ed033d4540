#include "client_admin.h"
#include "error.h"
#include "rollback_pick.h"
#include "support/tree.h"
#include "version_list.h"

#include <string.h>

#define URL "http://127.0.0.1:1"
#define ID "thing"

/* A server and a local history as they grow, without either's network or clock. */
typedef struct {
  Tree *tree;
  History *history;
  GPtrArray *theirs; /* of ClientVersion, newest first; empty before 0.12 */
  gboolean keeps;    /* the server keeps versions (0.12) */
  RemotePlugin *live;
  gint64 now;
} World;

static World *
world_new(gboolean keeps)
{
  World *world = g_new0(World, 1);
  g_autoptr(GError) error = NULL;
  world->tree = tree_new();
  g_autofree char *dir = g_build_filename(world->tree->root, "h", NULL);
  world->history = history_open(dir, &error);
  g_assert_no_error(error);
  world->theirs = g_ptr_array_new_with_free_func((GDestroyNotify)client_version_free);
  world->keeps = keeps;
  world->now = 1000;
  return world;
}

static void
world_free(World *world)
{
  g_clear_pointer(&world->live, remote_plugin_free);
  g_ptr_array_unref(world->theirs);
  history_free(world->history);
  tree_free(world->tree);
  g_free(world);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(World, world_free)

static char *
digest_of(const char *text)
{
  return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

/* The live plugin becomes `text`; `rewind` (taken over) goes into its stamp. */
static void
set_live(World *world, const char *text, const char *version, RollbackTrail *rewind)
{
  g_autofree char *digest = digest_of(text);
  Stamp stamp = {.sha256 = digest, .at = world->now, .trail = rewind};
  g_clear_pointer(&world->live, remote_plugin_free);
  RemotePlugin *live = g_new0(RemotePlugin, 1);
  live->id = g_strdup(ID);
  live->name = g_strdup("Thing");
  live->content = g_bytes_new(text, strlen(text));
  live->meta =
      json_pack("{s:{s:s}, s:o}", "manifest", "version", version, STAMP_KEY, stamp_to_json(&stamp));
  live->updated_at = world->now;
  world->live = live;
  rollback_trail_free(rewind);
  if (!world->keeps)
    return;
  ClientVersion *newest = g_new0(ClientVersion, 1);
  newest->version_id = g_strdup_printf("v%u", world->theirs->len + 1);
  newest->user = g_strdup("Ann");
  newest->created_at = world->now;
  live->version_id = g_strdup(newest->version_id);
  g_ptr_array_insert(world->theirs, 0, newest);
}

static void
remember(World *world, HistoryAction action, const char *message)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(HistoryEntry) entry = history_entry_new(URL, FAMILY_FUNCTION, ID, action);
  char *meta = json_dumps(world->live->meta, 0);
  entry->at = world->now;
  entry->name = g_strdup(world->live->name);
  entry->meta = g_strdup(meta);
  free(meta);
  entry->version = g_strdup(remote_plugin_manifest(world->live, "version"));
  entry->version_id = g_strdup(world->live->version_id);
  entry->message = g_strdup(message);
  g_assert_true(history_add(world->history, entry, world->live->content, &error));
  g_assert_no_error(error);
}

static void
deploy(World *world, const char *text, const char *version)
{
  if (world->live != NULL)
    remember(world, HISTORY_REPLACED, NULL);
  set_live(world, text, version, NULL);
  remember(world, HISTORY_SENT, "deployed");
}

static VersionList *
list(World *world)
{
  GPtrArray *entries = history_list(world->history, URL, FAMILY_FUNCTION, ID, NULL);
  g_autoptr(GPtrArray) none = g_ptr_array_new();
  VersionList *versions = version_list_new(FAMILY_FUNCTION, ID, world->live,
                                           world->live != NULL ? world->theirs : none, entries);
  versions->history = world->history;
  return versions;
}

static Version *
nth(const VersionList *versions, guint index)
{
  g_assert_cmpuint(index, <, versions->versions->len);
  return g_ptr_array_index(versions->versions, index);
}

/* The versions' numbers in one line, newest first. */
static char *
versions_of(const VersionList *versions)
{
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < versions->versions->len; i++) {
    const Version *version = nth(versions, i);
    g_string_append_printf(text, "%s%u=%s/%s", i > 0 ? " " : "", version->number,
                           version->version != NULL ? version->version : "?",
                           version->here && version->there ? "both"
                           : version->here                 ? "here"
                                                           : "server");
  }
  return g_string_free(text, FALSE);
}

static void
assert_list(World *world, const char *wanted)
{
  g_autoptr(VersionList) versions = list(world);
  g_autofree char *found = versions_of(versions);
  g_assert_cmpstr(found, ==, wanted);
}

typedef Version *(*Pick)(const RollbackPick *pick, RollbackTrail **rewind, GError **error);

/* Does what a rollback does; FALSE where there was nothing to go back to. */
static gboolean
rewind_world(World *world, Pick how, const char *word)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(VersionList) versions = list(world);
  g_autoptr(Stamp) stamp = stamp_read(world->live->meta);
  g_autofree char *digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, world->live->content);
  RollbackPick pick = {versions, stamp, digest};
  RollbackTrail *rewind = NULL;
  Version *version =
      how != NULL ? how(&pick, &rewind, &error) : rollback_pick_named(&pick, word, &rewind, &error);
  if (version == NULL)
    return FALSE;
  g_assert_no_error(error);
  g_autofree char *text =
      g_strndup(g_bytes_get_data(version->content, NULL), g_bytes_get_size(version->content));
  remember(world, HISTORY_REPLACED, NULL);
  set_live(world, text, version->version, rewind);
  remember(world, HISTORY_ROLLED_BACK, "rolled back");
  return TRUE;
}

static void
assert_goes_to(World *world, Pick how, const char *version)
{
  g_assert_true(rewind_world(world, how, NULL));
  g_assert_cmpstr(remote_plugin_manifest(world->live, "version"), ==, version);
}

static gboolean
is_taken_away(const World *world, const char *text)
{
  g_autofree char *digest = digest_of(text);
  g_autoptr(Stamp) stamp = stamp_read(world->live->meta);
  return rollback_trail_holds(stamp->trail, digest);
}

static void
test_list_local(void)
{
  g_autoptr(World) world = world_new(FALSE);
  deploy(world, "a", "1.0.0");
  assert_list(world, "0=1.0.0/both");
  deploy(world, "b", "1.1.0");
  deploy(world, "c", "1.2.0");
  assert_list(world, "0=1.2.0/both 1=1.1.0/here 2=1.0.0/here");
}

static void
test_list_both(void)
{
  g_autoptr(World) world = world_new(TRUE);
  deploy(world, "a", "1.0.0");
  deploy(world, "b", "1.1.0");
  assert_list(world, "0=1.1.0/both 1=1.0.0/both");
  g_autoptr(VersionList) versions = list(world);
  g_assert_cmpstr(nth(versions, 1)->user, ==, "Ann");
  g_assert_cmpstr(nth(versions, 1)->message, ==, "deployed");
}

/* An edit in the browser: live, and known to the server alone. */
static void
test_list_edited(void)
{
  for (int keeps = 0; keeps < 2; keeps++) {
    g_autoptr(World) world = world_new(keeps);
    deploy(world, "a", "1.0.0");
    world->now++;
    set_live(world, "edited", "1.0.0", NULL);
    assert_list(world, keeps ? "0=1.0.0/server 1=1.0.0/both" : "0=1.0.0/server 1=1.0.0/here");
    deploy(world, "b", "1.1.0");
    assert_list(world, keeps ? "0=1.1.0/both 1=1.0.0/both 2=1.0.0/both"
                             : "0=1.1.0/both 1=1.0.0/here 2=1.0.0/here");
  }
}

static void
test_list_deleted(void)
{
  g_autoptr(World) world = world_new(TRUE);
  deploy(world, "a", "1.0.0");
  deploy(world, "b", "1.1.0");
  remember(world, HISTORY_DELETED, NULL);
  g_clear_pointer(&world->live, remote_plugin_free);
  assert_list(world, "1=1.1.0/here 2=1.0.0/here");
  g_autoptr(VersionList) versions = list(world);
  g_assert_cmpint(nth(versions, 0)->state->action, ==, HISTORY_DELETED);
  g_assert_cmpint(nth(versions, 0)->origin->action, ==, HISTORY_SENT);
  g_assert_cmpstr(nth(versions, 0)->message, ==, "deployed");
}

/* The server was upgraded after the first two: what only we know comes after what it keeps. Within
 * one second, too. */
static void
test_list_upgraded(void)
{
  for (int seconds = 0; seconds < 2; seconds++) {
    g_autoptr(World) world = world_new(FALSE);
    deploy(world, "a", "1.0.0");
    world->now += seconds;
    deploy(world, "b", "1.1.0");
    world->keeps = TRUE;
    world->now += seconds;
    deploy(world, "c", "1.2.0");
    world->now += seconds;
    set_live(world, "d", "1.3.0", NULL);
    world->now += seconds;
    deploy(world, "e", "1.4.0");
    assert_list(world, "0=1.4.0/both 1=1.3.0/both 2=1.2.0/both 3=1.1.0/here 4=1.0.0/here");
  }
}

/* The server's clock is behind ours: who came first is known all the same, where we know of both.
 */
static void
test_list_clocks(void)
{
  g_autoptr(World) world = world_new(FALSE);
  deploy(world, "a", "1.0.0");
  world->keeps = TRUE;
  world->now -= 600;
  deploy(world, "b", "1.1.0");
  deploy(world, "c", "1.2.0");
  assert_list(world, "0=1.2.0/both 1=1.1.0/both 2=1.0.0/here");
}

/* Deleted by us and made anew by somebody else: two versions of one text. */
static void
test_list_made_anew(void)
{
  g_autoptr(World) world = world_new(FALSE);
  deploy(world, "a", "1.0.0");
  remember(world, HISTORY_DELETED, NULL);
  set_live(world, "a", "1.0.0", NULL);
  assert_list(world, "0=1.0.0/both 1=1.0.0/here");
}

static void
test_list_nothing(void)
{
  g_autoptr(World) world = world_new(FALSE);
  assert_list(world, "");
  g_autoptr(GPtrArray) none = g_ptr_array_new();
  g_autoptr(VersionList) versions = version_list_new(FAMILY_TOOL, ID, NULL, none, NULL);
  g_assert_cmpuint(versions->versions->len, ==, 0);
}

static void
test_find(void)
{
  g_autoptr(World) world = world_new(TRUE);
  deploy(world, "a", "1.0.0");
  deploy(world, "b", "1.1.0");
  deploy(world, "c", "1.1.0");
  g_autofree char *digest = digest_of("a");
  g_autofree char *upper = g_ascii_strup(digest, 6);
  g_autoptr(VersionList) versions = list(world);
  g_assert_true(version_find(versions, "2", FALSE, NULL) == nth(versions, 2));
  g_assert_true(version_find(versions, "0", TRUE, NULL) == nth(versions, 0));
  g_assert_true(version_find(versions, "1.1.0", FALSE, NULL) == nth(versions, 0));
  g_assert_true(version_find(versions, "1.1.0", TRUE, NULL) == nth(versions, 1));
  g_assert_true(version_find(versions, upper, FALSE, NULL) == nth(versions, 2));
  g_assert_true(version_find(versions, digest, FALSE, NULL) == nth(versions, 2));
  static const char *const none[] = {"3", "9.9.9", "-1", "", "zzzz", "abc"};
  for (gsize i = 0; i < G_N_ELEMENTS(none); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(version_find(versions, none[i], FALSE, &error));
    g_assert_true(owup_error_is(error, OWUP_ERROR_NOT_FOUND));
  }
}

/* Two texts whose digests begin alike, found by trying. */
static void
test_find_several(void)
{
  g_autoptr(World) world = world_new(FALSE);
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  for (int i = 0;; i++) {
    g_autofree char *text = g_strdup_printf("text %d", i);
    g_autofree char *digest = digest_of(text);
    char *prefix = g_strndup(digest, 4);
    const char *twin = g_hash_table_lookup(seen, prefix);
    if (twin == NULL) {
      g_hash_table_insert(seen, prefix, g_steal_pointer(&text));
      continue;
    }
    deploy(world, twin, "1.0.0");
    deploy(world, text, "1.1.0");
    g_autoptr(VersionList) versions = list(world);
    g_autoptr(GError) error = NULL;
    g_assert_null(version_find(versions, prefix, FALSE, &error));
    g_assert_true(owup_error_is(error, OWUP_ERROR_USAGE));
    g_free(prefix);
    return;
  }
}

/* One further back each time, never forward; and all the way back again. All in one second, as a
 * script does it. */
static void
test_back(void)
{
  for (int keeps = 0; keeps < 2; keeps++) {
    g_autoptr(World) world = world_new(keeps);
    deploy(world, "a", "1.0.0");
    deploy(world, "b", "1.1.0");
    deploy(world, "c", "1.2.0");
    assert_goes_to(world, rollback_pick_before, "1.1.0");
    g_assert_true(is_taken_away(world, "c"));
    assert_goes_to(world, rollback_pick_before, "1.0.0");
    g_assert_true(is_taken_away(world, "c"));
    g_assert_true(is_taken_away(world, "b"));
    g_assert_false(rewind_world(world, rollback_pick_before, NULL));
    assert_goes_to(world, rollback_pick_undo, "1.1.0");
    g_assert_true(is_taken_away(world, "c"));
    g_assert_false(is_taken_away(world, "b"));
    assert_goes_to(world, rollback_pick_before, "1.0.0");
    assert_goes_to(world, rollback_pick_undo, "1.1.0");
    assert_goes_to(world, rollback_pick_undo, "1.2.0");
    g_assert_false(is_taken_away(world, "c"));
    g_assert_false(rewind_world(world, rollback_pick_undo, NULL));
    assert_goes_to(world, rollback_pick_before, "1.1.0");
  }
}

/* The same text at two places of the list is two versions. */
static void
test_back_twice_the_same(void)
{
  for (int keeps = 0; keeps < 2; keeps++) {
    g_autoptr(World) world = world_new(keeps);
    static const char *const texts[][2] = {
        {"z", "0.9.0"}, {"a", "1.0.0"}, {"b", "1.1.0"}, {"a", "1.0.0"}};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++, world->now++)
      deploy(world, texts[i][0], texts[i][1]);
    assert_goes_to(world, rollback_pick_before, "1.1.0");
    assert_goes_to(world, rollback_pick_before, "1.0.0");
    assert_goes_to(world, rollback_pick_before, "0.9.0");
    g_assert_false(rewind_world(world, rollback_pick_before, NULL));
    assert_goes_to(world, rollback_pick_undo, "1.0.0");
    assert_goes_to(world, rollback_pick_undo, "1.1.0");
    assert_goes_to(world, rollback_pick_undo, "1.0.0");
    g_assert_false(rewind_world(world, rollback_pick_undo, NULL));
  }
}

/* A new deploy ends the row of rollbacks; what was rolled back before it lies in the list as any
 * other version. */
static void
test_back_after_deploy(void)
{
  g_autoptr(World) world = world_new(TRUE);
  deploy(world, "a", "1.0.0");
  deploy(world, "b", "1.1.0");
  assert_goes_to(world, rollback_pick_before, "1.0.0");
  deploy(world, "c", "1.2.0");
  g_assert_false(rewind_world(world, rollback_pick_undo, NULL));
  assert_goes_to(world, rollback_pick_before, "1.0.0");
  g_assert_true(is_taken_away(world, "c"));
  g_assert_false(is_taken_away(world, "b"));
  g_assert_false(rewind_world(world, rollback_pick_before, NULL));
}

static void
test_named(void)
{
  g_autoptr(World) world = world_new(TRUE);
  deploy(world, "a", "1.0.0");
  deploy(world, "b", "1.1.0");
  deploy(world, "c", "1.2.0");
  g_assert_true(rewind_world(world, NULL, "1.0.0"));
  g_assert_true(is_taken_away(world, "c"));
  g_assert_false(is_taken_away(world, "b"));
  /* Forward again takes nothing away. */
  g_assert_true(rewind_world(world, NULL, "1.2.0"));
  g_assert_false(is_taken_away(world, "a"));
  g_assert_false(is_taken_away(world, "c"));
  g_assert_false(rewind_world(world, NULL, "7.0.0"));
}

/* The place is not known here (another machine's rollback on a server without versions): what was
 * taken away must not come back all the same. */
static void
test_place_lost(void)
{
  g_autoptr(World) world = world_new(FALSE);
  deploy(world, "a", "1.0.0");
  deploy(world, "c", "1.2.0");
  g_autofree char *taken = digest_of("c");
  RollbackTrail *rewind = rollback_trail_new();
  g_ptr_array_add(rewind->contents, g_strdup(taken));
  rewind->at = 5;
  set_live(world, "b", "1.1.0", rewind);
  assert_goes_to(world, rollback_pick_before, "1.0.0");
  g_assert_true(is_taken_away(world, "c"));
  g_assert_true(is_taken_away(world, "b"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/past/list/local", test_list_local);
  g_test_add_func("/past/list/both", test_list_both);
  g_test_add_func("/past/list/edited", test_list_edited);
  g_test_add_func("/past/list/deleted", test_list_deleted);
  g_test_add_func("/past/list/upgraded", test_list_upgraded);
  g_test_add_func("/past/list/clocks", test_list_clocks);
  g_test_add_func("/past/list/made-anew", test_list_made_anew);
  g_test_add_func("/past/list/nothing", test_list_nothing);
  g_test_add_func("/past/find", test_find);
  g_test_add_func("/past/find/several", test_find_several);
  g_test_add_func("/past/back", test_back);
  g_test_add_func("/past/back/twice-the-same", test_back_twice_the_same);
  g_test_add_func("/past/back/after-deploy", test_back_after_deploy);
  g_test_add_func("/past/back/named", test_named);
  g_test_add_func("/past/back/place-lost", test_place_lost);
  return g_test_run();
}
