/* SPDX-License-Identifier: MIT */
#include "trust_consent.h"

#include "ci_env.h"
#include "consent.h"
#include "error.h"
#include "history.h"
#include "trust_store.h"

#include <glib/gi18n.h>

/* Not --history's: what is trusted does not depend on where old versions are kept. */
char *
trust_consent_dir(void)
{
  return history_default_dir(NULL);
}

/* A file that cannot be used is no consent, and worth a word. */
static gboolean
is_remembered(const CommandLine *line, const TrustQuestion *question)
{
  g_autofree char *dir = trust_consent_dir();
  g_autoptr(GError) error = NULL;
  gboolean trusted =
      trust_store_has(dir, question->project, question->destination, question->secret, &error);
  if (error != NULL)
    report_note(line->report, NOTE_WARNING, "%s", error->message);
  return trusted;
}

static gboolean
ask(const CommandLine *line, const TrustQuestion *question, GError **error)
{
  g_autofree char *project = g_filename_display_name(question->project);
  g_autofree char *text = g_strdup_printf(
      _("%s would send a key that is not this project's to a server. Let %s send %s to %s, "
        "now and later?"),
      question->place, project, question->secret, question->destination);
  return consent_ask(line, FALSE, text, error);
}

static gboolean
remember(const TrustQuestion *question, GError **error)
{
  g_autofree char *dir = trust_consent_dir();
  return trust_store_add(dir, question->project, question->destination, question->secret, error);
}

gboolean
trust_consent_ask(const CommandLine *line, const TrustQuestion *question, gboolean *before,
                  GError **error)
{
  *before = is_remembered(line, question);
  if (*before)
    return TRUE;
  if (!consent_possible(line, NULL)) {
    owup_error_set(error, OWUP_ERROR_USAGE, _("There is nobody to ask without a terminal"));
    if (error != NULL && question->host != NULL)
      owup_error_set_hint(*error, _("Set OWUP_TRUST=%s where the key is set."), question->host);
    return FALSE;
  }
  return ask(line, question, error) && remember(question, error);
}

gboolean
trust_consent(const TrustQuestion *question, gpointer data)
{
  const CommandLine *line = data;
  g_autoptr(GError) error = NULL;
  if (is_remembered(line, question))
    return TRUE;
  if (ci_env_runs_this() || !consent_possible(line, NULL) || !ask(line, question, NULL))
    return FALSE;
  if (!remember(question, &error))
    report_note(line->report, NOTE_WARNING, _("Not remembered: %s"), error->message);
  return TRUE;
}
