/* SPDX-License-Identifier: MIT */
/* What a line begins with: the one place where signs and indentation are made.
 *
 * A sign and a blank; [OK], [WARN], [ERROR], [DEPLOY], [BACK] where a terminal is not UTF-8; three
 * blanks for what belongs to the line above.
 */
#pragma once

#include "note_level.h"

#include <glib.h>

typedef enum {
  MARK_NONE,
  MARK_DONE,
  MARK_FAILED,
  MARK_WARNING,
  MARK_BEGUN, /* a deploy or rollback of one plugin begins */
  MARK_BACK,  /* something was put back as it was before */
  MARK_UNDER, /* belongs to the line above */
} ReportMark;

/* What stands before the text; may be "". `plain`: without signs. Static. */
const char *report_mark_text(ReportMark mark, gboolean plain);
/* The mark that a note of this level has. */
ReportMark report_mark_of(NoteLevel level);
