/* SPDX-License-Identifier: MIT */
#include "dotenv_lint.h"

#include <string.h>

static void
finds(const char *text, const char *wanted)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func((GDestroyNotify)dotenv_line_free);
  g_autoptr(GHashTable) values = dotenv_parse(".env", text, strlen(text), lines, NULL);
  g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
  dotenv_lint(".env", lines, DOUBT_URL, notes);
  dotenv_lint(".env", lines, DOUBT_KEY, notes);
  g_ptr_array_add(notes, NULL);
  g_autofree char *got = g_strjoinv("\n", (char **)notes->pdata);
  g_assert_cmpstr(got, ==, wanted);
}

static void
test_no_assignment(void)
{
  finds("A: 1\nurl: http://h\nAPI_KEY：sk-1\n",
        ".env:2: \"url: …\" is not NAME=VALUE and was not read; write url=…\n"
        ".env:3: \"API_KEY： …\" is not NAME=VALUE and was not read; write api_key=…");
  finds("api_key sk-1",
        ".env:1: \"api_key …\" is not NAME=VALUE and was not read; write api_key=…");
}

static void
test_other_name(void)
{
  finds("apikey=sk-1\nOPEN_WEBUI_URL=http://h\n",
        ".env:2: \"OPEN_WEBUI_URL=…\" is no name that owup reads; write OPENWEBUI_URL=…\n"
        ".env:1: \"apikey=…\" is no name that owup reads; write api_key=…");
}

/* A .env holds other programs' lines, too. */
static void
test_silent(void)
{
  finds("url=http://h\napi_key=sk-1\nOpenWebUI_Token=t\n", "");
  finds("OPENAI_API_KEY: k\nbase_url=u\nWEBUI_URL=u\nOPENWEBUI_PORT=1\nhttp://h\n# url: h\n", "");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/doubts/no-assignment", test_no_assignment);
  g_test_add_func("/doubts/other-name", test_other_name);
  g_test_add_func("/doubts/silent", test_silent);
  return g_test_run();
}
