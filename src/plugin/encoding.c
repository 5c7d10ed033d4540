/* SPDX-License-Identifier: MIT */
#include "encoding.h"

#include "diagnostic.h"

#include <glib/gi18n.h>
#include <string.h>

#define UTF8_BOM "\xEF\xBB\xBF"
/* How much is looked at to tell UTF-16 without a byte order mark from a stray NUL. */
#define SAMPLE 256

typedef struct {
  int line, col;
} SourcePos;

/* Where the byte at `at` stands; the text before it in its line is valid UTF-8. */
static SourcePos
place_of(const char *text, const char *at)
{
  SourcePos place = {1, 1};
  const char *start = text;
  for (const char *c = text; c < at; c++) {
    if (*c == '\n' || (*c == '\r' && c[1] != '\n')) {
      place.line++;
      start = c + 1;
    }
  }
  for (const char *c = start; c < at; c++)
    place.col += (*c & 0xC0) != 0x80;
  return place;
}

static void
report(GPtrArray *diagnostics, const char *file, SourcePos place, const char *message,
       const char *text, gsize len)
{
  g_ptr_array_add(diagnostics, diagnostic_new(file, place.line, place.col, message, text, len));
}

/* UTF-16 or UTF-32, by its byte order mark or by its many NULs. */
static gboolean
is_wide(const char *text, gsize len)
{
  if (len >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0))
    return TRUE;
  gsize sample = MIN(len, SAMPLE), nuls = 0;
  for (gsize i = 0; i < sample; i++)
    nuls += text[i] == '\0';
  return len >= 8 && nuls * 5 >= sample * 2;
}

/* The first byte that is no UTF-8, or NULL. `*nul` becomes the first NUL byte before it, or NULL.
 */
static const char *
find_bad_byte(const char *text, gsize len, const char **nul)
{
  const char *at = text, *end = text + len;
  *nul = NULL;
  while (!g_utf8_validate_len(at, (gsize)(end - at), &at)) {
    if (*at != '\0')
      return at;
    if (*nul == NULL)
      *nul = at;
    at++;
  }
  return NULL;
}

Encoding
encoding_check(const char *file, const char *text, gsize len, GPtrArray *diagnostics)
{
  Encoding encoding = {TRUE, FALSE, 0};
  if (is_wide(text, len)) {
    report(diagnostics, file, (SourcePos){1, 1},
           _("the file is UTF-16, which servers cannot read; save it as UTF-8"), NULL, 0);
    return (Encoding){FALSE, TRUE, 0};
  }
  const char *nul;
  const char *bad = find_bad_byte(text, len, &nul);
  if (bad != NULL) {
    g_autofree char *message =
        g_strdup_printf(_("the byte 0x%02X is not UTF-8; save the file as UTF-8"), (guchar)*bad);
    report(diagnostics, file, place_of(text, bad), message, text, len);
    encoding.is_utf8 = FALSE;
  }
  if (len >= strlen(UTF8_BOM) && memcmp(text, UTF8_BOM, strlen(UTF8_BOM)) == 0) {
    report(diagnostics, file, (SourcePos){1, 1},
           _("the file begins with a byte order mark, which servers refuse; save it as UTF-8 "
             "without BOM"),
           NULL, 0);
    encoding.bom = strlen(UTF8_BOM);
  }
  if (nul != NULL) {
    report(diagnostics, file, place_of(text, nul), _("a NUL byte, which servers refuse"), NULL, 0);
    encoding.has_nul = TRUE;
  }
  return encoding;
}
