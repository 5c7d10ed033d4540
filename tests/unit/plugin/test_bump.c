/* SPDX-License-Identifier: MIT */
#include "bump.h"
#include "error.h"

#include <string.h>

static void
test_parse(void)
{
  BumpPart part = BUMP_PATCH;
  g_assert_true(bump_parse("major", &part));
  g_assert_cmpint(part, ==, BUMP_MAJOR);
  g_assert_true(bump_parse("Minor", &part));
  g_assert_cmpint(part, ==, BUMP_MINOR);
  g_assert_true(bump_parse("patch", &part));
  g_assert_cmpint(part, ==, BUMP_PATCH);
  g_assert_false(bump_parse("patchy", &part));
  g_assert_false(bump_parse("", &part));
  g_assert_cmpstr(bump_nearest("pach"), ==, "patch");
  g_assert_cmpstr(bump_nearest("mayor"), ==, "major");
  g_assert_null(bump_nearest("date_note"));
}

static void
test_version(void)
{
  static const struct {
    const char *from;
    BumpPart part;
    const char *to;
  } cases[] = {
      {"1.3.0", BUMP_PATCH, "1.3.1"},  {"1.3.9", BUMP_PATCH, "1.3.10"},
      {"1.3.5", BUMP_MINOR, "1.4.0"},  {"1.3.5", BUMP_MAJOR, "2.0.0"},
      {"0.9.99", BUMP_MAJOR, "1.0.0"}, {"1.03.0", BUMP_PATCH, "1.03.1"},
      {"0.0.0", BUMP_PATCH, "0.0.1"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *to = bump_version(cases[i].from, cases[i].part, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(to, ==, cases[i].to);
  }
}

static void
test_no_version(void)
{
  static const char *const bad[] = {"1.3", "v1.3.0", "1.3.0-rc1", "", "1.2.99999999999999999999"};
  for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(bump_version(bad[i], BUMP_PATCH, &error));
    g_assert_true(owup_error_is(error, OWUP_ERROR_LOCAL_PLUGIN));
    g_assert_nonnull(strstr(owup_error_hint(error), "version: 1.0.0"));
  }
}

/* The text after a bump of the patch; NULL: refused. */
static char *
bumped(const char *text)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *from = NULL, *to = NULL;
  g_autoptr(GBytes) content = g_bytes_new(text, strlen(text));
  g_autoptr(GBytes) after = bump_content(content, BUMP_PATCH, &from, &to, &error);
  if (after == NULL) {
    g_assert_true(owup_error_is(error, OWUP_ERROR_LOCAL_PLUGIN));
    g_assert_null(from);
    g_assert_null(to);
    return NULL;
  }
  g_assert_no_error(error);
  gsize size;
  const char *bytes = g_bytes_get_data(after, &size);
  return g_strndup(bytes, size);
}

static void
assert_bumped(const char *text, const char *wanted)
{
  g_autofree char *after = bumped(text);
  g_assert_cmpstr(after, ==, wanted);
}

static void
test_content(void)
{
  assert_bumped("\"\"\"\nversion: 1.3.0\n\"\"\"\nx = '1.3.0'\n",
                "\"\"\"\nversion: 1.3.1\n\"\"\"\nx = '1.3.0'\n");
  /* CRLF, blanks, no newline at the end, a byte order mark, letters beyond ASCII before it. */
  assert_bumped("\"\"\"\r\ntitle: 压缩\r\n  version:\t1.3.9  \r\n\"\"\"\r\nclass Filter: pass",
                "\"\"\"\r\ntitle: 压缩\r\n  version:\t1.3.10  \r\n\"\"\"\r\nclass Filter: pass");
  assert_bumped("\xEF\xBB\xBF\"\"\"\nversion: 0.0.9\n\"\"\"",
                "\xEF\xBB\xBF\"\"\"\nversion: 0.0.10\n\"\"\"");
  assert_bumped("\"\"\"\nversion:1.0.0\n\"\"\"", "\"\"\"\nversion:1.0.1\n\"\"\"");
  /* A server reads the last of the same key, and keys keep their case. */
  assert_bumped("\"\"\"\nversion: 1.0.0\nVersion: 5.0.0\nversion: 2.0.0\nVERSION: 6.0.0\n\"\"\"\n",
                "\"\"\"\nversion: 1.0.0\nVersion: 5.0.0\nversion: 2.0.1\nVERSION: 6.0.0\n\"\"\"\n");
}

static void
test_refused(void)
{
  g_assert_null(bumped(""));
  g_assert_null(bumped("version: 1.0.0\n"));
  g_assert_null(bumped("\"\"\"\ntitle: T\n\"\"\"\nversion: 1.0.0\n"));
  g_assert_null(bumped("\"\"\"\nversion:\n\"\"\"\n"));
  g_assert_null(bumped("\"\"\"\nversion: \"1.0.0\"\n\"\"\"\n"));
  g_assert_null(bumped("\"\"\"\nVersion: 1.0.0\n\"\"\"\n"));
  g_assert_null(bumped("\"\"\"\nversion: 1.0.0\n\"\"\"\n\xFF"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/bump/parse", test_parse);
  g_test_add_func("/bump/version", test_version);
  g_test_add_func("/bump/no-version", test_no_version);
  g_test_add_func("/bump/content", test_content);
  g_test_add_func("/bump/refused", test_refused);
  return g_test_run();
}
