/* Does a CI service run this? */
#pragma once

#include <glib.h>

/* CI=true, as GitHub, GitLab and most others set it; "false", "0" and an empty CI mean no. */
gboolean ci_env_runs_this(void);
