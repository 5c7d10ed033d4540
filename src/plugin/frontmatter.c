/* SPDX-License-Identifier: MIT */
#include "frontmatter.h"

#include <string.h>

#define FENCE "\"\"\""

typedef struct {
  char *key;
  char *value;
  char *text; /* NULL: the value itself is the text */
  int line;
  gsize offset, length; /* of the value in the whole text */
} Entry;

struct Frontmatter {
  GPtrArray *entries; /* of Entry, in order of first appearance */
  GHashTable *by_key; /* key -> Entry, neither owned */
  const char *text;   /* while it is parsed */
};

typedef struct {
  const char *start, *end; /* without the line break */
} Line;

/* A value that goes on in the indented lines below its key. */
typedef struct {
  Entry *entry; /* NULL: none is open */
  gsize indent; /* of the key's line */
  GString *text;
} Block;

static void
entry_free(gpointer data)
{
  Entry *entry = data;
  g_free(entry->key);
  g_free(entry->value);
  g_free(entry->text);
  g_free(entry);
}

void
frontmatter_free(Frontmatter *frontmatter)
{
  if (frontmatter == NULL)
    return;
  g_hash_table_unref(frontmatter->by_key);
  g_ptr_array_unref(frontmatter->entries);
  g_free(frontmatter);
}

/* Bytes of the line break at `at` as Python's str.splitlines sees it, 0 where there is none. */
static gsize
line_break(const char *at, const char *end)
{
  const guchar *c = (const guchar *)at;
  gsize left = (gsize)(end - at);
  if (left == 0)
    return 0;
  if (c[0] == '\r')
    return left > 1 && c[1] == '\n' ? 2 : 1;
  if (c[0] == '\n' || c[0] == '\v' || c[0] == '\f' || (c[0] >= 0x1C && c[0] <= 0x1E))
    return 1;
  if (left > 1 && c[0] == 0xC2 && c[1] == 0x85)
    return 2;
  if (left > 2 && c[0] == 0xE2 && c[1] == 0x80 && (c[2] == 0xA8 || c[2] == 0xA9))
    return 3;
  return 0;
}

/* Python's str.isspace, which its \s and str.strip follow. */
static gboolean
is_space(gunichar c)
{
  return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 ||
         c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
         c == 0x205F || c == 0x3000;
}

static const char *
skip_space(const char *at, const char *end)
{
  while (at < end && is_space(g_utf8_get_char(at)))
    at = g_utf8_next_char(at);
  return at;
}

static Line
strip(const char *start, const char *end)
{
  start = skip_space(start, end);
  while (end > start) {
    const char *last = g_utf8_prev_char(end);
    if (!is_space(g_utf8_get_char(last)))
      break;
    end = last;
  }
  return (Line){start, end};
}

/* What [a-z_] matches in Python when the case is ignored: four letters beyond ASCII too. */
static gboolean
is_key_char(gunichar c)
{
  return (c < 0x80 && (g_ascii_isalpha((char)c) || c == '_')) || c == 0x130 || c == 0x131 ||
         c == 0x17F || c == 0x212A;
}

/* The end of the key that begins at `start`; NULL where no "key:" stands there. */
static const char *
key_end(const char *start, const char *end)
{
  const char *at = start;
  while (at < end && is_key_char(g_utf8_get_char(at)))
    at = g_utf8_next_char(at);
  return at > start && at < end && *at == ':' ? at : NULL;
}

/* Does the value announce a text below it: nothing, or YAML's "|" and ">" with their modifiers? */
static gboolean
opens_block(const char *value)
{
  if (*value == '|' || *value == '>')
    value += 1 + strspn(value + 1, "+-0123456789");
  return *value == '\0';
}

static void
block_close(Block *block)
{
  if (block->entry == NULL)
    return;
  g_free(block->entry->text);
  block->entry->text = g_strndup(block->text->str, block->text->len);
  block->entry = NULL;
}

static void
block_open(Block *block, Entry *entry, gsize indent)
{
  block->entry = entry;
  block->indent = indent;
  g_string_truncate(block->text, 0);
}

/* Takes the line into the open block, or closes it. */
static void
block_feed(Block *block, Line line)
{
  Line words = strip(line.start, line.end);
  if (block->entry == NULL || words.start == words.end)
    return;
  if ((gsize)(words.start - line.start) <= block->indent) {
    block_close(block);
    return;
  }
  if (block->text->len > 0)
    g_string_append_c(block->text, ' ');
  g_string_append_len(block->text, words.start, words.end - words.start);
}

