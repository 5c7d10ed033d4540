"""Servers that are down, slow, lying or cut off. What owup says must be what the server then holds."""

import contextlib
import gzip
import socket
import subprocess
import threading

import fault
import plugins
import pytest
import realserver
import safety
from conftest import or_skip
from fault import FaultServer


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
            ran = owup("deploy", "--json", make().file, env=env_of(server))
            assert server.count("POST") == 0
        assert ran.status in (1, 4), ran
        assert ran.plugin["error"]["code"] == "not_openwebui", ran
    with FaultServer() as server:
        server.on("*", "", fault.page())
        ran = owup("deploy", make().file, env=env_of(server))
    assert "web page" in ran.text and server.url in ran.text, ran


def env_of(server):
    """Settings that point at a fault server."""
    return {"OPENWEBUI_URL": server.url, "OPENWEBUI_API_KEY": "sk-1234567890abcdef"}


@pytest.mark.parametrize("answer", [{"hello": "world"}, [], "text", 3, None], ids=str)
def test_another_json_service(owup, make, answer):
    with FaultServer() as server:
        server.on("*", "", fault.reply(200, answer if answer is not None else "null"))
        ran = owup("deploy", "--json", make().file, env=env_of(server))
        assert server.count("POST", "/create$") == 0
    assert ran.status in (1, 4), ran
    assert ran.plugin["result"] in ("failed", "unknown")
    assert ran.plugin["error"]["code"] in ("not_openwebui", "unknown"), ran


def test_web_page_as_the_answer_to_a_write(server, owup, make):
    """A 200 alone proves nothing: the server's own content does."""
    plugin = make()
    server.create("filter", plugin.id, "# old\n" + plugin.text)
    with FaultServer(server.url) as proxy:
        proxy.on("POST", "/update$", fault.page())
        ran = owup("deploy", "--json", plugin.file, to=server.through(proxy.url))
    assert ran.status != 0, ran
    assert ran.plugin["result"] in ("failed", "unknown"), ran
    assert server.function(plugin.id)["content"] != plugin.text


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


@pytest.mark.every_server
@pytest.mark.parametrize("kind", ["filter", "tool"])
@pytest.mark.parametrize(
    "lost",
    [
        fault.cut_before(),
        fault.cut_after(),
        fault.truncate_after(40),
        fault.truncate_after(0),
        fault.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 0\r\n\r\n"),
        fault.raw(b"\x00\x01garbage\r\n\r\n"),
        fault.reply(200, "{]"),
        fault.reply(502, "<html>Bad Gateway</html>", "text/html"),
        fault.reply(504, ""),
        fault.reply(524, "error code: 524", "text/plain"),
        fault.rewritten(lambda answer: fault.Answer(500, answer.headers, b"Internal Server Error")),
    ],
    ids=["cut-before", "cut-after", "half", "no-body", "empty", "garbage", "no-json", "502", "504", "524", "500-after"],
)
def test_lost_answer_to_an_update_is_settled(server, owup, make, kind, lost):
    plugin = make(kind)
    server.create(kind, plugin.id, "# old\n" + plugin.text)
    with FaultServer(server.url) as proxy:
        proxy.on("POST", "/update$", lost, count=1)
        ran = owup("deploy", "--json", plugin.file, to=server.through(proxy.url))
        assert proxy.count("POST", "/update$") <= 2
        assert proxy.count("POST", "/create$") == 0
    assert ran.status == 0, ran
    assert ran.plugin["result"] == "updated"
    assert server.plugin(kind, plugin.id)["content"] == plugin.text


@pytest.mark.every_server
@pytest.mark.parametrize("kind", ["filter", "tool"])
@pytest.mark.parametrize(
    "lost",
    [fault.cut_before(), fault.cut_after(), fault.truncate_after(20), fault.reply(502, "<html></html>", "text/html")],
    ids=["cut-before", "cut-after", "half", "502"],
)
def test_lost_answer_to_a_create_is_settled(server, owup, make, kind, lost):
    plugin = make(kind)
    with FaultServer(server.url) as proxy:
        proxy.on("POST", "/create$", lost, count=1)
        ran = owup("deploy", "--json", plugin.file, to=server.through(proxy.url))
        order = [r.method for r in proxy.seen("*", f"/create$|/id/{plugin.id}$")]
        assert proxy.count("POST", "/create$") <= 2
    # Between two creates somebody has looked: nothing is sent again blindly.
    assert "POST POST" not in " ".join(order)
    assert ran.status == 0, ran
    assert ran.plugin["result"] == "created"
    held = server.plugin(kind, plugin.id)
    assert held["content"] == plugin.text
    assert held["name"] == plugin.title


