#include "compile_check_run.h"

#include "clock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* A message of a SyntaxError is short; what is longer is no answer. */
#define ANSWER_LIMIT 8192

/* Read by every Python 3. An error of the codec is one of the text: CPython 3.12 lets some wrong
 * escapes in f-strings through as such. What else fails (memory, depth) says nothing of the text.
 */
static const char script[] = //
    "import sys\n"
    "def say(*words):\n"
    "    words = [str(word) for word in words] + ['end']\n"
    "    sys.stdout.buffer.write('\\n'.join(words).encode('utf-8', 'backslashreplace'))\n"
    "def essence(text):\n"
    "    import ast, io, tokenize\n"
    "    tokens = tokenize.generate_tokens(io.StringIO(text).readline)\n"
    "    comments = [t.string.strip('# ') for t in tokens if t.type == tokenize.COMMENT]\n"
    "    return ast.dump(ast.parse(text)), comments\n"
    "def compare(a, b):\n"
    "    say('fine') if essence(a) == essence(b) else say('broken', 0, 0, 'differs')\n"
    "def check():\n"
    "    if sys.version_info < (3, 11):\n"
    "        return say('old')\n"
    "    try:\n"
    "        text = sys.stdin.buffer.read().decode('utf-8')\n"
    "    except ValueError:\n"
    "        return say('unable')\n"
    "    try:\n"
    "        if '\\0' in text:\n"
    "            return compare(*text.split('\\0', 1))\n"
    "        compile(text, '<string>', 'exec', dont_inherit=True)\n"
    "    except SyntaxError as e:\n"
    "        say('broken', e.lineno or 0, e.offset or 0, ' '.join(str(e.msg).split()))\n"
    "    except UnicodeError as e:\n"
    "        say('broken', 0, 0, ' '.join(('(unicode error) %s' % e).split()))\n"
    "    except (ValueError, OverflowError, MemoryError, RecursionError):\n"
    "        say('unable')\n"
    "    else:\n"
    "        say('fine')\n"
    "check()\n";

GPtrArray *
compile_check_candidates(void)
{
  static const char *const names[] = {"python3", "python3.14", "python3.13", "python3.12",
                                      "python3.11"};
  GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = g_find_program_in_path(names[i]);
    if (path != NULL && !g_ptr_array_find_with_equal_func(found, path, g_str_equal, NULL))
      g_ptr_array_add(found, g_steal_pointer(&path));
  }
  return found;
}

/* The environment without what makes an interpreter, or a shell that starts one, run other code. */
static char **
clean_environment(void)
{
  char **environment = g_get_environ();
  g_auto(GStrv) names = g_listenv();
  for (char **name = names; *name != NULL; name++)
    if (g_str_has_prefix(*name, "PYTHON") || g_str_equal(*name, "BASH_ENV") ||
        g_str_equal(*name, "ENV"))
      environment = g_environ_unsetenv(environment, *name);
  return environment;
}

static gboolean
write_all(int fd, const char *data, gsize len)
{
  while (len > 0) {
    gssize n = write(fd, data, len);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return FALSE;
    data += n;
    len -= (gsize)n;
  }
  return lseek(fd, 0, SEEK_SET) == 0;
}

/* The text as an open file without a name: unlike a pipe, nobody has to feed it. -1 on failure. */
static int
open_text(GBytes *text)
{
  g_autofree char *path = g_build_filename(g_get_tmp_dir(), "owup-XXXXXX", NULL);
  int fd = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0)
    return -1;
  unlink(path);
  gsize len;
  const char *data = g_bytes_get_data(text, &len);
  if (write_all(fd, data, len))
    return fd;
  close(fd);
  return -1;
}

/* Starts it with its output going to `output`. */
static gboolean
start(const char *python, int input, int output, GPid *pid)
{
  const char *argv[] = {python, "-I", "-S", "-B", "-W", "ignore", "-c", script, NULL};
  g_auto(GStrv) environment = clean_environment();
  return g_spawn_async_with_fds(NULL, (char **)argv, environment,
                                G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                                pid, input, output, -1, NULL);
}

/* Everything up to the end of the output; FALSE when it is too long or too late. */
static gboolean
read_answer(int fd, ClockDeadline deadline, GString *answer)
{
  char buffer[1024];
  while (answer->len <= ANSWER_LIMIT && !clock_passed(deadline)) {
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    int ready = poll(&wait, 1, clock_poll_ms(deadline));
    if (ready == 0 || (ready < 0 && errno == EINTR))
      continue;
    if (ready < 0)
      return FALSE;
    gssize n = read(fd, buffer, sizeof buffer);
    if (n == 0)
      return TRUE;
    if (n > 0)
      g_string_append_len(answer, buffer, n);
    else if (errno != EINTR)
      return FALSE;
  }
  return FALSE;
}

/* Whoever has closed its output, or is too late, has nothing more to say. */
static void
finish(GPid pid)
{
  kill(pid, SIGKILL);
  while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
    ;
  g_spawn_close_pid(pid);
}

char *
compile_check_ask(const char *python, GBytes *text, ClockDeadline deadline)
{
  int output[2];
  GPid pid;
  int input = open_text(text);
  if (input < 0)
    return NULL;
  if (!g_unix_open_pipe(output, FD_CLOEXEC, NULL)) {
    close(input);
    return NULL;
  }
  gboolean started = start(python, input, output[1], &pid);
  close(input);
  close(output[1]);
  g_autoptr(GString) answer = g_string_new(NULL);
  gboolean answered = started && read_answer(output[0], deadline, answer);
  close(output[0]);
  if (started)
    finish(pid);
  return answered ? g_string_free(g_steal_pointer(&answer), FALSE) : NULL;
}
