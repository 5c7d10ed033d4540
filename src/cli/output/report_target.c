/* SPDX-License-Identifier: MIT */
#include "report_target.h"

#include "json_fields.h"

const char *
report_target_kind(const Target *target)
{
  if (target->local != NULL)
    return kind_name(target->local->kind);
  return target->family == FAMILY_TOOL ? kind_name(KIND_TOOL) : target->remote->type;
}

static json_t *
result_json(const char *type, const TargetResult *result)
{
  const Target *target = result->target;
  json_t *object = json_fields_new(type);
  json_add_text(object, "id", target != NULL ? target->id : result->word);
  json_add_text(object, "family", target != NULL ? family_path(target->family) : NULL);
  json_add_text(object, "kind", target != NULL ? report_target_kind(target) : NULL);
  json_add_text(object, "title", target != NULL ? target_label(target) : NULL);
  json_add_text(object, "server", result->server);
  json_object_set_new(object, "error", json_fields_error(result->error));
  return object;
}

void
report_target_deleted(Report *report, const TargetResult *result, gboolean kept)
{
  json_t *object = result_json("delete", result);
  json_add_text(object, "result", result->error == NULL ? "deleted" : "failed");
  json_add_bool(object, "kept", result->error == NULL && kept);
  report_json(report, object);
}

void
report_target_flags(Report *report, const TargetResult *result, const FlagsChange *change,
                    gboolean active, gboolean global, const char *note)
{
  gboolean well = result->error == NULL;
  json_t *object = result_json("flags", result);
  json_add_bool(object, "changed",
                change != NULL && (change->active_changed || change->global_changed));
  json_add_bool_if(object, "enabled", well || (change != NULL && change->active_changed), active);
  json_add_bool_if(object, "global", well, global);
  json_t *notes = json_array();
  if (note != NULL)
    json_add_item(notes, note);
  json_object_set_new(object, "notes", notes);
  report_json(report, object);
}

void
report_target_valves(Report *report, const TargetResult *result, json_t *valves)
{
  json_t *object = result_json("valves", result);
  json_object_set_new(object, "valves", valves != NULL ? json_incref(valves) : json_null());
  report_json(report, object);
}
