/* SPDX-License-Identifier: MIT */
#include "valve_marks.h"

#include "outline.h"

#include <string.h>

static gboolean
is_setting(const OutlineItem *item, const OutlineItem *class)
{
  return item->type == OUTLINE_FIELD && item->in == class && !item->on_self &&
         item->annotation != NULL && item->name[0] != '_' &&
         !g_str_has_prefix(item->annotation, "ClassVar");
}

/* Without blanks and with one kind of quotes, so that a mark is found however it was written. */
static char *
squeeze(const char *text)
{
  GString *out = g_string_new(NULL);
  for (const char *at = text; *at != '\0'; at++)
    if (!g_ascii_isspace(*at))
      g_string_append_c(out, *at == '\'' ? '"' : g_ascii_tolower(*at));
  return g_string_free(out, FALSE);
}

/* Field(json_schema_extra={"input": {"type": "password"}}), {"format": "password"},
 * {"writeOnly": True}, and the same as dict(...). */
static gboolean
value_is_marked(const char *value)
{
  static const char *const marks[] = {
      "\"type\":\"password\"", "\"format\":\"password\"", "type=\"password\"",
      "format=\"password\"",   "\"writeonly\":true",      "writeonly=true",
  };
  g_autofree char *text = value != NULL ? squeeze(value) : NULL;
  for (gsize i = 0; text != NULL && i < G_N_ELEMENTS(marks); i++)
    if (strstr(text, marks[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* SecretStr, Optional[SecretStr], Annotated[str, Field(...)], pydantic.SecretBytes. */
static gboolean
is_marked(const OutlineItem *field)
{
  return strstr(field->annotation, "Secret") != NULL || value_is_marked(field->annotation) ||
         value_is_marked(field->value);
}

/* Of every class of that name, whichever the code uses: in the plugin's class, or beside it. What
 * another class marks is taken too: Valves may inherit from it, or hold one. */
static void
add_class(json_t *properties, const OutlineItem *class, gboolean is_valves)
{
  for (guint i = 0; i < class->inside->len; i++) {
    const OutlineItem *item = g_ptr_array_index(class->inside, i);
    gboolean secret = is_setting(item, class) && is_marked(item);
    if (secret)
      json_object_set_new(properties, item->name, json_pack("{s:b}", "writeOnly", TRUE));
    else if (is_valves && is_setting(item, class) &&
             json_object_get(properties, item->name) == NULL)
      json_object_set_new(properties, item->name, json_object());
  }
}

json_t *
valve_marks_read(GBytes *content)
{
  gsize len;
  const char *text = g_bytes_get_data(content, &len);
  g_autoptr(Outline) outline = outline_read(text, len, TRUE);
  json_t *properties = json_object();
  gboolean found = FALSE;
  for (guint i = 0; i < outline->items->len; i++) {
    const OutlineItem *item = g_ptr_array_index(outline->items, i);
    gboolean is_valves = item->type == OUTLINE_CLASS && strcmp(item->name, "Valves") == 0;
    if (item->type == OUTLINE_CLASS)
      add_class(properties, item, is_valves);
    found = found || is_valves;
  }
  if (found)
    return json_pack("{s:o}", "properties", properties);
  json_decref(properties);
  return NULL;
}
