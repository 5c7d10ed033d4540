#include "redact.h"

#include <string.h>

#define MASK "***"

static gsize
token_length(const char *at)
{
  gsize n = 0;
  while (g_ascii_isalnum(at[n]) || at[n] == '-' || at[n] == '_' || at[n] == '.')
    n++;
  return n;
}

/* Open WebUI's keys are sk- and 32 or more hexadecimal digits; anything half as long is masked too.
 */
static gsize
secret_length(const char *at)
{
  gsize n = 0;
  if (g_str_has_prefix(at, "sk-") || g_str_has_prefix(at, "eyJ"))
    n = token_length(at);
  return n >= 16 ? n : 0;
}

char *
redact_text(const char *text, const char *secret)
{
  GString *out = g_string_sized_new(strlen(text));
  gsize secret_len = secret != NULL ? strlen(secret) : 0;
  for (const char *at = text; *at != '\0';) {
    gsize n = 0;
    if (secret_len > 0 && strncmp(at, secret, secret_len) == 0)
      n = secret_len;
    else if (at == text || !g_ascii_isalnum(at[-1]))
      n = secret_length(at);
    if (n > 0) {
      g_string_append(out, MASK);
      at += n;
    } else {
      g_string_append_c(out, *at++);
    }
  }
  return g_string_free(out, FALSE);
}
