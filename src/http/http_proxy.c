/* SPDX-License-Identifier: MIT */
#include "http_private.h"

#include <arpa/inet.h>
#include <string.h>

/* An address as bytes: 4 or 16 of them. */
typedef struct {
  guint8 bytes[16];
  guint len;
} Address;

static gboolean
address_parse(const char *text, Address *address)
{
  if (inet_pton(AF_INET, text, address->bytes) == 1)
    address->len = 4;
  else if (inet_pton(AF_INET6, text, address->bytes) == 1)
    address->len = 16;
  else
    return FALSE;
  return TRUE;
}

static gboolean
address_in_net(const Address *address, const Address *net, guint bits)
{
  if (address->len != net->len || bits > net->len * 8)
    return FALSE;
  guint whole = bits / 8, rest = bits % 8;
  if (memcmp(address->bytes, net->bytes, whole) != 0)
    return FALSE;
  return rest == 0 || (address->bytes[whole] ^ net->bytes[whole]) >> (8 - rest) == 0;
}

static gboolean
is_name_below(const char *host, const char *domain)
{
  gsize host_len = strlen(host), len = strlen(domain);
  if (len == 0 || host_len < len || g_ascii_strcasecmp(host + host_len - len, domain) != 0)
    return FALSE;
  return host_len == len || host[host_len - len - 1] == '.';
}

static gboolean
is_local(const char *host)
{
  Address address;
  if (!address_parse(host, &address))
    return is_name_below(host, "localhost");
  static const Address loopback6 = {{[15] = 1}, 16};
  return address.len == 4 ? address.bytes[0] == 127 : address_in_net(&address, &loopback6, 128);
}

char *
http_proxy_url_host(const char *url)
{
  const char *start = strstr(url, "://");
  start = start != NULL ? start + 3 : url;
  return g_strndup(start, strcspn(start, "/?#"));
}

/* "*", a name (with all below it), an address or ADDRESS/BITS, as curl reads no_proxy. */
static gboolean
entry_covers(const char *entry, const char *host)
{
  if (g_str_equal(entry, "*"))
    return TRUE;
  g_auto(GStrv) parts = g_strsplit(entry, "/", 2);
  Address address, net;
  if (!address_parse(host, &address))
    return is_name_below(host, entry[0] == '.' ? entry + 1 : entry);
  if (parts[0] == NULL || !address_parse(parts[0], &net))
    return FALSE;
  guint64 bits = net.len * 8;
  if (parts[1] != NULL && !g_ascii_string_to_unsigned(parts[1], 10, 0, bits, &bits, NULL))
    return FALSE;
  return address_in_net(&address, &net, (guint)bits);
}

static gboolean
is_excepted(const char *host)
{
  const char *list = g_getenv("no_proxy");
  if (list == NULL)
    list = g_getenv("NO_PROXY");
  if (list == NULL)
    return FALSE;
  g_auto(GStrv) entries = g_strsplit_set(list, ", \t", -1);
  for (char **entry = entries; *entry != NULL; entry++)
    if (entry_covers(*entry, host))
      return TRUE;
  return FALSE;
}

/* HTTP_PROXY is left out as curl does: in a CGI program it is a request's header. */
static const char *
find_variable(const char *scheme)
{
  static const char *const http[] = {"http_proxy", "all_proxy", "ALL_PROXY", NULL};
  static const char *const https[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", NULL};
  const char *const *name = g_str_equal(scheme, "https") ? https : http;
  for (; *name != NULL; name++) {
    const char *value = g_getenv(*name);
    if (value != NULL)
      return value[0] != '\0' ? *name : NULL;
  }
  return NULL;
}

static char *
without_password(const char *url)
{
  const char *start = strstr(url, "://");
  start = start != NULL ? start + 3 : url;
  gsize len = strcspn(start, "/?#");
  const char *at = g_strrstr_len(start, (gssize)len, "@");
  if (at == NULL)
    return g_strdup(url);
  return g_strdup_printf("%.*s%s", (int)(start - url), url, at + 1);
}

void
http_proxy_find(const char *url, HttpProxy *route)
{
  g_autofree char *scheme = NULL;
  *route = (HttpProxy){0};
  if (!g_uri_split_network(url, G_URI_FLAGS_NONE, &scheme, &route->host, NULL, NULL) ||
      route->host == NULL)
    return;
  route->local = is_local(route->host);
  route->variable = route->local || is_excepted(route->host) ? NULL : find_variable(scheme);
  if (route->variable == NULL)
    return;
  route->proxy = g_strdup(g_getenv(route->variable));
  route->proxy_shown = without_password(route->proxy);
}

void
http_proxy_clear(HttpProxy *route)
{
  g_free(route->host);
  g_free(route->proxy);
  g_free(route->proxy_shown);
  *route = (HttpProxy){0};
}
