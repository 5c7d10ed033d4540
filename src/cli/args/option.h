/* SPDX-License-Identifier: MIT */
/* Options: what the row of a table says of each, and the one parser of such tables.
 *
 * Parsing, help and completion read the same rows. A row's value goes into a field of a struct that
 * is called Options where the table stands, zeroed before; option_clear() frees what was read.
 *
 * Spellings: --name, --name=value, --name value, -x, -x value, and several letters after one dash,
 * whose value, of one of them at most, is the next word. Names are not abbreviated. A value may
 * begin with a dash; of a flag or text that stands there twice, the last counts. Values are bytes
 * as typed, whatever the locale.
 */
#pragma once

#include <glib.h>

typedef enum {
  OPTION_TYPE_FLAG,  /* a gboolean */
  OPTION_TYPE_TEXT,  /* a char *; NULL: not given */
  OPTION_TYPE_TEXTS, /* a char **, each value that was given; NULL: none */
} OptionType;

typedef struct {
  const char *name; /* without dashes; NULL ends a table */
  char letter;      /* or 0 */
  OptionType type;
  gsize offset;     /* of the field */
  const char *help; /* translated where it is shown */
  /* The value's name, NULL for a flag. It also says how the shell completes it: FILE, DIR, KIND, or
   * words with "|" between them. */
  const char *argument;
} Option;

/* Rows of a table; none compiles where the field is of another type. clang-format would take
 * _Generic apart. */
/* clang-format off */
#define OPTION_FLAG(name, letter, field, help)                                                     \
  {name, letter, OPTION_TYPE_FLAG,                                                                 \
   _Generic(((Options *)0)->field, gboolean: G_STRUCT_OFFSET(Options, field)), help, NULL}
#define OPTION_TEXT(name, letter, field, help, argument)                                           \
  {name, letter, OPTION_TYPE_TEXT,                                                                 \
   _Generic(((Options *)0)->field, char *: G_STRUCT_OFFSET(Options, field)), help, argument}
#define OPTION_TEXTS(name, letter, field, help, argument)                                          \
  {name, letter, OPTION_TYPE_TEXTS,                                                                \
   _Generic(((Options *)0)->field, char **: G_STRUCT_OFFSET(Options, field)), help, argument}
/* clang-format on */

/* --history of every command that reads or keeps old versions. */
#define OPTION_HISTORY OPTION_TEXT("history", 0, history, "Where old versions are kept", "DIR")

/* An option that may stand on a line; `place`: its field, or NULL where it is known, but not meant
 * for what the line is about. */
typedef struct {
  const Option *option;
  gpointer place;
} OptionSlot;

/* Adds a table (NULL: none) to `slots`, of OptionSlot. `values`: the struct that it fills, or NULL.
 */
void option_add_table(GArray *slots, const Option *table, gpointer values);

gboolean option_takes_value(const Option *option);

/* By its name, `len` bytes without the dashes. NULL: none. One of `slots`. */
const OptionSlot *option_find(const GArray *slots, const char *name, gsize len);

/* Does the word begin with a dash, and is more than that? */
gboolean option_is(const char *word);

/* How many words `word` spans: 2 for an option whose value is the next one. */
guint option_span(const GArray *slots, const char *word);

/* Reads the options among `words` (char *; the first is the program's name) into their places and
 * adds the others to `args`. FALSE with OWUP_ERROR_USAGE, or without an error and `*unknown` set to
 * the first word that is no option, owned by the caller. Some values may be set even then. */
gboolean option_parse(const GArray *slots, const GPtrArray *words, GStrvBuilder *args,
                      char **unknown, GError **error);

/* Frees the values of the table and sets them to NULL. */
void option_clear(const Option *table, gpointer values);
