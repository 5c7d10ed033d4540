/* SPDX-License-Identifier: MIT */
/* Which server, with which key: each value with where it came from. First hit wins: flag; a file
 * named by --env-file; environment; .env of the current folder, the project's root, the root's
 * scripts/; for the URL at last the default. */
#pragma once

#include "setting_origin.h"
#include "trust.h"

#include <glib.h>

#define SETTINGS_DEFAULT_URL "http://localhost:3000"

/* What the command line says. All may be NULL/0. Not owned. */
typedef struct {
  const char *url;
  const char *env_file;
  const char *cacert;
  gboolean insecure;
  char **headers;   /* "Name: value", NULL-terminated */
  int timeout;      /* seconds, 0: the defaults */
  GPtrArray *notes; /* of char *: gets the warnings, also where loading fails */
  /* Does a person trust this? NULL: nobody does. */
  gboolean (*trusts)(const TrustQuestion *question, gpointer data);
  gpointer trusts_data;
} SettingsFlags;

typedef struct {
  char *url; /* normalised: scheme://host[:port][/prefix], no slash at its end */
  SettingOrigin *url_origin;
  gboolean loopback; /* the host is this machine */
  char *key;         /* never printed, logged, stored */
  SettingOrigin *key_origin;
  char *key_file;       /* that holds the key, links resolved; NULL: none */
  char *key_file_shown; /* as a person would name it; NULL: none */
  char *cacert;
  gboolean insecure;
  char **headers; /* never NULL */
  int timeout;    /* seconds, 0: the defaults */
} Settings;

/* `root` is the project's root (absolute). OWUP_ERROR_SETTINGS: a URL that is none, a file named by
 * --env-file or OPENWEBUI_API_KEY_FILE that cannot be read, a .env that is not UTF-8, a key from a
 * .env that names another URL than the one in use (both named), a key that would go where it is not
 * trusted to go (trust.h), a header without a colon.
 * OWUP_ERROR_NO_KEY with the places looked at and the next step. */
Settings *settings_load(const SettingsFlags *flags, const char *root, GError **error);
void settings_free(Settings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Settings, settings_free)
