#include "header.h"

#include <string.h>

/* The keys of real plugins' headers, without those that any note about a file may have
 * (description, license). The first is the title. */
static const char *const plugin_keys[] = {
    "title",       "version",     "author",       "authors",
    "author_url",  "author_urls", "funding_url",  "required_open_webui_version",
    "icon_url",    "git_url",     "openwebui_id", "open_webui_version",
    "requirements"};

gboolean
header_mentioned(const char *text, gsize len)
{
  static const char title[] = "title:";
  return len > 0 && memmem(text, len, title, strlen(title)) != NULL;
}

gboolean
header_declares(const Frontmatter *frontmatter)
{
  if (frontmatter_get_text(frontmatter, plugin_keys[0]) == NULL)
    return FALSE;
  for (gsize i = 1; i < G_N_ELEMENTS(plugin_keys); i++)
    if (frontmatter_get(frontmatter, plugin_keys[i]) != NULL)
      return TRUE;
  return FALSE;
}
