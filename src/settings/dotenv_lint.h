/* SPDX-License-Identifier: MIT */
/* Lines of a .env that were plainly meant for owup and are not what it reads. A .env is shared with
 * other programs: a line that may be theirs is passed over silently. */
#pragma once

#include "dotenv.h"

typedef enum { DOUBT_URL, DOUBT_KEY } DoubtAbout;

/* The warnings about the URL or the key in `lines` (GPtrArray of DotenvLine) are appended to
 * `notes` (of char *). `file` is its name to show. No value is ever in them. */
void dotenv_lint(const char *file, const GPtrArray *lines, DoubtAbout about, GPtrArray *notes);
