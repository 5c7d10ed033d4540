/* SPDX-License-Identifier: MIT */
#include "identifier.h"

/* Start a name by their category, but not once NFKC has been applied (DerivedCoreProperties, the
 * difference of ID_Start and XID_Start), and U+2E2F, which is Pattern_Syntax. */
static gboolean
is_excluded_start(gunichar c)
{
  static const gunichar singles[] = {0x037a, 0x0e33, 0x0eb3, 0x2e2f, 0xfe70, 0xfe72, 0xfe74,
                                     0xfe76, 0xfe78, 0xfe7a, 0xfe7c, 0xfe7e, 0xff9e, 0xff9f};
  for (guint i = 0; i < G_N_ELEMENTS(singles); i++)
    if (c == singles[i])
      return TRUE;
  return (c >= 0xfc5e && c <= 0xfc63) || c == 0xfdfa || c == 0xfdfb;
}

static gboolean
is_other_start(gunichar c)
{
  return c == 0x1885 || c == 0x1886 || c == 0x2118 || c == 0x212e;
}

static gboolean
is_excluded_continue(gunichar c)
{
  return c == 0x037a || c == 0x2e2f || (c >= 0xfc5e && c <= 0xfc63) || c == 0xfdfa || c == 0xfdfb ||
         (c >= 0xfe70 && c <= 0xfe7e && c % 2 == 0);
}

/* Other_ID_Continue, the four of Unicode 15.1 included. */
static gboolean
is_other_continue(gunichar c)
{
  return c == 0x00b7 || c == 0x0387 || (c >= 0x1369 && c <= 0x1371) || c == 0x19da || c == 0x200c ||
         c == 0x200d || c == 0x30fb || c == 0xff65;
}

/* The categories of ID_Start. */
static gboolean
is_letter(GUnicodeType type)
{
  return type == G_UNICODE_UPPERCASE_LETTER || type == G_UNICODE_LOWERCASE_LETTER ||
         type == G_UNICODE_TITLECASE_LETTER || type == G_UNICODE_MODIFIER_LETTER ||
         type == G_UNICODE_OTHER_LETTER || type == G_UNICODE_LETTER_NUMBER;
}

gboolean
identifier_starts(gunichar c)
{
  if (c < 0x80)
    return g_ascii_isalpha((char)c) || c == '_';
  GUnicodeType type = g_unichar_type(c);
  if (is_letter(type))
    return !is_excluded_start(c);
  return type == G_UNICODE_UNASSIGNED || is_other_start(c);
}

gboolean
identifier_continues(gunichar c)
{
  if (c < 0x80)
    return g_ascii_isalnum((char)c) || c == '_';
  GUnicodeType type = g_unichar_type(c);
  if (is_letter(type))
    return !is_excluded_continue(c);
  return type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_SPACING_MARK ||
         type == G_UNICODE_DECIMAL_NUMBER || type == G_UNICODE_CONNECT_PUNCTUATION ||
         is_other_continue(c) || identifier_starts(c);
}

gboolean
identifier_is_printable(gunichar c)
{
  switch ((int)g_unichar_type(c)) {
  case G_UNICODE_CONTROL:
  case G_UNICODE_FORMAT:
  case G_UNICODE_SURROGATE:
  case G_UNICODE_PRIVATE_USE:
  case G_UNICODE_UNASSIGNED:
  case G_UNICODE_LINE_SEPARATOR:
  case G_UNICODE_PARAGRAPH_SEPARATOR:
    return FALSE;
  case G_UNICODE_SPACE_SEPARATOR:
    return c == ' ';
  default:
    return TRUE;
  }
}
