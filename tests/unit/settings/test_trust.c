/* SPDX-License-Identifier: MIT */
/* Which secret may go where: the parts of a destination that no .env may set yet, too. */
#include "trust.h"

#include "error.h"
#include "support/tree.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  Tree *tree;
  Source found, environment;
  TrustSecret secret;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
  f->tree = tree_new();
  tree_write(f->tree, ".env", "");
  f->found = (Source){.type = ORIGIN_DOTENV, .shown = (char *)".env"};
  f->found.path = g_build_filename(f->tree->root, ".env", NULL);
  f->environment.type = ORIGIN_ENVIRONMENT;
  f->secret = (TrustSecret){.name = "OPENWEBUI_API_KEY", .source = &f->environment};
  g_unsetenv("OWUP_TRUST");
  g_unsetenv("CI");
}

static void
tear_down(Fixture *f, gconstpointer data)
{
  g_free(f->found.path);
  tree_free(f->tree);
}

static TrustQuestion *
judge(const Fixture *f, const TrustPart *parts, gsize n, gboolean loopback)
{
  return trust_judge(parts, n, &f->secret, f->tree->root, loopback);
}

/* A found proxy brings even this machine's URL, or one that the command line names, elsewhere. */
static void
test_proxy(Fixture *f, gconstpointer data)
{
  const TrustPart parts[] = {{TRUST_SERVER, "url", "http://localhost:3000", NULL},
                             {TRUST_PROXY, "proxy", "http://evil.example:8080", &f->found}};
  g_autoptr(TrustQuestion) question = judge(f, parts, 2, TRUE);
  g_assert_nonnull(question);
  g_assert_cmpstr(question->destination, ==,
                  "http://localhost:3000 proxy=http://evil.example:8080");
  g_assert_cmpstr(question->host, ==, "localhost:3000,http://evil.example:8080");
  g_assert_cmpstr(question->place, ==, "proxy in .env");
  g_setenv("OWUP_TRUST", "localhost:3000", TRUE);
  g_autoptr(TrustQuestion) half = judge(f, parts, 2, TRUE);
  g_assert_nonnull(half);
  g_setenv("OWUP_TRUST", question->host, TRUE);
  g_assert_null(judge(f, parts, 2, TRUE));
}

/* What makes a listener on the way believed is more than a host's name can vouch for. */
static void
test_weaker(Fixture *f, gconstpointer data)
{
  const TrustPart parts[] = {{TRUST_SERVER, "url", "https://owui.example", NULL},
                             {TRUST_WEAKER, "insecure", "yes", &f->found}};
  g_setenv("OWUP_TRUST", "owui.example", TRUE);
  g_setenv("CI", "true", TRUE);
  g_autoptr(TrustQuestion) question = judge(f, parts, 2, FALSE);
  g_assert_nonnull(question);
  g_assert_null(question->host);
  g_assert_cmpstr(question->destination, ==, "https://owui.example insecure=yes");
  g_autoptr(GError) error = trust_error(question);
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_SETTINGS);
  g_assert_nonnull(strstr(owup_error_hint(error), "owup trust"));
  g_assert_null(judge(f, parts, 2, TRUE));
}

/* Not set, by default or on the command line: no question. */
static void
test_nothing_found(Fixture *f, gconstpointer data)
{
  const TrustPart parts[] = {{TRUST_SERVER, "url", "https://owui.example", NULL},
                             {TRUST_PROXY, "proxy", NULL, &f->found}};
  g_assert_null(judge(f, parts, 2, FALSE));
}

static void
test_secret_of_the_project(Fixture *f, gconstpointer data)
{
  const TrustPart parts[] = {{TRUST_SERVER, "url", "https://owui.example", &f->found}};
  g_autofree char *inside = g_build_filename(f->tree->root, "key", NULL);
  g_autofree char *missing = g_build_filename(f->tree->root, "../key", NULL);
  tree_write(f->tree, "key", "sk-1");
  f->secret.source = &f->found;
  g_assert_null(judge(f, parts, 1, FALSE));
  f->secret.file = inside;
  g_assert_null(judge(f, parts, 1, FALSE));
  f->secret.file = missing;
  g_autoptr(TrustQuestion) question = judge(f, parts, 1, FALSE);
  g_assert_nonnull(question);
}

static void
test_project(Fixture *f, gconstpointer data)
{
  g_autofree char *here = g_build_filename(f->tree->root, "a", NULL);
  g_autofree char *real = realpath(f->tree->root, NULL);
  tree_mkdir(f->tree, "a");
  g_setenv("HOME", here, TRUE);
  g_autofree char *above = trust_project("/", here);
  g_assert_true(g_str_has_suffix(above, "/a"));
  g_autofree char *home = trust_project(f->tree->root, here);
  g_assert_true(g_str_has_suffix(home, "/a"));
  g_setenv("HOME", "/nonexistent", TRUE);
  g_autofree char *root = trust_project(f->tree->root, here);
  g_assert_cmpstr(root, ==, real);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(path, test) g_test_add(path, Fixture, NULL, set_up, test, tear_down)
  ADD("/trust/proxy", test_proxy);
  ADD("/trust/weaker", test_weaker);
  ADD("/trust/nothing-found", test_nothing_found);
  ADD("/trust/secret-of-the-project", test_secret_of_the_project);
  ADD("/trust/project", test_project);
  return g_test_run();
}
