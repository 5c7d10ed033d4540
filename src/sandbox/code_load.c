/* SPDX-License-Identifier: MIT */
#include "code_load.h"

#include "class_valves.h"
#include "diagnostic.h"
#include "frontmatter.h"
#include "import_rewrite.h"
#include "python_scan.h"

#include <string.h>

static json_t *
read_manifest(const char *text, gsize len)
{
  json_t *manifest = json_object();
  g_autoptr(Frontmatter) frontmatter = frontmatter_parse(text, len);
  g_autoptr(GPtrArray) keys = frontmatter_keys(frontmatter);
  for (guint i = 0; i < keys->len; i++) {
    const char *key = keys->pdata[i];
    json_object_set_new(manifest, key, json_string(frontmatter_get(frontmatter, key)));
  }
  return manifest;
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names only, in order: types and descriptions come from Python's own introspection. */
static json_t *
make_specs(const OutlineItem *class)
{
  json_t *specs = json_array();
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (guint i = 0; class != NULL && i < class->inside->len; i++) {
    const OutlineItem *item = class->inside->pdata[i];
    if (item->type == OUTLINE_DEF && item->in == class && item->direct && item->name[0] != '_')
      g_ptr_array_add(names, item->name);
  }
  g_ptr_array_sort(names, compare_names);
  for (guint i = 0; i < names->len; i++)
    json_array_append_new(specs, json_pack("{s:s, s:s, s:{s:s, s:{}}}", "name", names->pdata[i],
                                           "description", "", "parameters", "type", "object",
                                           "properties"));
  return specs;
}

/* `toggle = True` in the class's block, or `self.toggle = True` anywhere in it. */
static gboolean
sets_toggle(const OutlineItem *class)
{
  for (guint i = 0; i < class->inside->len; i++) {
    const OutlineItem *item = class->inside->pdata[i];
    gboolean own = item->on_self || (item->in == class && item->direct);
    if (item->type == OUTLINE_FIELD && own && g_str_equal(item->name, "toggle") &&
        g_strcmp0(item->value, "True") == 0)
      return TRUE;
  }
  return FALSE;
}

/* The first class in the server's order that the text binds. */
static gboolean
find_kind(const PythonScan *scan, Family family, SandboxGeneration generation, Kind *kind)
{
  for (int i = 0; i < N_KINDS; i++) {
    gboolean known =
        kind_family((Kind)i) == family && (i != KIND_EVENT || generation >= SANDBOX_0_11);
    if (known && scan->bound[i].line > 0) {
      *kind = (Kind)i;
      return TRUE;
    }
  }
  return FALSE;
}

static char *
plugins_are_off(Family family)
{
  return g_strdup(family == FAMILY_TOOL
                      ? "Tools are disabled by ENABLE_PLUGINS or ENABLE_TOOLS"
                      : "Functions are disabled by ENABLE_PLUGINS or ENABLE_FUNCTIONS");
}

gboolean
code_load(GBytes *content, Family family, const SandboxOptions *options, LoadedCode *code,
          char **reason)
{
  *code = (LoadedCode){0};
  if (options->plugins_off) {
    *reason = plugins_are_off(family);
    return FALSE;
  }
  g_autoptr(GBytes) held = import_rewrite(content);
  gsize len;
  const char *text = g_bytes_get_data(held, &len);
  if (text == NULL)
    text = "";
  if (memchr(text, '\0', len) != NULL) {
    *reason = g_strdup("source code string cannot contain null bytes");
    return FALSE;
  }
  if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
    *reason = g_strdup("invalid non-printable character U+FEFF (<string>, line 1)");
    return FALSE;
  }
  PythonScan scan;
  g_autoptr(Diagnostic) diagnostic = NULL;
  if (!python_scan("<string>", text, len, &scan, &diagnostic)) {
    *reason = g_strdup_printf("%s (<string>, line %d)", diagnostic->message, diagnostic->line);
    return FALSE;
  }
  if (!find_kind(&scan, family, options->generation, &code->kind)) {
    *reason = g_strdup_printf("No %s class found in the module",
                              family == FAMILY_TOOL ? "Tools" : "Function");
    return FALSE;
  }
  code->outline = outline_read(text, len, TRUE);
  code->class = outline_find_class(code->outline, kind_class(code->kind));
  code->manifest = read_manifest(text, len);
  const OutlineItem *inner;
  code->toggle = code->kind == KIND_FILTER && code->class != NULL && sets_toggle(code->class);
  code->has_user_valves = class_valves_find(code->class, "UserValves", &inner);
  if (family == FAMILY_TOOL)
    code->specs = make_specs(code->class);
  code->held = g_steal_pointer(&held);
  return TRUE;
}

void
loaded_code_clear(LoadedCode *code)
{
  g_clear_pointer(&code->held, g_bytes_unref);
  json_decref(code->manifest);
  json_decref(code->specs);
  g_clear_pointer(&code->outline, outline_free);
}
