/* SPDX-License-Identifier: MIT */
#include "error.h"
#include "settings.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A project of its own: ROOT with plugins/ as the current folder, nothing in the environment. */
typedef struct {
  char *home;
  char *root;
  char *here;
} Fixture;

static const char *const variables[] = {
    "OPENWEBUI_URL", "OPENWEBUI_BASE_URL", "OWUI_URL",
    "url",           "OPENWEBUI_API_KEY",  "OPENWEBUI_API_KEY_FILE",
    "OWUI_TOKEN",    "OPENWEBUI_TOKEN",    "api_key",
};

static void
setup(Fixture *f, gconstpointer data)
{
  g_autofree char *made = g_dir_make_tmp("owup-settings-XXXXXX", NULL);
  f->home = realpath(made, NULL);
  f->root = g_build_filename(f->home, "project", NULL);
  f->here = g_build_filename(f->root, "plugins", NULL);
  g_autofree char *scripts = g_build_filename(f->root, "scripts", NULL);
  g_mkdir_with_parents(f->here, 0700);
  g_mkdir_with_parents(scripts, 0700);
  g_assert_cmpint(g_chdir(f->here), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS(variables); i++)
    g_unsetenv(variables[i]);
}

static void
remove_tree(const char *path)
{
  if (g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK)) {
    GDir *dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
      g_autofree char *child = g_build_filename(path, name, NULL);
      remove_tree(child);
    }
    g_clear_pointer(&dir, g_dir_close);
  }
  g_remove(path);
}

static void
teardown(Fixture *f, gconstpointer data)
{
  g_assert_cmpint(g_chdir("/"), ==, 0);
  remove_tree(f->home);
  g_free(f->home);
  g_free(f->root);
  g_free(f->here);
}

