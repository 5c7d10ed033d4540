/* SPDX-License-Identifier: MIT */
/* Where a secret may go.
 *
 * Whoever wrote a .env that is merely found (a checkout, an archive) decides with it where requests
 * go. A secret that is not the project's own meets such a destination only where that is this
 * machine, or is trusted: by OWUP_TRUST=HOST[,HOST...] in the environment, or by a person, which
 * the caller knows (SettingsFlags). What stands whole in one place, or was named on the command
 * line, needs nothing.
 */
#pragma once

#include "setting_sources.h"

#include <glib.h>

/* What a setting decides; all of them together are the destination. */
typedef enum {
  TRUST_SERVER, /* a URL: OWUP_TRUST can vouch for its host */
  TRUST_PROXY,  /* the same; and nothing is on this machine any more */
  TRUST_WEAKER, /* what is believed on the way there: only a person can vouch for it */
} TrustPartType;

typedef struct {
  TrustPartType type;
  const char *name;     /* "url" */
  const char *value;    /* NULL: not set */
  const Source *source; /* where it was found; NULL: on the command line, or by default */
} TrustPart;

typedef struct {
  const char *name;     /* "OPENWEBUI_API_KEY" */
  const Source *source; /* where it, or its file's name, stands */
  const char *file;     /* that is named there and holds it, links resolved; or NULL */
} TrustSecret;

/* What must be trusted: this project's folder may send this secret there. */
typedef struct {
  char *project;     /* absolute, links resolved */
  char *destination; /* "https://owui.example", the host in ASCII; then what else is found */
  char *place;       /* where the destination stands: "url in .env" */
  char *secret;      /* its name, and its file's path where the project names it */
  char *host;        /* what OWUP_TRUST must list; NULL: that is not enough */
} TrustQuestion;

void trust_question_free(TrustQuestion *question);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TrustQuestion, trust_question_free)

/* NULL: the two may meet. `parts`: the first is the server. `loopback`: the server is this machine.
 * `root` is the project's. Owned by the caller. */
TrustQuestion *trust_judge(const TrustPart *parts, gsize n_parts, const TrustSecret *secret,
                           const char *root, gboolean loopback);

/* The project's folder, links resolved, where `dir` is the current folder or a found file's: the
 * root, but the home folder and what is above it are no project; then `dir`. Owned by the caller.
 */
char *trust_project(const char *root, const char *dir);

/* The error of one that nobody trusts; in CI it names OWUP_TRUST. */
GError *trust_error(const TrustQuestion *question);
