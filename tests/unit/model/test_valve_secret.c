/* SPDX-License-Identifier: MIT */
/* Which valves are secrets, and what a redactor learns of them. */
#include "valve_secret.h"

static void
names(const char *const *list, gsize n, gboolean secret)
{
  for (gsize i = 0; i < n; i++)
    if (valve_secret_has_name(list[i]) != secret)
      g_error("%s", list[i]);
}

static void
test_names(void)
{
  static const char *const secret[] = {
      "key",
      "api_key",
      "OPENAI_API_KEY",
      "apikey",
      "openaiAPIKey",
      "key2",
      "token",
      "accessToken",
      "api_tokens",
      "password",
      "dbPassword1",
      "user_pwd",
      "passphrase",
      "client_secret",
      "credentials",
      "auth",
      "Authorization",
      "basic_auth",
      "session_cookie",
      "cookies",
      "sentry_dsn",
      "DSN",
      "private",
      "seed_phrase",
      "seedPhrase",
      "recovery_phrase",
      "mnemonic",
      "smtp_pass",
      "jwt",
      "keys",
      "CF-Access-Client-Secret",
      "X-Api-Key",
      "secretary_code",
  };
  static const char *const open[] = {
      "author",   "authors",        "authenticated", "authority",   "auth_type",
      "auth_url", "oauth_provider", "keyword",       "keywords",    "keyboard",
      "monkey",   "hotkey",         "tokenizer",     "cookie_name", "private_mode",
      "seed",     "passes",         "pass_through",  "phrase",      "n",
      "",         "compass",        "bypass_cache",  "ключ",
  };
  names(secret, G_N_ELEMENTS(secret), TRUE);
  names(open, G_N_ELEMENTS(open), FALSE);
}

static const char spec_text[] =
    "{\"properties\":{"
    "\"a\":{\"format\":\"password\"},\"b\":{\"writeOnly\":true},"
    "\"c\":{\"input\":{\"type\":\"password\"}},"
    "\"d\":{\"anyOf\":[{\"type\":\"null\"},{\"writeOnly\":true}]},"
    "\"e\":{\"items\":{\"format\":\"password\"}},\"f\":{\"$ref\":\"#/$defs/Box\"},"
    "\"g\":{\"input\":{\"type\":\"password\"},\"$ref\":\"#/$defs/"
    "Box\"},\"n\":{\"type\":\"integer\"}},"
    "\"$defs\":{\"Box\":{\"properties\":{\"pin\":{\"writeOnly\":true},\"x\":{}}}}}";

static gboolean
secret(const char *name, const char *value)
{
  json_auto_t *spec = json_loads(spec_text, 0, NULL);
  json_auto_t *json = json_loads(value, JSON_DECODE_ANY, NULL);
  g_assert_nonnull(json);
  return valve_secret(spec, name, json);
}

static void
test_marks(void)
{
  static const char *const marked[] = {"a", "b", "c", "d", "e", "g"};
  for (gsize i = 0; i < G_N_ELEMENTS(marked); i++)
    g_assert_true(secret(marked[i], "\"x\""));
  g_assert_true(secret("a", "5"));
  g_assert_false(secret("a", "null"));
  g_assert_false(secret("a", "true"));
  g_assert_false(secret("f", "\"x\""));
  g_assert_false(secret("n", "5"));
}

static void
test_values(void)
{
  g_assert_true(secret("db", "\"host=h user=u Password=x\""));
  g_assert_true(secret("db", "\"Server=h;Pwd=x\""));
  g_assert_false(secret("db", "\"the password is asked for\""));
  g_assert_true(secret("api_token", "123456"));
  g_assert_false(secret("max_tokens", "4096"));
  g_assert_false(secret("token_limit", "4096"));
  g_assert_false(secret("key_length", "256"));
  g_assert_true(secret("max_tokens", "\"4096\""));
}

static void
test_teach(void)
{
  json_auto_t *spec = json_loads(spec_text, 0, NULL);
  json_auto_t *valves = json_loads("{\"a\":\"aaaaaaaa\",\"n\":12345678,\"plain\":\"pppppppp\","
                                   "\"f\":{\"pin\":\"iiiiiiii\",\"x\":\"xxxxxxxx\"},"
                                   "\"keys\":[\"kkkkkkkk\",{\"y\":87654321}],"
                                   "\"url\":\"https://me:wwwwwwww@host\"}",
                                   0, NULL);
  g_autoptr(Redactor) redactor = redactor_new();
  valve_secret_teach(redactor, spec, valves);
  g_autofree char *got = redactor_text(
      redactor, "aaaaaaaa 12345678 pppppppp iiiiiiii xxxxxxxx kkkkkkkk 87654321 wwwwwwww");
  g_assert_cmpstr(got, ==, "*** 12345678 pppppppp *** xxxxxxxx *** *** ***");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/valve-secret/names", test_names);
  g_test_add_func("/valve-secret/marks", test_marks);
  g_test_add_func("/valve-secret/values", test_values);
  g_test_add_func("/valve-secret/teach", test_teach);
  return g_test_run();
}
