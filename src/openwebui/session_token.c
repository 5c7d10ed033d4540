/* SPDX-License-Identifier: MIT */
#include "session_token.h"

#include "json_exact.h"

#include <jansson.h>
#include <string.h>

/* Far more than any claims. */
#define CLAIMS_LIMIT 65536

/* base64url without padding. Owned by the caller. */
static guchar *
decode_part(const char *part, gsize len, gsize *n)
{
  static const char padding[] = "===";
  g_autofree char *plain =
      g_strdup_printf("%.*s%.*s", (int)len, part, (int)((4 - len % 4) % 4), padding);
  g_strdelimit(plain, "-", '+');
  g_strdelimit(plain, "_", '/');
  return g_base64_decode(plain, n);
}

gint64
session_token_expires(const char *token)
{
  const char *claims = token != NULL ? strchr(token, '.') : NULL;
  const char *end = claims != NULL ? strchr(++claims, '.') : NULL;
  gsize n = 0;
  if (end == NULL || end - claims > CLAIMS_LIMIT)
    return 0;
  g_autofree guchar *text = decode_part(claims, (gsize)(end - claims), &n);
  json_auto_t *json = json_exact_parse((const char *)text, n, 0, NULL);
  double expires = json_number_value(json_object_get(json, "exp"));
  return expires > 0 && expires < 1e12 ? (gint64)expires : 0;
}
