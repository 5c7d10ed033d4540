/* SPDX-License-Identifier: MIT */
#include "url.h"

#include "error.h"
#include "redact.h"

#include <arpa/inet.h>
#include <glib/gi18n.h>
#include <string.h>

/* Longer than any address of a server. */
#define URL_LIMIT 2000

/* The pieces of an address, as written. */
typedef struct {
  gboolean has_scheme;
  gboolean https;
  char *host; /* lower-case, an IPv6 address in brackets */
  int port;   /* 0: none */
} Parts;

static void
parts_clear(Parts *parts)
{
  g_free(parts->host);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Parts, parts_clear)

void
normal_url_clear(NormalUrl *url)
{
  g_clear_pointer(&url->url, g_free);
}

static gboolean
no_url(const char *text, GError **error)
{
  g_autofree char *shown = redactor_text(NULL, text);
  owup_error_set(error, OWUP_ERROR_SETTINGS, _("\"%s\" is no URL"), shown);
  if (error != NULL)
    owup_error_set_hint(*error, _("Give the address as http://host:port"));
  return FALSE;
}

/* What Chinese and Japanese input methods write for ":", "/" and ".". The text itself may hold a
 * secret and is not shown. FALSE: `error`. */
static gboolean
check_narrow(const char *text, GError **error)
{
  if (!g_utf8_validate(text, -1, NULL))
    return TRUE;
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
    gunichar c = g_utf8_get_char(at);
    if (c != 0x3002 && (c < 0xFF01 || c > 0xFF5E))
      continue;
    g_autofree char *wide = g_strndup(at, (gsize)(g_utf8_next_char(at) - at));
    owup_error_set(error, OWUP_ERROR_SETTINGS, _("The URL has a full-width \"%s\""), wide);
    if (error != NULL)
      owup_error_set_hint(*error, _("Write \"%c\" in its place"),
                          c == 0x3002 ? '.' : (char)(c - 0xFF01 + '!'));
    return FALSE;
  }
  return TRUE;
}

/* Takes the scheme off, a foreign one too; FALSE where it is not one of ours. */
static gboolean
take_scheme(const char **at, Parts *parts)
{
  const char *text = *at;
  const char *end = text + strcspn(text, ":/?#");
  if (g_str_has_prefix(text, "//")) {
    *at += 2;
    return TRUE;
  }
  if (!g_str_has_prefix(end, "://"))
    return g_ascii_strncasecmp(text, "http:/", 6) != 0 &&
           g_ascii_strncasecmp(text, "https:/", 7) != 0;
  *at = end + 3;
  parts->has_scheme = TRUE;
  parts->https = g_ascii_strncasecmp(text, "https://", 8) == 0;
  return parts->https || g_ascii_strncasecmp(text, "http://", 7) == 0;
}

static gboolean
host_valid(const char *host)
{
  if (*host == '[') {
    g_autofree char *inside = g_strndup(host + 1, strlen(host) - 2);
    unsigned char address[16];
    return inet_pton(AF_INET6, inside, address) == 1;
  }
  for (const char *at = host; *at != '\0'; at++)
    if (!(g_ascii_isalnum(*at) || strchr("-._", *at) != NULL || (guchar)*at >= 0x80))
      return FALSE;
  return *host != '\0' && *host != '.' && g_utf8_validate(host, -1, NULL);
}

static gboolean
port_parse(const char *text, int *port)
{
  guint64 value = 0;
  if (!g_ascii_string_to_unsigned(text, 10, 1, 65535, &value, NULL))
    return FALSE;
  *port = (int)value;
  return TRUE;
}

/* host[:port], or an IPv6 address with or without brackets. */
static gboolean
take_authority(const char *text, Parts *parts)
{
  const char *colon = strrchr(text, ':');
  const char *bracket = strrchr(text, ']');
  if (bracket == NULL && colon != NULL && strchr(text, ':') != colon) {
    parts->host = g_strdup_printf("[%s]", text);
  } else if (colon != NULL && (bracket == NULL || colon > bracket)) {
    parts->host = g_strndup(text, (gsize)(colon - text));
    if (!port_parse(colon + 1, &parts->port))
      return FALSE;
  } else {
    parts->host = g_strdup(text);
  }
  for (char *at = parts->host; *at != '\0'; at++)
    *at = g_ascii_tolower(*at);
  return (*parts->host != '[' || g_str_has_suffix(parts->host, "]")) && host_valid(parts->host);
}

