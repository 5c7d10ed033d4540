/* SPDX-License-Identifier: MIT */
#include "valve_secret.h"

#include "json_exact.h"
#include "json_text.h"
#include "valves_schema.h"

#include <string.h>

/* Found anywhere in a word: they are part of no other. */
static const char *const anywhere[] = {"password", "passwd",     "passphrase",
                                       "secret",   "credential", "mnemonic"};
/* Found as a word, and as the end of one: apikey, accesstoken, sentrydsn. */
static const char *const endings[] = {"key", "keys", "token",  "tokens",
                                      "pwd", "dsn",  "bearer", "jwt"};
/* A whole word alone, and not where the name's last word says that it is about something else:
 * auth_type, cookie_name. */
static const char *const whole[] = {"auth",    "oauth",   "authorization", "cookie",
                                    "cookies", "private", "basicauth"};
static const char *const about[] = {
    "type",     "method", "mode",   "scheme",  "url", "uri",  "host",
    "endpoint", "domain", "header", "name",    "id",  "path", "enabled",
    "provider", "server", "realm",  "timeout", "ttl", "port",
};
/* End like a key, and are none. */
static const char *const no_keys[] = {"monkey", "turkey", "donkey",  "hockey", "whiskey",
                                      "jockey", "hotkey", "hotkeys", "smokey"};
/* Of a number with such a word: how many, how long. */
static const char *const counts[] = {"tokens", "max",    "min", "limit",   "count",  "length",
                                     "size",   "budget", "ttl", "timeout", "expiry", "bits"};

static gboolean
is_one_of(const char *word, const char *const *words, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (strcmp(word, words[i]) == 0)
      return TRUE;
  return FALSE;
}
#define IS_ONE_OF(word, words) is_one_of(word, words, G_N_ELEMENTS(words))

/* "openaiAPIKey_2" -> "openai", "api", "key". */
static char **
split_words(const char *name)
{
  g_autoptr(GString) spaced = g_string_new(NULL);
  for (const char *at = name; *at != '\0'; at++) {
    gboolean upper = g_ascii_isupper(*at);
    gboolean begins =
        upper && at > name &&
        (g_ascii_islower(at[-1]) || (g_ascii_isupper(at[-1]) && g_ascii_islower(at[1])));
    if (begins)
      g_string_append_c(spaced, ' ');
    g_string_append_c(spaced, g_ascii_isalpha(*at) ? g_ascii_tolower(*at) : ' ');
  }
  return g_strsplit(spaced->str, " ", -1);
}

static gboolean
word_is_secret(const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS(anywhere); i++)
    if (strstr(word, anywhere[i]) != NULL)
      return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS(endings); i++)
    if (g_str_has_suffix(word, endings[i]))
      return !IS_ONE_OF(word, no_keys);
  return FALSE;
}

/* The last word that is one. */
static const char *
last_word(char **words)
{
  const char *last = "";
  for (; *words != NULL; words++)
    if (**words != '\0')
      last = *words;
  return last;
}

/* seed_phrase, recoveryPhrase, smtp_pass. */
static gboolean
are_secret_together(char **words, const char *last)
{
  if (strcmp(last, "pass") == 0 || strcmp(last, "seedphrase") == 0)
    return TRUE;
  return strcmp(last, "phrase") == 0 && (g_strv_contains((const char *const *)words, "seed") ||
                                         g_strv_contains((const char *const *)words, "recovery") ||
                                         g_strv_contains((const char *const *)words, "backup"));
}

gboolean
valve_secret_has_name(const char *name)
{
  g_auto(GStrv) words = split_words(name);
  const char *last = last_word(words);
  gboolean other = IS_ONE_OF(last, about);
  for (char **word = words; *word != NULL; word++)
    if (word_is_secret(*word) || (!other && IS_ONE_OF(*word, whole)))
      return TRUE;
  return are_secret_together(words, last);
}

