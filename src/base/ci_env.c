#include "ci_env.h"

gboolean
ci_env_runs_this(void)
{
  const char *ci = g_getenv("CI");
  return ci != NULL && *ci != '\0' && !g_str_equal(ci, "false") && !g_str_equal(ci, "0");
}
