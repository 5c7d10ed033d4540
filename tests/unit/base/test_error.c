/* SPDX-License-Identifier: MIT */
#include "error.h"

#include <glib.h>
#include <string.h>

static void
test_table(void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  for (int code = 0; code < OWUP_N_ERRORS; code++) {
    const char *name = owup_error_name((OwupErrorCode)code);
    g_assert_nonnull(name);
    g_assert_true(g_hash_table_add(seen, (gpointer)name));
    g_assert_cmpuint(strspn(name, "abcdefghijklmnopqrstuvwxyz_"), ==, strlen(name));
    int status = owup_error_exit((OwupErrorCode)code);
    g_assert_true((status >= 1 && status <= 5) || status == 130);
  }
  g_assert_cmpstr(owup_error_name(OWUP_ERROR_KEY_BAD), ==, "key_bad");
  g_assert_cmpint(owup_error_exit(OWUP_ERROR_REFUSED), ==, 1);
  g_assert_cmpint(owup_error_exit(OWUP_ERROR_USAGE), ==, 2);
  g_assert_cmpint(owup_error_exit(OWUP_ERROR_KEY_OFF), ==, 3);
  g_assert_cmpint(owup_error_exit(OWUP_ERROR_UNKNOWN), ==, 4);
  g_assert_cmpint(owup_error_exit(OWUP_ERROR_LOCAL_PLUGIN), ==, 5);
  g_assert_cmpint(owup_error_exit(OWUP_ERROR_INTERRUPTED), ==, 130);
}

static void
test_what_it_carries(void)
{
  g_autoptr(GError) error = owup_error_new(OWUP_ERROR_REFUSED, "%d of %s", 3, "x");
  g_assert_cmpstr(error->message, ==, "3 of x");
  g_assert_cmpint(owup_error_status(error), ==, 0);
  g_assert_null(owup_error_detail(error));
  g_assert_null(owup_error_hint(error));
  owup_error_set_status(error, 400);
  owup_error_set_detail(error, "first");
  owup_error_set_detail(error, "invalid syntax");
  owup_error_set_hint(error, "try %s", "again");
  owup_error_set_hint(error, "%s and again", owup_error_hint(error));
  owup_error_set_detail(error, owup_error_detail(error) + strlen("invalid "));
  g_assert_cmpint(owup_error_status(error), ==, 400);
  g_assert_cmpstr(owup_error_detail(error), ==, "syntax");
  g_assert_cmpstr(owup_error_hint(error), ==, "try again and again");
}

static void
test_travels(void)
{
  GError *made = owup_error_new(OWUP_ERROR_CONFLICT, "x");
  owup_error_set_status(made, 409);
  owup_error_set_detail(made, "theirs");
  owup_error_set_hint(made, "look");
  g_autoptr(GError) copy = g_error_copy(made), got = NULL;
  g_propagate_error(&got, made);
  GError *both[] = {copy, got};
  for (gsize i = 0; i < G_N_ELEMENTS(both); i++) {
    g_assert_true(owup_error_is(both[i], OWUP_ERROR_CONFLICT));
    g_assert_cmpint(owup_error_status(both[i]), ==, 409);
    g_assert_cmpstr(owup_error_detail(both[i]), ==, "theirs");
    g_assert_cmpstr(owup_error_hint(both[i]), ==, "look");
  }
}

static void
test_set(void)
{
  g_autoptr(GError) error = NULL;
  owup_error_set(&error, OWUP_ERROR_TIMEOUT, "after %d s", 10);
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_TIMEOUT);
  g_assert_cmpstr(error->message, ==, "after 10 s");
  g_assert_false(owup_error_set(NULL, OWUP_ERROR_TIMEOUT, "nobody listens"));
  g_assert_null(owup_error_null(NULL, OWUP_ERROR_TIMEOUT, "nor here"));
  g_assert_false(owup_error_add_hint(NULL, "wait"));
  g_assert_false(owup_error_add_hint(&error, "wait %s", "longer"));
  g_assert_cmpstr(owup_error_hint(error), ==, "wait longer");
}

static gboolean
fails_unseen(GError **error)
{
  OWUP_ERROR_GUARD(error);
  owup_error_set(error, OWUP_ERROR_USAGE, "no");
  return owup_error_is(*error, OWUP_ERROR_USAGE);
}

static void
test_guard(void)
{
  g_autoptr(GError) error = NULL;
  g_assert_true(fails_unseen(NULL));
  g_assert_true(fails_unseen(&error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_USAGE);
}

/* What the getters say of errors that are not ours. */
static void
test_strangers(void)
{
  g_autoptr(GError) error = g_error_new_literal(G_FILE_ERROR, OWUP_ERROR_TLS, "x");
  g_assert_false(owup_error_is(error, OWUP_ERROR_TLS));
  g_assert_cmpint(owup_error_status(error), ==, 0);
  g_assert_null(owup_error_detail(error));
  g_assert_null(owup_error_hint(NULL));
  g_assert_false(owup_error_is(NULL, OWUP_ERROR_USAGE));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/error/table", test_table);
  g_test_add_func("/error/what-it-carries", test_what_it_carries);
  g_test_add_func("/error/travels", test_travels);
  g_test_add_func("/error/set", test_set);
  g_test_add_func("/error/guard", test_guard);
  g_test_add_func("/error/strangers", test_strangers);
  return g_test_run();
}