static void
write_text(const Fixture *f, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename(f->root, name, NULL);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static Settings *
load(const Fixture *f, const SettingsFlags *flags)
{
  g_autoptr(GError) error = NULL;
  Settings *settings = settings_load(flags, f->root, &error);
  g_assert_no_error(error);
  g_assert_nonnull(settings);
  return settings;
}

static void
assert_key(const Fixture *f, const SettingsFlags *flags, const char *key, const char *origin)
{
  g_autoptr(Settings) settings = load(f, flags);
  g_assert_cmpstr(settings->key, ==, key);
  g_autofree char *text = setting_origin_text(settings->key_origin);
  g_assert_cmpstr(text, ==, origin);
}

static void
assert_url(const Fixture *f, const SettingsFlags *flags, const char *url, const char *origin)
{
  g_autoptr(Settings) settings = load(f, flags);
  g_assert_cmpstr(settings->url, ==, url);
  g_autofree char *text = setting_origin_text(settings->url_origin);
  g_assert_cmpstr(text, ==, origin);
}

/* Owned by the caller. */
static GError *
assert_fails(const Fixture *f, const SettingsFlags *flags, OwupErrorCode code)
{
  GError *error = NULL;
  g_assert_null(settings_load(flags, f->root, &error));
  g_assert_error(error, OWUP_ERROR, (int)code);
  return error;
}

static void
assert_says(const GError *error, const char *part)
{
  if (strstr(error->message, part) == NULL)
    g_error("“%s” does not say “%s”", error->message, part);
}

static void
test_order(Fixture *f, gconstpointer data)
{
  SettingsFlags flags = {0};
  write_text(f, "scripts/.env", "api_key=sk-scripts\nurl=http://localhost:1\n");
  assert_key(f, &flags, "sk-scripts", "api_key in ../scripts/.env");
  assert_url(f, &flags, "http://localhost:1", "url in ../scripts/.env");
  write_text(f, ".env", "API_KEY=sk-root\nURL=http://localhost:2\n");
  assert_key(f, &flags, "sk-root", "api_key in ../.env");
  assert_url(f, &flags, "http://localhost:2", "url in ../.env");
  write_text(f, "plugins/.env", "openwebui_api_key=sk-here\nopenwebui_url=http://localhost:3\n");
  assert_key(f, &flags, "sk-here", "OPENWEBUI_API_KEY in .env");
  assert_url(f, &flags, "http://localhost:3", "OPENWEBUI_URL in .env");
  g_setenv("OPENWEBUI_URL", "http://localhost:4", TRUE);
  g_setenv("OPENWEBUI_API_KEY", "sk-environment", TRUE);
  assert_key(f, &flags, "sk-environment", "OPENWEBUI_API_KEY");
  assert_url(f, &flags, "http://localhost:4", "OPENWEBUI_URL");
  write_text(f, "plugins/prod.env", "api_key=sk-named\nurl=http://localhost:5\n");
  flags.env_file = "prod.env";
  assert_key(f, &flags, "sk-named", "api_key in prod.env");
  assert_url(f, &flags, "http://localhost:5", "url in prod.env");
}

static void
test_url_flag(Fixture *f, gconstpointer data)
{
  SettingsFlags flags = {.url = "h.example:8080/admin"};
  g_setenv("OPENWEBUI_URL", "http://localhost:4", TRUE);
  g_setenv("OPENWEBUI_API_KEY", "sk-1", TRUE);
  assert_url(f, &flags, "https://h.example:8080", "--url");
  flags.url = "";
  g_autoptr(GError) error = assert_fails(f, &flags, OWUP_ERROR_SETTINGS);
  assert_says(error, "--url");
}

static void
test_default_url(Fixture *f, gconstpointer data)
{
  SettingsFlags flags = {0};
  g_setenv("OPENWEBUI_API_KEY", "sk-1", TRUE);
  g_autoptr(Settings) settings = load(f, &flags);
  g_assert_cmpstr(settings->url, ==, "http://localhost:3000");
  g_autofree char *text = setting_origin_text(settings->url_origin);
  g_assert_cmpstr(text, ==, "default");
  g_assert_cmpint(settings->url_origin->type, ==, ORIGIN_DEFAULT);
  g_assert_true(settings->loopback);
  g_assert_nonnull(settings->headers);
}

static void
test_names_in_the_environment(Fixture *f, gconstpointer data)
{
  static const char *const keys[] = {"OPENWEBUI_API_KEY", "OWUI_TOKEN", "OPENWEBUI_TOKEN",
                                     "api_key"};
  static const char *const urls[] = {"OPENWEBUI_URL", "OPENWEBUI_BASE_URL", "OWUI_URL", "url"};
  SettingsFlags flags = {0};
  for (gsize i = G_N_ELEMENTS(keys); i-- > 0;) {
    g_autofree char *url = g_strdup_printf("http://localhost:%d", (int)i + 1);
    g_setenv(keys[i], keys[i], TRUE);
    g_setenv(urls[i], url, TRUE);
    assert_key(f, &flags, keys[i], keys[i]);
    assert_url(f, &flags, url, urls[i]);
  }
}

/* Some programs of build machines set URL. */
static void
test_capitals_in_the_environment(Fixture *f, gconstpointer data)
{
  SettingsFlags flags = {0};
  g_setenv("URL", "http://stranger.example", TRUE);
  g_setenv("api_key", "sk-1", TRUE);
  assert_url(f, &flags, "http://localhost:3000", "default");
  g_unsetenv("URL");
}

static void
test_empty_is_absent(Fixture *f, gconstpointer data)
{
  SettingsFlags flags = {0};
  g_setenv("OPENWEBUI_API_KEY", " ", TRUE);
  g_setenv("OPENWEBUI_URL", "", TRUE);
  write_text(f, ".env", "OPENWEBUI_API_KEY=\napi_key= sk-1 \nurl=http://localhost:1\n");
  assert_key(f, &flags, "sk-1", "api_key in ../.env");
  assert_url(f, &flags, "http://localhost:1", "url in ../.env");
}

static void
test_no_key(Fixture *f, gconstpointer data)
{
  SettingsFlags flags = {0};
  g_autoptr(GError) below = assert_fails(f, &flags, OWUP_ERROR_NO_KEY);
  g_assert_cmpstr(below->message, ==,
                  "No API key. Looked for OPENWEBUI_API_KEY, then api_key= in ./.env, ../.env, "
                  "../scripts/.env.");
  g_assert_cmpstr(owup_error_hint(below), ==,
                  "Make one in Open WebUI: Settings > Account > API Keys. Then: (umask 077; echo "
                  "'api_key=sk-...' >> .env)\n"
                  "No API Keys there? An admin switches them on: Admin Panel > Settings > "
                  "Authentication (General before 0.10).");
  g_assert_cmpint(g_chdir(f->root), ==, 0);
  g_autoptr(GError) top = assert_fails(f, &flags, OWUP_ERROR_NO_KEY);
  assert_says(top, "in ./.env, scripts/.env.");
  write_text(f, "x.env", "");
  flags.env_file = "x.env";
  g_autoptr(GError) named = assert_fails(f, &flags, OWUP_ERROR_NO_KEY);
  assert_says(named, "in x.env, ./.env, scripts/.env.");
}

static void
test_placeholder(Fixture *f, gconstpointer data)
{
  static const char *const placeholders[] = {"sk-your-api-key-here", "SK-Your-API-Key-Here",
                                             "\" sk-your-api-key-here \"", "'sk-your api key here'",
                                             "sk_your_api_key_here"};
  SettingsFlags flags = {0};
  for (gsize i = 0; i < G_N_ELEMENTS(placeholders); i++) {
    g_autofree char *text = g_strconcat("api_key=", placeholders[i], "\n", NULL);
    write_text(f, ".env", text);
    g_autoptr(GError) error = assert_fails(f, &flags, OWUP_ERROR_NO_KEY);
    g_assert_cmpstr(error->message, ==, "No API key: api_key in ../.env is still the placeholder.");
  }
  write_text(f, "scripts/.env", "api_key=sk-real\n");
  assert_key(f, &flags, "sk-real", "api_key in ../scripts/.env");
}

static void
test_key_file(Fixture *f, gconstpointer data)
{
  SettingsFlags flags = {0};
  g_autofree char *path = g_build_filename(f->root, "secret", NULL);
  write_text(f, "secret", "\n sk-file \r\n");
  g_setenv("OPENWEBUI_API_KEY_FILE", path, TRUE);
  assert_key(f, &flags, "sk-file", "OPENWEBUI_API_KEY_FILE");
  g_setenv("OPENWEBUI_API_KEY", "sk-direct", TRUE);
  assert_key(f, &flags, "sk-direct", "OPENWEBUI_API_KEY");
  g_unsetenv("OPENWEBUI_API_KEY");
  write_text(f, "secret", " \n");
  g_autoptr(GError) empty = assert_fails(f, &flags, OWUP_ERROR_SETTINGS);
  assert_says(empty, path);
  g_setenv("OPENWEBUI_API_KEY_FILE", "/nonexistent/key", TRUE);
  g_autoptr(GError) missing = assert_fails(f, &flags, OWUP_ERROR_SETTINGS);
  assert_says(missing, "/nonexistent/key");
  g_setenv("OPENWEBUI_API_KEY_FILE", f->root, TRUE);
  g_autoptr(GError) folder = assert_fails(f, &flags, OWUP_ERROR_SETTINGS);
  assert_says(folder, f->root);
}

/* From a .env its path counts from there. */
static void
test_key_file_named_in_a_file(Fixture *f, gconstpointer data)
{
  SettingsFlags flags = {0};
  write_text(f, "scripts/.env", "OPENWEBUI_API_KEY_FILE=secret\n");
  write_text(f, "scripts/secret", "sk-file");
  assert_key(f, &flags, "sk-file", "OPENWEBUI_API_KEY_FILE in ../scripts/.env");
}

static void
test_key_that_no_header_can_carry(Fixture *f, gconstpointer data)
{
  static const char *const keys[] = {"sk-with a blank", "sk-line\nbreak",   "sk-bell\a",
                                     "Bearer sk-12345", "sk-\xc3\xbcmlaut", "sk-\xe2\x80\x8b"};
  SettingsFlags flags = {0};
  for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
    g_setenv("OPENWEBUI_API_KEY", keys[i], TRUE);
    g_autoptr(GError) error = assert_fails(f, &flags, OWUP_ERROR_SETTINGS);
    assert_says(error, "OPENWEBUI_API_KEY");
    g_assert_null(strstr(error->message, "sk-"));
    g_assert_null(strstr(owup_error_hint(error), "sk-"));
  }
  g_autofree char *longest = g_strnfill(9000, 'x');
  g_setenv("OPENWEBUI_API_KEY", longest, TRUE);
  g_autoptr(GError) error = assert_fails(f, &flags, OWUP_ERROR_SETTINGS);
  g_assert_cmpuint(strlen(error->message), <, 200);
}

