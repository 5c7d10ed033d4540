/* Taking secrets out of what a person or a log gets to see. */
#pragma once

#include <glib.h>

/* A copy of `text` with every occurrence of `secret`, and everything that looks like an API key
 * (sk-...) or a JSON web token (eyJ...), replaced by asterisks. `secret` may be NULL. */
char *redact_text(const char *text, const char *secret);
