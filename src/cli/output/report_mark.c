/* SPDX-License-Identifier: MIT */
#include "report_mark.h"

const char *
report_mark_text(ReportMark mark, gboolean plain)
{
  static const struct {
    const char *sign, *plain;
  } marks[] = {
      [MARK_NONE] = {"", ""},
      [MARK_DONE] = {"✅ ", "[OK] "},
      [MARK_FAILED] = {"❌ ", "[ERROR] "},
      [MARK_WARNING] = {"⚠️ ", "[WARN] "},
      [MARK_BEGUN] = {"📦 ", "[DEPLOY] "},
      [MARK_BACK] = {"↩ ", "[BACK] "},
      [MARK_UNDER] = {"   ", "   "},
  };
  return plain ? marks[mark].plain : marks[mark].sign;
}

ReportMark
report_mark_of(NoteLevel level)
{
  static const ReportMark marks[] = {
      [NOTE_INFO] = MARK_NONE,  [NOTE_WARNING] = MARK_WARNING, [NOTE_BACK] = MARK_BACK,
      [NOTE_HINT] = MARK_UNDER, [NOTE_DETAIL] = MARK_UNDER,
  };
  return marks[level];
}
