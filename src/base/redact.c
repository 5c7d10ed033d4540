/* SPDX-License-Identifier: MIT */
#include "redact.h"

#include "error.h"
#include "redact_private.h"

#include <pthread.h>
#include <string.h>

#define MASK "***"
/* A value of so many characters is found inside of words, too. */
#define LONG 20
/* Of a text of several lines, a line of so many counts for itself. */
#define LONG_LINE 16
/* So much of an answer is looked at, where a part of it will be shown. */
#define WINDOW 65536

struct Redactor {
  pthread_mutex_t lock; /* for all below */
  guint references;
  GHashTable *known;  /* what was added, as given */
  GPtrArray *secrets; /* of GString: their plain form */
  GHashTable *fields; /* name -> GINT_TO_POINTER(secret) */
  GHashTable *spared;
};

static void
string_free(gpointer string)
{
  g_string_free(string, TRUE);
}

static GHashTable *
set_new(void)
{
  return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

Redactor *
redactor_new(void)
{
  Redactor *redactor = g_new0(Redactor, 1);
  pthread_mutex_init(&redactor->lock, NULL);
  redactor->references = 1;
  redactor->known = set_new();
  redactor->secrets = g_ptr_array_new_with_free_func(string_free);
  redactor->fields = set_new();
  redactor->spared = set_new();
  return redactor;
}

Redactor *
redactor_ref(Redactor *redactor)
{
  pthread_mutex_lock(&redactor->lock);
  redactor->references++;
  pthread_mutex_unlock(&redactor->lock);
  return redactor;
}

void
redactor_unref(Redactor *redactor)
{
  if (redactor == NULL)
    return;
  pthread_mutex_lock(&redactor->lock);
  gboolean last = --redactor->references == 0;
  pthread_mutex_unlock(&redactor->lock);
  if (!last)
    return;
  pthread_mutex_destroy(&redactor->lock);
  g_hash_table_unref(redactor->known);
  g_ptr_array_unref(redactor->secrets);
  g_hash_table_unref(redactor->fields);
  g_hash_table_unref(redactor->spared);
  g_free(redactor);
}

/* Asterisks are what a server shows in place of one. */
static gboolean
says_nothing(const char *value)
{
  return value[strspn(value, "*")] == '\0';
}

static void
add_one(Redactor *redactor, const char *value, gsize len)
{
  g_autofree char *copy = g_strndup(value, len);
  if (g_utf8_strlen(copy, -1) < REDACT_LEAST || says_nothing(copy) ||
      g_hash_table_contains(redactor->known, copy))
    return;
  g_autoptr(RedactPlain) plain = redact_unescape(copy, len);
  redact_plain_plus(plain);
  if (plain->text->len == 0)
    return;
  g_ptr_array_add(redactor->secrets, g_string_new_len(plain->text->str, (gssize)plain->text->len));
  g_hash_table_add(redactor->known, g_steal_pointer(&copy));
}

static void
add_lines(Redactor *redactor, const char *value)
{
  g_auto(GStrv) lines = g_strsplit(value, "\n", -1);
  for (char **line = lines; lines[1] != NULL && *line != NULL; line++) {
    g_strstrip(*line);
    if (g_utf8_strlen(*line, -1) >= LONG_LINE)
      add_one(redactor, *line, strlen(*line));
  }
}

/* The password in scheme://user:password@host. */
static void
add_password(Redactor *redactor, const char *value)
{
  const char *user = strstr(value, "://");
  const char *at = user != NULL ? strrchr(user, '@') : NULL;
  const char *colon = at != NULL ? memchr(user + 3, ':', (gsize)(at - user) - 3) : NULL;
  if (colon != NULL)
    add_one(redactor, colon + 1, (gsize)(at - colon) - 1);
}

void
redactor_add(Redactor *redactor, const char *value)
{
  if (redactor == NULL || value == NULL)
    return;
  g_autofree char *stripped = g_strstrip(g_strdup(value));
  pthread_mutex_lock(&redactor->lock);
  add_one(redactor, stripped, strlen(stripped));
  add_lines(redactor, stripped);
  add_password(redactor, stripped);
  const char *token = strchr(stripped, ' ');
  if (token != NULL && (g_ascii_strncasecmp(stripped, "bearer ", 7) == 0 ||
                        g_ascii_strncasecmp(stripped, "basic ", 6) == 0))
    add_one(redactor, token + 1, strlen(token + 1));
  pthread_mutex_unlock(&redactor->lock);
}

void
redactor_add_field(Redactor *redactor, const char *name, gboolean secret)
{
  if (redactor == NULL)
    return;
  pthread_mutex_lock(&redactor->lock);
  gboolean before = GPOINTER_TO_INT(g_hash_table_lookup(redactor->fields, name));
  g_hash_table_replace(redactor->fields, g_strdup(name), GINT_TO_POINTER(secret || before));
  pthread_mutex_unlock(&redactor->lock);
}

void
redactor_spare(Redactor *redactor, const char *id)
{
  if (redactor == NULL || id == NULL)
    return;
  pthread_mutex_lock(&redactor->lock);
  if (!g_hash_table_contains(redactor->spared, id))
    g_hash_table_add(redactor->spared, g_strdup(id));
  pthread_mutex_unlock(&redactor->lock);
}

static gboolean
is_public(const char *name, gpointer data)
{
  const Redactor *redactor = data;
  gpointer secret;
  return g_hash_table_lookup_extended(redactor->fields, name, NULL, &secret) &&
         !GPOINTER_TO_INT(secret);
}

static gboolean
is_word(char c)
{
  return g_ascii_isalnum(c) || c == '_';
}

/* Does a token begin and end with [at, at + len)? */
static gboolean
stands_alone(const GString *text, gsize at, gsize len)
{
  gboolean begins = at == 0 || !is_word(text->str[at]) || !is_word(text->str[at - 1]);
  gboolean ends =
      at + len == text->len || !is_word(text->str[at + len - 1]) || !is_word(text->str[at + len]);
  return begins && ends;
}

static void
find_secret(const RedactPlain *plain, const GString *secret, GArray *ranges)
{
  const char *text = plain->text->str;
  gsize len = plain->text->len, from = 0;
  while (from + secret->len <= len) {
    const char *at = memmem(text + from, len - from, secret->str, secret->len);
    if (at == NULL)
      return;
    RedactRange range = {(gsize)(at - text), (gsize)(at - text) + secret->len};
    if (secret->len >= LONG || stands_alone(plain->text, range.start, secret->len))
      g_array_append_val(ranges, range);
    from = range.start + 1; /* two may overlap */
  }
}

/* What the text ends with, where that is the beginning of a secret. */
static void
find_cut_secret(const RedactPlain *plain, const GString *secret, GArray *ranges)
{
  const GString *text = plain->text;
  for (gsize n = MIN(secret->len - 1, text->len); n > 0; n--) {
    gsize start = text->len - n;
    gboolean begins = start == 0 || secret->len >= LONG || !is_word(secret->str[0]) ||
                      !is_word(text->str[start - 1]);
    if (!begins || memcmp(text->str + start, secret->str, n) != 0)
      continue;
    RedactRange range = {start, text->len};
    g_array_append_val(ranges, range);
    return;
  }
}

/* Ranges of the plain text become those of the original. */
static void
map_back(const RedactPlain *plain, GArray *ranges, guint from)
{
  for (guint i = from; i < ranges->len; i++) {
    RedactRange *range = &g_array_index(ranges, RedactRange, i);
    range->start = g_array_index(plain->from, gsize, range->start);
    range->end = g_array_index(plain->from, gsize, range->end);
  }
}

typedef enum { WHOLE, PART, CUT } Extent;

static void
find_all(Redactor *redactor, const char *text, gsize len, Extent extent, GArray *ranges)
{
  if (extent != PART)
    redact_pydantic(text, redactor != NULL ? is_public : NULL, redactor, ranges);
  guint others = ranges->len;
  g_autoptr(RedactPlain) plain = redact_unescape(text, len);
  redact_looks(plain, ranges);
  redact_plain_plus(plain);
  for (guint i = 0; redactor != NULL && i < redactor->secrets->len; i++) {
    find_secret(plain, redactor->secrets->pdata[i], ranges);
    if (extent == CUT)
      find_cut_secret(plain, redactor->secrets->pdata[i], ranges);
  }
  map_back(plain, ranges, others);
}

static int
compare_starts(gconstpointer a, gconstpointer b)
{
  const RedactRange *left = a, *right = b;
  return left->start < right->start ? -1 : left->start > right->start ? 1 : 0;
}

static gboolean
is_spared(const Redactor *redactor, const char *text, const RedactRange *range)
{
  if (redactor == NULL || g_hash_table_size(redactor->spared) == 0)
    return FALSE;
  g_autofree char *found = g_strndup(text + range->start, range->end - range->start);
  return g_hash_table_contains(redactor->spared, found);
}

/* What overlaps becomes one. */
static char *
mask(const Redactor *redactor, const char *text, gsize len, GArray *ranges)
{
  GString *out = g_string_sized_new(len);
  gsize done = 0;
  g_array_sort(ranges, compare_starts);
  for (guint i = 0; i < ranges->len;) {
    RedactRange range = g_array_index(ranges, RedactRange, i++);
    for (; i < ranges->len && g_array_index(ranges, RedactRange, i).start < range.end; i++)
      range.end = MAX(range.end, g_array_index(ranges, RedactRange, i).end);
    if (is_spared(redactor, text, &range))
      continue;
    g_string_append_len(out, text + done, (gssize)(range.start - done));
    g_string_append(out, MASK);
    done = range.end;
  }
  g_string_append_len(out, text + done, (gssize)(len - done));
  return g_string_free(out, FALSE);
}

static char *
redact(Redactor *redactor, const char *text, gsize len, Extent extent)
{
  g_autoptr(GArray) ranges = g_array_new(FALSE, FALSE, sizeof(RedactRange));
  if (redactor != NULL)
    pthread_mutex_lock(&redactor->lock);
  find_all(redactor, text, len, extent, ranges);
  char *out = mask(redactor, text, len, ranges);
  if (redactor != NULL)
    pthread_mutex_unlock(&redactor->lock);
  return out;
}

char *
redactor_text(Redactor *redactor, const char *text)
{
  return redact(redactor, text, strlen(text), WHOLE);
}

char *
redactor_words(Redactor *redactor, const char *text)
{
  return redact(redactor, text, strlen(text), PART);
}

char *
redactor_head(Redactor *redactor, const char *text, gsize len, gsize limit)
{
  gboolean cut = len > WINDOW;
  g_autofree char *window = g_strndup(text, cut ? WINDOW : len);
  char *safe = redact(redactor, window, strlen(window), cut ? CUT : WHOLE);
  if (strlen(safe) > limit) {
    const char *end = safe + limit;
    while (end > safe && ((guchar)*end & 0xC0) == 0x80)
      end--;
    safe[end - safe] = '\0';
  }
  return safe;
}

void
redactor_error(Redactor *redactor, GError *error)
{
  g_return_if_fail(error != NULL);
  char *message = redactor_text(redactor, error->message);
  g_free(error->message);
  error->message = message;
  if (owup_error_detail(error) != NULL) {
    g_autofree char *detail = redactor_text(redactor, owup_error_detail(error));
    owup_error_set_detail(error, detail);
  }
  if (owup_error_hint(error) != NULL) {
    g_autofree char *hint = redactor_text(redactor, owup_error_hint(error));
    owup_error_set_hint(error, "%s", hint);
  }
}
