"""Ctrl-C: the first lets the running write end, the second stops at once."""

import threading

import fault
import safety
from fault import FaultServer


def test_once_lets_the_write_end_and_starts_no_other(server, owup, make):
    first, second = make(), make()
    server.create("filter", first.id, "# old\n" + first.text)
    gate = threading.Event()
    with FaultServer(server.url) as proxy:
        proxy.on("POST", "/update$", fault.hold(gate, fault.forward()), count=1)
        arguments = ["deploy", "--json", "--jobs", "1", first.file, second.file]
        ran = safety.interrupt_held(proxy, gate, owup.start(*arguments, to=server.through(proxy.url)))
        assert proxy.count("POST", second.id) == 0
    assert ran.status == 130, ran
    results = {told["id"]: told["result"] for told in ran.plugins}
    assert results[first.id] == "updated", ran
    assert results.get(second.id) == "skipped", ran
    assert ran.summary["exit"] == 130
    assert server.function(first.id)["content"] == first.text
    assert server.function(second.id) is None


def test_once_verifies_a_create(server, owup, make):
    plugin = make("tool")
    gate = threading.Event()
    with FaultServer(server.url) as proxy:
        proxy.on("POST", "/create$", fault.hold(gate, fault.forward()), count=1)
        ran = safety.interrupt_held(proxy, gate, owup.start("deploy", plugin.file, to=server.through(proxy.url)))
    assert ran.status == 130, ran
    assert f"✅ Successfully created '{plugin.title}' tool!" in ran.out, ran
    assert server.tool(plugin.id)["content"] == plugin.text


def test_once_before_any_write_sends_nothing(server, owup, make):
    plugin = make()
    with FaultServer(server.url) as proxy:
        gate = threading.Event()
        proxy.on("GET", "/functions/id/", fault.hold(gate, fault.forward()), count=1)
        running = owup.start("deploy", "--json", plugin.file, to=server.through(proxy.url))
        assert proxy.held.wait(30)
        running.interrupt()
        ran = running.finish(10)
        gate.set()
        assert proxy.count("POST") == 0
    assert ran.status == 130, ran
    assert ran.plugin["result"] in ("skipped", "failed"), ran
    assert server.function(plugin.id) is None


def test_twice_stops_at_once_and_says_what_is_open(server, owup, make):
    plugin = make()
    server.create("filter", plugin.id, "# old\n" + plugin.text)
    gate = threading.Event()
    with FaultServer(server.url) as proxy:
        proxy.on("POST", "/update$", fault.hold(gate, fault.forward()), count=1)
        running = owup.start("deploy", plugin.file, to=server.through(proxy.url))
        assert proxy.held.wait(30)
        running.interrupt()
        running.wait_for("Interrupted")
        running.interrupt()
        ran = running.finish(10)
        gate.set()
    assert ran.status == 130, ran
    assert "may still finish" in ran.text, ran
    assert "✅" not in ran.text, ran


def test_a_long_request_shows_life_on_a_terminal(sandbox, owup, make):
    plugin = make()
    with FaultServer(sandbox.url) as proxy:
        proxy.on("POST", "/create$", fault.after(1.5, fault.forward()))
        status, slow = owup.on_terminal("deploy", plugin.file, to=sandbox.through(proxy.url))
        assert status == 0, slow
        plugin.change(version="1.1.0")
        status, quick = owup.on_terminal("deploy", plugin.file, to=sandbox.through(proxy.url))
        assert status == 0, quick
        piped = owup("deploy", plugin.file, to=sandbox.through(proxy.url))
    assert "\r" in slow, slow
    assert "\r" not in quick, quick
    assert "\r" not in piped.text
