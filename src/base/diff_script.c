/* SPDX-License-Identifier: MIT */
#include "diff_script.h"

#include <string.h>

/* From this many differences between two points on, a search takes the best way found so far: a
 * little longer than the shortest, but found in a time that grows with the length only. */
#define LIMIT 256

/* One text. Equal lines, of either text, have the same number. */
typedef struct {
  guint *numbers;
  guint8 *changed;
  guint n;
} Side;

/* The lines of one text that can match at all: those that the other text has, too, between the
 * common beginning and the common end. */
typedef struct {
  guint *numbers;
  guint *at; /* the line's place in the text */
  guint n;
} Candidates;

typedef struct {
  Candidates a, b;
  Side *a_side, *b_side;
  /* By diagonal, from -LIMIT - 1 to LIMIT + 1: how far the ways from the beginning and from the end
   * get in `a`, or -1. */
  int *ahead, *back;
} Search;

/* Candidates [a, a_end) against [b, b_end). */
typedef struct {
  guint a, a_end, b, b_end;
} Box;

/* --- from texts to numbers --- */

static GArray *
split_lines(GBytes *bytes)
{
  gsize size;
  const char *at = g_bytes_get_data(bytes, &size);
  GArray *lines = g_array_new(FALSE, FALSE, sizeof(DiffLine));
  while (size > 0) {
    const char *end = memchr(at, '\n', size);
    gsize length = end != NULL ? (gsize)(end - at) + 1 : size;
    DiffLine line = {at, length};
    g_array_append_val(lines, line);
    at += length;
    size -= length;
  }
  return lines;
}

static guint
line_hash(gconstpointer key)
{
  const DiffLine *line = key;
  guint32 hash = 2166136261u; /* FNV-1a */
  for (gsize i = 0; i < line->length; i++)
    hash = (hash ^ (guint8)line->text[i]) * 16777619u;
  return hash;
}

static gboolean
line_equal(gconstpointer a, gconstpointer b)
{
  const DiffLine *one = a, *other = b;
  return one->length == other->length && memcmp(one->text, other->text, one->length) == 0;
}

static void
side_init(Side *side, GArray *lines, GHashTable *known)
{
  side->n = lines->len;
  side->numbers = g_new(guint, lines->len);
  side->changed = g_new0(guint8, lines->len);
  for (guint i = 0; i < lines->len; i++) {
    DiffLine *line = &g_array_index(lines, DiffLine, i);
    gpointer number;
    if (!g_hash_table_lookup_extended(known, line, NULL, &number)) {
      number = GUINT_TO_POINTER(g_hash_table_size(known));
      g_hash_table_insert(known, line, number);
    }
    side->numbers[i] = GPOINTER_TO_UINT(number);
  }
}

static void
side_clear(Side *side)
{
  g_free(side->numbers);
  g_free(side->changed);
}

/* Lines [start, end) of `side` that `in_other` has; the rest is changed for certain. */
static void
candidates_init(Candidates *candidates, Side *side, guint start, guint end, const guint8 *in_other)
{
  candidates->numbers = g_new(guint, end - start);
  candidates->at = g_new(guint, end - start);
  candidates->n = 0;
  for (guint i = start; i < end; i++) {
    if (!in_other[side->numbers[i]]) {
      side->changed[i] = TRUE;
      continue;
    }
    candidates->numbers[candidates->n] = side->numbers[i];
    candidates->at[candidates->n++] = i;
  }
}

static void
candidates_clear(Candidates *candidates)
{
  g_free(candidates->numbers);
  g_free(candidates->at);
}

/* --- the shortest way from one to the other: E. Myers, "An O(ND) Difference Algorithm and Its
 * Variations", Algorithmica 1 (1986), the variant in linear space --- */

/* Goes one difference further on every diagonal (a - b) that `cost` differences reach. `reach` are
 * this direction's ways, `opposite` the other's, which has as many or one less; `back` runs from
 * the box's end. TRUE when a way meets one of the other direction, at `*x`, `*y` (counted in this
 * direction from its corner). */
static gboolean
go_further(const Search *search, const Box *box, gboolean back, int *reach, const int *opposite,
           int cost, int *x_met, int *y_met)
{
  const guint *a = search->a.numbers, *b = search->b.numbers;
  int width = (int)(box->a_end - box->a), height = (int)(box->b_end - box->b);
  reach[cost + 1] = reach[-cost - 1] = -1;
  for (int k = -cost; k <= cost; k += 2) {
    if (k < -height || k > width)
      continue;
    int x = cost == 0 ? 0 : reach[k];
    if (reach[k - 1] >= 0 && reach[k - 1] < width)
      x = MAX(x, reach[k - 1] + 1);
    if (reach[k + 1] >= 0 && reach[k + 1] - k <= height)
      x = MAX(x, reach[k + 1]);
    if (x < 0)
      continue;
    int y = x - k;
    while (x < width && y < height &&
           (back ? a[box->a_end - 1 - (guint)x] == b[box->b_end - 1 - (guint)y]
                 : a[box->a + (guint)x] == b[box->b + (guint)y])) {
      x++;
      y++;
    }
    reach[k] = x;
    int across = width - height - k; /* the same diagonal, seen from the other corner */
    if (ABS(across) <= cost && opposite[across] >= 0 && x + opposite[across] >= width) {
      *x_met = x;
      *y_met = y;
      return TRUE;
    }
  }
  return FALSE;
}

/* The point that the ways from the beginning got furthest to. */
static void
find_furthest(const Search *search, int cost, int *x, int *y)
{
  *x = *y = 0;
  for (int k = -cost; k <= cost; k += 2) {
    int reached = search->ahead[k];
    if (reached >= 0 && 2 * reached - k > *x + *y) {
      *x = reached;
      *y = reached - k;
    }
  }
}

