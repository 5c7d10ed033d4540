/* SPDX-License-Identifier: MIT */
/* Does a CI service run this? */
#pragma once

#include <glib.h>

/* CI=true, as GitHub, GitLab and most others set it; "false", "0" and an empty CI mean no. */
gboolean ci_env_runs_this(void);

/* Does GitHub Actions run this, whose runner takes commands from what is printed? */
gboolean ci_env_is_github(void);

/* A copy of `text` in which no line is a command to such a runner: "::error ::x" where a line
 * begins so, behind blanks too, and "##[error]x" anywhere in it; a blank stands in their midst
 * then. Owned by the caller. */
char *ci_env_defuse(const char *text);

/* Longer names are cut, in characters. */
#define CI_ENV_WHO_LENGTH 100

/* Who is to stand beside a deploy, for everybody on the server to read: $OWUP_WHO, else the CI's
 * run ("GitHub run 17"). Never a host's or a login's name. UTF-8, short; NULL: neither is there.
 * Owned by the caller. */
char *ci_env_who(void);
