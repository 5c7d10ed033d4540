# SPDX-License-Identifier: MIT
"""A server that misbehaves on purpose, alone or in front of a real one.

    with FaultServer(upstream=server.url) as fault:
        fault.on("POST", "/update$", cut_after(), count=1)
        ...
        assert fault.count("POST", "/update$") == 2

Every request is recorded. The newest rule that matches decides; a rule with a `count` is used up
after so many requests. Without a rule, requests go to `upstream`, or are answered 404 where there
is none. One connection serves one request after the other, as a server does that keeps it alive.
"""

import contextlib
import http.client
import json
import re
import socket
import ssl
import threading
import urllib.parse
from dataclasses import dataclass, field


@dataclass
class Request:
    """One request as it came in."""

    method: str
    path: str
    headers: dict
    body: bytes
    connection: int

    @property
    def json(self):
        """The parsed body."""
        return json.loads(self.body)


@dataclass
class Answer:
    """One answer to send."""

    status: int
    headers: dict
    body: bytes

    def raw(self):
        """The bytes on the wire."""
        reason = http.client.responses.get(self.status, "Odd")
        lines = [f"HTTP/1.1 {self.status} {reason}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        lines += [f"Content-Length: {len(self.body)}", "", ""]
        return "\r\n".join(lines).encode("latin-1") + self.body


@dataclass
class Rule:
    """What to do with the requests that match."""

    method: str
    pattern: re.Pattern
    action: object
    left: int | None
    used: int = field(default=0)

    def matches(self, request):
        """Whether this rule is for `request` and not used up."""
        if self.left == 0 or self.method not in ("*", request.method):
            return False
        return bool(self.pattern.search(urllib.parse.unquote(request.path)))


class Call:
    """What an action works with: the request, the client's socket, the way to the real server."""

    def __init__(self, server, request, client):
        self.server = server
        self.request = request
        self.client = client

    def forward(self):
        """Sends the request to the real server; its Answer."""
        target = urllib.parse.urlsplit(self.server.upstream)
        link = http.client.HTTPConnection(target.hostname, target.port, timeout=120)
        try:
            # Unpacked answers, so that actions can change them.
            own = ("host", "connection", "expect", "accept-encoding")
            kept = {k: v for k, v in self.request.headers.items() if k.lower() not in own}
            link.request(self.request.method, self.request.path, self.request.body, kept)
            got = link.getresponse()
            body = got.read()
            dropped = ("content-length", "transfer-encoding", "connection")
            return Answer(got.status, {k: v for k, v in got.getheaders() if k.lower() not in dropped}, body)
        finally:
            link.close()

    def send(self, data):
        """Writes bytes to the client."""
        self.client.sendall(data)


def reply(status, body=b"", content_type="application/json", **headers):
    """Answers without asking the real server. `body`: bytes, text, or something for JSON."""
    if not isinstance(body, (bytes, str)):
        body = json.dumps(body)
    data = body.encode() if isinstance(body, str) else body
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda call: call.send(Answer(status, {"Content-Type": content_type, **named}, data).raw())


def page(status=200):
    """Answers a web page."""
    return reply(status, "<!doctype html>\n<html><head><title>Sign in</title></head></html>", "text/html")


def redirect(location, status=301):
    """Sends the client elsewhere."""
    return reply(status, "", "text/plain", Location=location)


def raw(data):
    """Answers exactly these bytes and closes."""

    def act(call):
        call.send(data)
        return False

    return act


def forward():
    """Passes the request on and its answer back."""
    return lambda call: call.send(call.forward().raw())


def cut_before():
    """Closes the connection; the real server never hears of the request."""
    return lambda call: False


def cut_after():
    """Lets the real server act, then closes the connection without an answer."""

    def act(call):
        call.forward()
        return False

    return act


def truncate_after(keep):
    """Lets the real server act, then sends the headers and `keep` bytes of the answer's body."""

    def act(call):
        answer = call.forward()
        data = answer.raw()
        call.send(data[: len(data) - len(answer.body) + keep])
        return False

    return act


def rewritten(change):
    """Lets the real server act and sends `change(Answer)` instead of its answer."""
    return lambda call: call.send(change(call.forward()).raw())


def hang():
    """Never answers, until the fault server is closed or the client goes."""

    def act(call):
        call.server.closing.wait(300)
        return False

    return act


def hold(gate, then):
    """Waits for the threading.Event `gate`, then does `then`. `call.server.held` is set meanwhile."""

    def act(call):
        call.server.held.set()
        gate.wait(120)
        return then(call)

    return act


def after(seconds, then):
    """Does `then` after so many seconds."""

    def act(call):
        call.server.closing.wait(seconds)
        return then(call)

    return act


def endless():
    """Answers 200 with a body that never ends; sends until the client closes."""

    def act(call):
        call.send(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n{"id": "')
        block = b"x" * (1 << 20)
        for _ in range(4096):
            call.send(block)
        return False

    return act


class FaultServer:
    """The misbehaving server; a context manager."""

    def __init__(self, upstream=None, certificate=None, port=0):
        self.upstream = upstream
        self.requests = []
        self.rules = []
        self.lock = threading.Lock()
        self.closing = threading.Event()
        self.held = threading.Event()
        self.clients = set()
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", port), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.tls = None
        if certificate:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(*certificate)
        self.url = f"http{'s' if certificate else ''}://127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.accept, daemon=True)

    @property
    def env(self):
        """The environment that points owup at it, with a key that looks like one."""
        return {"OPENWEBUI_URL": self.url, "OPENWEBUI_API_KEY": "sk-1234567890abcdef"}

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.closing.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        with self.lock:
            clients = list(self.clients)
        for client in clients:
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
        self.thread.join(10)

    def on(self, method, pattern, action, count=None):
        """Adds a rule: `method` or "*", a regular expression for the (decoded) path, what to do."""
        with self.lock:
            self.rules.insert(0, Rule(method, re.compile(pattern), action, count))
        return self

    def seen(self, method="*", pattern=""):
        """The recorded requests that match, in order."""
        with self.lock:
            kept = list(self.requests)
        return [
            r for r in kept if method in ("*", r.method) and re.search(pattern, urllib.parse.unquote(r.path))
        ]

    def count(self, method="*", pattern=""):
        """How many recorded requests match."""
        return len(self.seen(method, pattern))

    def accept(self):
        """Serves each connection in a thread of its own."""
        while not self.closing.is_set():
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with self.lock:
                self.connections += 1
                self.clients.add(client)
                number = self.connections
            threading.Thread(target=self.serve, args=(client, number), daemon=True).start()

    def serve(self, client, number):
        """Reads requests from one connection until it ends."""
        plain = client
        try:
            if self.tls:
                client = self.tls.wrap_socket(client, server_side=True)
            with client, client.makefile("rb") as stream:
                while not self.closing.is_set():
                    request = self.read(stream, client, number)
                    if request is None or self.answer(request, client) is False:
                        return
        except OSError:
            pass
        finally:
            plain.close()
            with self.lock:
                self.clients.discard(plain)

    def read(self, stream, client, number):
        """The next request of a connection, or None at its end."""
        first = stream.readline(65536).decode("latin-1").split()
        if len(first) != 3:
            return None
        headers = {k: v for k, v in http.client.parse_headers(stream).items()}
        lower = {k.lower(): v for k, v in headers.items()}
        if lower.get("expect", "").lower() == "100-continue":
            client.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = stream.read(int(lower.get("content-length", 0)))
        request = Request(first[0], first[1], headers, body, number)
        with self.lock:
            self.requests.append(request)
        return request

    def answer(self, request, client):
        """Does what the first matching rule says."""
        with self.lock:
            rule = next((rule for rule in self.rules if rule.matches(request)), None)
            if rule:
                rule.used += 1
                if rule.left:
                    rule.left -= 1
        if rule:
            action = rule.action
        else:
            action = forward() if self.upstream else reply(404, {"detail": "Not Found"})
        return action(Call(self, request, client))
