/* SPDX-License-Identifier: MIT */
#include "clock_test.h"

#include "clock_source.h"

#include <pthread.h>

#define VARIABLE "OWUP_TEST_CLOCK"
#define FASTEST 1000
/* So soon a poll notices that a script went on. */
#define NOTICE_US 1000

static gint64 scale = 1, scale_since;

static gint64
scaled_now(void)
{
  return scale_since + (g_get_monotonic_time() - scale_since) * scale;
}

static gint64
scaled_to_real(gint64 us)
{
  return (us + scale - 1) / scale;
}

static gint64
scaled_from_real(gint64 us)
{
  return us * scale;
}

static gint64
whole_poll(gint64 us)
{
  return us;
}

static gboolean
skips_none(gint64 us)
{
  return FALSE;
}

void
clock_test_set_scale(guint times)
{
  static const ClockSource source = {scaled_now, scaled_to_real, scaled_from_real, whole_poll,
                                     skips_none};
  scale = times;
  scale_since = g_get_monotonic_time();
  clock_set_source(times != 1 ? &source : NULL);
}

static pthread_mutex_t script_lock = PTHREAD_MUTEX_INITIALIZER;
static gint64 script_began, script_at;
static ClockTestWaited script_waited;
static gpointer script_data;

static gint64
script_advance(gint64 us)
{
  pthread_mutex_lock(&script_lock);
  script_at += us;
  gint64 at = script_at;
  pthread_mutex_unlock(&script_lock);
  return at;
}

static gint64
script_now(void)
{
  return script_advance(0);
}

static gint64
script_same(gint64 us)
{
  return us;
}

static gint64
script_poll(gint64 us)
{
  return MIN(us, NOTICE_US);
}

static gboolean
script_skips(gint64 us)
{
  gint64 at = script_advance(us);
  if (script_waited != NULL)
    script_waited((at - script_began) / 1000, script_data);
  return TRUE;
}

void
clock_test_script(ClockTestWaited waited, gpointer data)
{
  static const ClockSource source = {script_now, script_same, script_same, script_poll,
                                     script_skips};
  script_began = script_at = g_get_monotonic_time();
  script_waited = waited;
  script_data = data;
  clock_set_source(&source);
}

void
clock_test_advance(guint ms)
{
  script_advance((gint64)ms * 1000);
}

gint64
clock_test_elapsed(void)
{
  return (script_now() - script_began) / 1000;
}

void
clock_test_end(void)
{
  clock_test_set_scale(1);
}

gboolean
clock_test_from_environment(void)
{
  guint64 times = 1;
  const char *text = g_getenv(VARIABLE);
  if (text != NULL && *text != '\0' &&
      !g_ascii_string_to_unsigned(text, 10, 1, FASTEST, &times, NULL))
    return FALSE;
  clock_test_set_scale((guint)times);
  return TRUE;
}
