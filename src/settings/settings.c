/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include "dotenv_lint.h"
#include "error.h"
#include "file.h"
#include "setting_sources.h"
#include "trust.h"
#include "url.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A session token, which works in a key's place, has some hundred characters. */
#define KEY_LIMIT (8u << 10)
#define KEY_PLACEHOLDER "sk-your-api-key-here"

static const char *const url_names[] = {"OPENWEBUI_URL", "OPENWEBUI_BASE_URL", "OWUI_URL", "url",
                                        NULL};
static const char key_file_name[] = "OPENWEBUI_API_KEY_FILE";
static const char *const key_names[] = {"OPENWEBUI_API_KEY", key_file_name, "OWUI_TOKEN",
                                        "OPENWEBUI_TOKEN",   "api_key",     NULL};

/* What is found on the way through the places. */
typedef struct {
  SettingSources sources;
  const SettingsFlags *flags;
  Settings *settings;
  const Source *url_source;          /* where the URL stands; NULL: a flag, or the default */
  const Source *key_source;          /* where the key stands, or its file's name */
  gboolean key_in_file;              /* its file's name */
  SettingOrigin *placeholder_origin; /* where only the placeholder stands */
  SettingOrigin *empty_origin;       /* where the key's name stands without one */
} Search;

static void
search_clear(Search *search)
{
  setting_sources_clear(&search->sources);
  g_clear_pointer(&search->settings, settings_free);
  setting_origin_free(search->placeholder_origin);
  setting_origin_free(search->empty_origin);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Search, search_clear)

void
settings_free(Settings *settings)
{
  if (settings == NULL)
    return;
  g_free(settings->url);
  setting_origin_free(settings->url_origin);
  g_free(settings->key);
  setting_origin_free(settings->key_origin);
  g_free(settings->key_file);
  g_free(settings->key_file_shown);
  g_free(settings->cacert);
  g_strfreev(settings->headers);
  g_free(settings);
}

