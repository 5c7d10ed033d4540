#include "ci_env.h"

#include <string.h>

gboolean
ci_env_runs_this(void)
{
  const char *ci = g_getenv("CI");
  return ci != NULL && *ci != '\0' && !g_str_equal(ci, "false") && !g_str_equal(ci, "0");
}

gboolean
ci_env_is_github(void)
{
  return g_strcmp0(g_getenv("GITHUB_ACTIONS"), "true") == 0;
}

char *
ci_env_defuse(const char *text)
{
  GString *out = g_string_sized_new(strlen(text));
  gboolean begins = TRUE;
  for (const char *at = text; *at != '\0';) {
    gunichar c = g_utf8_get_char_validated(at, -1);
    gsize n = c < 0x110000 ? (gsize)(g_utf8_next_char(at) - at) : 1;
    g_string_append_len(out, at, (gssize)n);
    if ((begins && g_str_has_prefix(at, "::")) || g_str_has_prefix(at, "##["))
      g_string_append_c(out, ' ');
    if (c == '\n' || c == '\r')
      begins = TRUE;
    else if (n == 1 ? !g_ascii_isspace(*at) : !g_unichar_isspace(c))
      begins = FALSE;
    at += n;
  }
  return g_string_free(out, FALSE);
}
