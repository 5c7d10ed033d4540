/* A unified diff in one piece: everything between the first and the last line that differs. */
#pragma once

/* "" where no line differs (line endings aside). Lines are joined by \n, without one at the end.
 * Owned by the caller. */
char *line_diff(const char *before, const char *after, const char *from_name, const char *to_name);
