/* SPDX-License-Identifier: MIT */
/* Which plugin of a server's list a local file is, where it is not there under its own id. */
#include "adoption.h"

#include "remote_plugin.h"

#include <string.h>

static Plugin *
file_of(const char *file, const char *header, const char *id)
{
  g_autofree char *text = g_strdup_printf("\"\"\"\ntitle: T\n%s\"\"\"\nclass Filter:\n    pass\n",
                                          header != NULL ? header : "");
  g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
  return plugin_from_bytes(file, bytes, id);
}

static void
add(GPtrArray *list, const char *id, const char *type, const char *name, const char *mark)
{
  GError *error = NULL;
  json_auto_t *object = json_pack("{s:s, s:s, s:s, s:{s:{s:s}}}", "id", id, "type", type, "name",
                                  name, "meta", "manifest", "openwebui_id", mark);
  g_ptr_array_add(list, remote_plugin_from_json(FAMILY_FUNCTION, object, &error));
  g_assert_no_error(error);
}

static void
judged(const Plugin *plugin, const GPtrArray *siblings, const GPtrArray *list, const char *id,
       const char *taken_by)
{
  g_autoptr(AdoptionIndex) index = adoption_index_new(list);
  Adoption moving = adoption_judge(plugin, siblings, index);
  g_assert_cmpstr(moving.id, ==, id);
  g_assert_cmpstr(moving.taken_by, ==, taken_by);
}

static GPtrArray *
client_with(const char *id, const char *type)
{
  GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)remote_plugin_free);
  add(list, "other", "filter", "Other", "m9");
  add(list, id, type, "Old", "m1");
  return list;
}

static void
test_alone(void)
{
  g_autoptr(GPtrArray) list = client_with("old", "filter");
  g_autoptr(Plugin) marked = file_of("p.py", "openwebui_id: m1\n", NULL);
  g_autoptr(Plugin) unmarked = file_of("p.py", NULL, NULL);
  g_autoptr(Plugin) fixed = file_of("p.py", "openwebui_id: m1\nid: mine\n", NULL);
  g_autoptr(Plugin) meant = file_of("p.py", "openwebui_id: m1\n", "mine");
  judged(marked, NULL, list, "old", NULL);
  judged(unmarked, NULL, list, NULL, NULL);
  judged(fixed, NULL, list, NULL, "old");
  judged(meant, NULL, list, NULL, NULL);
  add(list, "titled", "filter", "T", "m8");
  judged(unmarked, NULL, list, NULL, "titled");
  judged(marked, NULL, list, "old", NULL);
  add(list, "older", "filter", "Older", "m1");
  judged(marked, NULL, list, NULL, "older");
}

static void
test_what_it_never_is(void)
{
  g_autoptr(GPtrArray) pipes = client_with("old", "pipe");
  g_autoptr(GPtrArray) wild = client_with("../old", "filter");
  g_autoptr(Plugin) marked = file_of("p.py", "openwebui_id: m1\n", NULL);
  judged(marked, NULL, pipes, NULL, NULL);
  judged(marked, NULL, wild, NULL, "../old");
}

static void
test_siblings(void)
{
  g_autoptr(GPtrArray) list = client_with("old", "filter");
  g_autoptr(GPtrArray) siblings = g_ptr_array_new_with_free_func((GDestroyNotify)plugin_unref);
  Plugin *marked = file_of("p.py", "openwebui_id: m1\n", NULL);
  g_ptr_array_add(siblings, marked);
  g_ptr_array_add(siblings, file_of("q.py", "openwebui_id: m2\n", NULL));
  judged(marked, siblings, list, "old", NULL);
  g_ptr_array_add(siblings, file_of("old.py", NULL, NULL));
  judged(marked, siblings, list, NULL, "old");
  g_ptr_array_remove_index(siblings, 2);
  g_ptr_array_add(siblings, file_of("r.py", "openwebui_id: m1\n", NULL));
  judged(marked, siblings, list, NULL, "old");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/moving-in/alone", test_alone);
  g_test_add_func("/moving-in/never", test_what_it_never_is);
  g_test_add_func("/moving-in/siblings", test_siblings);
  return g_test_run();
}
