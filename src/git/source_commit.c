/* SPDX-License-Identifier: MIT */
#include "source_commit.h"

#include "ci_env.h"
#include "git_checkout.h"

static char *
ci_commit(void)
{
  static const char *const names[] = {
      "GITHUB_SHA", "CI_COMMIT_SHA",       "BITBUCKET_COMMIT",  "CIRCLE_SHA1",
      "GIT_COMMIT", "BUILD_SOURCEVERSION", "DRONE_COMMIT_SHA",  "TRAVIS_COMMIT",
      "CI_COMMIT",  "BUILDKITE_COMMIT",    "SEMAPHORE_GIT_SHA",
  };
  if (!ci_env_runs_this())
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    const char *value = g_getenv(names[i]);
    if (value != NULL && git_checkout_is_name(value))
      return g_strdup(value);
  }
  return NULL;
}

char *
source_commit(const char *file)
{
  char *commit = ci_commit();
  if (commit != NULL)
    return commit;
  g_autoptr(GitCheckout) checkout = git_checkout_find(file);
  return checkout != NULL ? g_steal_pointer(&checkout->head) : NULL;
}
