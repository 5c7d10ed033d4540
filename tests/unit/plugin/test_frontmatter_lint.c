/* SPDX-License-Identifier: MIT */
#include "frontmatter_lint.h"

#include "diagnostic.h"

#include <string.h>

#define Q "\"\"\"\n"

static const char *
in_short(const Diagnostic *unread)
{
  static const char *const words[] = {"full-width", "blank", "alone", "not on the first line"};
  static const char *const shorts[] = {"wide", "blank", "alone", "place"};
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    if (strstr(unread->message, words[i]) != NULL)
      return shorts[i];
  return unread->message;
}

/* The lines that no server reads, each with what is wrong with it. */
static void
unread(const char *text, const char *want)
{
  g_autoptr(Frontmatter) frontmatter = frontmatter_parse(text, strlen(text));
  g_autoptr(GPtrArray) found = frontmatter_lint("a.py", text, strlen(text), frontmatter);
  g_autofree char *got = g_strdup("");
  for (guint i = 0; i < found->len; i++) {
    const Diagnostic *one = g_ptr_array_index(found, i);
    g_autofree char *before = g_steal_pointer(&got);
    got = g_strdup_printf("%s%d%s ", before, one->line, in_short(one));
  }
  g_assert_cmpstr(got, ==, want);
}

static void
test_colons(void)
{
  unread(Q "title：a\nVersion ：1\nauthor : b\nfunding_url: c\n" Q, "2wide 3wide 4blank ");
  unread(Q "title: a\nversion: 1\n  title：prose\nnote：x\n：\n" Q "version：2\n", "");
  unread("\"\"\"\r\ntitle：a\r\n\"\"\"\r\n", "2wide ");
  unread(Q "title：a", "2wide ");
}

static void
test_place(void)
{
  unread("'''\ntitle: a\n'''\n", "1alone ");
  unread("r" Q "title: a\n" Q, "1alone ");
  unread("\"\"\"title: a\"\"\"\n", "1alone ");
  unread("\"\"\" A\ntitle：a\n" Q, "1alone ");
  unread("\n" Q "title: a\n" Q, "2place ");
  unread("# a\nimport a\nfrom b import (\n  c,\n)\n" Q "title: a\n" Q, "6place ");
}

/* Other docstrings and strings are none of a server's business. */
static void
test_no_header(void)
{
  unread("", "");
  unread("\"\"\"", "");
  unread(Q "title: a\n" Q, "");
  unread("'''\nWhat it does: a\n'''\nX = '''\ntitle: a\n'''\n", "");
  unread("# title: a\nimport a\nx = " Q "title: a\n" Q, "");
  unread("\"\"\"One line\"\"\"\ntitle: str\n", "");
  unread("class A:\n  " Q "  title: a\n  " Q, "");
}

static void
declares(const char *lines, gboolean want)
{
  g_autofree char *text = g_strconcat(Q, lines, "\n", Q, NULL);
  g_autoptr(Frontmatter) frontmatter = frontmatter_parse(text, strlen(text));
  g_assert_cmpint(frontmatter_lint_declares(frontmatter), ==, want);
}

static void
test_declares(void)
{
  declares("title: a\nversion: 1", TRUE);
  declares("title: a\nrequirements: b", TRUE);
  declares("title: a", FALSE);
  declares("title: a\ndescription: b\nlicense: c", FALSE);
  declares("author: a\nversion: 1", FALSE);
  declares("title:\n\nversion: 1", FALSE);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/header/colons", test_colons);
  g_test_add_func("/header/place", test_place);
  g_test_add_func("/header/no-header", test_no_header);
  g_test_add_func("/header/declares", test_declares);
  return g_test_run();
}
