/* SPDX-License-Identifier: MIT */
#include "command_table.h"

#include "completion.h"
#include "error.h"

#include <glib/gi18n.h>
#include <stdio.h>

static const struct {
  const char *shell;
  char *(*script)(const Command *const *commands);
} scripts[] = {{"bash", completion_bash}, {"zsh", completion_zsh}, {"fish", completion_fish}};

static int
run_completion(const CommandLine *line)
{
  g_autoptr(GError) error = NULL;
  const char *shell = line->args[0];
  if (!command_line_check_args(line, 1, &error))
    return report_error(line->report, error);
  for (gsize i = 0; shell != NULL && i < G_N_ELEMENTS(scripts); i++) {
    if (g_str_equal(shell, scripts[i].shell)) {
      g_autofree char *script = scripts[i].script(line->commands);
      fputs(script, stdout);
      return 0;
    }
  }
  error = shell == NULL ? owup_error_new(OWUP_ERROR_USAGE, _("For which shell?"))
                        : owup_error_new(OWUP_ERROR_USAGE, _("No completion for \"%s\""), shell);
  owup_error_set_hint(error, _("There is one for bash, zsh and fish"));
  return report_error(line->report, error);
}

const Command command_completion = {
    .name = "completion",
    .summary = N_("Print the completion script for a shell"),
    .usage = "bash|zsh|fish",
    .examples = "echo 'eval \"$(owup completion bash)\"' >> ~/.bashrc\n"
                "owup completion zsh > ~/.zfunc/_owup\n"
                "owup completion fish > ~/.config/fish/completions/owup.fish\n",
    .args = ARGS_SHELLS,
    .run = run_completion,
};
