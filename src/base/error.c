/* SPDX-License-Identifier: MIT */
#include "error.h"

#include <stdarg.h>

typedef struct {
  int status;
  char *detail;
  char *hint;
} OwupErrorPrivate;

static void
owup_error_private_init(OwupErrorPrivate *priv)
{
  g_return_if_fail(priv != NULL);
  *priv = (OwupErrorPrivate){0};
}

static void
owup_error_private_copy(const OwupErrorPrivate *from, OwupErrorPrivate *to)
{
  g_return_if_fail(from != NULL && to != NULL);
  to->status = from->status;
  to->detail = g_strdup(from->detail);
  to->hint = g_strdup(from->hint);
}

static void
owup_error_private_clear(OwupErrorPrivate *priv)
{
  g_return_if_fail(priv != NULL);
  g_free(priv->detail);
  g_free(priv->hint);
}

G_DEFINE_EXTENDED_ERROR(OwupError, owup_error)

static const struct {
  const char *name;
  int exit;
} codes[OWUP_N_ERRORS] = {
    [OWUP_ERROR_USAGE] = {"usage", 2},
    [OWUP_ERROR_SETTINGS] = {"settings", 2},
    [OWUP_ERROR_NO_KEY] = {"no_key", 3},
    [OWUP_ERROR_KEY_BAD] = {"key_bad", 3},
    [OWUP_ERROR_KEY_OFF] = {"key_off", 3},
    [OWUP_ERROR_KEY_RESTRICTED] = {"key_restricted", 3},
    [OWUP_ERROR_NOT_ADMIN] = {"not_admin", 3},
    [OWUP_ERROR_PLUGINS_OFF] = {"plugins_off", 1},
    [OWUP_ERROR_NOT_FOUND] = {"not_found", 1},
    [OWUP_ERROR_ID_TAKEN] = {"id_taken", 1},
    [OWUP_ERROR_ID_INVALID] = {"id_invalid", 5},
    [OWUP_ERROR_REFUSED] = {"refused", 1},
    [OWUP_ERROR_REFUSED_HIDDEN] = {"refused_hidden", 1},
    [OWUP_ERROR_VALVES_MISFIT] = {"valves_misfit", 1},
    [OWUP_ERROR_CONFLICT] = {"conflict", 1},
    [OWUP_ERROR_NOT_OPENWEBUI] = {"not_openwebui", 4},
    [OWUP_ERROR_REDIRECT] = {"redirect", 4},
    [OWUP_ERROR_TOO_BIG] = {"too_big", 4},
    [OWUP_ERROR_BLOCKED] = {"blocked", 4},
    [OWUP_ERROR_UNREACHABLE] = {"unreachable", 4},
    [OWUP_ERROR_TLS] = {"tls", 4},
    [OWUP_ERROR_PROXY] = {"proxy", 4},
    [OWUP_ERROR_TIMEOUT] = {"timeout", 4},
    [OWUP_ERROR_UNKNOWN] = {"unknown", 4},
    [OWUP_ERROR_SERVER] = {"server", 1},
    [OWUP_ERROR_LOCAL_PLUGIN] = {"local_plugin", 5},
    [OWUP_ERROR_LOCAL_STATE] = {"local_state", 2},
    [OWUP_ERROR_SKIPPED] = {"skipped", 1},
    [OWUP_ERROR_REVERTED] = {"reverted", 1},
    [OWUP_ERROR_INTERRUPTED] = {"interrupted", 130},
};

void
owup_error_init(void)
{
  g_autoptr(GError) first = owup_error_new(OWUP_ERROR_USAGE, "%s", "");
}

const char *
owup_error_name(OwupErrorCode code)
{
  g_return_val_if_fail(code < OWUP_N_ERRORS, "unknown");
  return codes[code].name;
}

int
owup_error_exit(OwupErrorCode code)
{
  g_return_val_if_fail(code < OWUP_N_ERRORS, 1);
  return codes[code].exit;
}

static GError *error_new_valist(OwupErrorCode code, const char *format, va_list args)
    G_GNUC_PRINTF(2, 0);

static GError *
error_new_valist(OwupErrorCode code, const char *format, va_list args)
{
  return g_error_new_valist(OWUP_ERROR, (int)code, format, args);
}

GError *
owup_error_new(OwupErrorCode code, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  GError *error = error_new_valist(code, format, args);
  va_end(args);
  return error;
}

gboolean
owup_error_set(GError **error, OwupErrorCode code, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  if (error != NULL)
    g_propagate_error(error, error_new_valist(code, format, args));
  va_end(args);
  return FALSE;
}

static OwupErrorPrivate *
error_private(const GError *error)
{
  return error != NULL && error->domain == OWUP_ERROR ? owup_error_get_private(error) : NULL;
}

int
owup_error_status(const GError *error)
{
  OwupErrorPrivate *priv = error_private(error);
  return priv != NULL ? priv->status : 0;
}

const char *
owup_error_detail(const GError *error)
{
  OwupErrorPrivate *priv = error_private(error);
  return priv != NULL ? priv->detail : NULL;
}

const char *
owup_error_hint(const GError *error)
{
  OwupErrorPrivate *priv = error_private(error);
  return priv != NULL ? priv->hint : NULL;
}

void
owup_error_set_status(GError *error, int status)
{
  OwupErrorPrivate *priv = error_private(error);
  g_return_if_fail(priv != NULL);
  priv->status = status;
}

void
owup_error_set_detail(GError *error, const char *detail)
{
  OwupErrorPrivate *priv = error_private(error);
  g_return_if_fail(priv != NULL);
  char *before = priv->detail; /* `detail` may be a part of it */
  priv->detail = g_strdup(detail);
  g_free(before);
}

static void set_hint(GError *error, const char *format, va_list args) G_GNUC_PRINTF(2, 0);

static void
set_hint(GError *error, const char *format, va_list args)
{
  OwupErrorPrivate *priv = error_private(error);
  g_return_if_fail(priv != NULL);
  char *before = priv->hint; /* may be among the arguments */
  priv->hint = g_strdup_vprintf(format, args);
  g_free(before);
}

void
owup_error_set_hint(GError *error, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  set_hint(error, format, args);
  va_end(args);
}

gboolean
owup_error_add_hint(GError **error, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  if (error != NULL)
    set_hint(*error, format, args);
  va_end(args);
  return FALSE;
}

gboolean
owup_error_is(const GError *error, OwupErrorCode code)
{
  return g_error_matches(error, OWUP_ERROR, (int)code);
}

gboolean
owup_error_is_silence(const GError *error)
{
  return owup_error_is(error, OWUP_ERROR_TIMEOUT) || owup_error_is(error, OWUP_ERROR_UNREACHABLE);
}
