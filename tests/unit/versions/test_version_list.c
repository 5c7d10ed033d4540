/* SPDX-License-Identifier: MIT */
#include "version_list.h"

#include "error.h"
#include "support/versions_world.h"

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

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/version_list/list/local", test_list_local);
  g_test_add_func("/version_list/list/both", test_list_both);
  g_test_add_func("/version_list/list/edited", test_list_edited);
  g_test_add_func("/version_list/list/deleted", test_list_deleted);
  g_test_add_func("/version_list/list/upgraded", test_list_upgraded);
  g_test_add_func("/version_list/list/clocks", test_list_clocks);
  g_test_add_func("/version_list/list/made-anew", test_list_made_anew);
  g_test_add_func("/version_list/list/nothing", test_list_nothing);
  g_test_add_func("/version_list/find", test_find);
  g_test_add_func("/version_list/find/several", test_find_several);
  return g_test_run();
}
