/* SPDX-License-Identifier: MIT */
#include "support/stage.h"

#include "clock_test.h"

#include <string.h>

#define HEAD "\"\"\"\ntitle: P\n\"\"\"\nclass Filter:\n"

static const char *const texts[][2] = {
    {"old", HEAD "    x = ( 1 )\n"},
    {"new", HEAD "    x = 2\n"},
    {"other", HEAD "    x = 3\n"},
    {"tidy", HEAD "    x = 1\n"},
};

static const char *const requests[][2] = {
    {"read", "GET /api/v1/functions/id/p"},
    {"update", "POST /api/v1/functions/id/p/update"},
    {"create", "POST /api/v1/functions/create"},
    {"flip", "POST /api/v1/functions/id/p/toggle"},
    {"flipglobal", "POST /api/v1/functions/id/p/toggle/global"},
    {"delete", "DELETE /api/v1/functions/id/p/delete"},
    {"list", "GET /api/v1/functions/"},
    {"elsewhere", "GET /api/v1/functions/id/q"},
    {"history", "GET /api/v1/functions/id/p/history?page=1"},
    {"history2", "GET /api/v1/functions/id/p/history?page=2"},
    {"valves", "GET /api/v1/functions/id/p/valves"},
    {"about", "GET /api/version"},
    {"version", "GET /api/v1/functions/id/p/history/v0"},
    {"format", "POST /api/v1/utils/code/format"},
};

static const char *
find(const char *const (*table)[2], gsize n, const char *word)
{
  for (gsize i = 0; i < n; i++)
    if (g_str_equal(table[i][0], word))
      return table[i][1];
  return NULL;
}

const char *
stage_text(const char *word)
{
  return find(texts, G_N_ELEMENTS(texts), word);
}

GBytes *
stage_bytes(const char *word)
{
  return g_bytes_new_static(stage_text(word), strlen(stage_text(word)));
}

char *
stage_digest(const char *word)
{
  return g_compute_checksum_for_string(G_CHECKSUM_SHA256, stage_text(word), -1);
}

Stage *
stage_new(StageGeneration generation)
{
  Stage *stage = g_new0(Stage, 1);
  stage->generation = generation;
  stage->cancel = cancel_new();
  stage->name = STAGE_NAME;
  stage->updated_at = STAGE_DATE;
  stage->tree = tree_new();
  stage->steps = g_array_new(FALSE, TRUE, sizeof(PeerStep));
  stage->requests = g_ptr_array_new_with_free_func(g_free);
  stage->answers = g_ptr_array_new_with_free_func(g_free);
  clock_test_script(NULL, NULL);
  return stage;
}

/* What the server tells of its plugin in this generation. */
static json_t *
plugin_json(const Stage *stage, const char *id, const char *text, const char *flags,
            gboolean content)
{
  json_t *meta = json_pack("{s:s, s:{s:s}}", "description", STAGE_DESCRIPTION, "manifest", "title",
                           STAGE_NAME);
  if (stage->version != NULL)
    json_object_set_new(json_object_get(meta, "manifest"), "version", json_string(stage->version));
  if (stage->stamp != NULL)
    json_object_set(meta, "owup", stage->stamp);
  json_t *json =
      json_pack("{s:s, s:s, s:s, s:s, s:o, s:b, s:b, s:I, s:I}", "id", id, "user_id", "u", "name",
                stage->name, "type", "filter", "meta", meta, "is_active",
                strchr(flags, 'a') != NULL, "is_global", strchr(flags, 'g') != NULL, "updated_at",
                (json_int_t)stage->updated_at, "created_at", (json_int_t)STAGE_DATE - 1000);
  if (content)
    json_object_set_new(json, "content", json_string(text));
  if (stage->generation == STAGE_0_12)
    json_object_set_new(json, "version_id", json_string("v1"));
  return json;
}

