/* SPDX-License-Identifier: MIT */
/* Unified diffs: their exact form, and over random texts that they turn one into the other, as
 * shortly as possible. */
#include "diff.h"

#include <glib/gstdio.h>
#include <string.h>

static GBytes *
text(const char *string)
{
  return g_bytes_new_static(string, strlen(string));
}

static void
assert_diff(const char *before, const char *after, const char *expected)
{
  g_autoptr(GBytes) a = text(before), b = text(after);
  g_autofree char *diff = diff_unified("a", a, "b", b);
  g_assert_cmpstr(diff, ==, expected);
}

static void
test_form(void)
{
  assert_diff("", "", "");
  assert_diff("x\n", "x\n", "");
  assert_diff("x\n", "y\n", "--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n");
  assert_diff("", "x\ny\n", "--- a\n+++ b\n@@ -0,0 +1,2 @@\n+x\n+y\n");
  assert_diff("x\n", "", "--- a\n+++ b\n@@ -1 +0,0 @@\n-x\n");
  assert_diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n",
              "--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
  assert_diff("1\n2\n3\n4\n", "1\n2\n3\n4\n5\n", "--- a\n+++ b\n@@ -2,3 +2,4 @@\n 2\n 3\n 4\n+5\n");
  /* CRLF is part of the line. */
  assert_diff("x\r\n", "x\n", "--- a\n+++ b\n@@ -1 +1 @@\n-x\r\n+x\n");
}

static void
test_no_newline(void)
{
  assert_diff("x", "x\n", "--- a\n+++ b\n@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+x\n");
  assert_diff("x\n", "x", "--- a\n+++ b\n@@ -1 +1 @@\n-x\n+x\n\\ No newline at end of file\n");
  assert_diff("1\nx", "2\nx",
              "--- a\n+++ b\n@@ -1,2 +1,2 @@\n-1\n+2\n x\n\\ No newline at end of file\n");
}

/* Six lines between two changes keep them in one hunk, seven do not. */
static void
test_hunks(void)
{
  assert_diff("a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n",
              "--- a\n+++ b\n@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n");
  assert_diff("a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n",
              "--- a\n+++ b\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n"
              "@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n");
}

/* A new function is shown as a whole, not with the end of the one before it. */
static void
test_slides(void)
{
  assert_diff("def a():\n    return 1\n\ndef c():\n    return 1\n",
              "def a():\n    return 1\n\ndef b():\n    return 1\n\ndef c():\n    return 1\n",
              "--- a\n+++ b\n@@ -1,5 +1,8 @@\n def a():\n     return 1\n \n"
              "+def b():\n+    return 1\n+\n def c():\n     return 1\n");
  assert_diff("a\nb\nc\n", "c\nb\nc\nc\na\nc\nc\n",
              "--- a\n+++ b\n@@ -1,3 +1,7 @@\n-a\n+c\n b\n c\n+c\n+a\n+c\n+c\n");
  assert_diff("a\nb\nb\na\n", "c\nd\na\nb\na\n",
              "--- a\n+++ b\n@@ -1,4 +1,5 @@\n+c\n+d\n a\n b\n-b\n a\n");
}

static void
test_odd_bytes(void)
{
  g_autoptr(GBytes) a = g_bytes_new_static("\xff\n\0\n", 4);
  g_autoptr(GBytes) b = g_bytes_new_static("\xff\n\0x\n", 5);
  g_autofree char *diff = diff_unified("精", a, "b", b);
  g_assert_cmpstr(diff, ==, "--- 精\n+++ b\n@@ -1,2 +1,2 @@\n \xff\n-?\n+?x\n");
}

static GBytes *
random_text(GRand *rand, int most_lines, int letters)
{
  GString *out = g_string_new(NULL);
  int lines = g_rand_int_range(rand, 0, most_lines + 1);
  for (int i = 0; i < lines; i++)
    g_string_append_printf(out, "%d\n", g_rand_int_range(rand, 0, letters));
  if (out->len > 0 && g_rand_int_range(rand, 0, 4) == 0)
    g_string_truncate(out, out->len - 1);
  return g_string_free_to_bytes(out);
}