static gboolean
is_count(const char *name, const json_t *value)
{
  if (!json_exact_is_number(value))
    return FALSE;
  g_auto(GStrv) words = split_words(name);
  for (char **word = words; *word != NULL; word++)
    if (IS_ONE_OF(*word, counts))
      return TRUE;
  return FALSE;
}

static gboolean
has_mark(const json_t *property)
{
  const char *format = json_string_value(json_object_get(property, "format"));
  const json_t *shown_as = json_object_get(property, "input");
  const char *type = json_string_value(json_object_get(shown_as, "type"));
  return g_strcmp0(format, "password") == 0 || g_strcmp0(type, "password") == 0 ||
         json_is_true(json_object_get(property, "writeOnly"));
}

/* Optional[SecretStr] is "any of" a secret and null; list[SecretStr] has it as its items. */
static gboolean
is_marked_within(const json_t *spec, const json_t *property)
{
  static const char *const lists[] = {"anyOf", "allOf", "oneOf"};
  if (has_mark(property))
    return TRUE;
  for (gsize n = 0; n < G_N_ELEMENTS(lists); n++) {
    const json_t *choices = json_object_get(property, lists[n]);
    for (gsize i = 0; i < json_array_size(choices); i++)
      if (has_mark(valves_schema_follow(spec, json_array_get(choices, i))))
        return TRUE;
  }
  return has_mark(valves_schema_follow(spec, json_object_get(property, "items"))) ||
         has_mark(valves_schema_follow(spec, json_object_get(property, "additionalProperties")));
}

gboolean
valve_secret_is_marked(const json_t *spec, const char *name)
{
  const json_t *plain = json_object_get(json_object_get(spec, "properties"), name);
  return has_mark(plain) || is_marked_within(spec, valves_schema_property(spec, name));
}

/* host=h password=x, Server=h;Pwd=x: a database's address as its drivers take it. */
static gboolean
is_connection_text(const char *text)
{
  static const char *const words[] = {"password=", "pwd=", "accountkey=", "sharedaccesskey="};
  g_autofree char *lower = g_ascii_strdown(text, -1);
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    if (strstr(lower, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

gboolean
valve_secret(const json_t *spec, const char *name, const json_t *value)
{
  if (value == NULL || json_is_null(value) || json_is_boolean(value))
    return FALSE;
  if (valve_secret_is_marked(spec, name))
    return TRUE;
  if (json_exact_is_string(value) && is_connection_text(json_string_value(value)))
    return TRUE;
  return valve_secret_has_name(name) && !is_count(name, value);
}

static void teach_object(Redactor *redactor, const json_t *spec, const json_t *object,
                         gboolean secret);

static void
teach_value(Redactor *redactor, const json_t *spec, json_t *value, gboolean secret)
{
  if (json_is_object(value)) {
    teach_object(redactor, spec, value, secret);
  } else if (json_exact_is_string(value)) {
    if (secret || redact_is_secret(json_string_value(value)))
      redactor_add(redactor, json_string_value(value));
  } else if (json_exact_is_number(value) && secret) {
    g_autofree char *text = json_text(value, JSON_ENCODE_ANY);
    redactor_add(redactor, text);
  }
  for (gsize i = 0; i < json_array_size(value); i++)
    teach_value(redactor, spec, json_array_get(value, i), secret);
}

static void
teach_object(Redactor *redactor, const json_t *spec, const json_t *object, gboolean secret)
{
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)object, name, value)
  {
    json_auto_t *inner = valves_schema_within(spec, name);
    teach_value(redactor, inner != NULL ? inner : spec, value,
                secret || valve_secret(spec, name, value));
  }
}

void
valve_secret_teach(Redactor *redactor, const json_t *spec, const json_t *valves)
{
  const char *name;
  json_t *property;
  if (redactor == NULL)
    return;
  json_object_foreach(json_object_get(spec, "properties"), name, property)
  {
    gboolean secret = valve_secret_is_marked(spec, name) || valve_secret_has_name(name);
    redactor_add_field(redactor, name, secret);
  }
  teach_object(redactor, spec, valves, FALSE);
}
