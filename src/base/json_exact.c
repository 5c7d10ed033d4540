/* SPDX-License-Identifier: MIT */
#include "json_exact.h"

#include <math.h>
#include <string.h>

/* U+FDD1, which no text holds that means anything (Unicode 15, 23.7). */
#define MARK "\xef\xb7\x91"
#define MARK_LEN 3
/* The same as an escape, but for the case of its letters. */
#define MARK_ESCAPED "\\ufdd1"

/* Where the string ends whose first byte after the quote is `at`: its closing quote, or `end`. */
static const char *
string_end(const char *at, const char *end)
{
  for (const char *quote = at; quote < end; quote++) {
    quote = memchr(quote, '"', (gsize)(end - quote));
    if (quote == NULL)
      return end;
    const char *slash = quote;
    while (slash > at && slash[-1] == '\\')
      slash--;
    if ((quote - slash) % 2 == 0)
      return quote;
  }
  return end;
}

static gboolean
begins_with_mark(const char *at, const char *end)
{
  gsize left = (gsize)(end - at);
  return (left >= MARK_LEN && memcmp(at, MARK, MARK_LEN) == 0) ||
         (left >= strlen(MARK_ESCAPED) &&
          g_ascii_strncasecmp(at, MARK_ESCAPED, strlen(MARK_ESCAPED)) == 0 && at[1] == 'u');
}

static const char *
skip_digits(const char *at, const char *end)
{
  while (at < end && g_ascii_isdigit(*at))
    at++;
  return at;
}

/* The end of the number at `at` (RFC 8259, 6), or NULL where that is none: jansson then says so. */
static const char *
number_end(const char *at, const char *end)
{
  at += at < end && *at == '-' ? 1 : 0;
  const char *whole = skip_digits(at, end);
  if (whole == at || (*at == '0' && whole > at + 1))
    return NULL;
  if (whole < end && *whole == '.') {
    const char *fraction = skip_digits(whole + 1, end);
    if (fraction == whole + 1)
      return NULL;
    whole = fraction;
  }
  if (whole == end || (*whole != 'e' && *whole != 'E'))
    return whole;
  const char *power = whole + 1;
  power += power < end && (*power == '+' || *power == '-') ? 1 : 0;
  at = skip_digits(power, end);
  return at != power ? at : NULL;
}

static gboolean
fits_jansson(const char *number, gsize len)
{
  gint64 value;
  char text[24];
  if (len >= sizeof text || (len == 2 && memcmp(number, "-0", 2) == 0))
    return FALSE;
  memcpy(text, number, len);
  text[len] = '\0';
  return g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &value, NULL);
}

/* A number may be no key, and jansson is to say so. */
static gboolean
is_key(const char *stop, const char *end)
{
  while (stop < end && strchr(" \t\r\n", *stop) != NULL && *stop != '\0')
    stop++;
  return stop < end && *stop == ':';
}

/* Copies `text` to `out` with the marks that it needs, until `out` has `limit` bytes. Where it came
 * to in `text`. `*marked`: there was something to mark. */
static const char *
mark(const char *text, const char *end, GString *out, gsize limit, gboolean *marked)
{
  const char *from = text, *at = text;
  while (at < end && out->len + (gsize)(at - from) < limit) {
    if (*at == '"') {
      const char *start = at + 1, *close = string_end(start, end);
      if (begins_with_mark(start, end)) {
        g_string_append_len(out, from, start - from);
        g_string_append(out, MARK);
        from = start;
        *marked = TRUE;
      }
      at = MIN(close + 1, end);
    } else if (*at == '-' || g_ascii_isdigit(*at)) {
      const char *stop = number_end(at, end);
      if (stop != NULL && !fits_jansson(at, (gsize)(stop - at)) && !is_key(stop, end)) {
        g_string_append_len(out, from, at - from);
        g_string_append(out, "\"" MARK);
        g_string_append_len(out, at, stop - at);
        g_string_append_c(out, '"');
        from = stop;
        *marked = TRUE;
      }
      at = stop != NULL ? stop : skip_digits(at + 1, end);
    } else {
      at++;
    }
  }
  if (*marked)
    g_string_append_len(out, from, at - from);
  return at;
}

/* Where in `text` the byte is that stands at `position` once it is marked. */
static int
position_in(const char *text, gsize len, int position)
{
  g_autoptr(GString) out = g_string_new(NULL);
  gboolean marked = FALSE;
  const char *at = mark(text, text + len, out, (gsize)MAX(position, 0), &marked);
  return (int)(at - text);
}

