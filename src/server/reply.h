/* What an answer of a server means: the one place that knows Open WebUI's generations and words.
 * Every text here was measured on 0.6.10, 0.6.43, 0.8.12, 0.9.6, 0.10.2, 0.11.4 and 0.12.4. */
#pragma once

#include "http.h"
#include "kind.h"

#include <jansson.h>

typedef enum { CALL_READ, CALL_LIST, CALL_UPDATE, CALL_CREATE, CALL_OTHER } Call;

/* What a generation does; learned from its answers. */
typedef struct {
  gboolean known;           /* some answer told the generation */
  gboolean has_history;     /* 0.12 on: version_id in every answer */
  gboolean switches_off;    /* before 0.12: a failed update switches a live function off */
  gboolean hides_reason;    /* 0.10 and 0.11 on update; 0.10 on for create */
  gboolean keeps_tool_meta; /* 0.12 on */
} Capabilities;

/* Reads the JSON of a 200 answer, or says what else it is. `*json` is owned by the caller
 * (json_auto_t). Errors, each with status, the server's detail without "[ERROR: …]" (nested ones
 * too), and a hint where there is one next step: NOT_FOUND (only the measured texts; an unknown 401
 * is KEY_BAD), KEY_BAD, KEY_OFF, KEY_RESTRICTED, NOT_ADMIN, PLUGINS_OFF, ID_TAKEN, ID_INVALID,
 * REFUSED, REFUSED_HIDDEN, VALVES_MISFIT, NOT_OPENWEBUI (a web page, a proxy's login page, another
 * JSON service), REDIRECT (with the URL to use), SERVER (5xx and the rest), UNKNOWN (200 whose body
 * is empty, cut or no JSON; lone surrogates named as what they are).
 * `url` is the server's normalised URL for the messages. */
gboolean reply_read(const HttpAnswer *answer, Call call, Family family, const char *url,
                    json_t **json, GError **error);
