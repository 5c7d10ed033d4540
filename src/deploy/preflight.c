/* SPDX-License-Identifier: MIT */
#include "preflight.h"

#include "compile_check.h"
#include "error.h"

#include <glib/gi18n.h>

gboolean
preflight_blocks(const Plugin *plugin, gboolean no_check)
{
  if (plugin->diagnostics->len == 0)
    return FALSE;
  return !no_check || plugin->id[0] == '\0' || !plugin->is_utf8;
}

void
preflight_take_diagnostics(const Plugin *plugin, GPtrArray *diagnostics)
{
  for (guint i = 0; i < plugin->diagnostics->len; i++)
    g_ptr_array_add(diagnostics, diagnostic_copy(g_ptr_array_index(plugin->diagnostics, i)));
}

PreflightVerdict
preflight_python(const Plugin *plugin, GPtrArray *diagnostics)
{
  Diagnostic *diagnostic = NULL;
  switch (compile_check(plugin->file, plugin->content, plugin->stored, &diagnostic)) {
  case PYCHECK_FINE:
    return PRECHECK_FINE;
  case PYCHECK_BROKEN:
    g_ptr_array_add(diagnostics, diagnostic);
    return PRECHECK_BROKEN;
  case PYCHECK_UNAVAILABLE:
    break;
  }
  return PRECHECK_NO_PYTHON;
}

static const char *
what_was_checked(PreflightVerdict verdict)
{
  switch (verdict) {
  case PRECHECK_FINE:
    return _("Checked here: the syntax is fine. Likely an import or the constructor fails there; "
             "its log has "
             "the traceback.");
  case PRECHECK_BROKEN:
    return _("Checked here with python3: this is likely the reason.");
  case PRECHECK_NOT_ASKED:
  case PRECHECK_NO_PYTHON:
    break;
  }
  return _("Checked here, without python3: strings, brackets and indentation are fine. Its log "
           "has the "
           "traceback.");
}

void
preflight_explain_hidden(PreflightVerdict verdict, const char *version, GError *error)
{
  if (version != NULL)
    owup_error_set_hint(error, _("Open WebUI %s hides the reason. %s"), version,
                        what_was_checked(verdict));
  else
    owup_error_set_hint(error, _("This Open WebUI hides the reason. %s"),
                        what_was_checked(verdict));
}