static gboolean
is_all_of(const char *text, const char *set)
{
  return text[strspn(text, set)] == '\0';
}

/* Without the dot that a full domain name may end with. */
static char *
bare_host(const char *host)
{
  gsize len = strlen(host);
  return g_strndup(host, len > 1 && host[len - 1] == '.' ? len - 1 : len);
}

static gboolean
host_is_loopback(const char *written)
{
  g_autofree char *host = bare_host(written);
  if (g_str_equal(host, "localhost") || g_str_has_suffix(host, ".localhost") ||
      g_str_equal(host, "0.0.0.0"))
    return TRUE;
  if (g_str_has_prefix(host, "127."))
    return is_all_of(host, "0123456789.");
  if (*host != '[')
    return FALSE;
  g_autofree char *inside = g_strndup(host + 1, strlen(host) - 2);
  struct in6_addr address;
  if (inet_pton(AF_INET6, inside, &address) != 1)
    return FALSE;
  return IN6_IS_ADDR_LOOPBACK(&address) ||
         (IN6_IS_ADDR_V4MAPPED(&address) && address.s6_addr[12] == 127);
}

/* Addresses of RFC 1918, RFC 3927 and RFC 4193, and names that no public server has: there is
 * hardly ever a certificate for them. */
static gboolean
host_is_private(const char *written)
{
  g_autofree char *host = bare_host(written);
  static const char *const suffixes[] = {".local", ".internal", ".lan", ".home.arpa"};
  for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++)
    if (g_str_has_suffix(host, suffixes[i]))
      return TRUE;
  if (strchr(host, '.') == NULL && *host != '[')
    return TRUE;
  guint8 a[4];
  if (inet_pton(AF_INET, host, a) == 1)
    return a[0] == 10 || (a[0] == 172 && (a[1] & 0xF0) == 16) || (a[0] == 192 && a[1] == 168) ||
           (a[0] == 169 && a[1] == 254);
  g_autofree char *inside = *host == '[' ? g_strndup(host + 1, strlen(host) - 2) : g_strdup("");
  struct in6_addr six;
  return inet_pton(AF_INET6, inside, &six) == 1 &&
         ((six.s6_addr[0] & 0xFE) == 0xFC || IN6_IS_ADDR_LINKLOCAL(&six));
}

/* Open WebUI's pages (0.6.10 to 0.12.4) and the first word of their path that a person may have
 * copied from the browser. `below` are the only words that may follow; "*" is any one word. */
static const struct {
  const char *page;
  const char *below;
  gboolean alone; /* may stand at the end by itself */
} pages[] = {
    {"admin", "users functions evaluations settings analytics", TRUE},
    {"workspace", "models knowledge prompts tools functions skills", TRUE},
    {"api", "v1", TRUE},
    {"auth", "", TRUE},
    {"home", "", TRUE},
    {"notes", "*", TRUE},
    {"playground", "*", TRUE},
    {"c", "*", FALSE},
    {"channels", "*", FALSE},
};

static gboolean
word_among(const char *word, const char *words)
{
  g_auto(GStrv) list = g_strsplit(words, " ", -1);
  return g_strv_contains((const char *const *)list, word);
}

/* Does the page's path begin at `segments`? */
static gboolean
page_begins(char **segments)
{
  for (gsize i = 0; i < G_N_ELEMENTS(pages); i++) {
    if (!g_str_equal(segments[0], pages[i].page))
      continue;
    if (segments[1] == NULL)
      return pages[i].alone;
    if (g_str_equal(pages[i].below, "*"))
      return segments[2] == NULL;
    return word_among(segments[1], pages[i].below);
  }
  return FALSE;
}

/* Takes a page's path off the end. */
static gboolean
cut_page(GPtrArray *segments)
{
  for (guint i = 0; i + 1 < segments->len; i++) {
    if (page_begins((char **)segments->pdata + i)) {
      g_ptr_array_set_size(segments, (gint)i);
      g_ptr_array_add(segments, NULL);
      return TRUE;
    }
  }
  return FALSE;
}

