/* SPDX-License-Identifier: MIT */
/* One look for many: what is asked, and what is known then without another request. */
#include "snapshot_prefetch.h"

#include "error.h"
#include "support/peer.h"
#include "support/tree.h"

#include <string.h>

#define COUNT 4
#define LIST "GET /api/v1/functions/ HTTP/1.1"
#define EXPORT "GET /api/v1/functions/export HTTP/1.1"

/* COUNT filters a, b, c, d, a local history, and a server with at most two answers. */
typedef struct {
  Tree *tree;
  History *history;
  GPtrArray *plugins;
  DeployOptions options;
  char *answers[2];
  PeerStep steps[2];
  guint answered;
  Peer *peer;
} World;

static Plugin *
make_plugin(guint number)
{
  g_autofree char *file = g_strdup_printf("%c.py", 'a' + number);
  g_autofree char *text =
      g_strdup_printf("\"\"\"\ntitle: T%u\n\"\"\"\nclass Filter:\n    pass\n", number);
  g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
  return plugin_from_bytes(file, bytes, NULL);
}

static World *
world_new(void)
{
  World *world = g_new0(World, 1);
  world->tree = tree_new();
  world->history = history_open(world->tree->root, NULL);
  world->plugins = g_ptr_array_new_with_free_func((GDestroyNotify)plugin_unref);
  for (guint i = 0; i < COUNT; i++)
    g_ptr_array_add(world->plugins, make_plugin(i));
  return world;
}

static void
world_free(World *world)
{
  peer_free(world->peer);
  g_free(world->answers[0]);
  g_free(world->answers[1]);
  g_ptr_array_unref(world->plugins);
  history_free(world->history);
  tree_free(world->tree);
  g_free(world);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(World, world_free)

static Plugin *
plugin_at(const World *world, guint i)
{
  return g_ptr_array_index(world->plugins, i);
}

/* What the server says of plugin `i`: under `id`, with that title. */
static json_t *
told(const World *world, guint i, const char *id, const char *title, const char *version_id,
     gboolean content)
{
  gsize len;
  const char *text = g_bytes_get_data(plugin_at(world, i)->stored, &len);
  json_t *json = json_pack("{s:s, s:s, s:s, s:{s:s}}", "id", id, "type", "filter", "name", title,
                           "meta", "description", "");
  if (version_id != NULL)
    json_object_set_new(json, "version_id", json_string(version_id));
  if (content)
    json_object_set_new(json, "content", json_stringn(text, len));
  return json;
}

static void
will_answer(World *world, int status, json_t *list)
{
  char *text = json_dumps(list, JSON_COMPACT);
  world->answers[world->answered] = peer_answer(status, "application/json", text);
  world->steps[world->answered].answer = world->answers[world->answered];
  world->answered++;
  free(text);
  json_decref(list);
}

/* `content` (NULL: plugin `i`'s own text) was sent and became `version_id`. */
static void
remember(const World *world, guint i, GBytes *content, const char *version_id)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(HistoryEntry) entry = history_entry_new(peer_url(world->peer), FAMILY_FUNCTION,
                                                    plugin_at(world, i)->id, HISTORY_SENT);
  entry->version_id = g_strdup(version_id);
  history_add(world->history, entry, content != NULL ? content : plugin_at(world, i)->stored,
              &error);
  g_assert_no_error(error);
}

static void
start(World *world)
{
  world->peer = peer_new(world->steps, world->answered);
}

static GPtrArray *
prefetch(World *world)
{
  ClientOptions to = {.url = peer_url(world->peer), .key = "sk-0123456789abcdef0123456789abcdef"};
  g_autoptr(Client) client = client_new(&to, NULL);
  DeployContext context = {.client = client, .options = &world->options, .history = world->history};
  GPtrArray *looks = snapshot_prefetch(&context, world->plugins);
  g_assert_cmpuint(looks->len, ==, world->plugins->len);
  return looks;
}

static void
assert_asked(World *world, const char *first, const char *second)
{
  const char *const lines[] = {first, second};
  peer_stop(world->peer);
  g_assert_cmpuint(peer_n_requests(world->peer), ==, (first != NULL) + (second != NULL));
  for (guint i = 0; i < G_N_ELEMENTS(lines) && lines[i] != NULL; i++)
    g_assert_true(g_str_has_prefix(peer_request(world->peer, i), lines[i]));
}

