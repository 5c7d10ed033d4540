/* SPDX-License-Identifier: MIT */
/* What --json prints has no secrets, and ids, digests and code as they are. */
#include "json_redact.h"

#include <stdlib.h>

static void
test_members(void)
{
  json_auto_t *json = json_pack("{s:s, s:s, s:s, s:s, s:{s:s, s:n}, s:[s, {s:s}], s:i}", "id",
                                "hunter22", "sha256", "hunter22", "diff", "-hunter22", "title",
                                "T hunter22", "error", "message", "no hunter22", "hint", "notes",
                                "hunter22", "detail", "sk-0123456789abcdef0", "exit", 1);
  g_autoptr(Redactor) redactor = redactor_new();
  redactor_add(redactor, "hunter22");
  json_redact(redactor, json);
  char *got = json_dumps(json, JSON_COMPACT);
  g_assert_cmpstr(got, ==,
                  "{\"id\":\"hunter22\",\"sha256\":\"hunter22\",\"diff\":\"-hunter22\","
                  "\"title\":\"T ***\",\"error\":{\"message\":\"no ***\",\"hint\":null},"
                  "\"notes\":[\"***\",{\"detail\":\"***\"}],\"exit\":1}");
  free(got);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/json-redact/members", test_members);
  return g_test_run();
}
