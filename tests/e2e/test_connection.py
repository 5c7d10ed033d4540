# SPDX-License-Identifier: MIT
"""The way to a server: one that is down or none of Open WebUI's, redirects, proxies, TLS."""

import gzip
import socket
import subprocess
import threading

import fault
import pytest
import realserver
from conftest import or_skip
from fault import FaultServer


@pytest.mark.parametrize("answer, hint", [(b"HTTP/1.1 400 Bad Request\r\n\r\n", "No TLS"), (b"", "Perhaps no TLS")])
def test_https_to_a_port_without_tls(owup, make, answer, hint):
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            client.recv(10000)
            client.sendall(answer)
            client.close()

    threading.Thread(target=serve, daemon=True).start()
    host = f"127.0.0.1:{listener.getsockname()[1]}"
    environment = {"OPENWEBUI_API_KEY": "sk-123456", "OPENWEBUI_URL": f"https://{host}"}
    ran = owup("deploy", make().file, env=environment)
    listener.close()
    assert ran.status == 4 and f"{hint} is spoken there; try http://{host}" in ran.text, ran


def test_server_down(owup, make):
    port = realserver.free_port()
    for host in ("localhost", "127.0.0.1"):
        url = f"http://{host}:{port}"
        ran = owup("deploy", make().file, env={"OPENWEBUI_URL": url, "OPENWEBUI_API_KEY": "sk-1234567890"})
        assert ran.status == 4, ran
        lines = ran.out.splitlines()
        at = lines.index(f"❌ Connection error: Could not reach OpenWebUI at {host}:{port}")
        assert lines[at + 1] == "   Make sure OpenWebUI is running and accessible."


def test_server_down_in_json(owup, make):
    url = f"http://127.0.0.1:{realserver.free_port()}"
    ran = owup("deploy", "--json", make().file, env={"OPENWEBUI_URL": url, "OPENWEBUI_API_KEY": "sk-1234567890"})
    told = ran.plugin
    assert (ran.status, told["result"], told["error"]["code"]) == (4, "failed", "unreachable")
    assert told["http_status"] in (0, None)
    assert (ran.summary["exit"], ran.summary["failed"]) == (4, 1)


def test_unknown_host(owup, make):
    env = {"OPENWEBUI_URL": "http://no-such-host.invalid", "OPENWEBUI_API_KEY": "sk-1234567890"}
    ran = owup("deploy", make().file, env=env)
    assert ran.status == 4, ran
    assert "no-such-host.invalid" in ran.text


def test_web_page(owup, make):
    for status in (200, 404):
        with FaultServer() as server:
            server.on("*", "", fault.page(status))
            ran = owup("deploy", "--json", make().file, env=server.env)
            assert server.count("POST") == 0
        assert ran.status in (1, 4), ran
        assert ran.plugin["error"]["code"] == "not_openwebui", ran
    with FaultServer() as server:
        server.on("*", "", fault.page())
        ran = owup("deploy", make().file, env=server.env)
    assert "web page" in ran.text and server.url in ran.text, ran


@pytest.mark.parametrize("answer", [{"hello": "world"}, [], "text", 3, None], ids=str)
def test_another_json_service(owup, make, answer):
    with FaultServer() as server:
        server.on("*", "", fault.reply(200, answer if answer is not None else "null"))
        ran = owup("deploy", "--json", make().file, env=server.env)
        assert server.count("POST", "/create$") == 0
    assert ran.status in (1, 4), ran
    assert ran.plugin["result"] in ("failed", "unknown")
    assert ran.plugin["error"]["code"] in ("not_openwebui", "unknown"), ran


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirect_is_shown_and_not_followed(server, owup, make, status):
    plugin = make()
    with FaultServer(server.url) as target, FaultServer() as proxy:
        proxy.on("*", "", lambda call: fault.redirect(target.url + call.request.path, status)(call))
        ran = owup("deploy", "--json", plugin.file, to=server.through(proxy.url))
        plain = owup("deploy", plugin.file, to=server.through(proxy.url))
        assert target.count() == 0
    assert ran.status in (1, 4), ran
    assert ran.plugin["error"]["code"] == "redirect", ran
    assert target.url in plain.text, plain
    assert server.function(plugin.id) is None


def test_redirect_of_the_write_alone(server, owup, make):
    plugin = make()
    server.create("filter", plugin.id, "# old\n" + plugin.text)
    with FaultServer(server.url) as target, FaultServer(server.url) as proxy:
        proxy.on("POST", "", lambda call: fault.redirect(target.url + call.request.path)(call))
        ran = owup("deploy", "--json", plugin.file, to=server.through(proxy.url))
        assert target.count() == 0
    assert ran.plugin["error"]["code"] == "redirect", ran
    assert server.function(plugin.id)["content"] != plugin.text


@pytest.mark.clock(10)
def test_timeout_on_the_look(owup, make):
    with FaultServer() as server:
        server.on("*", "", fault.hang())
        ran = owup("deploy", "--timeout", "1", make().file, env=server.env)
        assert server.count("POST") == 0
    assert ran.status == 4, ran
    assert "❌ Request timeout: OpenWebUI took too long to respond" in ran.out.splitlines(), ran


