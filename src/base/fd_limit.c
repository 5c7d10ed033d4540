/* SPDX-License-Identifier: MIT */
#include "fd_limit.h"

#include <glib.h>
#include <sys/resource.h>

/* macOS refuses more, whatever its hard limit says. */
#define ENOUGH 10240

static struct rlimit before;
static gboolean raised;

void
fd_limit_raise(void)
{
  struct rlimit limit;
  if (raised || getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= ENOUGH)
    return;
  before = limit;
  limit.rlim_cur = MIN(limit.rlim_max, ENOUGH);
  raised = setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

void
fd_limit_put_back(void)
{
  if (raised)
    setrlimit(RLIMIT_NOFILE, &before);
}
