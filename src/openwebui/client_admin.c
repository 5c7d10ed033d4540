/* SPDX-License-Identifier: MIT */
#include "client_admin.h"

#include "client_private.h"
#include "error.h"
#include "json_text.h"
#include "valve_secret.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

static void
set_senseless(GError **error, const char *what)
{
  owup_error_set(error, OWUP_ERROR_UNKNOWN, _("The answer is JSON, but no %s"), what);
}

GPtrArray *
client_list(Client *client, Family family, gboolean content, GError **error)
{
  g_autofree char *path =
      g_strconcat("/api/v1/", family_path(family), content ? "/export" : "/", NULL);
  ClientCall call = {"GET", CALL_LIST, family, path};
  json_auto_t *json = client_call_json(client, &call, NULL, error);
  if (json == NULL)
    return NULL;
  if (!json_is_array(json)) {
    set_senseless(error, _("list of plugins"));
    return NULL;
  }
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)remote_plugin_free);
  for (gsize i = 0; i < json_array_size(json); i++) {
    RemotePlugin *remote = remote_plugin_from_json(family, json_array_get(json, i), error);
    if (remote == NULL)
      return NULL;
    redactor_spare(client_redactor(client), remote->id);
    g_ptr_array_add(list, remote);
  }
  return g_steal_pointer(&list);
}

/* Reads the code of what a list has without it, where it is shared. FALSE: `error`. */
static gboolean
read_contents(Client *client, const GPtrArray *list, GError **error)
{
  for (guint i = 0; i < list->len; i++) {
    RemotePlugin *remote = g_ptr_array_index(list, i);
    g_autoptr(GError) failed = NULL;
    if (remote->content != NULL)
      continue;
    g_autoptr(RemotePlugin) whole = client_read(client, remote->family, remote->id, &failed);
    if (whole != NULL) {
      remote->content = g_bytes_ref(whole->content);
    } else if (!owup_error_is(failed, OWUP_ERROR_NOT_ADMIN) &&
               !owup_error_is(failed, OWUP_ERROR_NOT_FOUND)) {
      g_propagate_error(error, g_steal_pointer(&failed));
      return FALSE;
    }
  }
  return TRUE;
}

GPtrArray *
client_list_readable(Client *client, Family family, gboolean *partly, GError **error)
{
  g_autoptr(GError) failed = NULL;
  GPtrArray *all = client_list(client, family, TRUE, &failed);
  *partly = FALSE;
  if (all != NULL)
    return all;
  if (family != FAMILY_TOOL || owup_error_status(failed) != 401) {
    g_propagate_error(error, g_steal_pointer(&failed));
    return NULL;
  }
  *partly = TRUE;
  g_autoptr(GPtrArray) list = client_list(client, family, FALSE, error);
  return list != NULL && read_contents(client, list, error) ? g_steal_pointer(&list) : NULL;
}

gboolean
client_flip(Client *client, const char *id, ServerFlag flag, gboolean *now, gboolean *sent,
            GError **error)
{
  g_autofree char *path =
      client_plugin_path(FAMILY_FUNCTION, id, flag == FLAG_GLOBAL ? "/toggle/global" : "/toggle");
  ClientCall call = {"POST", CALL_OTHER, FAMILY_FUNCTION, path, .once = TRUE};
  g_autoptr(RemotePlugin) remote = client_call_plugin(client, &call, id, sent, error);
  if (remote == NULL)
    return FALSE;
  *now = flag == FLAG_GLOBAL ? remote->is_global : remote->is_active;
  return TRUE;
}

static json_t *
read_object(Client *client, const ClientCall *call, gboolean *sent, const char *what,
            GError **error)
{
  json_auto_t *json = client_call_json(client, call, sent, error);
  if (json == NULL)
    return NULL;
  if (json_is_object(json))
    return json_incref(json);
  if (json_is_null(json))
    return json_object();
  set_senseless(error, what);
  return NULL;
}

json_t *
client_valves(Client *client, Family family, const char *id, GError **error)
{
  g_autofree char *path = client_plugin_path(family, id, "/valves");
  ClientCall call = {"GET", CALL_READ, family, path};
  json_t *valves = read_object(client, &call, NULL, _("valves"), error);
  valve_secret_teach(client_redactor(client), NULL, valves);
  redactor_spare(client_redactor(client), id);
  return valves;
}

json_t *
client_valves_spec(Client *client, Family family, const char *id, GError **error)
{
  g_autofree char *path = client_plugin_path(family, id, "/valves/spec");
  ClientCall call = {"GET", CALL_READ, family, path};
  json_auto_t *json = client_call_json(client, &call, NULL, error);
  if (json == NULL || json_is_null(json))
    return NULL;
  if (json_is_object(json))
    return json_incref(json);
  set_senseless(error, _("description of valves"));
  return NULL;
}

json_t *
client_set_valves(Client *client, Family family, const char *id, const json_t *valves,
                  gboolean *sent, GError **error)
{
  g_autofree char *path = client_plugin_path(family, id, "/valves/update");
  g_autofree char *body = json_text(valves, JSON_COMPACT);
  valve_secret_teach(client_redactor(client), NULL, valves);
  redactor_spare(client_redactor(client), id);
  ClientCall call = {"POST", CALL_OTHER, family, path, body, strlen(body), .once = TRUE};
  return read_object(client, &call, sent, _("valves"), error);
}

gboolean
client_delete(Client *client, Family family, const char *id, gboolean *sent, GError **error)
{
  g_autofree char *path = client_plugin_path(family, id, "/delete");
  ClientCall call = {"DELETE", CALL_OTHER, family, path, .once = TRUE};
  json_auto_t *json = client_call_json(client, &call, sent, error);
  if (json == NULL)
    return FALSE;
  if (json_is_true(json))
    return TRUE;
  owup_error_set(error, OWUP_ERROR_SERVER, _("The server did not delete '%s'"), id);
  return FALSE;
}

GBytes *
client_format(Client *client, GBytes *code, GError **error)
{
  gsize len;
  const char *text = g_bytes_get_data(code, &len);
  json_auto_t *content = json_stringn(text != NULL ? text : "", len);
  json_auto_t *request = content != NULL ? json_pack("{s:O}", "code", content) : NULL;
  g_autofree char *body = json_text(request, JSON_COMPACT);
  if (body == NULL) {
    owup_error_set(error, OWUP_ERROR_LOCAL_PLUGIN, _("The text is not UTF-8"));
    return NULL;
  }
  ClientCall call = {"POST", CALL_OTHER,  FAMILY_FUNCTION, "/api/v1/utils/code/format",
                     body,   strlen(body)};
  json_auto_t *json = client_call_json(client, &call, NULL, error);
  json_t *formatted = json_object_get(json, "code");
  if (json_is_string(formatted))
    return g_bytes_new(json_string_value(formatted), json_string_length(formatted));
  if (json != NULL)
    set_senseless(error, _("formatted code"));
  return NULL;
}
