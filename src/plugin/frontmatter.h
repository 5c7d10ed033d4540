/* SPDX-License-Identifier: MIT */
/* The metadata in a plugin's docstring, exactly as a server reads it (0.6.10 to 0.12.4): the first
 * line, stripped, is `"""`; then lines matching `^\s*([a-z_]+):\s*(.*)\s*$` (ignoring case) up to a
 * line that contains `"""`. Keys keep their case, the last of the same key wins, one line a value.
 * Lines end where Python's str.splitlines ends them (also \v \f \x1c-\x1e \x85 U+2028 U+2029).
 * A server reads the text after import rewriting, so that its manifest may differ from this in a
 * value that says "from main". */
#pragma once

#include <glib.h>

typedef struct Frontmatter Frontmatter;

/* Reads `len` bytes of valid UTF-8. Never fails: no frontmatter gives an empty one. */
Frontmatter *frontmatter_parse(const char *text, gsize len);
void frontmatter_free(Frontmatter *frontmatter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Frontmatter, frontmatter_free)

/* The value as the server stores it, or NULL. Owned by `frontmatter`. */
const char *frontmatter_get(const Frontmatter *frontmatter, const char *key);

/* For a person: like frontmatter_get(), but NULL where the value is empty, and a key with `|`, `>`
 * or nothing gives the lines below it that are indented deeper, as one line of text. Owned by
 * `frontmatter`. */
const char *frontmatter_get_text(const Frontmatter *frontmatter, const char *key);

/* The keys in the order of their first appearance; const char *, owned by `frontmatter`. The array
 * is the caller's. */
GPtrArray *frontmatter_keys(const Frontmatter *frontmatter);

/* The line (from 1, counted as editors do) where the value of `key` stands, 0 where there is none.
 */
int frontmatter_line(const Frontmatter *frontmatter, const char *key);

/* Where the value of `key`, as frontmatter_get() has it, stands in the text that was parsed, in
 * bytes. FALSE: there is none. */
gboolean frontmatter_place(const Frontmatter *frontmatter, const char *key, gsize *offset,
                           gsize *length);
