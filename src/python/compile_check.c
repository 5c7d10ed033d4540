/* SPDX-License-Identifier: MIT */
#include "compile_check.h"
#include "clock.h"
#include "compile_check_cache.h"
#include "compile_check_run.h"
#include "python_times.h"

#include <string.h>

typedef struct {
  CompileCheckResult result; /* PYCHECK_UNAVAILABLE: this interpreter cannot tell */
  gboolean known;            /* FALSE: no answer that makes sense */
  int line;
  int col;
  const char *message; /* in the answer */
} Verdict;

static gboolean
read_number(const char *word, int *number)
{
  guint64 value;
  if (!g_ascii_string_to_unsigned(word, 10, 0, G_MAXINT, &value, NULL))
    return FALSE;
  *number = (int)value;
  return TRUE;
}

/* `lines` is the answer cut at its line breaks. */
static Verdict
read_verdict(char **lines)
{
  guint n = g_strv_length(lines);
  Verdict verdict = {.result = PYCHECK_UNAVAILABLE};
  if (n < 2 || !g_str_equal(lines[n - 1], "end"))
    return verdict;
  if (n == 2 && (g_str_equal(lines[0], "old") || g_str_equal(lines[0], "unable"))) {
    verdict.known = TRUE;
  } else if (n == 2 && g_str_equal(lines[0], "fine")) {
    verdict.known = TRUE;
    verdict.result = PYCHECK_FINE;
  } else if (n == 5 && g_str_equal(lines[0], "broken") && read_number(lines[1], &verdict.line) &&
             read_number(lines[2], &verdict.col) && g_utf8_validate(lines[3], -1, NULL)) {
    verdict.known = TRUE;
    verdict.result = PYCHECK_BROKEN;
    verdict.message = lines[3];
  }
  return verdict;
}

/* The column in the original line for one in the rewritten line, which is the same but for this
 * word put in here and there. Both from 1, in characters. */
static int
original_column(const char *original, gsize original_len, const char *rewritten,
                gsize rewritten_len, int col)
{
  static const char word[] = "open_webui.";
  const char *a = original, *a_end = original + original_len;
  const char *b = rewritten, *b_end = rewritten + rewritten_len;
  int a_col = 1;
  for (int b_col = 1; b_col < col && b < b_end && a < a_end;) {
    if (*a != *b && (gsize)(b_end - b) >= strlen(word) && memcmp(b, word, strlen(word)) == 0) {
      b += strlen(word);
      b_col += (int)strlen(word);
      continue;
    }
    a = g_utf8_next_char(a);
    b = g_utf8_next_char(b);
    a_col++;
    b_col++;
  }
  return a_col;
}

static Diagnostic *
make_diagnostic(const char *file, const Verdict *verdict, GBytes *original, GBytes *rewritten)
{
  gsize len, rewritten_len, a_len, b_len;
  const char *text = g_bytes_get_data(original, &len);
  const char *held = g_bytes_get_data(rewritten, &rewritten_len);
  const char *a, *b;
  int col = verdict->col;
  if (col > 0 && diagnostic_find_line(text, len, verdict->line, &a, &a_len) &&
      diagnostic_find_line(held, rewritten_len, verdict->line, &b, &b_len))
    col = original_column(a, a_len, b, b_len, col);
  return diagnostic_new(file, verdict->line, col, verdict->message, text, len);
}

static char *
ask(const char *python, GBytes *text, ClockDeadline deadline)
{
  g_autofree char *key = compile_check_cache_key(python, text);
  char *answer = key != NULL ? compile_check_cache_load(key) : NULL;
  if (answer != NULL) {
    g_auto(GStrv) lines = g_strsplit(answer, "\n", 0);
    if (read_verdict(lines).known)
      return answer;
    g_free(answer);
  }
  answer = compile_check_ask(python, text, deadline);
  /* "unable" may be for want of memory: another time it may be able. */
  if (answer != NULL && key != NULL && !g_str_has_prefix(answer, "unable"))
    compile_check_cache_store(key, answer);
  return answer;
}

/* The verdict of the first interpreter that can tell, asked by `ask_one`; `*lines`, owned by the
 * caller, are what it points into. */
static Verdict
ask_all(char *(*ask_one)(const char *, GBytes *, ClockDeadline), GBytes *text, char ***lines)
{
  ClockDeadline deadline = clock_deadline(COMPILE_CHECK_MS);
  g_autoptr(GPtrArray) candidates = compile_check_candidates();
  Verdict verdict = {.result = PYCHECK_UNAVAILABLE};
  for (guint i = 0; i < candidates->len && verdict.result == PYCHECK_UNAVAILABLE; i++) {
    g_autofree char *answer = ask_one(candidates->pdata[i], text, deadline);
    g_strfreev(*lines);
    *lines = g_strsplit(answer != NULL ? answer : "", "\n", 0);
    verdict = read_verdict(*lines);
  }
  return verdict;
}

CompileCheckResult
compile_check(const char *file, GBytes *original, GBytes *rewritten, Diagnostic **diagnostic)
{
  g_auto(GStrv) lines = NULL;
  Verdict verdict = ask_all(ask, rewritten, &lines);
  if (verdict.result == PYCHECK_BROKEN && diagnostic != NULL)
    *diagnostic = make_diagnostic(file, &verdict, original, rewritten);
  return verdict.result;
}

CompileCheckResult
compile_check_same(GBytes *a, GBytes *b)
{
  g_auto(GStrv) lines = NULL;
  g_autoptr(GByteArray) both = g_byte_array_new();
  g_byte_array_append(both, g_bytes_get_data(a, NULL), (guint)g_bytes_get_size(a));
  g_byte_array_append(both, (const guint8 *)"", 1);
  g_byte_array_append(both, g_bytes_get_data(b, NULL), (guint)g_bytes_get_size(b));
  g_autoptr(GBytes) text = g_byte_array_free_to_bytes(g_steal_pointer(&both));
  return ask_all(compile_check_ask, text, &lines).result;
}
