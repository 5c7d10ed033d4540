/* SPDX-License-Identifier: MIT */
/* What a real server learns by running a plugin's code, as far as it can be known without. */
#pragma once

#include "kind.h"
#include "outline.h"
#include "sandbox.h"

#include <glib.h>
#include <jansson.h>

typedef struct {
  GBytes *held; /* after import rewriting */
  Kind kind;
  json_t *manifest; /* the frontmatter, an object of strings */
  json_t *specs;    /* tools: what can be called; else NULL */
  gboolean toggle;  /* a filter that people can switch in the chat */
  gboolean has_user_valves;
  Outline *outline;
  const OutlineItem *class; /* the plugin's, NULL where it is bound otherwise */
} LoadedCode;

/* Reads `content` (UTF-8) as a plugin of `family`. FALSE with Python's or the scan's words in
 * `*reason` (owned by the caller) where it would not load. */
gboolean code_load(GBytes *content, Family family, const SandboxOptions *options, LoadedCode *code,
                   char **reason);
void loaded_code_clear(LoadedCode *code);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LoadedCode, loaded_code_clear)
