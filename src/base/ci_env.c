/* SPDX-License-Identifier: MIT */
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

static char *
clean(const char *text)
{
  g_autofree char *valid = g_utf8_make_valid(text, -1);
  for (char *at = valid; *at != '\0'; at = g_utf8_next_char(at))
    if (g_unichar_iscntrl(g_utf8_get_char(at)) && (guchar)*at < 0x80)
      *at = ' ';
  g_strstrip(valid);
  return *valid != '\0'
             ? g_utf8_substring(valid, 0, MIN(g_utf8_strlen(valid, -1), CI_ENV_WHO_LENGTH))
             : NULL;
}

char *
ci_env_who(void)
{
  static const char *const runs[][2] = {
      {"GITHUB_RUN_ID", "GitHub run"},
      {"CI_JOB_ID", "GitLab job"},
      {"BITBUCKET_BUILD_NUMBER", "Bitbucket build"},
      {"CIRCLE_BUILD_NUM", "CircleCI build"},
      {"BUILD_BUILDID", "Azure build"},
      {"TRAVIS_BUILD_ID", "Travis build"},
      {"DRONE_BUILD_NUMBER", "Drone build"},
      {"BUILDKITE_BUILD_NUMBER", "Buildkite build"},
      {"SEMAPHORE_WORKFLOW_ID", "Semaphore workflow"},
      {"BUILD_ID", "Jenkins build"},
  };
  const char *given = g_getenv("OWUP_WHO");
  if (given != NULL)
    return clean(given);
  for (gsize i = 0; ci_env_runs_this() && i < G_N_ELEMENTS(runs); i++) {
    const char *id = g_getenv(runs[i][0]);
    if (id == NULL || *id == '\0')
      continue;
    g_autofree char *run = g_strdup_printf("%s %s", runs[i][1], id);
    return clean(run);
  }
  return NULL;
}
