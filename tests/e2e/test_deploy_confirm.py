# SPDX-License-Identifier: MIT
"""Answers that are lost, late or lies. What owup says must be what the server then holds."""

import contextlib

import fault
import plugins
import pytest
import realserver
import safety
from fault import FaultServer


@pytest.mark.clock(5)
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


@pytest.mark.clock(5)
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


@pytest.mark.clock(2)
@pytest.mark.every_server
@pytest.mark.needs_python
@pytest.mark.parametrize("live", [False, True], ids=["new", "live"])
def test_slow_plugin_past_the_timeout(server, owup, make, live):
    """The server goes on by itself, and stands still meanwhile; owup finds out how it ended."""
    plugin = make()
    if live:
        server.create("filter", plugin.id, "# old\n" + plugin.text)
    plugin.change(top=plugins.slow(owup.seconds(2.5)))
    ran = owup("deploy", "--timeout", "1", "--json", plugin.file, to=server, seconds=150)
    assert ran.status == 0, ran
    assert ran.plugin["result"] == ("updated" if live else "created"), ran
    assert server.function(plugin.id)["content"] == plugin.text


ALWAYS_SLOW = plugins.slow("{seconds}")
# At its first load only.
ONCE_SLOW = "import sys, time\n\nif not hasattr(sys, '{id}'):\n    sys.{id} = time.sleep({seconds})\n"


@pytest.mark.clock(2)
@pytest.mark.every_server
@pytest.mark.needs_python
@pytest.mark.parametrize("slow", [ONCE_SLOW, ALWAYS_SLOW], ids=["once", "always"])
def test_slow_broken_plugin_past_the_timeout(server, owup, make, slow):
    """The answer to the same update, sent again, decides; it is waited for as long as it takes."""
    plugin = make()
    server.create("filter", plugin.id, "# old\n" + plugin.text)
    before = server.function(plugin.id)
    slow = slow.replace("{id}", plugin.id).replace("{seconds}", str(owup.seconds(1.5)))
    plugin.change(top=slow + plugins.IMPORT_ERROR)
    ran = owup("deploy", "--timeout", "1", "--json", plugin.file, to=server, seconds=150)
    assert (ran.status, ran.plugin["result"]) == (1, "rejected"), ran
    assert server.hides_reason or "no_such_module_for_owup" in ran.plugin["error"]["detail"], ran
    assert server.function(plugin.id)["content"] == before["content"]


@pytest.mark.clock(5)
def test_a_server_that_is_always_slow(sandbox, owup, make):
    """Nor is it taken for one that refused."""
    plugin = make()
    sandbox.create("filter", plugin.id, "# old\n" + plugin.text)
    with FaultServer(sandbox.url) as proxy:
        proxy.on("POST", "/update$", fault.after(owup.seconds(1.5), fault.forward()))
        proxy.on("POST", "/update$", fault.hang(), count=1)
        ran = owup("deploy", "--timeout", "1", "--json", plugin.file, to=sandbox.through(proxy.url))
        assert proxy.count("POST") == 2
    assert (ran.status, ran.plugin["result"]) == (0, "updated"), ran
    assert sandbox.function(plugin.id)["content"] == plugin.text


@pytest.mark.clock(5)
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


@pytest.mark.clock(5)
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


@pytest.mark.clock(20)
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
