/* SPDX-License-Identifier: MIT */
/* An embedded server that imitates Open WebUI's functions and tools API, for tests, demonstrations
 * and trying things out. It listens on 127.0.0.1 only.
 *
 * sandbox_start(), then requests from anywhere on this machine, at last sandbox_stop(). It runs in
 * threads of its own (one a connection, so a delayed answer holds up nobody else) over one SQLite
 * database.
 *
 * Measured on real Open WebUI 0.9.6, 0.11.4 and 0.12.4, which the three generations stand for:
 * paths, status codes, `detail` texts, frontmatter, import rewriting, history, what a failed update
 * does to a function that is switched on, and the web page for unknown paths. tests/compare holds
 * it against the real ones.
 *
 * It cannot run Python, so it differs where a real server does:
 * - Code is refused where the scan (scan.h) finds it broken or without a plugin class, in the
 * scan's own words followed by "(<string>, line N)". An import that fails, a constructor that
 * raises and requirements that cannot be installed go unseen.
 * - Valves are read from the text of `class Valves`: int, float, bool, str, list and dict, also
 *   optional ones, are checked and converted as pydantic does (so is 0.12's check of new code
 *   against the stored valves), everything else is taken as sent. The schema that `valves/spec`
 *   answers holds those types and plain defaults; settings that are inherited are missing in it.
 * - A tool's `specs` hold the names of its methods only, and /api/models knows no pipe that stands
 *   for several models.
 * - `POST /api/v1/utils/code/format` answers 501 and says so.
 *
 * Left out: signing in (every key is an API key), /functions/sync, /load/url, groups, and text that
 * JSON can only carry as half of a surrogate pair (422).
 */
#pragma once

#include <glib.h>

typedef enum { SANDBOX_0_9, SANDBOX_0_11, SANDBOX_0_12 } SandboxGeneration;

/* "0.9", "0.11", "0.12" (also "0.9.6" and so on). FALSE for other words. */
gboolean sandbox_generation_parse(const char *word, SandboxGeneration *generation);

typedef struct {
  guint16 port;          /* 0: a free one */
  const char *data_file; /* kept between runs, keys included (0600); NULL: in memory */
  SandboxGeneration generation;
  guint delay_ms; /* every answer comes that much later, after acting */
  /* With cut_set, the write request number `cut_number` (from 1) gets no answer: its connection is
   * closed, with cut_before without acting, else after acting. A write request is a POST or DELETE
   * below /api/v1/functions/ or /api/v1/tools/ whose whole body arrived, whatever its answer would
   * be; they are numbered over the sandbox's life in the order of their arrival. Only that one is
   * cut. */
  gboolean cut_set, cut_before;
  guint cut_number;
  gboolean keys_off;    /* API keys are not enabled: 403 for every key */
  gboolean plugins_off; /* ENABLE_PLUGINS=false; 0.9 knows no such switch and ignores it */
} SandboxOptions;

typedef struct Sandbox Sandbox;

/* Starts it; it answers when this returns. NULL with OWUP_ERROR_LOCAL_STATE: the port is taken, the
 * data file cannot be used or is from a newer owup. `options` is copied. */
Sandbox *sandbox_start(const SandboxOptions *options, GError **error);

/* Ends all connections, waits for its threads and frees it. NULL does nothing. */
void sandbox_stop(Sandbox *sandbox);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sandbox, sandbox_stop)

/* "http://127.0.0.1:PORT". Owned by `sandbox`, as are the keys. */
const char *sandbox_url(const Sandbox *sandbox);
/* An administrator's API key, "sk-...". Random; kept with the data file. */
const char *sandbox_key(const Sandbox *sandbox);
/* The API key of a user who is no administrator. */
const char *sandbox_user_key(const Sandbox *sandbox);