static void
test_key_stays_with_its_server(Fixture *f, gconstpointer data)
{
  SettingsFlags flags = {0};
  write_text(f, ".env", "url=http://prod.example:8080/\napi_key=sk-production\n");
  assert_key(f, &flags, "sk-production", "api_key in ../.env");
  g_setenv("OPENWEBUI_URL", "http://localhost:3000", TRUE);
  g_autoptr(GError) other = assert_fails(f, &flags, OWUP_ERROR_SETTINGS);
  assert_says(other, "http://prod.example:8080");
  assert_says(other, "http://localhost:3000");
  assert_says(other, "api_key in ../.env");
  g_assert_null(strstr(other->message, "sk-production"));
  g_setenv("OPENWEBUI_URL", "HTTP://Prod.example:8080/admin/functions", TRUE);
  assert_key(f, &flags, "sk-production", "api_key in ../.env");
  flags.url = "http://prod.example";
  g_autoptr(GError) port = assert_fails(f, &flags, OWUP_ERROR_SETTINGS);
  assert_says(port, "(--url)");
  g_setenv("OPENWEBUI_API_KEY", "sk-other", TRUE);
  assert_key(f, &flags, "sk-other", "OPENWEBUI_API_KEY");
}

/* The key's own file counts, not any other; one that names no server goes with all. */
static void
test_pairing_is_per_file(Fixture *f, gconstpointer data)
{
  SettingsFlags flags = {.env_file = "staging.env"};
  write_text(f, "plugins/staging.env", "url=http://staging.example\n");
  write_text(f, ".env", "url=http://prod.example\napi_key=sk-production\n");
  g_autoptr(GError) error = assert_fails(f, &flags, OWUP_ERROR_SETTINGS);
  assert_says(error, "url in staging.env");
  write_text(f, "plugins/.env", "api_key=sk-any\n");
  assert_key(f, &flags, "sk-any", "api_key in .env");
  write_text(f, "plugins/staging.env", "api_key=sk-staging\n");
  g_setenv("OPENWEBUI_URL", "http://elsewhere.example", TRUE);
  assert_key(f, &flags, "sk-staging", "api_key in staging.env");
}

