/* SPDX-License-Identifier: MIT */
/* Answers what owup's own functions make of a text, for the comparison with the servers' functions.
 *
 *   compare_dump frontmatter|rewrite|identifier < QUESTIONS
 *
 * Questions and answers are JSON, one a line: a string in; out for `frontmatter` the [key, value]
 * pairs in their order, for `rewrite` the text, for `identifier` whether it is one that a server
 * keeps as it is. */
#include "frontmatter.h"
#include "import_rewrite.h"
#include "plugin_id.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef json_t *(*Answer)(const char *text, gsize len);

static json_t *
answer_frontmatter(const char *text, gsize len)
{
  g_autoptr(Frontmatter) frontmatter = frontmatter_parse(text, len);
  g_autoptr(GPtrArray) keys = frontmatter_keys(frontmatter);
  json_t *pairs = json_array();
  for (guint i = 0; i < keys->len; i++) {
    const char *key = g_ptr_array_index(keys, i);
    json_array_append_new(pairs, json_pack("[ss]", key, frontmatter_get(frontmatter, key)));
  }
  return pairs;
}

static json_t *
answer_rewrite(const char *text, gsize len)
{
  g_autoptr(GBytes) before = g_bytes_new_static(text, len);
  g_autoptr(GBytes) after = import_rewrite(before);
  gsize n;
  const char *data = g_bytes_get_data(after, &n);
  return json_stringn(data != NULL ? data : "", n);
}

static json_t *
answer_identifier(const char *text, gsize len)
{
  return json_boolean(plugin_id_valid(text));
}

static Answer
find_answer(const char *name)
{
  if (g_strcmp0(name, "frontmatter") == 0)
    return answer_frontmatter;
  if (g_strcmp0(name, "rewrite") == 0)
    return answer_rewrite;
  return g_strcmp0(name, "identifier") == 0 ? answer_identifier : NULL;
}

int
main(int argc, char **argv)
{
  Answer answer = argc == 2 ? find_answer(argv[1]) : NULL;
  if (answer == NULL) {
    fprintf(stderr, "usage: %s frontmatter|rewrite|identifier\n", argv[0]);
    return 2;
  }
  char *line = NULL;
  size_t room = 0;
  while (getline(&line, &room, stdin) > 0) {
    json_error_t why;
    json_auto_t *question = json_loads(line, JSON_DECODE_ANY, &why);
    if (!json_is_string(question)) {
      fprintf(stderr, "no question: %s\n", why.text);
      return 2;
    }
    json_auto_t *told = answer(json_string_value(question), json_string_length(question));
    json_dumpf(told, stdout, JSON_ENCODE_ANY | JSON_COMPACT);
    putchar('\n');
  }
  free(line);
  return 0;
}
