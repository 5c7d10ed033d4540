/* SPDX-License-Identifier: MIT */
#include "setting_sources.h"

#include "dotenv.h"
#include "error.h"
#include "file.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define DOTENV ".env"
#define ENV_FILE_LIMIT (1u << 20)

/* `dir` as seen from `cwd`: "", "../../" or "/elsewhere/". */
static char *
folder_shown(const char *dir, const char *cwd)
{
  if (g_str_equal(dir, cwd))
    return g_strdup("");
  gsize len = g_str_equal(dir, "/") ? 0 : strlen(dir);
  if (!g_str_has_prefix(cwd, dir) || cwd[len] != '/')
    return g_strdup_printf("%s/", dir);
  GString *up = g_string_new(NULL);
  for (const char *at = cwd + len; *at != '\0'; at++)
    if (*at == '/')
      g_string_append(up, "../");
  return g_string_free(up, FALSE);
}

static void
add_file(SettingSources *sources, const char *dir, const char *shown_dir)
{
  g_autofree char *path = g_build_filename(dir, DOTENV, NULL);
  for (gsize i = 0; i < sources->n_places; i++)
    if (g_strcmp0(sources->places[i].path, path) == 0)
      return;
  Source *source = &sources->places[sources->n_places++];
  source->type = ORIGIN_DOTENV;
  source->path = g_steal_pointer(&path);
  source->shown = g_strconcat(shown_dir, DOTENV, NULL);
  source->bare = *shown_dir == '\0';
}

void
setting_sources_init(SettingSources *sources, const char *env_file, const char *root)
{
  g_autofree char *current = g_get_current_dir();
  g_autofree char *cwd = g_canonicalize_filename(current, NULL);
  g_autofree char *top = g_canonicalize_filename(root, NULL);
  g_autofree char *top_shown = folder_shown(top, cwd);
  g_autofree char *scripts = g_build_filename(top, "scripts", NULL);
  g_autofree char *scripts_shown = g_strconcat(top_shown, "scripts/", NULL);
  *sources = (SettingSources){0};
  if (env_file != NULL) {
    Source *named = &sources->places[sources->n_places++];
    named->type = ORIGIN_ENV_FILE;
    named->path = g_canonicalize_filename(env_file, NULL);
    named->shown = g_strdup(env_file);
    named->bare = g_str_equal(env_file, DOTENV);
  }
  sources->places[sources->n_places++].type = ORIGIN_ENVIRONMENT;
  add_file(sources, cwd, "");
  add_file(sources, top, top_shown);
  add_file(sources, scripts, scripts_shown);
}

void
setting_sources_clear(SettingSources *sources)
{
  for (gsize i = 0; i < sources->n_places; i++) {
    g_free(sources->places[i].path);
    g_free(sources->places[i].shown);
    g_clear_pointer(&sources->places[i].values, g_hash_table_unref);
    g_clear_pointer(&sources->places[i].lines, g_ptr_array_unref);
  }
  *sources = (SettingSources){0};
}

/* A virtual environment is often a folder called .env. */
static gboolean
passed_over(const Source *source)
{
  GStatBuf st;
  if (source->type == ORIGIN_ENV_FILE)
    return FALSE;
  if (g_stat(source->path, &st) != 0)
    return errno == ENOENT || errno == ENOTDIR;
  return S_ISDIR(st.st_mode);
}

gboolean
setting_sources_open(Source *source, GError **error)
{
  if (source->path == NULL || source->values != NULL || passed_over(source))
    return TRUE;
  g_autoptr(GError) reason = NULL;
  g_autoptr(GBytes) bytes = file_read(source->shown, ENV_FILE_LIMIT, &reason);
  if (bytes == NULL) {
    owup_error_set(error, OWUP_ERROR_SETTINGS, "%s", reason->message);
    return FALSE;
  }
  gsize len = 0;
  const char *text = g_bytes_get_data(bytes, &len);
  source->lines = g_ptr_array_new_with_free_func((GDestroyNotify)dotenv_line_free);
  source->values = dotenv_parse(source->shown, text != NULL ? text : "", len, source->lines, error);
  return source->values != NULL;
}

static const char *
raw_value(const Source *source, const char *name)
{
  if (source->path == NULL)
    return g_getenv(name);
  if (source->values == NULL)
    return NULL;
  g_autofree char *folded = g_ascii_strup(name, -1);
  return g_hash_table_lookup(source->values, folded);
}

char *
setting_sources_value(const Source *source, const char *const *names, const char **name)
{
  for (gsize i = 0; names[i] != NULL; i++) {
    const char *raw = raw_value(source, names[i]);
    g_autofree char *value = g_strstrip(g_strdup(raw != NULL ? raw : ""));
    if (*value != '\0') {
      *name = names[i];
      return g_steal_pointer(&value);
    }
  }
  return NULL;
}

const char *
setting_sources_empty(const Source *source, const char *const *names)
{
  for (gsize i = 0; names[i] != NULL; i++)
    if (raw_value(source, names[i]) != NULL)
      return names[i];
  return NULL;
}

SettingOrigin *
setting_sources_origin(const Source *source, const char *name)
{
  return setting_origin_new(source->type, name, source->shown);
}
