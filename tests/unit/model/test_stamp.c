/* SPDX-License-Identifier: MIT */
#include "stamp.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"

/* Writes `stamp` into a meta and reads it again. */
static Stamp *
round_trip(const Stamp *stamp)
{
  json_auto_t *meta = json_object();
  json_object_set_new(meta, STAMP_KEY, stamp_to_json(stamp));
  return stamp_read(meta);
}

static void
test_plain(void)
{
  g_autoptr(Stamp) stamp = g_new0(Stamp, 1);
  stamp->sha256 = g_strdup(A);
  stamp->name = g_strdup("T");
  stamp->at = 1795000000;
  g_autoptr(Stamp) read = round_trip(stamp);
  g_assert_cmpstr(read->sha256, ==, A);
  g_assert_cmpstr(read->name, ==, "T");
  g_assert_null(read->description);
  g_assert_null(read->from);
  g_assert_null(read->blob);
  g_assert_null(read->write);
  g_assert_null(read->who);
  g_assert_false(read->has_dirty);
  g_assert_cmpint(read->at, ==, 1795000000);
  g_assert_null(read->trail);
}

static void
test_git(void)
{
  g_autoptr(Stamp) stamp = g_new0(Stamp, 1);
  stamp->sha256 = g_strdup(A);
  stamp->blob = g_strdup("blob");
  stamp->write = g_strdup("write");
  stamp->who = g_strdup("who");
  stamp->has_dirty = TRUE;
  for (int dirty = 0; dirty < 2; dirty++) {
    stamp->dirty = dirty;
    g_autoptr(Stamp) read = round_trip(stamp);
    g_autoptr(Stamp) copy = stamp_copy(read);
    g_assert_cmpstr(copy->blob, ==, "blob");
    g_assert_cmpstr(copy->write, ==, "write");
    g_assert_cmpstr(copy->who, ==, "who");
    g_assert_true(copy->has_dirty);
    g_assert_cmpint(copy->dirty, ==, dirty);
  }
}

static void
test_rewind(void)
{
  RollbackTrail *trail = rollback_trail_new();
  g_ptr_array_add(trail->contents, g_strdup(B));
  g_ptr_array_add(trail->contents, g_strdup(C));
  trail->version_id = g_strdup("v1");
  trail->at = 17;
  g_autoptr(Stamp) stamp = g_new0(Stamp, 1);
  stamp->sha256 = g_strdup(A);
  stamp->trail = trail;
  g_autoptr(Stamp) read = round_trip(stamp);
  g_autoptr(Stamp) copy = stamp_copy(read);
  g_assert_cmpuint(copy->trail->contents->len, ==, 2);
  g_assert_cmpstr(g_ptr_array_index(copy->trail->contents, 0), ==, B);
  g_assert_cmpstr(rollback_trail_last(copy->trail), ==, C);
  g_assert_cmpstr(copy->trail->version_id, ==, "v1");
  g_assert_cmpint(copy->trail->at, ==, 17);
  g_assert_true(rollback_trail_holds(copy->trail, B));
  g_assert_false(rollback_trail_holds(copy->trail, A));
}

static void
test_no_rewind(void)
{
  g_assert_false(rollback_trail_holds(NULL, A));
  g_assert_null(rollback_trail_last(NULL));
  g_assert_null(rollback_trail_copy(NULL));
  rollback_trail_free(NULL);
}

/* A meta comes from a server, where anybody may have written it. */
static void
test_nonsense(void)
{
  static const char *const metas[] = {
      "{}",
      "{\"owup\": 1}",
      "{\"owup\": {\"sha256\": \"short\"}}",
      "{\"owup\": {\"sha256\": 5}}",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(metas); i++) {
    json_auto_t *meta = json_loads(metas[i], 0, NULL);
    g_assert_null(stamp_read(meta));
  }
  g_assert_null(stamp_read(NULL));
  json_auto_t *odd = json_loads("{\"owup\": {\"sha256\": \"" A "\", \"at\": 5, \"rolled_back\":"
                                " [1, null, \"" B "\"], \"restored\": [], \"name\": {}}}",
                                0, NULL);
  g_autoptr(Stamp) stamp = stamp_read(odd);
  g_assert_nonnull(stamp);
  g_assert_null(stamp->name);
  g_assert_cmpuint(stamp->trail->contents->len, ==, 1);
  g_assert_null(stamp->trail->version_id);
  g_assert_cmpint(stamp->trail->at, ==, 0);
  json_auto_t *text =
      json_loads("{\"owup\": {\"sha256\": \"" A "\", \"rolled_back\": \"" B "\"}}", 0, NULL);
  g_autoptr(Stamp) single = stamp_read(text);
  g_assert_null(single->trail);
}

static void
test_limit(void)
{
  json_auto_t *meta = json_pack("{s:{s:s, s:[]}}", "owup", "sha256", A, "rolled_back");
  json_t *contents = json_object_get(json_object_get(meta, "owup"), "rolled_back");
  for (int i = 0; i < 5000; i++)
    json_array_append_new(contents, json_string(B));
  g_autoptr(Stamp) stamp = stamp_read(meta);
  g_assert_cmpuint(stamp->trail->contents->len, <, 1000);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stamp/plain", test_plain);
  g_test_add_func("/stamp/git", test_git);
  g_test_add_func("/stamp/rewind", test_rewind);
  g_test_add_func("/stamp/no-rewind", test_no_rewind);
  g_test_add_func("/stamp/nonsense", test_nonsense);
  g_test_add_func("/stamp/limit", test_limit);
  return g_test_run();
}
