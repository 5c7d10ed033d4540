#include "look.h"

void
look_free(Look *look)
{
  if (look == NULL)
    return;
  remote_plugin_free(look->before);
  g_free(look->digest);
  g_free(look->id);
  g_free(look->taken_by);
  g_free(look);
}
