/* SPDX-License-Identifier: MIT */
#include "trust.h"

#include "ci_env.h"
#include "error.h"
#include "url.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define VARIABLE "OWUP_TRUST"

void
trust_question_free(TrustQuestion *question)
{
  if (question == NULL)
    return;
  g_free(question->project);
  g_free(question->destination);
  g_free(question->place);
  g_free(question->secret);
  g_free(question->host);
  g_free(question);
}

/* Links resolved; as it is where there is nothing. */
static char *
resolve(const char *path)
{
  char *found = realpath(path, NULL);
  char *resolved = g_strdup(found != NULL ? found : path);
  free(found);
  return resolved;
}

static gboolean
is_below(const char *path, const char *folder)
{
  gsize len = g_str_equal(folder, "/") ? 0 : strlen(folder);
  return strncmp(path, folder, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

char *
trust_project(const char *root, const char *dir)
{
  const char *written = g_getenv("HOME");
  g_autofree char *home = resolve(written != NULL && *written != '\0' ? written : g_get_home_dir());
  g_autofree char *top = resolve(root);
  return is_below(home, top) || g_str_equal(top, "/") ? resolve(dir) : g_steal_pointer(&top);
}

static char *
project_of(const char *root, const Source *source)
{
  g_autofree char *dir = g_path_get_dirname(source->path);
  return trust_project(root, dir);
}

/* In a folder that several people write to, a root may be another's. */
static gboolean
same_owner(const char *a, const char *b)
{
  struct stat of_a, of_b;
  return stat(a, &of_a) == 0 && stat(b, &of_b) == 0 && of_a.st_uid == of_b.st_uid;
}

/* The file that holds the secret, links resolved; NULL: it is the environment's, or was named
 * there. */
static char *
secret_path(const TrustSecret *secret)
{
  if (secret->source->path == NULL)
    return NULL;
  return resolve(secret->file != NULL ? secret->file : secret->source->path);
}

/* Does `part` come from a found file, and the secret from elsewhere? */
static gboolean
meets(const TrustPart *part, const TrustSecret *secret, const char *root)
{
  const Source *source = part->source;
  if (part->value == NULL || source == NULL || source->type != ORIGIN_DOTENV)
    return FALSE;
  if (source == secret->source && secret->file == NULL)
    return FALSE;
  g_autofree char *path = secret_path(secret);
  g_autofree char *project = project_of(root, source);
  return path == NULL || !is_below(path, project) || !same_owner(path, source->path);
}

/* scheme://host[:port], the host in ASCII, so that a look-alike is seen as such. `url` is
 * normalised. */
static char *
server_of(const char *url)
{
  const char *start = strstr(url, "://") + strlen("://");
  gsize len = strcspn(start, "/:");
  if (*start == '[')
    len = strcspn(start, "/");
  gsize rest = strcspn(start + len, "/");
  g_autofree char *host = g_strndup(start, len);
  g_autofree char *ascii = *host != '[' ? g_hostname_to_ascii(host) : NULL;
  return g_strdup_printf("%.*s%s%.*s", (int)(start - url), url, ascii != NULL ? ascii : host,
                         (int)rest, start + len);
}

static const char *
path_of(const char *url)
{
  const char *start = strstr(url, "://") + strlen("://");
  return start + strcspn(start, "/");
}

/* One word of OWUP_TRUST, read as --url is; a word with a path trusts that path alone. */
static gboolean
entry_names(const char *entry, const char *url)
{
  NormalUrl named = {0};
  if (*entry == '\0' || !url_normalise(entry, &named, NULL))
    return FALSE;
  g_autofree char *a = server_of(named.url);
  g_autofree char *b = server_of(url);
  const char *path = path_of(named.url);
  gboolean same = g_str_equal(a, b) && (*path == '\0' || g_str_equal(path, path_of(url)));
  normal_url_clear(&named);
  return same;
}

static gboolean
variable_names(const char *url)
{
  const char *list = g_getenv(VARIABLE);
  g_auto(GStrv) entries = g_strsplit_set(list != NULL ? list : "", ", \t\n", -1);
  for (char **entry = entries; *entry != NULL; entry++)
    if (entry_names(*entry, url))
      return TRUE;
  return FALSE;
}

/* What has to stand in OWUP_TRUST for `url`, as short as it may be. */
static char *
entry_for(const char *url)
{
  g_autofree char *server = server_of(url);
  const char *host = strstr(server, "://") + strlen("://");
  return g_strdup(entry_names(host, url) ? host : server);
}

/* The proxy's URL as it is compared; NULL: it is none that OWUP_TRUST could name. */
static char *
part_url(const TrustPart *part)
{
  NormalUrl url = {0};
  return part->type != TRUST_WEAKER && url_normalise(part->value, &url, NULL) ? url.url : NULL;
}

/* Sets what OWUP_TRUST must list. TRUE: it does. */
static gboolean
judge_variable(const TrustPart *parts, gsize n_parts, TrustQuestion *question)
{
  g_autoptr(GString) hosts = g_string_new(NULL);
  gboolean named = TRUE;
  for (gsize i = 0; i < n_parts; i++) {
    if (parts[i].value == NULL)
      continue;
    g_autofree char *url = part_url(&parts[i]);
    if (url == NULL)
      return FALSE;
    g_autofree char *entry = entry_for(url);
    g_string_append_printf(hosts, "%s%s", hosts->len > 0 ? "," : "", entry);
    named = named && variable_names(url);
  }
  question->host = g_strdup(hosts->str);
  return named;
}

static char *
destination_of(const TrustPart *parts, gsize n_parts)
{
  g_autofree char *server = server_of(parts[0].value);
  GString *text = g_string_new(server);
  g_string_append(text, path_of(parts[0].value));
  for (gsize i = 1; i < n_parts; i++)
    if (parts[i].value != NULL)
      g_string_append_printf(text, " %s=%s", parts[i].name, parts[i].value);
  return g_string_free(text, FALSE);
}

static char *
secret_text(const TrustSecret *secret)
{
  g_autofree char *path = secret_path(secret);
  return path != NULL ? g_strdup_printf("%s (%s)", secret->name, path) : g_strdup(secret->name);
}

static TrustQuestion *
ask(const TrustPart *parts, gsize n_parts, const TrustPart *met, const TrustSecret *secret,
    const char *root)
{
  g_autoptr(TrustQuestion) question = g_new0(TrustQuestion, 1);
  if (judge_variable(parts, n_parts, question))
    return NULL;
  question->project = project_of(root, met->source);
  question->destination = destination_of(parts, n_parts);
  question->place = g_strdup_printf(_("%s in %s"), met->name, met->source->shown);
  question->secret = secret_text(secret);
  return g_steal_pointer(&question);
}

TrustQuestion *
trust_judge(const TrustPart *parts, gsize n_parts, const TrustSecret *secret, const char *root,
            gboolean loopback)
{
  const TrustPart *met = NULL;
  for (gsize i = 0; i < n_parts; i++) {
    if (parts[i].type == TRUST_PROXY && parts[i].value != NULL)
      loopback = FALSE;
    if (met == NULL && meets(&parts[i], secret, root))
      met = &parts[i];
  }
  return met == NULL || loopback ? NULL : ask(parts, n_parts, met, secret, root);
}

GError *
trust_error(const TrustQuestion *question)
{
  GError *error = owup_error_new(OWUP_ERROR_SETTINGS,
                                 _("%s would send a key that is not this project's (%s) to %s. "
                                   "Nothing was sent."),
                                 question->place, question->secret, question->destination);
  if (ci_env_runs_this() && question->host != NULL)
    owup_error_set_hint(error, _("Is that right? Set " VARIABLE "=%s where the key is set."),
                        question->host);
  else
    owup_error_set_hint(error, _("Is that right? Then trust it: owup trust"));
  return error;
}