json_t *
json_exact_parse(const char *text, gsize len, size_t flags, json_error_t *error)
{
  g_autoptr(GString) out = g_string_new(NULL);
  gboolean marked = FALSE;
  mark(text, text + len, out, G_MAXSIZE, &marked);
  if (!marked)
    return json_loadb(text, len, flags, error);
  json_t *json = json_loadb(out->str, out->len, flags, error);
  if (json == NULL && error != NULL)
    error->position = position_in(text, len, error->position);
  return json;
}

json_t *
json_exact_parse_text(const char *text, size_t flags)
{
  return text != NULL ? json_exact_parse(text, strlen(text), flags, NULL) : NULL;
}

char *
json_exact_unmark(const char *dump)
{
  const char *from = dump, *end = dump + strlen(dump);
  if (strstr(dump, "\"" MARK) == NULL)
    return NULL;
  GString *out = g_string_new(NULL);
  for (const char *at = dump; at < end; at++) {
    if (*at != '"')
      continue;
    const char *start = at + 1, *close = string_end(start, end);
    if (g_str_has_prefix(start, MARK MARK)) {
      g_string_append_len(out, from, start - from);
      from = start + MARK_LEN;
    } else if (g_str_has_prefix(start, MARK)) {
      g_string_append_len(out, from, at - from);
      g_string_append_len(out, start + MARK_LEN, close - start - MARK_LEN);
      from = close + 1;
    }
    at = close;
  }
  g_string_append_len(out, from, end - from);
  return g_string_free(out, FALSE);
}

/* The digits of a number that is held as a string, or NULL. */
static const char *
digits_of(const json_t *value)
{
  const char *text = json_string_value(value);
  return text != NULL && g_str_has_prefix(text, MARK) && !g_str_has_prefix(text + MARK_LEN, MARK)
             ? text + MARK_LEN
             : NULL;
}

gboolean
json_exact_is_number(const json_t *value)
{
  return json_is_number(value) || digits_of(value) != NULL;
}

gboolean
json_exact_is_string(const json_t *value)
{
  return json_is_string(value) && digits_of(value) == NULL;
}

double
json_exact_real(const json_t *value)
{
  const char *digits = digits_of(value);
  return digits != NULL ? g_ascii_strtod(digits, NULL) : json_number_value(value);
}

gboolean
json_exact_is_integer(const json_t *value)
{
  const char *digits = digits_of(value);
  return json_is_integer(value) || (digits != NULL && strpbrk(digits, ".eE") == NULL);
}

gboolean
json_exact_is_whole(const json_t *value)
{
  double real = json_exact_real(value);
  return json_exact_is_integer(value) ||
         (json_exact_is_number(value) && isfinite(real) && trunc(real) == real);
}

static gboolean
numbers_equal(const json_t *a, const json_t *b)
{
  const char *digits_a = digits_of(a), *digits_b = digits_of(b);
  if (json_is_integer(a) && json_is_integer(b))
    return json_integer_value(a) == json_integer_value(b);
  if (digits_a != NULL && digits_b != NULL && strcmp(digits_a, digits_b) == 0)
    return TRUE;
  /* Two integers that differ in their digits differ, but for 0 and -0. */
  double real_a = json_exact_real(a), real_b = json_exact_real(b);
  return real_a == real_b &&
         (!json_exact_is_integer(a) || !json_exact_is_integer(b) || real_a == 0);
}

static gboolean
objects_equal(const json_t *a, const json_t *b)
{
  const char *key;
  json_t *value;
  if (json_object_size(a) != json_object_size(b))
    return FALSE;
  json_object_foreach((json_t *)a, key, value)
  {
    if (!json_exact_equal(value, json_object_get(b, key)))
      return FALSE;
  }
  return TRUE;
}

/* jansson reads no more than 2,048 levels, so this ends. */
gboolean
json_exact_equal(const json_t *a, const json_t *b)
{
  if (json_exact_is_number(a) && json_exact_is_number(b))
    return numbers_equal(a, b);
  if (json_is_object(a) && json_is_object(b))
    return objects_equal(a, b);
  if (!json_is_array(a) || !json_is_array(b))
    return json_equal(a, b) == 1;
  if (json_array_size(a) != json_array_size(b))
    return FALSE;
  for (gsize i = 0; i < json_array_size(a); i++)
    if (!json_exact_equal(json_array_get(a, i), json_array_get(b, i)))
      return FALSE;
  return TRUE;
}
