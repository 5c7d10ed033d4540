/* SPDX-License-Identifier: MIT */
#include "plugin.h"

#include "encoding.h"
#include "error.h"
#include "file.h"
#include "frontmatter_lint.h"
#include "import_rewrite.h"
#include "plugin_class.h"
#include "plugin_id.h"

#include <glib/gi18n.h>
#include <string.h>

/* What g_utf8_make_valid() puts in the place of a byte that is no UTF-8. */
#define REPLACEMENT "\uFFFD"

typedef struct {
  const char *start; /* without a byte order mark */
  gsize len;
} Text;

/* Not gatomicrefcount: its functions are within GLib, where ThreadSanitizer does not see that they
 * order what two threads do. */
Plugin *
plugin_ref(Plugin *plugin)
{
  g_atomic_int_inc(&plugin->refs);
  return plugin;
}

void
plugin_unref(Plugin *plugin)
{
  if (plugin == NULL || !g_atomic_int_dec_and_test(&plugin->refs))
    return;
  g_free(plugin->file);
  g_bytes_unref(plugin->content);
  g_bytes_unref(plugin->stored);
  frontmatter_free(plugin->frontmatter);
  g_free(plugin->id);
  g_free(plugin->title);
  g_free(plugin->version);
  g_free(plugin->description);
  g_ptr_array_unref(plugin->diagnostics);
  g_ptr_array_unref(plugin->unread);
  g_free(plugin);
}

const char *
plugin_label(const Plugin *plugin)
{
  return plugin->title != NULL ? plugin->title : plugin->id;
}

char *
plugin_show_path(const char *path)
{
  g_autofree char *here = g_get_current_dir();
  char *absolute = g_canonicalize_filename(path, NULL);
  gsize n = strlen(here);
  if (n > 1 && strncmp(absolute, here, n) == 0 && absolute[n] == G_DIR_SEPARATOR)
    memmove(absolute, absolute + n + 1, strlen(absolute + n + 1) + 1);
  return absolute;
}

/* The value as one line of text; NULL where there is none, or its bytes are not UTF-8. */
static char *
text_of(const Plugin *plugin, const char *key)
{
  const char *text = frontmatter_get_text(plugin->frontmatter, key);
  gboolean lost = !plugin->is_utf8 && text != NULL && strstr(text, REPLACEMENT) != NULL;
  return lost ? NULL : g_strdup(text);
}

/* The frontmatter of a text that is not UTF-8 is read as far as it goes, for its title. */
static void
read_frontmatter(Plugin *plugin, Text text)
{
  g_autofree char *valid = NULL;
  if (!plugin->is_utf8) {
    valid = g_utf8_make_valid(text.start, (gssize)text.len);
    text = (Text){valid, strlen(valid)};
  }
  plugin->frontmatter = frontmatter_parse(text.start, text.len);
  plugin->unread = frontmatter_lint(plugin->file, text.start, text.len, plugin->frontmatter);
  plugin->title = text_of(plugin, "title");
  plugin->version = text_of(plugin, "version");
  plugin->description = text_of(plugin, "description");
  const char *requirements = frontmatter_get(plugin->frontmatter, "requirements");
  plugin->has_requirements = requirements != NULL && *requirements != '\0';
}

static void
read_python(Plugin *plugin, Text text, gboolean readable)
{
  Diagnostic *broken = NULL;
  if (readable)
    python_scan(plugin->file, text.start, text.len, &plugin->scan, &broken);
  if (broken != NULL)
    g_ptr_array_add(plugin->diagnostics, broken);
  if (plugin->scan.whole)
    plugin_class_check(plugin->file, text.start, text.len, &plugin->scan, plugin->diagnostics);
  plugin->has_kind =
      plugin_class_kind(plugin->file, text.start, text.len, &plugin->scan, &plugin->kind);
}

static gboolean
is_blank(Text text)
{
  for (gsize i = 0; i < text.len; i++)
    if (!g_ascii_isspace(text.start[i]))
      return FALSE;
  return TRUE;
}

static void
check_id(Plugin *plugin, Text text)
{
  if (plugin_id_valid(plugin->id))
    return;
  g_autofree char *better = plugin_id_from_name(plugin->id);
  g_autofree char *message = NULL;
  if (*plugin->id == '\0')
    message = g_strdup(_("the file's name gives no id; give one with --id"));
  else if (better == NULL)
    message = g_strdup_printf(_("\"%s\" is no id: letters, digits and \"_\" only, and no digit "
                                "first; give one with --id"),
                              plugin->id);
  else
    message = g_strdup_printf(_("\"%s\" is no id: letters, digits and \"_\" only, and no digit "
                                "first; --id %s would do"),
                              plugin->id, better);
  gboolean in_text = plugin->id_origin == ID_FROM_FRONTMATTER && plugin->is_utf8;
  int line = in_text ? frontmatter_line(plugin->frontmatter, "id") : 0;
  g_ptr_array_add(plugin->diagnostics, diagnostic_new(plugin->file, line, line > 0 ? 1 : 0, message,
                                                      text.start, text.len));
}

Plugin *
plugin_from_bytes(const char *file, GBytes *content, const char *id)
{
  Plugin *plugin = g_new0(Plugin, 1);
  plugin->refs = 1;
  plugin->file = g_strdup(file);
  plugin->content = g_bytes_ref(content);
  plugin->stored = import_rewrite(content);
  plugin->diagnostics = g_ptr_array_new_with_free_func((GDestroyNotify)diagnostic_free);
  Text text;
  text.start = g_bytes_get_data(content, &text.len);
  if (text.start == NULL)
    text.start = "";
  Encoding encoding = encoding_check(file, text.start, text.len, plugin->diagnostics);
  text.start += encoding.bom;
  text.len -= encoding.bom;
  plugin->is_utf8 = encoding.is_utf8;
  read_frontmatter(plugin, text);
  gboolean blank = is_blank(text);
  if (blank)
    g_ptr_array_add(plugin->diagnostics,
                    diagnostic_new(file, 1, 1, _("the file is empty"), NULL, 0));
  read_python(plugin, text, encoding.is_utf8 && !encoding.has_nul && !blank);
  plugin->id =
      plugin_id_choose(id, frontmatter_get(plugin->frontmatter, "id"), file, &plugin->id_origin);
  check_id(plugin, text);
  return plugin;
}

GBytes *
plugin_read(const char *path, GError **error)
{
  g_autoptr(GError) reason = NULL;
  GBytes *content = file_read(path, PLUGIN_SIZE_LIMIT, &reason);
  if (content != NULL)
    return content;
  if (owup_error_is(reason, OWUP_ERROR_TOO_BIG)) {
    g_autofree char *shown = plugin_show_path(path);
    owup_error_set(error, OWUP_ERROR_LOCAL_PLUGIN, _("%s is larger than %u MB; no plugin is"),
                   shown, PLUGIN_SIZE_LIMIT >> 20);
  } else {
    g_propagate_error(error, g_steal_pointer(&reason));
  }
  return NULL;
}

Plugin *
plugin_load(const char *path, const char *id, GError **error)
{
  g_autofree char *shown = plugin_show_path(path);
  g_autoptr(GBytes) content = plugin_read(path, error);
  return content != NULL ? plugin_from_bytes(shown, content, id) : NULL;
}