/* A point inside the box that a shortest way passes. The box holds at least two differences. */
static void
find_split(const Search *search, const Box *box, guint *a, guint *b)
{
  int *ahead = search->ahead, *back = search->back;
  int x, y;
  for (int i = -1; i <= 1; i++)
    ahead[i] = back[i] = -1;
  for (int cost = 0; cost <= LIMIT; cost++) {
    if (go_further(search, box, FALSE, ahead, back, cost, &x, &y)) {
      *a = box->a + (guint)x;
      *b = box->b + (guint)y;
      return;
    }
    if (go_further(search, box, TRUE, back, ahead, cost, &x, &y)) {
      *a = box->a_end - (guint)x;
      *b = box->b_end - (guint)y;
      return;
    }
  }
  find_furthest(search, LIMIT, &x, &y);
  *a = box->a + (guint)x;
  *b = box->b + (guint)y;
}

/* Marks what differs in the box. */
static void
compare(const Search *search, Box box)
{
  const Candidates *a = &search->a, *b = &search->b;
  for (;;) {
    while (box.a < box.a_end && box.b < box.b_end && a->numbers[box.a] == b->numbers[box.b])
      box.a++, box.b++;
    while (box.a < box.a_end && box.b < box.b_end &&
           a->numbers[box.a_end - 1] == b->numbers[box.b_end - 1])
      box.a_end--, box.b_end--;
    if (box.a == box.a_end || box.b == box.b_end)
      break;
    guint a_split, b_split;
    find_split(search, &box, &a_split, &b_split);
    compare(search, (Box){box.a, a_split, box.b, b_split});
    box.a = a_split;
    box.b = b_split;
  }
  while (box.a < box.a_end)
    search->a_side->changed[a->at[box.a++]] = TRUE;
  while (box.b < box.b_end)
    search->b_side->changed[b->at[box.b++]] = TRUE;
}

/* Marks the changed lines of both sides. `n_numbers`: how many different lines there are. */
static void
mark_changes(Side *a, Side *b, guint n_numbers)
{
  guint start = 0, a_end = a->n, b_end = b->n;
  while (start < a_end && start < b_end && a->numbers[start] == b->numbers[start])
    start++;
  while (start < a_end && start < b_end && a->numbers[a_end - 1] == b->numbers[b_end - 1])
    a_end--, b_end--;
  g_autofree guint8 *in_a = g_new0(guint8, n_numbers), *in_b = g_new0(guint8, n_numbers);
  for (guint i = start; i < a_end; i++)
    in_a[a->numbers[i]] = TRUE;
  for (guint i = start; i < b_end; i++)
    in_b[b->numbers[i]] = TRUE;
  int ahead[2 * LIMIT + 3], back[2 * LIMIT + 3];
  Search search = {.a_side = a, .b_side = b, .ahead = ahead + LIMIT + 1, .back = back + LIMIT + 1};
  candidates_init(&search.a, a, start, a_end, in_b);
  candidates_init(&search.b, b, start, b_end, in_a);
  compare(&search, (Box){0, search.a.n, 0, search.b.n});
  candidates_clear(&search.a);
  candidates_clear(&search.b);
}

/* --- from marks to changes --- */

static guint
run_end(const Side *side, guint start)
{
  while (start < side->n && side->changed[start])
    start++;
  return start;
}

/* Lines were only added, or only removed: [*start, *end) of `side`, between lines *other - 1 and
 * *other of the other side. The same change can often be told one line further down; as far down as
 * possible, a new function is shown from its first line to the empty line behind it. */
static void
slide_down(Side *side, guint *start, guint *end, const Side *other_side, guint *other)
{
  while (*end < side->n && *other < other_side->n && !other_side->changed[*other] &&
         side->numbers[*start] == side->numbers[*end]) {
    side->changed[(*start)++] = FALSE;
    side->changed[*end] = TRUE;
    *end = run_end(side, *end);
    (*other)++;
  }
}

static GArray *
collect_changes(Side *a, Side *b)
{
  GArray *changes = g_array_new(FALSE, FALSE, sizeof(DiffChange));
  guint i = 0, j = 0;
  while (i < a->n || j < b->n) {
    DiffChange change = {i, run_end(a, i), j, run_end(b, j)};
    if (change.b == change.b_end && change.a < change.a_end) {
      slide_down(a, &change.a, &change.a_end, b, &change.b);
      change.b_end = run_end(b, change.b);
    } else if (change.a == change.a_end && change.b < change.b_end) {
      slide_down(b, &change.b, &change.b_end, a, &change.a);
      change.a_end = run_end(a, change.a);
    }
    if (change.a < change.a_end || change.b < change.b_end)
      g_array_append_val(changes, change);
    /* The line behind a change is the same on both sides. */
    i = change.a_end + 1;
    j = change.b_end + 1;
  }
  return changes;
}

DiffScript *
diff_script_new(GBytes *a, GBytes *b)
{
  DiffScript *script = g_new0(DiffScript, 1);
  script->a = split_lines(a);
  script->b = split_lines(b);
  g_autoptr(GHashTable) known = g_hash_table_new(line_hash, line_equal);
  Side a_side, b_side;
  side_init(&a_side, script->a, known);
  side_init(&b_side, script->b, known);
  mark_changes(&a_side, &b_side, g_hash_table_size(known));
  script->changes = collect_changes(&a_side, &b_side);
  side_clear(&a_side);
  side_clear(&b_side);
  return script;
}

void
diff_script_free(DiffScript *script)
{
  if (script == NULL)
    return;
  g_array_unref(script->a);
  g_array_unref(script->b);
  g_array_unref(script->changes);
  g_free(script);
}
