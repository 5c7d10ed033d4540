#include "dl.h"

#include "error.h"

#include <string.h>

typedef struct {
  double (*cos)(double angle);
  double (*sqrt)(double square);
} Functions;

static void
test_loads(void)
{
  const char *const names[] = {"cos", "sqrt", NULL};
  GError *error = NULL;
  Functions functions = {0};
  gboolean loaded = dl_load("libm.so.6", "libc6", names, &functions, &error);
  g_assert_no_error(error);
  g_assert_true(loaded);
  g_assert_cmpfloat(functions.cos(0), ==, 1);
  g_assert_cmpfloat(functions.sqrt(49), ==, 7);
}

static void
test_missing(void)
{
  const char *const names[] = {"cos", NULL};
  g_autoptr(GError) error = NULL;
  Functions functions = {0};
  g_assert_false(dl_load("libnowhere.so.7", "libnowhere7", names, &functions, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
  g_assert_nonnull(strstr(error->message, "libnowhere.so.7"));
  g_assert_nonnull(strstr(owup_error_hint(error), "libnowhere7"));
}

static void
test_too_old(void)
{
  const char *const names[] = {"cos", "not_there_yet", NULL};
  g_autoptr(GError) error = NULL;
  Functions functions = {0};
  g_assert_false(dl_load("libm.so.6", "libc6", names, &functions, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
  g_assert_nonnull(strstr(error->message, "libm.so.6"));
  g_assert_nonnull(strstr(error->message, "not_there_yet"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/library/loads", test_loads);
  g_test_add_func("/library/missing", test_missing);
  g_test_add_func("/library/too-old", test_too_old);
  return g_test_run();
}
