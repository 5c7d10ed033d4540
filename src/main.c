/* owup: deploys plugins to Open WebUI. */
#include "command.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>

int
main(int argc, char **argv)
{
  /* Not LC_NUMERIC and the like: JSON and SQL are written with printf. */
  setlocale(LC_CTYPE, "");
  setlocale(LC_MESSAGES, "");
  bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
  textdomain(GETTEXT_PACKAGE);
  g_set_prgname("owup");
  /* A reader that goes away, or a server, must not end a deploy half way. */
  signal(SIGPIPE, SIG_IGN);
  return command_main(argc, argv);
}
