#include "library.h"

#include "error.h"

#include <string.h>

typedef double (*Cosine)(double angle);

static void
test_loads(void)
{
  GError *error = NULL;
  gpointer library = library_load("libm.so.6", "libc6", &error);
  g_assert_no_error(error);
  Cosine cosine = (Cosine)library_function(library, "cos", &error);
  g_assert_no_error(error);
  g_assert_cmpfloat(cosine(0), ==, 1);
}

static void
test_missing(void)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(library_load("libnowhere.so.7", "libnowhere7", &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
  g_assert_nonnull(strstr(error->message, "libnowhere.so.7"));
  g_assert_nonnull(strstr(owup_error_hint(error), "libnowhere7"));
}

static void
test_too_old(void)
{
  g_autoptr(GError) error = NULL;
  gpointer library = library_load("libm.so.6", "libc6", NULL);
  g_assert_null(library_function(library, "not_there_yet", &error));
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