static Entry *
entry_for(Frontmatter *frontmatter, Line key)
{
  g_autofree char *name = g_strndup(key.start, (gsize)(key.end - key.start));
  Entry *entry = g_hash_table_lookup(frontmatter->by_key, name);
  if (entry == NULL) {
    entry = g_new0(Entry, 1);
    entry->key = g_steal_pointer(&name);
    g_ptr_array_add(frontmatter->entries, entry);
    g_hash_table_insert(frontmatter->by_key, entry->key, entry);
  }
  return entry;
}

static void
take_line(Frontmatter *frontmatter, Block *block, Line line, int number)
{
  block_feed(block, line);
  const char *start = skip_space(line.start, line.end);
  const char *colon = key_end(start, line.end);
  if (colon == NULL)
    return;
  Entry *entry = entry_for(frontmatter, (Line){start, colon});
  Line value = strip(colon + 1, line.end);
  if (block->entry == entry)
    block->entry = NULL;
  g_free(entry->value);
  entry->length = (gsize)(value.end - value.start);
  entry->value = g_strndup(value.start, entry->length);
  entry->offset = (gsize)(value.start - frontmatter->text);
  g_clear_pointer(&entry->text, g_free);
  entry->line = number;
  if (block->entry == NULL && opens_block(entry->value))
    block_open(block, entry, (gsize)(start - line.start));
}

/* Cuts the next line off; FALSE at the end of the text. `*number` counts as editors do, by \n, \r\n
 * and \r only, since it is shown to a person. */
static gboolean
next_line(const char **at, const char *end, Line *line, int *number)
{
  if (*at == end)
    return FALSE;
  gsize n = 0;
  line->start = *at;
  for (line->end = *at; line->end < end && (n = line_break(line->end, end)) == 0;)
    line->end++;
  *at = line->end + n;
  if (n > 0 && (*line->end == '\n' || *line->end == '\r'))
    (*number)++;
  return TRUE;
}

static gboolean
holds_fence(Line line)
{
  return memmem(line.start, (gsize)(line.end - line.start), FENCE, strlen(FENCE)) != NULL;
}

static gboolean
is_fence(Line line)
{
  Line words = strip(line.start, line.end);
  return words.end - words.start == (gssize)strlen(FENCE) && holds_fence(words);
}

Frontmatter *
frontmatter_parse(const char *text, gsize len)
{
  Frontmatter *frontmatter = g_new0(Frontmatter, 1);
  frontmatter->entries = g_ptr_array_new_with_free_func(entry_free);
  frontmatter->by_key = g_hash_table_new(g_str_hash, g_str_equal);
  frontmatter->text = text;
  const char *at = text, *end = text + len;
  int next = 1;
  Line line;
  if (!next_line(&at, end, &line, &next) || !is_fence(line))
    return frontmatter;
  Block block = {.text = g_string_new(NULL)};
  for (int number = next; next_line(&at, end, &line, &next) && !holds_fence(line); number = next)
    take_line(frontmatter, &block, line, number);
  block_close(&block);
  g_string_free(block.text, TRUE);
  return frontmatter;
}

const char *
frontmatter_get(const Frontmatter *frontmatter, const char *key)
{
  const Entry *entry = g_hash_table_lookup(frontmatter->by_key, key);
  return entry != NULL ? entry->value : NULL;
}

const char *
frontmatter_get_text(const Frontmatter *frontmatter, const char *key)
{
  const Entry *entry = g_hash_table_lookup(frontmatter->by_key, key);
  if (entry == NULL)
    return NULL;
  const char *text = entry->text != NULL ? entry->text : entry->value;
  return *text != '\0' ? text : NULL;
}

GPtrArray *
frontmatter_keys(const Frontmatter *frontmatter)
{
  GPtrArray *keys = g_ptr_array_new();
  for (guint i = 0; i < frontmatter->entries->len; i++) {
    const Entry *entry = g_ptr_array_index(frontmatter->entries, i);
    g_ptr_array_add(keys, entry->key);
  }
  return keys;
}

int
frontmatter_line(const Frontmatter *frontmatter, const char *key)
{
  const Entry *entry = g_hash_table_lookup(frontmatter->by_key, key);
  return entry != NULL ? entry->line : 0;
}

gboolean
frontmatter_place(const Frontmatter *frontmatter, const char *key, gsize *offset, gsize *length)
{
  const Entry *entry = g_hash_table_lookup(frontmatter->by_key, key);
  if (entry == NULL)
    return FALSE;
  *offset = entry->offset;
  *length = entry->length;
  return TRUE;
}
