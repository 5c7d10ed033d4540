/* SPDX-License-Identifier: MIT */
/* Where a setting came from. */
#pragma once

#include <glib.h>

typedef enum {
  ORIGIN_DEFAULT,
  ORIGIN_FLAG,
  ORIGIN_ENV_FILE, /* the file of --env-file */
  ORIGIN_ENVIRONMENT,
  ORIGIN_DOTENV, /* a .env */
} SettingOriginType;

typedef struct {
  SettingOriginType type;
  const char *name; /* the flag, the variable or the name in the file; NULL: the default. Static. */
  char *file;       /* as a person would name it; NULL: it stands in none */
} SettingOrigin;

/* `name` stays with the caller, `file` is copied; both may be NULL. */
SettingOrigin *setting_origin_new(SettingOriginType type, const char *name, const char *file);
void setting_origin_free(SettingOrigin *origin);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SettingOrigin, setting_origin_free)

/* "--url", "OPENWEBUI_URL", "url in scripts/.env", "default", for a person. Owned by the caller. */
char *setting_origin_text(const SettingOrigin *origin);
