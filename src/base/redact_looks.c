/* SPDX-License-Identifier: MIT */
/* What is a secret by its looks. */
#include "redact.h"
#include "redact_private.h"

#include <string.h>

/* Keys that say themselves what they are, of `least` characters in all. One without a digit is a
 * word: sk-learn-pipelines. */
static const struct {
  const char *prefix;
  gsize least;
  gboolean exact; /* no longer than that, and capitals */
} keys[] = {
    {"sk-", 16, FALSE},      /* Open WebUI, OpenAI, Anthropic and those that follow them */
    {"sk_live_", 16, FALSE}, /* Stripe */
    {"sk_test_", 16, FALSE}, {"rk_live_", 16, FALSE},    {"whsec_", 16, FALSE},
    {"ghp_", 20, FALSE}, /* GitHub */
    {"gho_", 20, FALSE},     {"ghu_", 20, FALSE},        {"ghs_", 20, FALSE},
    {"ghr_", 20, FALSE},     {"github_pat_", 24, FALSE}, {"glpat-", 20, FALSE}, /* GitLab */
    {"xoxb-", 15, FALSE},                                                       /* Slack */
    {"xoxp-", 15, FALSE},    {"xoxa-", 15, FALSE},       {"xoxr-", 15, FALSE},
    {"xoxs-", 15, FALSE},    {"xapp-", 15, FALSE},       {"AKIA", 20, TRUE},   /* AWS */
    {"ASIA", 20, TRUE},      {"AIza", 35, FALSE},                              /* Google */
    {"hf_", 20, FALSE},                                                        /* Hugging Face */
    {"gsk_", 20, FALSE},                                                       /* Groq */
    {"npm_", 30, FALSE},     {"pypi-", 30, FALSE},       {"tvly-", 20, FALSE}, /* Tavily */
    {"eyJ", 16, FALSE},                                                        /* JSON web tokens */
};

static gboolean
is_token(char c)
{
  return g_ascii_isalnum(c) || c == '-' || c == '_' || c == '.';
}

static gsize
token_length(const char *at, const char *end)
{
  gsize n = 0;
  while (at + n < end && is_token(at[n]))
    n++;
  while (n > 0 && at[n - 1] == '.')
    n--;
  return n;
}

static gboolean
has_digit(const char *at, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (g_ascii_isdigit(at[i]))
      return TRUE;
  return FALSE;
}

static gboolean
are_capitals(const char *at, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isupper(at[i]) && !g_ascii_isdigit(at[i]))
      return FALSE;
  return TRUE;
}

static gboolean
begins(const char *at, const char *end, const char *word)
{
  gsize n = strlen(word);
  return (gsize)(end - at) >= n && memcmp(at, word, n) == 0;
}

static gboolean
begins_any_case(const char *at, const char *end, const char *word)
{
  gsize n = strlen(word);
  return (gsize)(end - at) >= n && g_ascii_strncasecmp(at, word, n) == 0;
}

static gsize
key_length(const char *at, const char *end)
{
  gsize n = token_length(at, end);
  for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
    if (!begins(at, end, keys[i].prefix))
      continue;
    if (n >= keys[i].least && has_digit(at, n) &&
        (!keys[i].exact || (n == keys[i].least && are_capitals(at, n))))
      return n;
  }
  return 0;
}

/* The token behind "Bearer ", where it is no word of a sentence. */
static gsize
bearer_token(const char *at, const char *end, gsize *skip)
{
  gsize n = 0, lower = 0;
  *skip = strlen("bearer");
  if (!begins_any_case(at, end, "bearer ") && !begins_any_case(at, end, "bearer+"))
    return 0;
  while (at + *skip < end && (at[*skip] == ' ' || at[*skip] == '+'))
    (*skip)++;
  for (const char *from = at + *skip; from + n < end; n++) {
    if (!is_token(from[n]) && (from[n] == '\0' || strchr("~/=+", from[n]) == NULL))
      break;
    lower += g_ascii_islower(from[n]) ? 1 : 0;
  }
  return n >= REDACT_LEAST && lower < n ? n : 0;
}

/* scheme://USER:PASSWORD@host. Of a web address the user ends before the path; elsewhere people
 * write passwords as they are. */
static gsize
user_info(const char *text, const char *at, const char *end)
{
  const char *begin = at, *last = NULL;
  if (!begins(at, end, "://"))
    return 0;
  while (begin > text && (g_ascii_isalnum(begin[-1]) || begin[-1] == '+' || begin[-1] == '-'))
    begin--;
  gboolean web = g_ascii_strncasecmp(begin, "http", 4) == 0;
  const char *stop = web ? "/?#" : "";
  for (const char *next = at + 3; next < end; next++) {
    if (g_ascii_isspace(*next) || *next == '\0' || strchr("\"'<>`", *next) != NULL ||
        strchr(stop, *next) != NULL)
      break;
    if (*next == '@')
      last = next;
  }
  return begin < at && last != NULL ? (gsize)(last - at - 3) : 0;
}

/* Up to its end line, or to the end of what is there. */
static gsize
private_key(const char *at, const char *end)
{
  static const char close[] = "-----END ", dashes[] = "-----";
  if (!begins(at, end, "-----BEGIN "))
    return 0;
  const char *title = at + strlen("-----BEGIN ");
  const char *title_end = memmem(title, (gsize)(end - title), dashes, strlen(dashes));
  if (title_end == NULL || title_end - title > 40 ||
      memmem(title, (gsize)(title_end - title), "PRIVATE KEY", strlen("PRIVATE KEY")) == NULL)
    return 0;
  const char *last = memmem(title_end, (gsize)(end - title_end), close, strlen(close));
  const char *after = last != NULL
                          ? memmem(last + strlen(close), (gsize)(end - last) - strlen(close),
                                   dashes, strlen(dashes))
                          : NULL;
  return (gsize)((after != NULL ? after + strlen(dashes) : end) - at);
}

/* What begins at `at`, as a range. */
static gboolean
look_at(const char *text, const char *at, const char *end, RedactRange *range)
{
  gsize skip = 0, n = 0;
  gboolean starts = at == text || !g_ascii_isalnum(at[-1]);
  switch (*at) {
  case ':':
    skip = 3;
    n = user_info(text, at, end);
    break;
  case '-':
    n = private_key(at, end);
    break;
  case 'B':
  case 'b':
    n = starts ? bearer_token(at, end, &skip) : 0;
    break;
  default:
    n = starts && g_ascii_isalpha(*at) ? key_length(at, end) : 0;
  }
  range->start = (gsize)(at - text) + skip;
  range->end = range->start + n;
  return n > 0;
}

void
redact_looks(const RedactPlain *plain, GArray *ranges)
{
  const char *text = plain->text->str, *end = text + plain->text->len;
  for (const char *at = text; at < end;) {
    RedactRange range;
    if (look_at(text, at, end, &range)) {
      g_array_append_val(ranges, range);
      at = text + range.end;
    } else {
      at++;
    }
  }
}

gboolean
redact_is_secret(const char *value)
{
  g_autoptr(RedactPlain) plain = redact_unescape(value, strlen(value));
  g_autoptr(GArray) ranges = g_array_new(FALSE, FALSE, sizeof(RedactRange));
  redact_looks(plain, ranges);
  return ranges->len > 0;
}