json_t *
stage_plugin(const Stage *stage, const char *word)
{
  return plugin_json(stage, STAGE_ID, stage_text(word), "", TRUE);
}

/* An answer with its length, after which the connection ends: libcurl would send what is cut on a
 * kept one once more by itself. */
static char *
answer(int status, const char *type, const char *body)
{
  return g_strdup_printf("HTTP/1.1 %d X\r\nDate: Sun, 22 Nov 2026 12:42:09 GMT\r\nContent-Type: "
                         "%s\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s",
                         status, type, strlen(body), body);
}

/* Takes `json` over. */
static char *
json_answer(int status, json_t *json)
{
  char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
  char *whole = answer(status, "application/json", text);
  free(text);
  json_decref(json);
  return whole;
}

static char *
detail(int status, const char *words)
{
  return json_answer(status, json_pack("{s:s}", "detail", words));
}

static char *
missing(const Stage *stage, const char *request)
{
  static const char *const update[] = {"[ERROR: 400: [ERROR: Error updating function]]",
                                       "[ERROR: Error updating function]", "Function not found"};
  if (g_str_equal(request, "update"))
    return detail(400, update[stage->generation]);
  return detail(401, "We could not find what you're looking for :/");
}

static char *
refused(const Stage *stage, const char *request)
{
  gboolean update = g_str_equal(request, "update");
  if (stage->generation == STAGE_0_9)
    return detail(400, "[ERROR: invalid syntax (<string>, line 14)]");
  if (stage->generation == STAGE_0_12 && update)
    return detail(400, "invalid syntax (<string>, line 14)");
  return detail(400,
                update ? "[ERROR: Error updating function]" : "[ERROR: Error creating function]");
}

static json_t *
with_text(const Stage *stage, const char *request, const char *text, const char *flags)
{
  if (g_str_equal(request, "format"))
    return json_pack("{s:s}", "code", text);
  if (g_str_equal(request, "version"))
    return json_pack("{s:s, s:I, s:{s:s, s:s, s:{s:s}}}", "id", "v0", "created_at",
                     (json_int_t)STAGE_DATE, "snapshot", "content", text, "name", stage->name,
                     "meta", "description", STAGE_DESCRIPTION);
  if (g_str_equal(request, "history"))
    return json_pack("[{s:s, s:s, s:I, s:{s:s}}, {s:s, s:n, s:I}]", "id", "v1", "parent_id", "v0",
                     "created_at", (json_int_t)STAGE_DATE, "user", "name", "Ann", "id", "v0",
                     "parent_id", "created_at", (json_int_t)STAGE_DATE - 100);
  json_t *plugin = plugin_json(stage, STAGE_ID, text, flags, !g_str_equal(request, "create"));
  return g_str_equal(request, "list") ? json_pack("[o]", plugin) : plugin;
}

static char *
other_answer(const Stage *stage, const char *request, const char *word)
{
  if (g_str_equal(word, "missing"))
    return missing(stage, request);
  if (g_str_equal(word, "refused"))
    return refused(stage, request);
  if (g_str_equal(word, "taken"))
    return detail(400, "Uh-oh! This id is already registered. Please choose another id string.");
  if (g_str_equal(word, "locked"))
    return detail(400, "(sqlite3.OperationalError) database is locked");
  if (g_str_equal(word, "misfit"))
    return detail(400, "Current Valves are incompatible with this code: n: Input should be 1");
  if (g_str_equal(word, "page"))
    return answer(200, "text/html", "<!doctype html><title>Open WebUI</title>");
  if (g_str_equal(word, "true"))
    return json_answer(200, json_true());
  if (g_str_equal(word, "false"))
    return json_answer(200, json_false());
  if (g_str_equal(word, "null"))
    return json_answer(200, json_null());
  if (g_str_equal(word, "empty"))
    return json_answer(200, json_array());
  if (g_str_equal(word, "again")) {
    json_t *plugin = plugin_json(stage, "q", stage_text("old"), "", TRUE);
    json_t *manifest = json_object_get(json_object_get(plugin, "meta"), "manifest");
    json_object_set_new(manifest, "openwebui_id", json_string("twin"));
    return json_answer(200, g_str_equal(request, "list") ? json_pack("[o]", plugin) : plugin);
  }
  g_assert_true(g_ascii_isdigit(word[0]));
  return answer((int)g_ascii_strtoull(word, NULL, 10), "text/plain", "Internal Server Error");
}

