/* SPDX-License-Identifier: MIT */
#include "option.h"

#include "error.h"

#include <glib/gi18n.h>
#include <string.h>

void
option_add_table(GArray *slots, const Option *table, gpointer values)
{
  for (const Option *at = table; at != NULL && at->name != NULL; at++) {
    OptionSlot slot = {at, values != NULL ? (char *)values + at->offset : NULL};
    g_array_append_val(slots, slot);
  }
}

gboolean
option_takes_value(const Option *option)
{
  return option->type != OPTION_TYPE_FLAG;
}

const OptionSlot *
option_find(const GArray *slots, const char *name, gsize len)
{
  for (guint i = 0; len > 0 && i < slots->len; i++) {
    const OptionSlot *slot = &g_array_index(slots, OptionSlot, i);
    if (strlen(slot->option->name) == len && strncmp(slot->option->name, name, len) == 0)
      return slot;
  }
  return NULL;
}

static const OptionSlot *
find_letter(const GArray *slots, char letter)
{
  for (guint i = 0; i < slots->len; i++) {
    const OptionSlot *slot = &g_array_index(slots, OptionSlot, i);
    if (slot->option->letter == letter)
      return slot;
  }
  return NULL;
}

gboolean
option_is(const char *word)
{
  return word[0] == '-' && word[1] != '\0';
}

static gboolean
is_long(const char *word)
{
  return word[0] == '-' && word[1] == '-';
}

guint
option_span(const GArray *slots, const char *word)
{
  if (is_long(word)) {
    const OptionSlot *slot = option_find(slots, word + 2, strlen(word + 2));
    return slot != NULL && option_takes_value(slot->option) ? 2 : 1;
  }
  for (const char *at = word + 1; option_is(word) && *at != '\0'; at++) {
    const OptionSlot *slot = find_letter(slots, *at);
    if (slot != NULL && option_takes_value(slot->option))
      return at[1] == '\0' ? 2 : 1;
  }
  return 1;
}

/* "-all" is --all that lacks a dash and not -a -l -l; a flag has no value. */
static gboolean
check_spelling(const GArray *slots, const char *word, char **unknown, GError **error)
{
  gsize len = strcspn(word, "=");
  if (is_long(word)) {
    const OptionSlot *slot = word[len] == '=' ? option_find(slots, word + 2, len - 2) : NULL;
    if (slot == NULL || option_takes_value(slot->option))
      return TRUE;
    return owup_error_set(error, OWUP_ERROR_USAGE, _("--%s takes no value"), slot->option->name);
  }
  if (!option_is(word) || len <= 2 || option_find(slots, word + 1, len - 1) == NULL)
    return TRUE;
  *unknown = g_strdup(word);
  return FALSE;
}

typedef struct {
  const GArray *slots;
  const GPtrArray *words;
  guint at; /* the word that is read */
  char *unknown;
} Reader;

static void
store(const OptionSlot *slot, const char *value)
{
  if (slot->option->type == OPTION_TYPE_FLAG) {
    *(gboolean *)slot->place = TRUE;
  } else if (slot->option->type == OPTION_TYPE_TEXT) {
    g_free(*(char **)slot->place);
    *(char **)slot->place = g_strdup(value);
  } else {
    char ***list = slot->place;
    guint n = *list != NULL ? g_strv_length(*list) : 0;
    *list = g_renew(char *, *list, n + 2);
    (*list)[n] = g_strdup(value);
    (*list)[n + 1] = NULL;
  }
}

/* Goes on to the word that is the value of the option. */
static gboolean
store_next(Reader *reader, const OptionSlot *slot, const char *spelling, GError **error)
{
  if (reader->at + 1 < reader->words->len) {
    store(slot, reader->words->pdata[++reader->at]);
    return TRUE;
  }
  return owup_error_set(error, OWUP_ERROR_USAGE, _("Missing argument for %s"), spelling);
}

/* The first is shown; but what lacks its value is said first. */
static void
note_unknown(Reader *reader, const char *word)
{
  if (reader->unknown == NULL)
    reader->unknown = g_strdup(word);
}

static gboolean
read_name(Reader *reader, const char *word, GError **error)
{
  gsize len = strcspn(word, "=");
  const char *value = word[len] == '=' ? word + len + 1 : NULL;
  const OptionSlot *slot = option_find(reader->slots, word + 2, len - 2);
  if (slot == NULL || slot->place == NULL)
    note_unknown(reader, word);
  else if (option_takes_value(slot->option) && value == NULL)
    return store_next(reader, slot, word, error);
  else
    store(slot, value);
  return TRUE;
}

static gboolean
read_letters(Reader *reader, const char *word, GError **error)
{
  g_autoptr(GString) unknown = g_string_new("-");
  guint start = reader->at;
  for (const char *at = word + 1; *at != '\0'; at++) {
    const OptionSlot *slot = find_letter(reader->slots, *at);
    const char spelling[] = {'-', *at, '\0'};
    if (slot == NULL || slot->place == NULL) {
      g_string_append_c(unknown, *at);
    } else if (!option_takes_value(slot->option)) {
      store(slot, NULL);
    } else if (reader->at > start) {
      return owup_error_set(error, OWUP_ERROR_USAGE, _("Error parsing option %s"), spelling);
    } else if (!store_next(reader, slot, spelling, error)) {
      return FALSE;
    }
  }
  if (unknown->len > 1)
    note_unknown(reader, unknown->str);
  return TRUE;
}

static gboolean
read_word(Reader *reader, GStrvBuilder *args, GError **error)
{
  const char *word = reader->words->pdata[reader->at];
  if (is_long(word))
    return read_name(reader, word, error);
  if (option_is(word))
    return read_letters(reader, word, error);
  g_strv_builder_add(args, word);
  return TRUE;
}

gboolean
option_parse(const GArray *slots, const GPtrArray *words, GStrvBuilder *args, char **unknown,
             GError **error)
{
  Reader reader = {slots, words, 1, NULL};
  for (guint i = 1; i < words->len; i += option_span(slots, words->pdata[i]))
    if (!check_spelling(slots, words->pdata[i], unknown, error))
      return FALSE;
  gboolean read = TRUE;
  for (; read && reader.at < words->len; reader.at++)
    read = read_word(&reader, args, error);
  if (!read)
    g_clear_pointer(&reader.unknown, g_free);
  *unknown = reader.unknown;
  return read && *unknown == NULL;
}

void
option_clear(const Option *table, gpointer values)
{
  for (const Option *at = table; at != NULL && at->name != NULL; at++) {
    gpointer place = (char *)values + at->offset;
    if (at->type == OPTION_TYPE_TEXT)
      g_clear_pointer((char **)place, g_free);
    else if (at->type == OPTION_TYPE_TEXTS)
      g_clear_pointer((char ***)place, g_strfreev);
  }
}