static void
test_broken_files(Fixture *f, gconstpointer data)
{
  SettingsFlags flags = {0};
  write_text(f, ".env", "api_key=\xff\n");
  g_autoptr(GError) text = assert_fails(f, &flags, OWUP_ERROR_SETTINGS);
  assert_says(text, "../.env:1");
  write_text(f, ".env", "api_key=sk-1\nurl=ftp://h\n");
  g_autoptr(GError) url = assert_fails(f, &flags, OWUP_ERROR_SETTINGS);
  assert_says(url, "url in ../.env");
  /* Not needed, not read. */
  g_setenv("OPENWEBUI_URL", "http://localhost:1", TRUE);
  g_setenv("OPENWEBUI_API_KEY", "sk-2", TRUE);
  assert_key(f, &flags, "sk-2", "OPENWEBUI_API_KEY");
}

static void
test_unreadable_files(Fixture *f, gconstpointer data)
{
  SettingsFlags flags = {0};
  if (geteuid() == 0) {
    g_test_skip("root reads every file");
    return;
  }
  write_text(f, ".env", "api_key=sk-1\n");
  g_assert_cmpint(g_chmod("../.env", 0), ==, 0);
  g_autoptr(GError) error = assert_fails(f, &flags, OWUP_ERROR_SETTINGS);
  assert_says(error, "../.env");
}

static void
test_odd_files(Fixture *f, gconstpointer data)
{
  SettingsFlags flags = {0};
  write_text(f, "scripts/.env", "api_key=sk-scripts\n");
  g_assert_cmpint(g_mkdir("../.env", 0700), ==, 0);
  g_assert_cmpint(symlink("nowhere", ".env"), ==, 0);
  assert_key(f, &flags, "sk-scripts", "api_key in ../scripts/.env");
  g_assert_cmpint(g_remove(".env"), ==, 0);
  g_assert_cmpint(mkfifo(".env", 0600), ==, 0);
  g_autoptr(GError) error = assert_fails(f, &flags, OWUP_ERROR_SETTINGS);
  assert_says(error, ".env");
}

static void
test_named_file(Fixture *f, gconstpointer data)
{
  SettingsFlags flags = {.env_file = "no-such.env"};
  g_setenv("OPENWEBUI_API_KEY", "sk-1", TRUE);
  g_autoptr(GError) missing = assert_fails(f, &flags, OWUP_ERROR_SETTINGS);
  assert_says(missing, "no-such.env");
  flags.env_file = ".";
  g_autoptr(GError) folder = assert_fails(f, &flags, OWUP_ERROR_SETTINGS);
  assert_says(folder, "directory");
}