/* Some edits of `bytes`. */
static GBytes *
edited(GRand *rand, GBytes *bytes, int edits)
{
  g_autofree char *string = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
  g_auto(GStrv) parts = g_strsplit(string, "\n", -1);
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
  for (char **part = parts; *part != NULL; part++)
    g_ptr_array_add(lines, g_strdup(*part));
  for (int i = 0; i < edits && lines->len > 1; i++) {
    guint at = (guint)g_rand_int_range(rand, 0, (int)lines->len);
    guint length = (guint)g_rand_int_range(rand, 1, 6);
    if (g_rand_boolean(rand))
      g_ptr_array_remove_range(lines, at, MIN(length, lines->len - at));
    else
      g_ptr_array_insert(lines, (int)at, g_strdup_printf("%d", g_rand_int_range(rand, 0, 20)));
  }
  g_ptr_array_add(lines, NULL);
  char *joined = g_strjoinv("\n", (char **)lines->pdata);
  return g_bytes_new_take(joined, strlen(joined));
}

/* The length of a line with its \n. */
static gsize
line_length(const char *at, gsize size)
{
  const char *end = memchr(at, '\n', size);
  return end != NULL ? (gsize)(end - at) + 1 : size;
}

/* Takes the next line of `*at` and asserts that it is `line`. */
static void
expect_line(const char **at, const char *end, const char *line, gsize length)
{
  gsize there = line_length(*at, (gsize)(end - *at));
  g_assert_cmpmem(*at, there, line, length);
  *at += there;
}

static void
copy_lines(GString *out, const char **at, const char *end, guint *number, guint until)
{
  for (; *number < until; (*number)++) {
    g_assert_true(*at < end);
    gsize length = line_length(*at, (gsize)(end - *at));
    g_string_append_len(out, *at, (gssize)length);
    *at += length;
  }
}

/* "-START[,LENGTH]" at *word: the place from 0, and the length. */
static void
read_range(const char **word, guint *start, guint *length)
{
  char *end;
  *start = (guint)strtoul(*word + 1, &end, 10);
  *length = 1;
  if (*end == ',')
    *length = (guint)strtoul(end + 1, &end, 10);
  if (*length > 0)
    (*start)--;
  *word = end;
}

typedef struct {
  const char *diff; /* what is left of it */
  const char *at, *end;
  guint a_number, b_number; /* lines done */
  guint changed;            /* lines added and removed */
  GString *out;
} Patch;

static void
apply_line(Patch *patch)
{
  const char *line = patch->diff + 1;
  char sign = patch->diff[0];
  gsize length = line_length(line, strlen(line));
  patch->diff = line + length;
  if (patch->diff[0] == '\\') {
    patch->diff += line_length(patch->diff, strlen(patch->diff));
    length--;
  }
  if (sign != '+') {
    expect_line(&patch->at, patch->end, line, length);
    patch->a_number++;
  }
  if (sign != '-') {
    g_string_append_len(patch->out, line, (gssize)length);
    patch->b_number++;
  }
  patch->changed += sign != ' ';
}

static void
apply_hunk(Patch *patch)
{
  const char *word = patch->diff + 3;
  guint a_start, a_length, b_start, b_length;
  g_assert_true(g_str_has_prefix(patch->diff, "@@ -"));
  read_range(&word, &a_start, &a_length);
  word++;
  read_range(&word, &b_start, &b_length);
  g_assert_true(g_str_has_prefix(word, " @@\n"));
  patch->diff = word + 4;
  g_assert_cmpuint(a_start, >=, patch->a_number);
  patch->b_number += a_start - patch->a_number;
  copy_lines(patch->out, &patch->at, patch->end, &patch->a_number, a_start);
  g_assert_cmpuint(patch->b_number, ==, b_start);
  while (patch->a_number < a_start + a_length || patch->b_number < b_start + b_length)
    apply_line(patch);
  g_assert_cmpuint(patch->a_number, ==, a_start + a_length);
  g_assert_cmpuint(patch->b_number, ==, b_start + b_length);
}

/* Asserts that the diff turns `a` into `b` and that its hunks tell their places truly. Returns how
 * many lines it changes. */
static guint
assert_applies(GBytes *a, GBytes *b)
{
  g_autofree char *diff = diff_unified("a", a, "b", b);
  if (g_bytes_equal(a, b)) {
    g_assert_cmpstr(diff, ==, "");
    return 0;
  }
  const char *head = "--- a\n+++ b\n";
  g_assert_true(g_str_has_prefix(diff, head));
  gsize size;
  const char *data = g_bytes_get_data(a, &size);
  g_autoptr(GString) out = g_string_new(NULL);
  Patch patch = {diff + strlen(head), data, data + size, 0, 0, 0, out};
  while (*patch.diff != '\0')
    apply_hunk(&patch);
  g_string_append_len(out, patch.at, patch.end - patch.at);
  g_assert_cmpmem(out->str, out->len, g_bytes_get_data(b, NULL), g_bytes_get_size(b));

  guint added, removed;
  diff_count(a, b, &added, &removed);
  g_assert_cmpuint(added + removed, ==, patch.changed);
  return patch.changed;
}

