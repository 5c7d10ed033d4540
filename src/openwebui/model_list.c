/* SPDX-License-Identifier: MIT */
#include "model_list.h"

#include "client_private.h"
#include "clock.h"
#include "error.h"
#include "openwebui_times.h"

#include <glib/gi18n.h>
#include <string.h>

typedef enum { MODELS_AS_WISHED, MODELS_OTHERWISE, MODELS_NONE, MODELS_UNREADABLE } Models;

/* A pipe's model has its id, those of a manifold have it before a dot. */
static gboolean
is_of(const json_t *model, const char *id)
{
  const char *found = json_string_value(json_object_get(model, "id"));
  gsize len = strlen(id);
  return found != NULL && json_object_get(model, "pipe") != NULL && strncmp(found, id, len) == 0 &&
         (found[len] == '\0' || found[len] == '.');
}

static gboolean
is_listed(const json_t *models, const char *id)
{
  for (gsize i = 0; i < json_array_size(models); i++)
    if (is_of(json_array_get(models, i), id))
      return TRUE;
  return FALSE;
}

static Models
ask(Client *client, gboolean refresh, const ModelListWish *wish, GError **error)
{
  ClientCall call = {"GET", CALL_OTHER, FAMILY_FUNCTION,
                     refresh ? "/api/models?refresh=true" : "/api/models"};
  json_auto_t *json = client_call_json(client, &call, NULL, error);
  const json_t *models = json_object_get(json, "data");
  if (!json_is_array(models)) {
    if (json != NULL)
      owup_error_set(error, OWUP_ERROR_UNKNOWN, _("The answer is JSON, but no list of models"));
    return MODELS_UNREADABLE;
  }
  /* An empty list is answered, but not kept: chat goes by the one before. */
  if (!wish->listed && refresh && json_array_size(models) == 0)
    return MODELS_NONE;
  if (!wish->listed && json_array_size(models) == 0)
    return MODELS_OTHERWISE;
  return is_listed(models, wish->id) == wish->listed ? MODELS_AS_WISHED : MODELS_OTHERWISE;
}

static char *
describe(Models models, const ModelListWish *wish, const GError *error)
{
  const char *why = error != NULL ? error->message : "";
  if (models == MODELS_NONE)
    return g_strdup_printf(
        _("'%s' goes on answering: it was the last model, and Open WebUI keeps that until there is "
          "another one. What ends it: owup enable another pipe, or owup delete %s."),
        wish->name, wish->id);
  if (models == MODELS_OTHERWISE)
    return g_strdup_printf(
        wish->listed ? _("'%s' is switched on, but Open WebUI's model list does not show it: its "
                         "pipes() may "
                         "list none, or its model is off at Admin Panel > Settings > Models.")
                     : _("'%s' may go on answering: Open WebUI's model list still shows it."),
        wish->name);
  return g_strdup_printf(
      wish->listed
          ? _("'%s' may not be found in a chat until somebody reads Open WebUI's model list, which "
              "failed here: %s")
          : _("'%s' may go on answering until somebody reads Open WebUI's model list, which failed "
              "here: %s"),
      wish->name, why);
}

/* Asked anew, the answers may differ: providers are slow, and others write. */
static Models
ask_until(Client *client, Cancel *cancel, const ModelListWish *wish, GError **error)
{
  ClockDeadline end = clock_deadline(MODEL_LIST_MS);
  for (gboolean refresh = wish->renewed;; refresh = TRUE) {
    g_clear_error(error);
    client_set_idle_timeout(client, (guint)MAX(clock_left(end), 1));
    Models models = ask(client, refresh, wish, error);
    if (models == MODELS_AS_WISHED || models == MODELS_NONE)
      return models;
    if (models == MODELS_UNREADABLE && owup_error_status(*error) >= 400 &&
        owup_error_status(*error) < 500)
      return models;
    if (clock_left(end) <= MODEL_LIST_AGAIN_MS)
      return models;
    if (refresh && !cancel_wait(cancel, MODEL_LIST_AGAIN_MS, CANCEL_GENTLY))
      return models;
  }
}

char *
model_list_renew(Client *client, Cancel *cancel, const ModelListWish *wish)
{
  g_autoptr(GError) error = NULL;
  client_begin_write(client);
  Models models = ask_until(client, cancel, wish, &error);
  client_end_write(client);
  client_set_idle_timeout(client, 0);
  return models == MODELS_AS_WISHED ? NULL : describe(models, wish, error);
}