static void
test_headers(Fixture *f, gconstpointer data)
{
  static char *good[] = {(char *)"X-Proxy: a b", (char *)"cf-access:1", NULL};
  static char *const bad[] = {(char *)"no colon secret",
                              (char *)": secret",
                              (char *)"A b: secret",
                              (char *)"A:",
                              (char *)"A:  ",
                              (char *)"A: secret\r\nB: c",
                              (char *)""};
  SettingsFlags flags = {.headers = good, .timeout = 7, .insecure = TRUE};
  g_setenv("OPENWEBUI_API_KEY", "sk-1", TRUE);
  g_autoptr(Settings) settings = load(f, &flags);
  g_assert_cmpstrv(settings->headers, good);
  g_assert_cmpint(settings->timeout, ==, 7);
  g_assert_true(settings->insecure);
  for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
    char *one[] = {bad[i], NULL};
    flags.headers = one;
    g_autoptr(GError) error = assert_fails(f, &flags, OWUP_ERROR_SETTINGS);
    assert_says(error, "--header");
    g_assert_null(strstr(error->message, "secret"));
  }
}

static void
test_cacert(Fixture *f, gconstpointer data)
{
  SettingsFlags flags = {.cacert = "/nonexistent/ca.pem"};
  g_setenv("OPENWEBUI_API_KEY", "sk-1", TRUE);
  g_autoptr(GError) error = assert_fails(f, &flags, OWUP_ERROR_SETTINGS);
  assert_says(error, "/nonexistent/ca.pem");
  write_text(f, "ca.pem", "");
  flags.cacert = "../ca.pem";
  g_autoptr(Settings) settings = load(f, &flags);
  g_assert_cmpstr(settings->cacert, ==, "../ca.pem");
}

/* A root that is no parent of the current folder is shown whole. */
static void
test_root_elsewhere(Fixture *f, gconstpointer data)
{
  SettingsFlags flags = {0};
  g_autofree char *origin = g_strdup_printf("api_key in %s/.env", f->root);
  write_text(f, ".env", "api_key=sk-1\n");
  g_assert_cmpint(g_chdir("/"), ==, 0);
  assert_key(f, &flags, "sk-1", origin);
}

/* Told also where loading fails; only what is still looked for. */
static void
test_lines_meant_for_us(Fixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
  SettingsFlags flags = {.notes = notes, .url = "http://h"};
  write_text(f, ".env", "url: http://h\napikey=sk-1\n");
  g_autoptr(GError) error = assert_fails(f, &flags, OWUP_ERROR_NO_KEY);
  g_assert_cmpuint(notes->len, ==, 1);
  g_assert_nonnull(strstr(g_ptr_array_index(notes, 0), "../.env:2: \"apikey=…\""));
}

static void
test_empty_key(Fixture *f, gconstpointer data)
{
  SettingsFlags flags = {0};
  write_text(f, ".env", "api_key=\n");
  g_autoptr(GError) file = assert_fails(f, &flags, OWUP_ERROR_NO_KEY);
  g_assert_cmpstr(file->message, ==, "No API key: api_key in ../.env is empty.");
  g_setenv("OPENWEBUI_API_KEY", "", TRUE);
  g_autoptr(GError) variable = assert_fails(f, &flags, OWUP_ERROR_NO_KEY);
  g_assert_cmpstr(variable->message, ==, "No API key: OPENWEBUI_API_KEY is empty.");
}

#define ADD(name, func) g_test_add("/settings/" name, Fixture, NULL, setup, func, teardown)

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("order", test_order);
  ADD("url_flag", test_url_flag);
  ADD("default_url", test_default_url);
  ADD("names_in_the_environment", test_names_in_the_environment);
  ADD("capitals_in_the_environment", test_capitals_in_the_environment);
  ADD("empty_is_absent", test_empty_is_absent);
  ADD("no_key", test_no_key);
  ADD("lines_meant_for_us", test_lines_meant_for_us);
  ADD("empty_key", test_empty_key);
  ADD("placeholder", test_placeholder);
  ADD("key_file", test_key_file);
  ADD("key_file_named_in_a_file", test_key_file_named_in_a_file);
  ADD("key_that_no_header_can_carry", test_key_that_no_header_can_carry);
  ADD("key_stays_with_its_server", test_key_stays_with_its_server);
  ADD("pairing_is_per_file", test_pairing_is_per_file);
  ADD("broken_files", test_broken_files);
  ADD("unreadable_files", test_unreadable_files);
  ADD("odd_files", test_odd_files);
  ADD("named_file", test_named_file);
  ADD("headers", test_headers);
  ADD("cacert", test_cacert);
  ADD("root_elsewhere", test_root_elsewhere);
  return g_test_run();
}
