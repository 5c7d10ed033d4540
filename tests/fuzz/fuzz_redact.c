/* SPDX-License-Identifier: MIT */
/* Any text with a secret in it, escaped up to three times: it is not left. The input is a byte that
 * chooses the escapes, then secret, text before and text after, each ended by a NUL byte. */
#include "redact.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(gboolean condition)
{
  if (!condition)
    abort();
}

/* Up to the next NUL byte, repaired. */
static char *
take(const uint8_t **at, const uint8_t *end)
{
  gsize len = strnlen((const char *)*at, (size_t)(end - *at));
  char *text = g_utf8_make_valid((const char *)*at, (gssize)len);
  *at += MIN(len + 1, (gsize)(end - *at));
  return text;
}

/* As Python's repr(), or with `json` as json.dumps(). */
static char *
escape(const char *text, gboolean json)
{
  GString *out = g_string_new(NULL);
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
    gunichar c = g_utf8_get_char(at);
    const char *letter = strchr("\nn\tt\rr", *at);
    if (strchr("\\\"'", *at) != NULL && !(json && *at == '\''))
      g_string_append_printf(out, "\\%c", *at);
    else if (letter != NULL && strchr("\n\t\r", *at) != NULL)
      g_string_append_printf(out, "\\%c", letter[1]);
    else if (c < 0x20)
      g_string_append_printf(out, json ? "\\u%04x" : "\\x%02x", c);
    else if (json && c >= 0x10000)
      g_string_append_printf(out, "\\u%04x\\u%04x", 0xD800 + ((c - 0x10000) >> 10),
                             0xDC00 + ((c - 0x10000) & 0x3FF));
    else if (json && c >= 0x7F)
      g_string_append_printf(out, "\\u%04x", c);
    else
      g_string_append_unichar(out, c);
  }
  return g_string_free(out, FALSE);
}

/* Two bits of `how` for each round. */
static char *
escape_rounds(const char *secret, guint how)
{
  char *text = g_strdup(secret);
  for (; how != 0; how >>= 2) {
    char *next = (how & 3) == 1   ? escape(text, FALSE)
                 : (how & 3) == 2 ? escape(text, TRUE)
                 : (how & 3) == 3 ? g_uri_escape_string(text, NULL, FALSE)
                                  : g_strdup(text);
    g_free(text);
    text = next;
  }
  return text;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size < 2)
    return 0;
  const uint8_t *at = data + 1, *end = data + size;
  g_autofree char *raw = take(&at, end);
  g_autofree char *before = take(&at, end);
  g_autofree char *after = take(&at, end);
  g_autofree char *secret = g_strstrip(g_strdup(raw));
  g_autofree char *escaped = escape_rounds(secret, data[0] & 0x3F);
  g_autofree char *alone = g_strdup_printf(" %s ", escaped);
  g_autofree char *text = g_strconcat(before, alone, after, NULL);
  g_autoptr(Redactor) redactor = redactor_new();
  redactor_add(redactor, secret);
  redactor_add_field(redactor, "n", FALSE);
  g_autofree char *safe = redactor_text(redactor, text);
  g_autofree char *head = redactor_head(redactor, text, strlen(text), 100);
  gboolean is_secret =
      g_utf8_strlen(secret, -1) >= REDACT_LEAST && secret[strspn(secret, "*\\")] != '\0';
  require(!is_secret || strstr(safe, alone) == NULL);
  require(g_utf8_validate(safe, -1, NULL) && g_utf8_validate(head, -1, NULL));
  require(strlen(head) <= 100);
  return 0;
}
