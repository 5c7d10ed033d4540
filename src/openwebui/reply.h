/* SPDX-License-Identifier: MIT */
/* What an answer of a server means: the one place that knows Open WebUI's generations and words.
 * Every text here was measured on 0.6.10, 0.6.43, 0.8.12, 0.9.6, 0.10.2, 0.11.4 and 0.12.4. */
#pragma once

#include "http.h"
#include "kind.h"

#include <jansson.h>

typedef enum { CALL_READ, CALL_LIST, CALL_UPDATE, CALL_CREATE, CALL_OTHER } Call;

/* What kind of place the key came from: what is to be done about a bad one. */
typedef enum { KEY_PLACE_UNKNOWN, KEY_PLACE_FILE, KEY_PLACE_VARIABLE } KeyPlace;

/* What the server's words in an error tell beyond its code. */
typedef enum {
  REASON_OTHER,
  REASON_NO_KEY,   /* no key arrived with the request */
  REASON_NO_CLASS, /* the code has no plugin class that this version knows */
} ReplyReason;

/* What a generation does; learned from its answers and, once asked, from its version. */
typedef struct {
  gboolean known;       /* 0.12 can be told from what came before it */
  gboolean has_history; /* 0.12 on: version_id in every plugin */
} Capabilities;

/* Which exchange an answer belongs to. Strings are not owned. */
typedef struct {
  Call call;
  Family family;
  const char *url;        /* the server's normalised URL, for the messages */
  const char *path;       /* what was asked below it, "/api/v1/..." */
  const char *key_origin; /* where the key came from, "api_key in scripts/.env"; or NULL */
  KeyPlace key_place;     /* KEY_PLACE_UNKNOWN where `key_origin` is NULL */
  gint64 key_expires;     /* a session token's end, seconds since 1970; 0: it has none */
  gboolean key_proven;    /* the server took this key before */
  GBytes *expected;       /* the content that is most likely in the answer; or NULL */
  Redactor *redactor;     /* for the server's words; NULL: by looks alone */
  gboolean reads_pass;    /* Open WebUI itself has answered a read */
  gboolean key_aside;     /* the key goes as x-api-key, beside an Authorization of the user's own */
} ReplyContext;

/* Reads the JSON of a 200 answer, or says what else it is. `*json` is owned by the caller
 * (json_auto_t). `learned` (may be NULL) gets what the answer tells of the generation, also where
 * the answer is an error. Errors, each with status, the server's words as detail where it has any
 * (without "[ERROR: …]", nested ones too), and a hint where there is one next step:
 *   NOT_FOUND      only the measured texts. An update of a missing function says REFUSED_HIDDEN
 *                  before 0.12: whoever knows what was there must tell the two apart.
 *   KEY_BAD        and every unknown 401
 *   KEY_OFF, KEY_RESTRICTED, NOT_ADMIN, PLUGINS_OFF (0.12 says so; 0.11 answers REFUSED_HIDDEN)
 *   ID_TAKEN, ID_INVALID, REFUSED, REFUSED_HIDDEN, VALVES_MISFIT
 *   NOT_OPENWEBUI  a web page, a login page in front, another JSON service
 *   REDIRECT       with the URL to use, where it can be told
 *   TOO_BIG        413 of something in front
 *   BLOCKED        something in front, or the server's own front, took the request for itself
 *   PROXY          407
 *   SERVER         5xx and what nobody expects
 *   UNKNOWN        a 200 whose body is empty, cut or no JSON; a lone surrogate is named */
gboolean reply_read(const HttpAnswer *answer, const ReplyContext *context, Capabilities *learned,
                    json_t **json, GError **error);

/* Of an error that reply_read() made, its detail untouched. */
ReplyReason reply_reason(const GError *error);
/* NOT_FOUND with 401, which elsewhere speaks of the key: so does a server answer the update of a
 * tool that is not there. */
gboolean reply_missing_looks_denied(const GError *error);

/* The words behind which a server repeats what a plugin says of stored valves, as yet unread.
 * Static. */
const char *reply_valves_words(void);

/* An answer of one who took the request for himself and passed nothing on: too big, too many, a
 * header or a method that he does not like. What was sent surely changed nothing. */
gboolean reply_not_passed_on(const GError *error);

/* A status that something in front of Open WebUI gives when it does not reach it: 502 to 504, and
 * 520 to 530, which are Cloudflare's. */
gboolean reply_is_gateway(int status);
/* One of these behind which the server may still be at work on the request: the connection was
 * there, the answer was not. */
gboolean reply_may_be_at_work(int status);

/* Fills in all of `capabilities` from a version, "0.11.4". No change where it is none. */
void reply_learn_version(const char *version, Capabilities *capabilities);
