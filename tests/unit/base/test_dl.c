/* SPDX-License-Identifier: MIT */
#include "dl.h"

#include "error.h"

#include <pthread.h>
#include <string.h>

static double (*sym_cos)(double angle);
static double (*sym_sqrt)(double square);
static gpointer sym_not_there_yet;
static guint set_ups;

static void
count_set_up(void)
{
  g_assert_cmpfloat(sym_cos(0), ==, 1);
  set_ups++;
}

static void
test_loads(void)
{
  const DlFunction functions[] = {{"cos", &sym_cos}, {"sqrt", &sym_sqrt}, {NULL}};
  DlLibrary library = {"libm.so.6", "libc6", functions, count_set_up};
  GError *error = NULL;
  set_ups = 0;
  for (guint i = 0; i < 2; i++) {
    gboolean loaded = dl_load(&library, &error);
    g_assert_no_error(error);
    g_assert_true(loaded);
  }
  g_assert_cmpfloat(sym_cos(0), ==, 1);
  g_assert_cmpfloat(sym_sqrt(49), ==, 7);
  g_assert_cmpuint(set_ups, ==, 1);
}

static void
test_missing(void)
{
  const DlFunction functions[] = {{"cos", &sym_cos}, {NULL}};
  DlLibrary library = {"libnowhere.so.7", "libnowhere7", functions, count_set_up};
  set_ups = 0;
  for (guint i = 0; i < 2; i++) {
    g_autoptr(GError) error = NULL;
    g_assert_false(dl_load(&library, &error));
    g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
    g_assert_nonnull(strstr(error->message, "libnowhere.so.7"));
    g_assert_nonnull(strstr(owup_error_hint(error), "libnowhere7"));
  }
  g_assert_cmpuint(set_ups, ==, 0);
}

static void
test_too_old(void)
{
  const DlFunction functions[] = {{"cos", &sym_cos}, {"not_there_yet", &sym_not_there_yet}, {NULL}};
  DlLibrary library = {"libm.so.6", "libc6", functions};
  g_autoptr(GError) error = NULL;
  g_assert_false(dl_load(&library, &error));
  g_assert_error(error, OWUP_ERROR, OWUP_ERROR_LOCAL_STATE);
  g_assert_nonnull(strstr(error->message, "libm.so.6"));
  g_assert_nonnull(strstr(error->message, "not_there_yet"));
}

static gpointer
load_in_thread(gpointer library)
{
  g_assert_true(dl_load(library, NULL));
  g_assert_cmpfloat(sym_cos(0), ==, 1);
  return NULL;
}

static void
test_threads(void)
{
  const DlFunction functions[] = {{"cos", &sym_cos}, {NULL}};
  DlLibrary library = {"libm.so.6", "libc6", functions, count_set_up};
  pthread_t threads[8];
  set_ups = 0;
  for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
    g_assert_cmpint(pthread_create(&threads[i], NULL, load_in_thread, &library), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
    pthread_join(threads[i], NULL);
  g_assert_cmpuint(set_ups, ==, 1);
}

/* The program is linked with it: nothing is looked for. */
static void
test_linked(void)
{
  const DlFunction functions[] = {{NULL}};
  DlLibrary library = {"libnowhere.so.7", "libnowhere7", functions, count_set_up};
  set_ups = 0;
  g_assert_true(dl_load(&library, NULL));
  g_assert_cmpuint(set_ups, ==, 1);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/dl/loads", test_loads);
  g_test_add_func("/dl/missing", test_missing);
  g_test_add_func("/dl/too-old", test_too_old);
  g_test_add_func("/dl/threads", test_threads);
  g_test_add_func("/dl/linked", test_linked);
  return g_test_run();
}
