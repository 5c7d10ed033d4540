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
  switch (level) {
  case NOTE_INFO:
    return MARK_NONE;
  case NOTE_WARNING:
    return MARK_WARNING;
  case NOTE_BACK:
    return MARK_BACK;
  case NOTE_HINT:
  case NOTE_DETAIL:
    return MARK_UNDER;
  }
  g_return_val_if_reached(MARK_NONE);
}
