/* Is there a person at the terminal, or a CI service? */
#pragma once

#include <glib.h>

/* CI=true, as GitHub, GitLab and most others set it; "false", "0" and an empty CI mean no. */
gboolean ci_runs_this(void);
