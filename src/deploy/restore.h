/* SPDX-License-Identifier: MIT */
/* Putting a plugin back as it was: the one way of apply, undo, rollback and recovery. */
#pragma once

#include "client.h"
#include "confirmed_flags.h"
#include "payload.h"

/* Of which plugin, and what its flags were. */
typedef struct {
  Client *client;
  Cancel *cancel;
  Family family;
  const char *id;
  gboolean active, global;
} Restore;

/* A function's flags: those that were on are on again; what somebody switched on meanwhile stays. A
 * tool has none. TRUE only where the server's own answers showed them so.
 * `change`: what was found otherwise; or NULL. */
gboolean restore_flags(const Restore *to, FlagsChange *change, GError **error);
/* Content, name and meta as in `old`, then the flags; TRUE only for what the server's own answers
 * showed. The caller holds the plugin's lock. */
gboolean restore_plugin(const Restore *to, Payload *old, GError **error);
