/* SPDX-License-Identifier: MIT */
/* owup: deploys plugins to Open WebUI. */
#ifdef OWUP_WITH_TEST_CLOCK
#include "clock_test.h"
#endif
#include "command.h"
#include "command_table.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

/* A standard stream that the caller closed would become the next file or socket that is opened, and
 * what is printed would go there. Opened the wrong way round, it still refuses. */
static void
occupy_streams(void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
        open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
      return;
}

int
main(int argc, char **argv)
{
  occupy_streams();
#ifdef OWUP_WITH_TEST_CLOCK
  if (!clock_test_from_environment()) {
    fprintf(stderr, "owup: OWUP_TEST_CLOCK is no number from 1 to 1000\n");
    return 2;
  }
#endif
  /* Not LC_NUMERIC and the like: JSON and SQL are written with printf. */
  setlocale(LC_CTYPE, "");
  setlocale(LC_MESSAGES, "");
  bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
  textdomain(GETTEXT_PACKAGE);
  g_set_prgname("owup");
  /* A reader that goes away, or a server, must not end a deploy half way. */
  signal(SIGPIPE, SIG_IGN);
  return command_main(command_table, argc, argv);
}