static gboolean settings_error(GError **error, const char *hint, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* Sets the error with its next step (may be NULL). Always FALSE. */
static gboolean
settings_error(GError **error, const char *hint, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *message = g_strdup_vprintf(format, args);
  va_end(args);
  GError *made = owup_error_new(OWUP_ERROR_SETTINGS, "%s", message);
  if (hint != NULL)
    owup_error_set_hint(made, "%s", hint);
  g_propagate_error(error, made);
  return FALSE;
}

/* url_normalise(), with where the URL stands before the message. */
static gboolean
normalise_from(const char *text, const SettingOrigin *origin, NormalUrl *url, GError **error)
{
  g_autoptr(GError) reason = NULL;
  if (url_normalise(text, url, &reason))
    return TRUE;
  g_autofree char *where = setting_origin_text(origin);
  return settings_error(error, owup_error_hint(reason), "%s: %s", where, reason->message);
}

/* Takes `origin` over. */
static gboolean
use_url(Settings *settings, const char *text, SettingOrigin *origin, GError **error)
{
  NormalUrl url = {0};
  g_autoptr(SettingOrigin) from = origin;
  if (!normalise_from(text, from, &url, error))
    return FALSE;
  settings->url = url.url;
  settings->loopback = url.loopback;
  settings->url_origin = g_steal_pointer(&from);
  return TRUE;
}

static gboolean
is_placeholder(const char *key)
{
  g_autofree char *plain = g_strdelimit(g_ascii_strdown(key, -1), " \t_", '-');
  return g_str_equal(plain, KEY_PLACEHOLDER);
}

/* The file's path is taken from where it is named: the .env's folder or the current one. */
static char *
key_file_path(const Source *source, const char *value)
{
  if (g_str_has_prefix(value, "~/"))
    return g_build_filename(g_get_home_dir(), value + 2, NULL);
  if (source->path == NULL)
    return g_strdup(value);
  g_autofree char *dir = g_path_get_dirname(source->path);
  return g_canonicalize_filename(value, dir);
}

/* The text of the file, without blanks round it. NULL: error. */
static char *
read_key_file(const Source *source, const char *value, const SettingOrigin *origin, GError **error)
{
  g_autofree char *where = setting_origin_text(origin);
  g_autofree char *path = key_file_path(source, value);
  g_autoptr(GError) reason = NULL;
  g_autoptr(GBytes) bytes = file_read(path, KEY_LIMIT, &reason);
  if (bytes == NULL) {
    settings_error(error, NULL, "%s: %s", where, reason->message);
    return NULL;
  }
  gsize len = 0;
  const char *text = g_bytes_get_data(bytes, &len);
  if (len > 0 && memchr(text, '\0', len) != NULL) {
    settings_error(error, NULL, _("%s: %s holds no API key"), where, path);
    return NULL;
  }
  char *key = g_strstrip(g_strndup(text, len));
  if (*key != '\0')
    return key;
  g_free(key);
  settings_error(error, NULL, _("%s: %s is empty"), where, path);
  return NULL;
}

/* The key goes into a header: printable ASCII in one word. The message never shows it. */
static gboolean
check_key(const char *key, const SettingOrigin *origin, GError **error)
{
  g_autofree char *where = setting_origin_text(origin);
  for (const char *at = key; *at != '\0'; at++)
    if (!g_ascii_isgraph(*at))
      return settings_error(error,
                            _("A key is one word of letters, digits and signs: copy it again"),
                            _("The API key (%s) holds a blank, a line break or another character "
                              "that no key has"),
                            where);
  if (strlen(key) > KEY_LIMIT)
    return settings_error(error, NULL, _("The API key (%s) is too long to be one"), where);
  return TRUE;
}

static void
look_for_empty(Search *search, const Source *source)
{
  const char *name = setting_sources_empty(source, key_names);
  if (name != NULL && search->empty_origin == NULL)
    search->empty_origin = setting_sources_origin(source, name);
}

/* The file that holds the key, links resolved; `named`: by OPENWEBUI_API_KEY_FILE, or NULL. */
static char *
key_file_of(const Source *source, const char *named)
{
  g_autofree char *path = named != NULL ? key_file_path(source, named) : g_strdup(source->path);
  if (path == NULL)
    return NULL;
  char *found = realpath(path, NULL);
  char *file = g_strdup(found != NULL ? found : path);
  free(found);
  return file;
}

/* Looks for the key in one place. FALSE only on an error. */
static gboolean
look_for_key(Search *search, const Source *source, GError **error)
{
  const char *name = NULL;
  g_autofree char *named = NULL;
  g_autofree char *value = setting_sources_value(source, key_names, &name);
  if (value == NULL) {
    look_for_empty(search, source);
    return TRUE;
  }
  g_autoptr(SettingOrigin) origin = setting_sources_origin(source, name);
  if (name == key_file_name) {
    named = g_steal_pointer(&value);
    value = read_key_file(source, named, origin, error);
    if (value == NULL)
      return FALSE;
  }
  if (is_placeholder(value)) {
    if (search->placeholder_origin == NULL)
      search->placeholder_origin = g_steal_pointer(&origin);
    return TRUE;
  }
  if (!check_key(value, origin, error))
    return FALSE;
  search->settings->key = g_steal_pointer(&value);
  search->settings->key_origin = g_steal_pointer(&origin);
  search->settings->key_file = key_file_of(source, named);
  search->settings->key_file_shown = g_strdup(named != NULL ? named : source->shown);
  search->key_source = source;
  search->key_in_file = named != NULL;
  return TRUE;
}

static gboolean
look_for_url(Search *search, const Source *source, GError **error)
{
  const char *name = NULL;
  g_autofree char *value = setting_sources_value(source, url_names, &name);
  if (value == NULL)
    return TRUE;
  search->url_source = source;
  return use_url(search->settings, value, setting_sources_origin(source, name), error);
}

/* What was looked for and not found in a file may stand there in another form. */
static void
look_for_doubts(const Search *search, const Source *source)
{
  GPtrArray *notes = search->flags->notes;
  if (source->lines == NULL || notes == NULL)
    return;
  if (search->settings->url == NULL)
    dotenv_lint(source->shown, source->lines, DOUBT_URL, notes);
  if (search->settings->key == NULL)
    dotenv_lint(source->shown, source->lines, DOUBT_KEY, notes);
}

/* Through the places, as far as there is something to look for. */
static gboolean
look_through(Search *search, GError **error)
{
  Settings *settings = search->settings;
  if (search->flags->url != NULL &&
      !use_url(settings, search->flags->url, setting_origin_new(ORIGIN_FLAG, "--url", NULL), error))
    return FALSE;
  for (gsize i = 0; i < search->sources.n_places; i++) {
    Source *source = &search->sources.places[i];
    if (settings->url != NULL && settings->key != NULL && source->type != ORIGIN_ENV_FILE)
      break;
    if (!setting_sources_open(source, error))
      return FALSE;
    if (settings->url == NULL && !look_for_url(search, source, error))
      return FALSE;
    if (settings->key == NULL && !look_for_key(search, source, error))
      return FALSE;
    look_for_doubts(search, source);
  }
  return settings->url != NULL || use_url(settings, SETTINGS_DEFAULT_URL,
                                          setting_origin_new(ORIGIN_DEFAULT, NULL, NULL), error);
}

/* "api_key= in ./.env, ../.env, ../scripts/.env", the named file first. */
static char *
files_looked_at(const SettingSources *sources)
{
  GString *list = g_string_new(NULL);
  for (gsize i = 0; i < sources->n_places; i++) {
    const Source *source = &sources->places[i];
    if (source->path == NULL)
      continue;
    g_string_append_printf(list, "%s%s%s", list->len > 0 ? ", " : "", source->bare ? "./" : "",
                           source->shown);
  }
  return g_string_free(list, FALSE);
}

static gboolean
no_key(const Search *search, GError **error)
{
  /* The default of Open WebUI; its settings then have no such section. */
  const char *keys_are_off =
      _("No API Keys there? An admin switches them on: Admin Panel > Settings "
        "> Authentication (General before 0.10).");
  GError *made = NULL;
  if (search->placeholder_origin != NULL) {
    g_autofree char *where = setting_origin_text(search->placeholder_origin);
    made = owup_error_new(OWUP_ERROR_NO_KEY, _("No API key: %s is still the placeholder."), where);
    owup_error_set_hint(made, "%s\n%s",
                        _("Make one in Open WebUI: Settings > Account > API Keys. Then put it "
                          "in the placeholder's place."),
                        keys_are_off);
  } else if (search->empty_origin != NULL) {
    g_autofree char *where = setting_origin_text(search->empty_origin);
    made = owup_error_new(OWUP_ERROR_NO_KEY, _("No API key: %s is empty."), where);
    owup_error_set_hint(made, "%s\n%s",
                        _("Make one in Open WebUI: Settings > Account > API Keys. Then put it "
                          "there."),
                        keys_are_off);
  } else {
    g_autofree char *files = files_looked_at(&search->sources);
    made =
        owup_error_new(OWUP_ERROR_NO_KEY,
                       _("No API key. Looked for OPENWEBUI_API_KEY, then api_key= in %s."), files);
    owup_error_set_hint(made, "%s\n%s",
                        _("Make one in Open WebUI: Settings > Account > API Keys. Then: "
                          "(umask 077; echo 'api_key=sk-...' >> .env)"),
                        keys_are_off);
  }
  g_propagate_error(error, made);
  return FALSE;
}

/* A key from a file that names one server is never sent to another. */
static gboolean
check_pairing(const Search *search, GError **error)
{
  const Settings *settings = search->settings;
  if (search->key_source->path == NULL)
    return TRUE;
  const char *name = NULL;
  g_autofree char *value = setting_sources_value(search->key_source, url_names, &name);
  if (value == NULL)
    return TRUE;
  g_autoptr(SettingOrigin) origin = setting_sources_origin(search->key_source, name);
  NormalUrl url = {0};
  if (!normalise_from(value, origin, &url, error))
    return FALSE;
  gboolean same = g_str_equal(url.url, settings->url);
  if (!same) {
    g_autofree char *key_where = setting_origin_text(settings->key_origin);
    g_autofree char *where = setting_origin_text(origin);
    g_autofree char *url_where = setting_origin_text(settings->url_origin);
    g_autofree char *hint = g_strdup_printf(
        _("Give the key for %s: OPENWEBUI_API_KEY, or --env-file FILE with its url= and api_key="),
        settings->url);
    settings_error(error, hint,
                   _("The key (%s) is for %s (%s) and is not sent to another server, %s (%s)"),
                   key_where, url.url, where, settings->url, url_where);
  }
  normal_url_clear(&url);
  return same;
}

/* What a found file may say about where requests go. A setting that it may say, too, is a row more.
 */
static gboolean
check_trust(const Search *search, const char *root, GError **error)
{
  const Settings *settings = search->settings;
  const SettingsFlags *flags = search->flags;
  const TrustPart parts[] = {
      {TRUST_SERVER, "url", settings->url, search->url_source},
  };
  const TrustSecret secret = {
      .name = settings->key_origin->name,
      .source = search->key_source,
      .file = search->key_in_file ? settings->key_file : NULL,
  };
  g_autoptr(TrustQuestion) question =
      trust_judge(parts, G_N_ELEMENTS(parts), &secret, root, settings->loopback);
  if (question == NULL || (flags->trusts != NULL && flags->trusts(question, flags->trusts_data)))
    return TRUE;
  g_propagate_error(error, trust_error(question));
  return FALSE;
}

static gboolean
is_token_char(char c)
{
  return g_ascii_isalnum(c) || (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

/* A header field as RFC 9110 has it, 5.1 and 5.5. Its value may be a secret: never shown. */
static gboolean
check_header(const char *header, GError **error)
{
  const char *hint = _("Write it as --header 'Name: value'");
  const char *colon = header;
  while (is_token_char(*colon))
    colon++;
  if (colon == header || *colon != ':')
    return settings_error(error, hint, _("--header: there is no \"Name:\" at the beginning"));
  g_autofree char *name = g_strndup(header, (gsize)(colon - header));
  g_autofree char *value = g_strstrip(g_strdup(colon + 1));
  if (*value == '\0')
    return settings_error(error, hint, _("--header %s: has no value"), name);
  for (const char *at = value; *at != '\0'; at++)
    if (g_ascii_iscntrl(*at) && *at != '\t')
      return settings_error(error, hint, _("--header %s: holds a control character"), name);
  return TRUE;
}

static gboolean
take_flags(Settings *settings, const SettingsFlags *flags, GError **error)
{
  if (flags->cacert != NULL && g_access(flags->cacert, R_OK) != 0)
    return settings_error(error, NULL, _("--cacert: cannot read %s: %s"), flags->cacert,
                          g_strerror(errno));
  for (char **at = flags->headers; at != NULL && *at != NULL; at++)
    if (!check_header(*at, error))
      return FALSE;
  settings->cacert = g_strdup(flags->cacert);
  settings->insecure = flags->insecure;
  settings->timeout = flags->timeout;
  settings->headers = flags->headers != NULL ? g_strdupv(flags->headers) : g_new0(char *, 1);
  return TRUE;
}

Settings *
settings_load(const SettingsFlags *flags, const char *root, GError **error)
{
  g_auto(Search) search = {.flags = flags, .settings = g_new0(Settings, 1)};
  if (!take_flags(search.settings, flags, error))
    return NULL;
  setting_sources_init(&search.sources, flags->env_file, root);
  if (!look_through(&search, error))
    return NULL;
  if (search.settings->key == NULL) {
    no_key(&search, error);
    return NULL;
  }
  if (!check_pairing(&search, error) || !check_trust(&search, root, error))
    return NULL;
  return g_steal_pointer(&search.settings);
}