static void
raise_once(gpointer data)
{
  cancel_raise(data);
}

static void
raise_twice(gpointer data)
{
  cancel_raise(data);
  cancel_raise(data);
}

static void
add_step(Stage *stage, const char *request, const char *word, PeerStep step)
{
  g_auto(GStrv) parts = g_strsplit(word, "+", 2);
  const char *path = find(requests, G_N_ELEMENTS(requests), request);
  const char *text = stage_text(parts[0]);
  g_assert_nonnull(path);
  step.then = PEER_CLOSE;
  if (g_str_equal(word, "silent")) {
    step.then = PEER_TIME;
  } else if (!g_str_equal(word, "cut")) {
    gboolean part = g_str_equal(word, "part");
    char *whole = text != NULL || part
                      ? json_answer(200, with_text(stage, request, text != NULL ? text : "",
                                                   parts[1] != NULL ? parts[1] : ""))
                      : other_answer(stage, request, word);
    g_ptr_array_add(stage->answers, whole);
    step.answer = whole;
    step.len = part ? strlen(whole) - 20 : 0;
  }
  g_array_append_val(stage->steps, step);
  g_ptr_array_add(stage->requests, g_strdup(path));
}

static void
play_word(Stage *stage, const char *word)
{
  PeerStep step = {.data = stage->cancel};
  gsize raises = strspn(word, "!");
  if (raises > 0)
    step.arrived = raises == 1 ? raise_once : raise_twice;
  g_auto(GStrv) halves = g_strsplit(word + raises, ":", 2);
  g_assert_cmpuint(g_strv_length(halves), ==, 2);
  add_step(stage, halves[0], halves[1], step);
}

void
stage_add(Stage *stage, const char *script)
{
  g_auto(GStrv) words = g_strsplit_set(script, " ", -1);
  for (char **word = words; *word != NULL; word++)
    if (**word != '\0')
      play_word(stage, *word);
}

void
stage_play(Stage *stage, const char *script)
{
  stage_add(stage, script);
  stage->peer = peer_new((const PeerStep *)stage->steps->data, stage->steps->len);
  ClientOptions options = {.url = peer_url(stage->peer), .key = "sk-1234567890"};
  stage->client = client_new(&options, stage->cancel);
}

static char *
what_came(const Stage *stage)
{
  GString *came = g_string_new(NULL);
  for (guint i = 0; i < peer_n_requests(stage->peer); i++) {
    const char *request = peer_request(stage->peer, i);
    g_string_append_len(came, request, (gssize)(strstr(request, " HTTP/") - request));
    g_string_append_c(came, '\n');
  }
  return g_string_free(came, FALSE);
}

void
stage_end(Stage *stage)
{
  peer_stop(stage->peer);
  g_autofree char *came = what_came(stage);
  g_ptr_array_add(stage->requests, g_strdup(""));
  g_ptr_array_add(stage->requests, NULL);
  g_autofree char *wanted = g_strjoinv("\n", (char **)stage->requests->pdata);
  g_assert_cmpstr(came, ==, wanted);
  client_free(stage->client);
  peer_free(stage->peer);
  json_decref(stage->stamp);
  cancel_free(stage->cancel);
  tree_free(stage->tree);
  g_array_unref(stage->steps);
  g_ptr_array_unref(stage->requests);
  g_ptr_array_unref(stage->answers);
  g_free(stage);
  clock_test_end();
}
