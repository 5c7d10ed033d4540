/* SPDX-License-Identifier: MIT */
#include "rollback_pick.h"

#include "support/versions_world.h"

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
  g_test_add_func("/rollback_pick/back", test_back);
  g_test_add_func("/rollback_pick/back/twice-the-same", test_back_twice_the_same);
  g_test_add_func("/rollback_pick/back/after-deploy", test_back_after_deploy);
  g_test_add_func("/rollback_pick/back/named", test_named);
  g_test_add_func("/rollback_pick/back/place-lost", test_place_lost);
  return g_test_run();
}
