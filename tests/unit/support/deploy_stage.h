/* SPDX-License-Identifier: MIT */
/* A stage (stage.h) with what a deploy needs besides: a history, options, and an ear for what it
 * tells. */
#pragma once

#include "deploy.h"
#include "history.h"
#include "journal.h"
#include "support/stage.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct {
  Stage *stage;
  History *history;
  DeployOptions options;
  DeployContext context;
  GString *told; /* the texts of all events, a line each */
  char *bin;     /* where programs are looked for; it may be empty */
} DeployStage;

static inline void
deploy_stage_hear(Event *taken, gpointer data)
{
  DeployStage *play = data;
  g_autoptr(Event) event = taken;
  if (event->text != NULL)
    g_string_append_printf(play->told, "%s\n", event->text);
}

/* There is no python3 until deploy_stage_give_python(). */
static inline DeployStage *
deploy_stage_new(StageGeneration generation)
{
  DeployStage *play = g_new0(DeployStage, 1);
  play->stage = stage_new(generation);
  play->told = g_string_new(NULL);
  play->bin = g_dir_make_tmp("owup-test-XXXXXX", NULL);
  g_setenv("PATH", play->bin, TRUE);
  g_autofree char *dir = g_build_filename(play->stage->tree->root, "state", NULL);
  play->history = history_open(dir, NULL);
  g_assert_nonnull(play->history);
  return play;
}

/* A python3 that says this of every text: "fine", or "broken\n2\n1\nWORDS". */
static inline void
deploy_stage_give_python(const DeployStage *play, const char *answer)
{
  g_autofree char *program = g_strdup_printf("#!/bin/sh\nprintf '%%s\\nend' '%s'\n", answer);
  g_autofree char *path = g_build_filename(play->bin, "python3", NULL);
  g_assert_true(g_file_set_contents_full(path, program, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
}

static inline void
deploy_stage_play(DeployStage *play, const char *script)
{
  stage_play(play->stage, script);
  play->context = (DeployContext){
      .client = play->stage->client,
      .cancel = play->stage->cancel,
      .options = &play->options,
      .history = play->history,
      .observe = deploy_stage_hear,
      .data = play,
  };
}

static inline Plugin *
deploy_stage_plugin(const char *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
  return plugin_from_bytes("p.py", bytes, NULL);
}

/* Deploys stage_text("new"). */
static inline Outcome *
deploy_stage_deploy(DeployStage *play)
{
  g_autoptr(Plugin) plugin = deploy_stage_plugin(stage_text("new"));
  return deploy_one(&play->context, plugin, NULL);
}

/* What the history has of the plugin, the oldest first: "replaced sent". The caller owns it. */
static inline char *
deploy_stage_kept(const DeployStage *play)
{
  g_autoptr(GPtrArray) list =
      history_list(play->history, client_url(play->stage->client), FAMILY_FUNCTION, STAGE_ID, NULL);
  GString *kept = g_string_new(NULL);
  for (guint i = list->len; i > 0; i--) {
    const HistoryEntry *entry = g_ptr_array_index(list, i - 1);
    g_string_append_printf(kept, "%s%s", kept->len > 0 ? " " : "",
                           history_action_name(entry->action));
  }
  return g_string_free(kept, FALSE);
}

/* How many writes the journal has open. */
static inline guint
deploy_stage_open(const DeployStage *play)
{
  g_autoptr(GPtrArray) rows = journal_rows(play->history, client_url(play->stage->client), NULL);
  return rows->len;
}

/* An entry of the text called `word`; `stamp` is what its meta.owup holds, or NULL. After
 * deploy_stage_play(). */
static inline void
deploy_stage_remember(const DeployStage *play, HistoryAction action, const char *word, gint64 at,
                      json_t *stamp)
{
  g_autoptr(HistoryEntry) entry =
      history_entry_new(client_url(play->stage->client), FAMILY_FUNCTION, STAGE_ID, action);
  g_autoptr(GBytes) text = stage_bytes(word);
  json_auto_t *meta = stamp != NULL ? json_pack("{s:O}", "owup", stamp) : NULL;
  entry->at = at;
  entry->name = g_strdup(STAGE_NAME);
  entry->meta = meta != NULL ? json_dumps(meta, 0) : NULL;
  g_assert_true(history_add(play->history, entry, text, NULL));
}

static inline void
deploy_stage_end(DeployStage *play)
{
  g_autofree char *python = g_build_filename(play->bin, "python3", NULL);
  g_remove(python);
  g_remove(play->bin);
  g_free(play->bin);
  history_free(play->history);
  stage_end(play->stage);
  g_string_free(play->told, TRUE);
  g_free(play);
}
