/* SPDX-License-Identifier: MIT */
/* The content that an answer most likely holds.
 *
 * After an update the server sends back what it was sent, and most looks find what is in the file:
 * 200 KB that are known already. Comparing them with the answer as it came costs a tenth of parsing
 * them, and parsing was a fifth of a whole deploy. Of no use outside this room.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

/* The object in `text`, where its "content" is just `expected`. NULL wherever that is not so beyond
 * doubt, or the rest is no valid JSON: then all of it has to be parsed. The caller owns it. */
json_t *reply_parse_known(GBytes *expected, const char *text, gsize len);