/* The prefix under which the server lives: "" or "/PREFIX", without a page's path. Cut again and
 * again, so that a normal form has no other. */
static char *
path_prefix(const char *path)
{
  g_auto(GStrv) raw = g_strsplit(path, "/", -1);
  g_autoptr(GPtrArray) segments = g_ptr_array_new();
  for (char **at = raw; *at != NULL; at++)
    if (**at != '\0')
      g_ptr_array_add(segments, *at);
  g_ptr_array_add(segments, NULL);
  while (cut_page(segments))
    ;
  GString *prefix = g_string_new(NULL);
  for (char **at = (char **)segments->pdata; *at != NULL; at++)
    g_string_append_printf(prefix, "/%s", *at);
  return g_string_free(prefix, FALSE);
}

/* Blanks, control characters and backslashes are in no URL. */
static gboolean
text_fits(const char *text)
{
  if (*text == '\0' || !g_utf8_validate(text, -1, NULL))
    return FALSE;
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
    gunichar c = g_utf8_get_char(at);
    if (g_unichar_isspace(c) || g_unichar_iscntrl(c) || strchr("\\\"<>^`{|}", *at) != NULL)
      return FALSE;
  }
  return TRUE;
}

/* A key where the address belongs would else be shown as a host that cannot be reached. FALSE:
 * `error`. */
static gboolean
check_no_key(const char *authority, GError **error)
{
  gboolean is_key = strlen(authority) >= 20 && strchr(authority, ':') == NULL &&
                    ((g_str_has_prefix(authority, "sk-") && strchr(authority, '.') == NULL) ||
                     g_str_has_prefix(authority, "eyJ"));
  if (is_key)
    owup_error_set(error, OWUP_ERROR_SETTINGS, _("An API key stands where the URL belongs"));
  return !is_key;
}

static gboolean
check_secrets(const char *authority, GError **error)
{
  if (strchr(authority, '@') != NULL) {
    owup_error_set(error, OWUP_ERROR_SETTINGS, _("The URL holds a user or a password"));
    if (error != NULL)
      owup_error_set_hint(*error, _("Leave out what stands before the @; the API key is enough"));
    return FALSE;
  }
  return check_no_key(authority, error);
}

static void
put_together(const Parts *parts, const char *path, NormalUrl *out)
{
  g_autofree char *prefix = path_prefix(path);
  g_autofree char *port = parts->port != 0 ? g_strdup_printf(":%d", parts->port) : g_strdup("");
  out->url =
      g_strdup_printf("%s://%s%s%s", parts->https ? "https" : "http", parts->host, port, prefix);
  out->loopback = host_is_loopback(parts->host);
}

gboolean
url_normalise(const char *text, NormalUrl *out, GError **error)
{
  if (strlen(text) > URL_LIMIT) {
    owup_error_set(error, OWUP_ERROR_SETTINGS, _("The URL is too long"));
    return FALSE;
  }
  g_autofree char *trimmed = g_strstrip(g_strdup(text));
  if (!check_narrow(trimmed, error))
    return FALSE;
  g_auto(Parts) parts = {0};
  const char *at = trimmed;
  gboolean understood = take_scheme(&at, &parts);
  gsize len = strcspn(at, "/?#");
  g_autofree char *authority = g_strndup(at, len);
  if (!check_secrets(authority, error))
    return FALSE;
  if (!understood || !text_fits(trimmed) || !take_authority(authority, &parts))
    return no_url(trimmed, error);
  if (!parts.has_scheme)
    parts.https =
        parts.port == 443 || !(host_is_loopback(parts.host) || host_is_private(parts.host));
  if (parts.port == (parts.https ? 443 : 80))
    parts.port = 0;
  /* The normal form must not be refused when it is read again. */
  if (parts.port == 0 && !check_no_key(parts.host, error))
    return FALSE;
  g_autofree char *path = g_strndup(at + len, strcspn(at + len, "?#"));
  put_together(&parts, path, out);
  return TRUE;
}
