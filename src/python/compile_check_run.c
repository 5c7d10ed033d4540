/* SPDX-License-Identifier: MIT */
#include "compile_check_run.h"

#include "process_run.h"

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

char *
compile_check_ask(const char *python, GBytes *text, ClockDeadline deadline)
{
  const char *argv[] = {python, "-I", "-S", "-B", "-W", "ignore", "-c", script, NULL};
  g_auto(GStrv) environment = clean_environment();
  ProcessRun run = {argv, environment, text, ANSWER_LIMIT};
  GString *answer = process_run(&run, deadline, NULL);
  return answer != NULL ? g_string_free(answer, FALSE) : NULL;
}