@pytest.mark.clock(2)
def test_slow_bytes_are_no_timeout(server, owup, make):
    """The limit is on silence, not on the whole."""
    plugin = make()
    server.create("filter", plugin.id, "# old\n" + plugin.text)

    def drip(call):
        data = call.forward().raw()
        step = len(data) // 5 + 1
        for start in range(0, len(data), step):
            call.send(data[start : start + step])
            call.server.closing.wait(owup.seconds(0.5))

    with FaultServer(server.url) as proxy:
        proxy.on("POST", "/update$", drip)
        ran = owup("deploy", "--timeout", "1", "--json", plugin.file, to=server.through(proxy.url))
        assert proxy.count("POST", "/update$") == 1
    assert (ran.status, ran.plugin["result"]) == (0, "updated"), ran


def test_no_proxy_is_used_for_loopback(sandbox, owup, make):
    dead = f"http://127.0.0.1:{realserver.free_port()}"
    plugin = make()
    for name in ("http_proxy", "all_proxy", "ALL_PROXY"):
        ran = owup("deploy", plugin.file, to=sandbox, env={name: dead})
        assert ran.status == 0, ran


def test_a_proxy_is_used_for_other_hosts(sandbox, owup, make):
    plugin = make()

    def as_proxy(call):
        call.request.path = call.request.path.removeprefix("http://owui.example:8080")
        call.send(call.forward().raw())

    with FaultServer(sandbox.url) as proxy:
        proxy.on("*", "^http://owui.example:8080/", as_proxy)
        env = {"OPENWEBUI_URL": "http://owui.example:8080", "http_proxy": proxy.url}
        ran = owup("deploy", plugin.file, to=sandbox, env=env)
    assert ran.status == 0, ran
    assert "   Target: http://owui.example:8080" in ran.out.splitlines(), ran
    assert sandbox.function(plugin.id)["content"] == plugin.text


def test_packed_answers_from_afar(sandbox, owup, make):
    """A far server may compress what it sends."""
    plugin = make(end="# long\n" * 5000)

    def packed(call):
        call.request.path = call.request.path.removeprefix("http://owui.example:8080")
        answer = call.forward()
        wanted = {k.lower(): v for k, v in call.request.headers.items()}.get("accept-encoding", "")
        if "gzip" in wanted:
            answer = fault.Answer(
                answer.status, {**answer.headers, "Content-Encoding": "gzip"}, gzip.compress(answer.body)
            )
        call.send(answer.raw())

    with FaultServer(sandbox.url) as proxy:
        proxy.on("*", "", packed)
        env = {"OPENWEBUI_URL": "http://owui.example:8080", "http_proxy": proxy.url}
        for result in ("created", "unchanged"):
            ran = owup("deploy", "--json", plugin.file, to=sandbox, env=env)
            assert (ran.status, ran.plugin["result"]) == (0, result), ran


def test_target_line_follows_the_file_line(sandbox, owup, make):
    """And is not there on loopback."""
    plugin = make()
    assert "Target:" not in owup("deploy", plugin.file, to=sandbox).text
    env = {"OPENWEBUI_URL": "http://owui.example:8080", "http_proxy": f"http://127.0.0.1:{realserver.free_port()}"}
    lines = owup("deploy", plugin.file, to=sandbox, env=env).out.splitlines()
    assert lines[1:3] == [f"   File: {plugin.file}", "   Target: http://owui.example:8080"]


def test_a_dead_proxy_is_named_with_its_variable(owup, make):
    dead = realserver.free_port()
    env = {
        "OPENWEBUI_URL": "http://owui.example:8080",
        "OPENWEBUI_API_KEY": "sk-1234567890abcdef",
        "http_proxy": f"http://127.0.0.1:{dead}",
    }
    ran = owup("deploy", make().file, env=env)
    assert ran.status == 4, ran
    assert f"127.0.0.1:{dead}" in ran.text and "http_proxy" in ran.text, ran
    told = owup("deploy", "--json", make().file, env=env).plugin
    assert told["error"]["code"] == "proxy"


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A self-signed certificate for 127.0.0.1: (certificate, key) files."""
    folder = tmp_path_factory.mktemp("tls")
    files = (folder / "cert.pem", folder / "key.pem")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    command += ["-out", files[0], "-keyout", files[1]]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except FileNotFoundError:
        or_skip("no openssl program to make a certificate with")
    return files


def test_unknown_certificate(sandbox, owup, make, certificate):
    plugin = make()
    with FaultServer(sandbox.url, certificate) as secure:
        to = sandbox.through(secure.url)
        ran = owup("deploy", "--json", plugin.file, to=to)
        assert (ran.status, ran.plugin["error"]["code"]) == (4, "tls"), ran
        assert secure.count() == 0
        plain = owup("deploy", plugin.file, to=to)
        assert "certificate" in plain.text and "--cacert" in plain.text, plain
        ran = owup("deploy", "--cacert", certificate[0], plugin.file, to=to)
        assert ran.status == 0, ran
        plugin.change(version="1.1.0")
        ran = owup("deploy", "--insecure", plugin.file, to=to)
        assert ran.status == 0, ran
    assert sandbox.function(plugin.id)["content"] == plugin.text


def test_http_spoken_to_a_tls_port(sandbox, owup, make, certificate):
    with FaultServer(sandbox.url, certificate) as secure:
        ran = owup("deploy", make().file, to=sandbox.through(secure.url.replace("https", "http")))
    assert ran.status == 4, ran


def test_a_server_that_accepts_and_closes(owup, make):
    """Not even a byte: no crash, no endless retry."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            client.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    env = {"OPENWEBUI_URL": f"http://127.0.0.1:{listener.getsockname()[1]}", "OPENWEBUI_API_KEY": "sk-1234567890"}
    ran = owup("deploy", make().file, env=env)
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(10)
    assert ran.status == 4, ran
