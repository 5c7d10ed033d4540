/* SPDX-License-Identifier: MIT */
#include "time_text.h"

char *
time_text(gint64 at)
{
  g_autoptr(GDateTime) time = at != 0 ? g_date_time_new_from_unix_local(at) : NULL;
  return time != NULL ? g_date_time_format(time, "%Y-%m-%d %H:%M") : NULL;
}

char *
time_text_utc(gint64 at)
{
  g_autoptr(GDateTime) time = at != 0 ? g_date_time_new_from_unix_utc(at) : NULL;
  return time != NULL ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ") : NULL;
}
