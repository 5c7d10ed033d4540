/* SPDX-License-Identifier: MIT */
/* What can go wrong, as one list: every failure below the deploy flow is a GError of the domain
 * OWUP_ERROR whose code is an OwupErrorCode, and error.c holds the one table
 * code -> name in --json -> exit status.
 *
 * Beside its message an error can carry the HTTP status, the server's own words (detail) and a next
 * step of its own (hint). They travel with g_error_copy() and g_propagate_error(); do not
 * g_prefix_error() an error that has a detail: nobody's prefix stands before the server's words.
 */
#pragma once

#include <glib.h>

#define OWUP_ERROR (owup_error_quark())

typedef enum {
  OWUP_ERROR_USAGE,    /* wrong words on the command line, a name that fits nothing or several */
  OWUP_ERROR_SETTINGS, /* a setting that cannot be used */
  OWUP_ERROR_NO_KEY,   /* no API key anywhere */
  OWUP_ERROR_KEY_BAD,  /* the server does not know the key */
  OWUP_ERROR_KEY_OFF,  /* API keys are switched off on the server */
  OWUP_ERROR_KEY_RESTRICTED, /* this key may not use this path */
  OWUP_ERROR_NOT_ADMIN,      /* the key's user may not do this */
  OWUP_ERROR_PLUGINS_OFF,    /* ENABLE_PLUGINS=false on the server */
  OWUP_ERROR_NOT_FOUND,      /* nothing under this id on the server */
  OWUP_ERROR_ID_TAKEN,       /* create: the id exists */
  OWUP_ERROR_ID_INVALID,     /* the server or owup refuses the id */
  OWUP_ERROR_REFUSED,        /* the server refuses the code and says why */
  OWUP_ERROR_REFUSED_HIDDEN, /* the server refuses the code and hides why (0.10, 0.11) */
  OWUP_ERROR_VALVES_MISFIT,  /* the code no longer accepts the stored valves (0.12) */
  OWUP_ERROR_CONFLICT,       /* someone else changed it */
  OWUP_ERROR_NOT_OPENWEBUI,  /* something answers, but not Open WebUI's API */
  OWUP_ERROR_REDIRECT,       /* the server sends us elsewhere */
  OWUP_ERROR_TOO_BIG,        /* an answer or a file beyond its limit */
  OWUP_ERROR_BLOCKED,        /* something in front of the server did not pass the request on */
  OWUP_ERROR_UNREACHABLE,    /* no connection */
  OWUP_ERROR_TLS,            /* the certificate or the handshake */
  OWUP_ERROR_PROXY,          /* no connection, through a proxy */
  OWUP_ERROR_TIMEOUT,        /* connected, but no answer in time */
  OWUP_ERROR_UNKNOWN, /* a write whose end could not be learned, or an answer that makes no sense */
  OWUP_ERROR_SERVER,  /* the server failed by itself: 5xx, or a status nobody expects */
  OWUP_ERROR_LOCAL_PLUGIN, /* the local file is no plugin that could be sent */
  OWUP_ERROR_LOCAL_STATE,  /* something of this machine: a file, a folder, a database */
  OWUP_ERROR_SKIPPED,      /* not sent, since another plugin of the batch failed */
  OWUP_ERROR_REVERTED,     /* sent and taken back, since another of the batch failed */
  OWUP_ERROR_INTERRUPTED,  /* Ctrl-C */
  OWUP_N_ERRORS
} OwupErrorCode;

GQuark owup_error_quark(void);

/* Registers the domain, once, before the first thread: GLib does so at the first error, without a
 * lock that ThreadSanitizer sees. */
void owup_error_init(void);

/* The code's word in --json, e.g. "key_bad". Static. */
const char *owup_error_name(OwupErrorCode code);

/* The exit status that stands for the code (1 to 5, 130). */
int owup_error_exit(OwupErrorCode code);

/* Makes an error with a printf-style message. */
GError *owup_error_new(OwupErrorCode code, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Sets `*error`, unless `error` is NULL. FALSE, so that what failed can return it. */
gboolean owup_error_set(GError **error, OwupErrorCode code, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
/* The same where a pointer is returned: NULL. */
#define owup_error_null(...) ((void)owup_error_set(__VA_ARGS__), NULL)
/* Gives a hint to what owup_error_set() has just set. FALSE. */
gboolean owup_error_add_hint(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* At the head of a function that looks at `*error`: it has an error of its own where its caller
 * wants none. */
#define OWUP_ERROR_GUARD(error)                                                                    \
  g_autoptr(GError) unwanted = NULL;                                                               \
  (error) = (error) != NULL ? (error) : &unwanted

/* HTTP status of the answer that the error is about, 0 where there was none. */
int owup_error_status(const GError *error);
/* The server's own words, without its "[ERROR: ...]" wrapper, or NULL. Owned by the error. */
const char *owup_error_detail(const GError *error);
/* The one next step for the user, or NULL. Owned by the error. May have several lines. */
const char *owup_error_hint(const GError *error);

/* Fill in what owup_error_status(), _detail() and _hint() give; strings are copied. `error` is of
 * OWUP_ERROR. */
void owup_error_set_status(GError *error, int status);
void owup_error_set_detail(GError *error, const char *detail);
void owup_error_set_hint(GError *error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* g_error_matches() for our own domain. */
gboolean owup_error_is(const GError *error, OwupErrorCode code);
/* Did nobody answer: no connection, or no byte in time? */
gboolean owup_error_is_silence(const GError *error);