def test_lost_answer_to_the_look(server, owup, make):
    """Nothing was written, so this is a plain failure."""
    plugin = make()
    with FaultServer(server.url) as proxy:
        proxy.on("GET", "/functions/id/", fault.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"))
        ran = owup("deploy", "--json", plugin.file, to=server.through(proxy.url))
        assert proxy.count("POST") == 0
    assert ran.status in (1, 4), ran
    assert ran.plugin["result"] == "failed", ran
    assert server.function(plugin.id) is None


@pytest.mark.every_server
@pytest.mark.parametrize("live", [False, True], ids=["new", "live"])
def test_500_names_the_log(server, owup, make, live):
    plugin = make()
    if live:
        server.create("filter", plugin.id, "# old\n" + plugin.text)
    with FaultServer(server.url) as proxy:
        proxy.on("POST", "", fault.reply(500, "Internal Server Error", "text/plain"))
        ran = owup("deploy", plugin.file, to=server.through(proxy.url))
        assert proxy.count("POST", "/update$") <= 2
        assert proxy.count("POST", "/create$") <= (0 if live else 2)
    assert ran.status in (1, 4), ran
    assert "500" in ran.text and "log" in ran.text, ran
    if live:
        assert server.function(plugin.id)["content"] != plugin.text
    else:
        assert server.function(plugin.id) is None


def test_timeout_on_the_look(owup, make):
    with FaultServer() as server:
        server.on("*", "", fault.hang())
        ran = owup("deploy", "--timeout", "1", make().file, env=env_of(server))
        assert server.count("POST") == 0
    assert ran.status == 4, ran
    assert "❌ Request timeout: OpenWebUI took too long to respond" in ran.out.splitlines(), ran


def test_slow_bytes_are_no_timeout(server, owup, make):
    """The limit is on silence, not on the whole."""
    plugin = make()
    server.create("filter", plugin.id, "# old\n" + plugin.text)

    def drip(call):
        data = call.forward().raw()
        step = len(data) // 5 + 1
        for start in range(0, len(data), step):
            call.send(data[start : start + step])
            call.server.closing.wait(0.5)

    with FaultServer(server.url) as proxy:
        proxy.on("POST", "/update$", drip)
        ran = owup("deploy", "--timeout", "1", "--json", plugin.file, to=server.through(proxy.url))
        assert proxy.count("POST", "/update$") == 1
    assert (ran.status, ran.plugin["result"]) == (0, "updated"), ran


@pytest.mark.every_server
@pytest.mark.needs_python
@pytest.mark.parametrize("live", [False, True], ids=["new", "live"])
def test_slow_plugin_past_the_timeout(server, owup, make, live):
    """The server goes on by itself, and stands still meanwhile; owup finds out how it ended."""
    plugin = make()
    if live:
        server.create("filter", plugin.id, "# old\n" + plugin.text)
    plugin.change(top=plugins.slow(2.5))
    ran = owup("deploy", "--timeout", "1", "--json", plugin.file, to=server, seconds=150)
    assert ran.status == 0, ran
    assert ran.plugin["result"] == ("updated" if live else "created"), ran
    assert server.function(plugin.id)["content"] == plugin.text


ALWAYS_SLOW = plugins.slow(1.5)
# At its first load only.
ONCE_SLOW = "import sys, time\n\nif not hasattr(sys, '{id}'):\n    sys.{id} = time.sleep(1.5)\n"


@pytest.mark.every_server
@pytest.mark.needs_python
@pytest.mark.parametrize("slow", [ONCE_SLOW, ALWAYS_SLOW], ids=["once", "always"])
def test_slow_broken_plugin_past_the_timeout(server, owup, make, slow):
    """The answer to the same update, sent again, decides; it is waited for as long as it takes."""
    plugin = make()
    server.create("filter", plugin.id, "# old\n" + plugin.text)
    before = server.function(plugin.id)
    plugin.change(top=slow.replace("{id}", plugin.id) + plugins.IMPORT_ERROR)
    ran = owup("deploy", "--timeout", "1", "--json", plugin.file, to=server, seconds=150)
    assert (ran.status, ran.plugin["result"]) == (1, "rejected"), ran
    assert server.hides_reason or "no_such_module_for_owup" in ran.plugin["error"]["detail"], ran
    assert server.function(plugin.id)["content"] == before["content"]


def test_a_server_that_is_always_slow(sandbox, owup, make):
    """Nor is it taken for one that refused."""
    plugin = make()
    sandbox.create("filter", plugin.id, "# old\n" + plugin.text)
    with FaultServer(sandbox.url) as proxy:
        proxy.on("POST", "/update$", fault.after(1.5, fault.forward()))
        proxy.on("POST", "/update$", fault.hang(), count=1)
        ran = owup("deploy", "--timeout", "1", "--json", plugin.file, to=sandbox.through(proxy.url))
        assert proxy.count("POST") == 2
    assert (ran.status, ran.plugin["result"]) == (0, "updated"), ran
    assert sandbox.function(plugin.id)["content"] == plugin.text


def test_a_server_that_stands_still_is_asked_first(sandbox, owup, make):
    """While nobody answers nothing is sent; then what was lost is sent once more."""
    plugin = make()
    sandbox.create("filter", plugin.id, "# old\n" + plugin.text)

    def stand_still(call):
        call.server.on("GET", "/functions/id/", fault.hang(), count=2)
        return fault.hang()(call)

    with FaultServer(sandbox.url) as proxy:
        proxy.on("POST", "/update$", stand_still, count=1)
        ran = owup("deploy", "--timeout", "1", "--json", plugin.file, to=sandbox.through(proxy.url))
        asked = [request.method for request in proxy.seen("*", f"/functions/id/{plugin.id}")]
    assert (ran.status, ran.plugin["result"]) == (0, "updated"), ran
    assert asked == ["GET", "POST", "GET", "GET", "GET", "POST"], asked
    assert sandbox.function(plugin.id)["content"] == plugin.text


def test_a_server_that_is_started_anew_gets_it_again(sandbox, owup, make):
    """It was gone when the answer was lost, and that answer never comes."""
    plugin = make()
    sandbox.create("filter", plugin.id, "# old\n" + plugin.text)
    port = realserver.free_port()
    with FaultServer(sandbox.url, port=port) as proxy:
        proxy.on("POST", "/update$", fault.hang())
        running = owup.start("deploy", "-v", "--json", plugin.file, to=sandbox.through(proxy.url))
        running.wait_for("POST ")
        assert safety.eventually(lambda: proxy.count("POST") == 1)
    running.wait_for("Could not reach")
    with FaultServer(sandbox.url, port=port):
        ran = running.finish()
    assert (ran.status, ran.plugin["result"]) == (0, "updated"), ran
    assert sandbox.function(plugin.id)["content"] == plugin.text


def change_content(answer):
    """An answer about other content than the server holds."""
    return fault.Answer(answer.status, answer.headers, answer.body.replace(b"Does nothing", b"Does anything"))


@pytest.mark.slow
def test_what_stays_open_is_called_unknown(sandbox, owup, make):
    """After a minute owup gives up, never says ✅, and says how to find out. All cases wait at once."""
    other = {"id": "another", "name": "x", "type": "filter", "content": "x", "meta": {}, "is_active": True}
    cases = {
        "writes vanish": [("POST", "/update$", fault.cut_before())],
        "answers about another plugin": [("POST", "/update$", fault.reply(200, other))],
        "other content": [
            ("POST", "/update$", fault.rewritten(change_content)),
            ("GET", "/functions/id/", fault.rewritten(change_content)),
        ],
    }
    with contextlib.ExitStack() as stack:
        started = {}
        for name, rules in cases.items():
            plugin = make()
            sandbox.create("filter", plugin.id, "# old\n" + plugin.text, name=plugin.title)
            proxy = stack.enter_context(FaultServer(sandbox.url))
            for rule in rules:
                proxy.on(*rule)
            state = {"XDG_STATE_HOME": owup.home / plugin.id}
            running = owup.start("deploy", plugin.file, to=sandbox.through(proxy.url), env=state)
            started[name] = (plugin, proxy, running)
        for name, (plugin, proxy, running) in started.items():
            ran = running.finish(150)
            assert ran.status == 4, (name, ran)
            assert "✅" not in ran.text, (name, ran)
            assert "not updated" not in ran.text.lower(), (name, ran)
            # Two by owup; libcurl repeats each by itself where the connection was a reused one.
            assert 1 <= proxy.count("POST", "/update$") <= 4, name
            if name != "other content":
                assert sandbox.function(plugin.id)["content"] != plugin.text
        vanished = started["writes vanish"][2]
        assert "may still finish" in vanished.said("out") + vanished.said("err")


def test_no_answer_is_asked_for_twice_by_the_library(sandbox, owup, make):
    """A reused connection that dies must not make libcurl send a create again on its own."""
    plugin = make()
    with FaultServer(sandbox.url) as proxy:
        proxy.on("POST", "/create$", fault.cut_after(), count=1)
        ran = owup("deploy", "--json", plugin.file, to=sandbox.through(proxy.url))
        created = proxy.seen("POST", "/create$")
        connections = {r.connection for r in proxy.seen("*", "/functions/") if r not in created}
        assert len(created) == 1
        assert created[0].connection not in connections
    assert ran.plugin["result"] == "created", ran


def test_endless_answer(owup, make):
    with FaultServer() as server:
        server.on("GET", "/functions/id/", fault.endless())
        ran = owup("deploy", "--json", make().file, env=env_of(server))
    assert ran.status in (1, 4), ran
    assert ran.plugin["error"]["code"] == "too_big", ran


def test_control_characters_from_a_server_do_not_reach_the_terminal(owup, make):
    with FaultServer() as server:
        server.on("*", "", fault.reply(400, {"detail": "bad \x1b[31m\x07 thing\x9b"}))
        ran = owup("deploy", make().file, env=env_of(server))
        shown = owup.on_terminal("deploy", make().file, env=env_of(server))[1]
    assert "\x1b" not in ran.text and "\x07" not in ran.text
    assert "\x1b[31m\x07" not in shown and "\x07" not in shown and "\x9b" not in shown


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
