/* SPDX-License-Identifier: MIT */
#include "command_table.h"

#include "command_line.h"
#include "did_you_mean.h"
#include "error.h"
#include "help.h"
#include "terminal_text.h"

#include <string.h>

/* An option before the command is read before the command is known: the same name and letter must
 * take a value everywhere, or nowhere. */
static void
check_table(GHashTable *seen, const Option *table)
{
  for (const Option *at = table; at != NULL && at->name != NULL; at++) {
    char letter[2] = {at->letter, '\0'};
    const char *names[] = {at->name, at->letter != 0 ? letter : at->name};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
      gpointer before = g_hash_table_lookup(seen, names[i]);
      gpointer now = GINT_TO_POINTER(option_takes_value(at) ? 2 : 1);
      g_assert_true(before == NULL || before == now);
      g_hash_table_replace(seen, g_strdup(names[i]), now);
    }
    g_assert_nonnull(at->help);
    g_assert_true(option_takes_value(at) == (at->argument != NULL));
  }
}

static void
test_tables_agree(void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  check_table(seen, command_line_common_options);
  check_table(seen, command_line_server_options);
  check_table(seen, command_line_top_options);
  for (const Command *const *at = command_table; *at != NULL; at++)
    check_table(seen, (*at)->options);
}

/* No option twice in one command's help. */
static void
test_tables_do_not_overlap(void)
{
  for (const Command *const *at = command_table; *at != NULL; at++) {
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) letters = g_hash_table_new(NULL, NULL);
    const Option *tables[] = {(*at)->options, command_line_common_options,
                              (*at)->needs_server ? command_line_server_options : NULL};
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
      for (const Option *e = tables[i]; e != NULL && e->name != NULL; e++) {
        g_assert_true(g_hash_table_add(seen, (gpointer)e->name));
        g_assert_true(e->letter == 0 || g_hash_table_add(letters, GINT_TO_POINTER((int)e->letter)));
      }
    }
  }
}

static void
assert_page_fits(const char *page)
{
  g_auto(GStrv) lines = g_strsplit(page, "\n", -1);
  for (char **line = lines; *line != NULL; line++) {
    if (terminal_text_width(*line) > 100)
      g_error("too wide: %s", *line);
    g_assert_false(g_str_has_suffix(*line, " "));
  }
  g_assert_true(g_str_has_suffix(page, "\n"));
}

static void
test_help(void)
{
  g_autofree char *brief = help_short(command_table);
  g_autofree char *full = help_full(command_table);
  assert_page_fits(brief);
  assert_page_fits(full);
  for (const Command *const *at = command_table; *at != NULL; at++) {
    g_autofree char *page = help_command(*at);
    g_autofree char *usage = g_strdup_printf("Usage: owup %s", (*at)->name);
    assert_page_fits(page);
    g_assert_nonnull(strstr(page, usage));
    g_assert_true((strstr(page, "--url") != NULL) == (*at)->needs_server);
    g_assert_nonnull(strstr(full, (*at)->name));
    g_assert_nonnull(strstr(brief, (*at)->name));
    for (const Option *e = (*at)->options; e != NULL && e->name != NULL; e++)
      g_assert_nonnull(strstr(page, e->name));
  }
}

/* Habits from other tools lead to commands that are there. */
static void
test_habits(void)
{
  static const char *const words[] = {"push", "rm",  "undo",   "log", "export", "lint",
                                      "on",   "off", "config", "dev", "mock"};
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
    const char *meant = did_you_mean_command(command_table, words[i]);
    g_assert_nonnull(meant);
    g_assert_nonnull(command_find(command_table, meant));
  }
  g_assert_nonnull(command_find(command_table, "help"));
  g_assert_nonnull(command_find(command_table, "version"));
}

/* Options that a command does not have, for a reason. */
static void
test_options_not_there(void)
{
  static const struct {
    const char *name, *hint;
  } cases[] = {{"list", "owup list always lists all."},
               {"status", "Without a name, owup status is about all."},
               {"watch", "Without a name, owup watch watches all."}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    const Command *command = command_find(command_table, cases[i].name);
    g_autoptr(GError) error = did_you_mean_option(command_table, command, "--all");
    g_assert_cmpstr(error->message, ==, "Unknown option --all");
    g_assert_cmpstr(owup_error_hint(error), ==, cases[i].hint);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/command_table/agree", test_tables_agree);
  g_test_add_func("/command_table/do_not_overlap", test_tables_do_not_overlap);
  g_test_add_func("/command_table/help", test_help);
  g_test_add_func("/command_table/habits", test_habits);
  g_test_add_func("/command_table/options_not_there", test_options_not_there);
  return g_test_run();
}
