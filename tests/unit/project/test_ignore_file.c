/* SPDX-License-Identifier: MIT */
#include "ignore_file.h"

#include <string.h>

/* What git says to these patterns, one row a question. */
typedef struct {
  const char *rules, *path;
  gboolean is_folder;
  IgnoreVerdict want;
} Case;

#define OUT IGNORE_LEAVES
#define IN IGNORE_TAKES
#define NO IGNORE_SILENT

static const Case cases[] = {
    {"", "a.py", FALSE, NO},
    {"\n\n# a.py\n", "a.py", FALSE, NO},
    {"a.py", "a.py", FALSE, OUT},
    {"a.py", "x/y/a.py", FALSE, OUT},
    {"a.py", "aa.py", FALSE, NO},
    {"a.py\r\n", "a.py", FALSE, OUT},
    {"a.py   ", "a.py", FALSE, OUT},
    {"a\\ ", "a ", FALSE, OUT},
    {"\\#a", "#a", FALSE, OUT},
    {"\\!a", "!a", FALSE, OUT},
    {"\xEF\xBB\xBF/a", "a", FALSE, OUT},
    {"*.py", "x/a.py", FALSE, OUT},
    {"*.py\n!keep.py", "keep.py", FALSE, IN},
    {"!keep.py\n*.py", "keep.py", FALSE, OUT},
    {"/a.py", "a.py", FALSE, OUT},
    {"/a.py", "x/a.py", FALSE, NO},
    {"x/a.py", "x/a.py", FALSE, OUT},
    {"x/a.py", "y/x/a.py", FALSE, NO},
    {"x/", "x", TRUE, OUT},
    {"x/", "x", FALSE, NO},
    {"x/", "y/x", TRUE, OUT},
    {"/x/", "y/x", TRUE, NO},
    {"x/*", "x/a", FALSE, OUT},
    {"x/*", "x/y/a", FALSE, NO},
    {"**/a", "a", FALSE, OUT},
    {"**/a", "x/y/a", FALSE, OUT},
    {"x/**", "x", TRUE, NO},
    {"x/**", "x/y", TRUE, OUT},
    {"x/**", "x/y/z.py", FALSE, OUT},
    {"x/**/z", "x/z", FALSE, OUT},
    {"x/**/z", "x/a/b/z", FALSE, OUT},
    {"x/**/z", "y/x/z", FALSE, NO},
    {"a**b", "aXXb", FALSE, OUT},
    {"a**b", "a/b", FALSE, NO},
    {"?.py", "a.py", FALSE, OUT},
    {"?.py", "精.py", FALSE, OUT},
    {"?.py", "ab.py", FALSE, NO},
    {"[a-c].py", "b.py", FALSE, OUT},
    {"[a-c].py", "d.py", FALSE, NO},
    {"[!a-c].py", "d.py", FALSE, OUT},
    {"[^a-c].py", "b.py", FALSE, NO},
    {"[]a].py", "].py", FALSE, OUT},
    {"[a-].py", "-.py", FALSE, OUT},
    {"[[:digit:]x].py", "7.py", FALSE, OUT},
    {"[[:digit:]x].py", "x.py", FALSE, OUT},
    {"[[:digit:]x].py", "y.py", FALSE, NO},
    {"[\\]].py", "].py", FALSE, OUT},
    {"[一-龥].py", "精.py", FALSE, OUT},
    {"[a.py", "[a.py", FALSE, NO},
    {"\\*.py", "*.py", FALSE, OUT},
    {"\\*.py", "a.py", FALSE, NO},
    {"*_cn.py", "x/deep_dive_cn.py", FALSE, OUT},
    {"*a*b*c*", "xxaxxbxxcxx", FALSE, OUT},
    {"*a*b*c*", "xxaxxcxxbxx", FALSE, NO},
    {"!", "a", FALSE, NO},
    {"/", "a", TRUE, NO},
    {"a\xFF", "a\xFF", FALSE, OUT},
};

static void
test_cases(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    const Case *c = &cases[i];
    g_autoptr(IgnoreFile) ignore = ignore_file_parse(c->rules, strlen(c->rules));
    IgnoreVerdict got = ignore_file_match(ignore, c->path, c->is_folder);
    if (got != c->want)
      g_error("rules \"%s\", path \"%s\": %d, not %d", c->rules, c->path, got, c->want);
  }
}

static void
test_globs(void)
{
  static const char *const globs[] = {"*_cn.py", "drafts/", "#x.py", NULL};
  g_autoptr(IgnoreFile) ignore = ignore_file_from_globs(globs);
  g_assert_cmpint(ignore_file_match(ignore, "a/b_cn.py", FALSE), ==, OUT);
  g_assert_cmpint(ignore_file_match(ignore, "a/drafts", TRUE), ==, OUT);
  g_assert_cmpint(ignore_file_match(ignore, "#x.py", FALSE), ==, OUT);
  g_assert_cmpint(ignore_file_match(ignore, "a/b.py", FALSE), ==, NO);
  g_autoptr(IgnoreFile) none = ignore_file_from_globs(NULL);
  g_assert_cmpint(ignore_file_match(none, "a", FALSE), ==, NO);
}

/* Patterns that take exponential time in a matcher that tries every star anew. */
static void
test_many_stars(void)
{
  g_autoptr(GString) rule = g_string_new(NULL), path = g_string_new(NULL);
  for (int i = 0; i < 60; i++) {
    g_string_append(rule, "**/*a*a*a*a*/");
    g_string_append(path, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab/");
  }
  g_string_append(rule, "x");
  g_string_append(path, "y");
  g_autoptr(IgnoreFile) ignore = ignore_file_parse(rule->str, rule->len);
  g_assert_cmpint(ignore_file_match(ignore, path->str, FALSE), ==, NO);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ignore/cases", test_cases);
  g_test_add_func("/ignore/globs", test_globs);
  g_test_add_func("/ignore/many-stars", test_many_stars);
  return g_test_run();
}