static void
test_version_proves(void)
{
  g_autoptr(World) world = world_new();
  json_t *list = json_array();
  json_array_append_new(list, told(world, 0, "a", "T0", "v0", FALSE));
  json_array_append_new(list, told(world, 1, "b", "Another name", "v1", FALSE));
  json_array_append_new(list, told(world, 2, "c", "T2", "v2", FALSE));
  json_array_append_new(list, told(world, 3, "other", "T3", "v3", FALSE));
  will_answer(world, 200, list);
  start(world);
  remember(world, 0, NULL, "v0");
  remember(world, 1, NULL, "v1");
  g_autoptr(GBytes) sent = g_bytes_new_static("what was sent before\n", 21);
  remember(world, 2, sent, "v2");
  g_autoptr(GPtrArray) looks = prefetch(world);
  const Snapshot *same = g_ptr_array_index(looks, 0), *renamed = g_ptr_array_index(looks, 1);
  const Snapshot *changed = g_ptr_array_index(looks, 2), *missing = g_ptr_array_index(looks, 3);
  g_assert_true(same->same && same->before->content == NULL);
  g_assert_false(renamed->same);
  g_assert_true(g_bytes_equal(renamed->before->content, plugin_at(world, 1)->stored));
  g_assert_false(changed->same);
  g_assert_true(g_bytes_equal(changed->before->content, sent));
  g_assert_cmpstr(changed->digest_stored, !=, changed->digest);
  g_assert_null(missing->before);
  g_assert_cmpstr(missing->taken_by, ==, "other");
  assert_asked(world, LIST, NULL);
}

/* Another version than the last one known, or one never seen: the contents are asked for. */
static void
test_other_versions_need_contents(void)
{
  g_autoptr(World) world = world_new();
  for (guint round = 0; round < 2; round++) {
    json_t *list = json_array();
    for (guint i = 0; i < COUNT; i++) {
      const char id[] = {(char)('a' + i), '\0'};
      g_autofree char *title = g_strdup_printf("T%u", i);
      json_array_append_new(list, told(world, i, id, title, "theirs", round == 1));
    }
    will_answer(world, 200, list);
  }
  start(world);
  remember(world, 0, NULL, "ours");
  g_autoptr(GPtrArray) looks = prefetch(world);
  for (guint i = 0; i < COUNT; i++) {
    const Snapshot *snapshot = g_ptr_array_index(looks, i);
    g_assert_nonnull(snapshot->before->content);
    /* Nobody but the history knows whether what is there is our own work. */
    g_assert_cmpint(snapshot->same, ==, i == 0);
  }
  assert_asked(world, LIST, EXPORT);
}

static void
test_older_servers_are_asked_for_contents_at_once(void)
{
  g_autoptr(World) world = world_new();
  json_t *list = json_array();
  json_array_append_new(list, told(world, 0, "a", "T0", NULL, TRUE));
  will_answer(world, 200, list);
  start(world);
  remember(world, 0, NULL, NULL);
  g_autoptr(GPtrArray) looks = prefetch(world);
  g_assert_true(((const Snapshot *)g_ptr_array_index(looks, 0))->same);
  g_assert_null(((const Snapshot *)g_ptr_array_index(looks, 1))->before);
  assert_asked(world, EXPORT, NULL);
}

/* --resend: what is there is needed even where it is the same. */
static void
test_resend_settles_nothing(void)
{
  g_autoptr(World) world = world_new();
  json_t *list = json_array();
  json_array_append_new(list, told(world, 0, "a", "T0", "v0", FALSE));
  will_answer(world, 200, list);
  start(world);
  world->options.resend = TRUE;
  remember(world, 0, NULL, "v0");
  g_autoptr(GPtrArray) looks = prefetch(world);
  const Snapshot *snapshot = g_ptr_array_index(looks, 0);
  g_assert_false(snapshot->same);
  g_assert_nonnull(snapshot->before->content);
  assert_asked(world, LIST, NULL);
}

static void
assert_no_looks(const GPtrArray *looks)
{
  for (guint i = 0; i < looks->len; i++)
    g_assert_null(g_ptr_array_index(looks, i));
}

static void
test_a_few_look_for_themselves(void)
{
  g_autoptr(World) world = world_new();
  start(world);
  plugin_unref(plugin_at(world, 1));
  g_ptr_array_index(world->plugins, 1) = NULL;
  g_autoptr(GPtrArray) looks = prefetch(world);
  assert_no_looks(looks);
  assert_asked(world, NULL, NULL);
}

static void
test_a_list_that_fails_is_no_error(void)
{
  g_autoptr(World) world = world_new();
  will_answer(world, 500, json_object());
  start(world);
  g_autoptr(GPtrArray) looks = prefetch(world);
  assert_no_looks(looks);
  assert_asked(world, LIST, NULL);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  owup_error_init();
  g_test_add_func("/survey/version-proves", test_version_proves);
  g_test_add_func("/survey/other-versions-need-contents", test_other_versions_need_contents);
  g_test_add_func("/survey/older-servers-are-asked-for-contents-at-once",
                  test_older_servers_are_asked_for_contents_at_once);
  g_test_add_func("/survey/resend-settles-nothing", test_resend_settles_nothing);
  g_test_add_func("/survey/a-few-look-for-themselves", test_a_few_look_for_themselves);
  g_test_add_func("/survey/a-list-that-fails-is-no-error", test_a_list_that_fails_is_no_error);
  return g_test_run();
}
