/* SPDX-License-Identifier: MIT */
#include "peer.h"

#include "clock_test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_CONNECTIONS 64
/* Beyond all patience but that for requirements, so that it does not matter how soon it is noticed.
 */
#define SILENCE_MS 100000

typedef struct {
  int fd; /* -1: closed */
  GString *input;
} Connection;

typedef struct {
  char *text;
  guint connection;
} Request;

struct Peer {
  int listener;
  int stop[2];
  char *url;
  const PeerStep *steps;
  guint n_steps;
  pthread_t thread;
  gboolean running;
  Connection connections[MAX_CONNECTIONS];
  guint n_connections;
  GArray *requests; /* of Request */
};

static int
listen_somewhere(char **url)
{
  struct sockaddr_in address = {.sin_family = AF_INET};
  socklen_t len = sizeof address;
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  g_assert_cmpint(bind(fd, (struct sockaddr *)&address, len), ==, 0);
  g_assert_cmpint(listen(fd, MAX_CONNECTIONS), ==, 0);
  g_assert_cmpint(getsockname(fd, (struct sockaddr *)&address, &len), ==, 0);
  *url = g_strdup_printf("http://127.0.0.1:%d", ntohs(address.sin_port));
  return fd;
}

char *
peer_dead_url(void)
{
  char *url = NULL;
  close(listen_somewhere(&url));
  return url;
}

char *
peer_answer(int status, const char *type, const char *body)
{
  return g_strdup_printf("HTTP/1.1 %d X\r\nDate: Sun, 22 Nov 2026 12:42:09 GMT\r\n"
                         "%s%s%sContent-Length: %zu\r\n\r\n%s",
                         status, type != NULL ? "Content-Type: " : "", type != NULL ? type : "",
                         type != NULL ? "\r\n" : "", strlen(body), body);
}

/* Length of the whole request at the start of `input`, 0 while it is incomplete. */
static gsize
request_length(const GString *input)
{
  const char *end = strstr(input->str, "\r\n\r\n");
  if (end == NULL)
    return 0;
  gsize head = (gsize)(end + 4 - input->str), body = 0;
  for (const char *line = input->str; line < end; line = strstr(line, "\r\n") + 2)
    if (g_ascii_strncasecmp(line, "content-length:", 15) == 0)
      body = g_ascii_strtoull(line + 15, NULL, 10);
  return input->len >= head + body ? head + body : 0;
}

static void
close_connection(Connection *connection, gboolean reset)
{
  struct linger now = {.l_onoff = 1, .l_linger = 0};
  if (reset)
    setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close(connection->fd);
  connection->fd = -1;
}

static void
write_all(int fd, const char *bytes, gsize len)
{
  while (len > 0) {
    ssize_t n = write(fd, bytes, len);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return; /* The client went away, as some tests mean it to. */
    bytes += n;
    len -= (gsize)n;
  }
}

void
peer_pass_time(gpointer ms)
{
  guint given = GPOINTER_TO_UINT(ms);
  clock_test_advance(given != 0 ? given : SILENCE_MS);
}

/* Until the client goes, or the peer is stopped. */
static void
drip(const Peer *peer, const PeerStep *step, int fd)
{
  struct pollfd stop = {peer->stop[0], POLLIN, 0};
  while (write(fd, " ", 1) == 1 && poll(&stop, 1, 2) == 0)
    if (step->arrived != NULL)
      step->arrived(step->data);
}

/* The same, but nothing is sent. Once is enough, but for a client that was still busy with its
 * request then; and what comes after it has given up would count for its next request. */
static void
let_time_pass(const Peer *peer, const PeerStep *step, int fd)
{
  struct pollfd fds[] = {{peer->stop[0], POLLIN, 0}, {fd, POLLIN, 0}};
  for (int pause = 1; poll(fds, G_N_ELEMENTS(fds), pause) == 0; pause = 300)
    if (step->arrived != NULL)
      step->arrived(step->data);
    else
      peer_pass_time(NULL);
}

