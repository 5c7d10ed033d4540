/* SPDX-License-Identifier: MIT */
/* The command line: one table of commands, what the parser makes of argv, and the way from
 * there to a command.
 *
 * A `const Command` says everything about a command: its name, its help, its options (option.h) and
 * the function that does the work. The commands themselves lie above this room; main() hands their
 * table down, and parsing (command_line.h), help and completion read it, so that nothing is said
 * twice. It ends with NULL, and has "help" and "version", for which --help and --version stand.
 */
#pragma once

#include "kind.h"
#include "option.h"
#include "report.h"
#include "settings.h"

#include <glib.h>

typedef struct CommandLine CommandLine;

/* What shell completion offers for a command's args. */
typedef enum {
  ARGS_NONE,
  ARGS_PLUGINS,     /* names of local plugins, and files */
  ARGS_PLUGINS_ALL, /* the same; after --all folders */
  ARGS_FOLDERS,
  ARGS_COMMANDS,
  ARGS_SHELLS,
} ArgsKind;

typedef struct {
  const char *name;
  const char *alias;      /* or NULL */
  const char *summary;    /* one line without a full stop; N_() */
  const char *usage;      /* the args it takes: "[PLUGIN…]", or ""; N_() */
  const char *details;    /* more for its own help page, or NULL; N_() */
  const char *examples;   /* lines of shell, or NULL */
  const Option *options;  /* a table, or NULL */
  gsize options_size;     /* of the struct that `options` fill */
  gboolean needs_server;  /* takes --url, --env-file, --timeout, ... */
  gboolean takes_command; /* args after "--" are a command of their own: see `trailing_args` */
  ArgsKind args;
  /* What one of two args is chosen from ("get set unset"), the other being of the kind `args`; or
   * NULL. */
  const char *choices;
  guint choices_at; /* 1 or 2 */
  /* Does the work; returns the exit status. */
  int (*run)(const CommandLine *line);
} Command;

/* A command's table, whose rows fill a struct that is called Options. */
#define COMMAND_OPTIONS(table) .options = (table), .options_size = sizeof(Options)

/* What every command takes, and (from `insecure` on) what every command with `needs_server` takes.
 */
typedef struct {
  gboolean version; /* --version, which stands alone */
  gboolean json;
  gboolean quiet;
  gboolean verbose;
  gboolean help;
  gboolean insecure;
  char *url;
  char **env_files; /* one, or NULL */
  char *cacert;
  char **headers; /* or NULL */
  char *timeout;  /* seconds, as typed */
} GlobalOptions;

/* A command line, parsed. Immutable while the command runs. */
struct CommandLine {
  const Command *const *commands; /* the program's table */
  const Command *command;
  Report *report; /* made from `global`, freed after the command */
  GlobalOptions global;
  guint idle_timeout_ms; /* --timeout; 0: the defaults */
  gpointer options;      /* the command's struct, or NULL */
  /* What is no option, in order; never NULL. What stands after "--" too, except with
   * `takes_command`: then it is in `trailing_args`, which is NULL without a "--" and for other
   * commands. */
  char **args, **trailing_args;
};

/* By name or alias; NULL: none. */
const Command *command_find(const Command *const *commands, const char *name);

/* Parses, runs, returns the exit status: the whole program. `argv` as main() has it. */
int command_main(const Command *const *commands, int argc, char **argv);

/* The project's root for the current folder (discover_root), or with OWUP_ERROR_LOCAL_STATE NULL
 * where the current folder is gone. Absolute; owned by the caller. */
char *command_line_root(GError **error);

/* The settings that the options, the environment and the .env files below `root` give; errors as
 * settings_load(). */
Settings *command_line_settings(const CommandLine *line, const char *root, GError **error);

/* FALSE with OWUP_ERROR_USAGE where there are more than `most` args. */
gboolean command_line_check_args(const CommandLine *line, guint most, GError **error);

/* A whole number from an option's text, `min` to `max`. FALSE with OWUP_ERROR_USAGE naming `option`
 * ("--port"). NULL as `text` leaves `*value` alone. */
gboolean command_option_number(const char *option, const char *text, int min, int max, int *value,
                               GError **error);

/* The kind from --type's text. FALSE with OWUP_ERROR_USAGE. NULL as `text`: `*has` is FALSE. */
gboolean command_option_kind(const char *text, gboolean *has, Kind *kind, GError **error);