static GPtrArray *
lines_of(GBytes *bytes)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
  gsize size;
  const char *at = g_bytes_get_data(bytes, &size);
  while (size > 0) {
    gsize length = line_length(at, size);
    g_ptr_array_add(lines, g_strndup(at, length));
    at += length;
    size -= length;
  }
  return lines;
}

/* The least number of changed lines, found the plain way. */
static guint
least_changes(GBytes *a, GBytes *b)
{
  g_autoptr(GPtrArray) x = lines_of(a), y = lines_of(b);
  guint width = y->len + 1;
  g_autofree guint *best = g_new0(guint, (x->len + 1) * width);
  for (guint i = 0; i <= x->len; i++) {
    for (guint j = 0; j <= y->len; j++) {
      guint *cell = &best[i * width + j];
      if (i == 0 || j == 0)
        *cell = i + j;
      else if (g_str_equal(x->pdata[i - 1], y->pdata[j - 1]))
        *cell = cell[-(int)width - 1];
      else
        *cell = 1 + MIN(cell[-1], cell[-(int)width]);
    }
  }
  return best[x->len * width + y->len];
}

static void
test_random(void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(1);
  for (int i = 0; i < 3000; i++) {
    int letters = g_rand_int_range(rand, 1, 12);
    g_autoptr(GBytes) a = random_text(rand, 30, letters);
    g_autoptr(GBytes) b = random_text(rand, 30, letters);
    g_assert_cmpuint(assert_applies(a, b), ==, least_changes(a, b));
  }
}

static void
test_random_edits(void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(2);
  for (int i = 0; i < 200; i++) {
    g_autoptr(GBytes) a = random_text(rand, 300, 60);
    g_autoptr(GBytes) b = edited(rand, a, g_rand_int_range(rand, 1, 20));
    g_assert_cmpuint(assert_applies(a, b), ==, least_changes(a, b));
  }
}

/* Texts with so many differences that the shortest way is not looked for. */
static void
test_bounded(void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(3);
  for (int i = 0; i < 3; i++) {
    g_autoptr(GBytes) a = random_text(rand, 20000, 30);
    g_autoptr(GBytes) b = random_text(rand, 20000, 30);
    assert_applies(a, b);
  }
}

/* patch(1) understands them, too. */
static void
test_patch(void)
{
  g_autofree char *patch = g_find_program_in_path("patch");
  if (patch == NULL) {
    g_test_skip("patch(1) is not installed");
    return;
  }
  g_autofree char *folder = g_dir_make_tmp("owup-diff-XXXXXX", NULL);
  g_autofree char *file = g_build_filename(folder, "file", NULL);
  g_autofree char *input = g_build_filename(folder, "diff", NULL);
  g_autofree char *input_flag = g_strconcat("--input=", input, NULL);
  const char *argv[] = {patch, "--silent", "--fuzz=0", file, input_flag, NULL};
  g_autoptr(GRand) rand = g_rand_new_with_seed(4);
  for (int i = 0; i < 50; i++) {
    g_autoptr(GBytes) a = random_text(rand, 60, 5);
    g_autoptr(GBytes) b = i % 2 == 0 ? random_text(rand, 60, 5) : edited(rand, a, 4);
    g_autofree char *diff = diff_unified("file", a, "file", b);
    if (*diff == '\0' || g_bytes_get_size(b) == 0) /* patch would remove the file */
      continue;
    g_assert_true(
        g_file_set_contents(file, g_bytes_get_data(a, NULL), (gssize)g_bytes_get_size(a), NULL));
    g_assert_true(g_file_set_contents(input, diff, -1, NULL));
    int status;
    g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL,
                               &status, NULL));
    g_assert_cmpint(status, ==, 0);
    g_autofree char *result = NULL;
    gsize size;
    g_assert_true(g_file_get_contents(file, &result, &size, NULL));
    g_assert_cmpmem(result, size, g_bytes_get_data(b, NULL), g_bytes_get_size(b));
  }
  g_remove(file);
  g_remove(input);
  g_assert_cmpint(g_rmdir(folder), ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/diff/form", test_form);
  g_test_add_func("/diff/no-newline", test_no_newline);
  g_test_add_func("/diff/hunks", test_hunks);
  g_test_add_func("/diff/slides", test_slides);
  g_test_add_func("/diff/odd-bytes", test_odd_bytes);
  g_test_add_func("/diff/random", test_random);
  g_test_add_func("/diff/random-edits", test_random_edits);
  g_test_add_func("/diff/bounded", test_bounded);
  g_test_add_func("/diff/patch", test_patch);
  return g_test_run();
}