static void
play_step(Peer *peer, guint i, gsize len)
{
  static const PeerStep beyond = {.then = PEER_CLOSE};
  Connection *connection = &peer->connections[i];
  const PeerStep *step =
      peer->requests->len < peer->n_steps ? &peer->steps[peer->requests->len] : &beyond;
  Request request = {g_strndup(connection->input->str, len), i};
  g_array_append_val(peer->requests, request);
  g_string_erase(connection->input, 0, (gssize)len);
  if (step->arrived != NULL && step->then != PEER_TIME)
    step->arrived(step->data);
  if (step->answer != NULL)
    write_all(connection->fd, step->answer, step->len != 0 ? step->len : strlen(step->answer));
  if (step->then == PEER_DRIP)
    drip(peer, step, connection->fd);
  if (step->then == PEER_TIME)
    let_time_pass(peer, step, connection->fd);
  if (step->then == PEER_CLOSE || step->then == PEER_RESET)
    close_connection(connection, step->then == PEER_RESET);
}

static void
read_connection(Peer *peer, guint i)
{
  char buffer[65536];
  gsize len;
  Connection *connection = &peer->connections[i];
  ssize_t n = read(connection->fd, buffer, sizeof buffer);
  if (n <= 0) {
    close_connection(connection, FALSE);
    return;
  }
  g_string_append_len(connection->input, buffer, n);
  while (connection->fd >= 0 && (len = request_length(connection->input)) > 0)
    play_step(peer, i, len);
}

static void
accept_connection(Peer *peer)
{
  g_assert_cmpuint(peer->n_connections, <, MAX_CONNECTIONS);
  Connection *connection = &peer->connections[peer->n_connections++];
  connection->fd = accept(peer->listener, NULL, NULL);
  connection->input = g_string_new(NULL);
}

static void *
serve(void *data)
{
  Peer *peer = data;
  while (TRUE) {
    struct pollfd fds[MAX_CONNECTIONS + 2];
    guint n = peer->n_connections;
    fds[0] = (struct pollfd){peer->stop[0], POLLIN, 0};
    fds[1] = (struct pollfd){peer->listener, POLLIN, 0};
    for (guint i = 0; i < n; i++)
      fds[i + 2] = (struct pollfd){peer->connections[i].fd, POLLIN, 0};
    if (poll(fds, n + 2, -1) < 0)
      continue;
    if (fds[0].revents != 0)
      return NULL;
    for (guint i = 0; i < n; i++)
      if (fds[i + 2].revents != 0)
        read_connection(peer, i);
    if (fds[1].revents != 0)
      accept_connection(peer);
  }
}

Peer *
peer_new(const PeerStep *steps, guint n_steps)
{
  Peer *peer = g_new0(Peer, 1);
  signal(SIGPIPE, SIG_IGN); /* A client may be gone when it is answered. */
  peer->steps = steps;
  peer->n_steps = n_steps;
  peer->requests = g_array_new(FALSE, FALSE, sizeof(Request));
  peer->listener = listen_somewhere(&peer->url);
  g_assert_cmpint(pipe(peer->stop), ==, 0);
  g_assert_cmpint(pthread_create(&peer->thread, NULL, serve, peer), ==, 0);
  peer->running = TRUE;
  return peer;
}

void
peer_stop(Peer *peer)
{
  if (!peer->running)
    return;
  g_assert_cmpint(write(peer->stop[1], "", 1), ==, 1);
  pthread_join(peer->thread, NULL);
  peer->running = FALSE;
}

void
peer_free(Peer *peer)
{
  peer_stop(peer);
  for (guint i = 0; i < peer->n_connections; i++) {
    if (peer->connections[i].fd >= 0)
      close(peer->connections[i].fd);
    g_string_free(peer->connections[i].input, TRUE);
  }
  for (guint i = 0; i < peer->requests->len; i++)
    g_free(g_array_index(peer->requests, Request, i).text);
  g_array_unref(peer->requests);
  close(peer->listener);
  close(peer->stop[0]);
  close(peer->stop[1]);
  g_free(peer->url);
  g_free(peer);
}

const char *
peer_url(const Peer *peer)
{
  return peer->url;
}

guint
peer_n_requests(const Peer *peer)
{
  g_assert_false(peer->running);
  return peer->requests->len;
}

guint
peer_n_connections(const Peer *peer)
{
  g_assert_false(peer->running);
  return peer->n_connections;
}

const char *
peer_request(const Peer *peer, guint i)
{
  g_assert_cmpuint(i, <, peer_n_requests(peer));
  return g_array_index(peer->requests, Request, i).text;
}

guint
peer_connection(const Peer *peer, guint i)
{
  g_assert_cmpuint(i, <, peer_n_requests(peer));
  return g_array_index(peer->requests, Request, i).connection;
}
