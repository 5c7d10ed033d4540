# SPDX-License-Identifier: MIT
"""A deploy that fails changes nothing: content, name, meta, valves and both flags stay what they were."""

import signal
import threading

import fault
import plugins
import pytest
import safety
from fault import FaultServer

BROKEN = {"version": "1.1.0", "end": plugins.BROKEN_SYNTAX}
FAILS_THERE = {
    "import": {"top": plugins.IMPORT_ERROR},
    "constructor": {"constructor": plugins.CONSTRUCTOR_RAISES},
    "class": {"valves": plugins.VALVES + "    x = no_such_name\n"},
}


@pytest.fixture
def in_use(server, owup, make):
    """A function that owup deployed and a person switched on: (plugin, its state)."""
    plugin = make()
    ran = owup("deploy", plugin.file, to=server)
    assert ran.status == 0, ran
    before = safety.bring_to_life(server, plugin)
    assert (before["is_active"], before["is_global"], before["valves"]) == (True, True, safety.VALVES)
    return plugin, before


def next_call(owup, server, make):
    """Any later owup command that writes to this server."""
    ran = owup("deploy", make().file, to=server)
    assert ran.status == 0, ran
    return ran


def test_broken_code_found_here(server, owup, in_use):
    plugin, before = in_use
    ran = owup("deploy", "--json", plugin.change(**BROKEN).file, to=server)
    assert (ran.status, ran.plugin["result"]) == (5, "invalid"), ran
    assert safety.state(server, plugin) == before


@pytest.mark.every_server
@pytest.mark.parametrize("way", ["syntax", "class"])
def test_broken_code_refused_there(server, owup, in_use, way):
    plugin, before = in_use
    if way == "syntax":
        plugin.change(**BROKEN)
    else:
        plugin.change(text=plugin.text.replace("class Filter", "class Other"))
    ran = owup("deploy", "--json", "--no-check", plugin.file, to=server)
    assert (ran.status, ran.plugin["result"]) == (1, "rejected"), ran
    assert ran.plugin["repaired"] == (["is_active"] if server.switches_off else []), ran
    assert safety.state(server, plugin) == before
    assert safety.open_writes(owup) == 0


@pytest.mark.every_server
@pytest.mark.needs_python
@pytest.mark.parametrize("way", FAILS_THERE)
def test_code_that_does_not_load_there(server, owup, in_use, way):
    plugin, before = in_use
    plugin.change(version="1.1.0", **FAILS_THERE[way])
    ran = owup("deploy", plugin.file, to=server)
    assert ran.status == 1, ran
    told = f"↩ '{plugin.title}' was switched off by the failed update; switched on again."
    assert (told in ran.text.splitlines()) == server.switches_off, ran
    assert safety.state(server, plugin) == before


@pytest.mark.needs_python
@pytest.mark.since("0.12")
def test_refused_valves(server, owup, in_use):
    plugin, before = in_use
    plugin.change(valves=plugins.VALVES.replace('token: str = Field(default=""', "token: int = Field(default=0"))
    ran = owup("deploy", "--json", plugin.file, to=server)
    assert (ran.plugin["result"], ran.plugin["error"]["code"]) == ("rejected", "valves_misfit"), ran
    assert safety.state(server, plugin) == before


@pytest.mark.every_server
@pytest.mark.needs_python
def test_requirements_that_cannot_be_installed(server, owup, in_use):
    plugin, before = in_use
    plugin.change(version="1.1.0", header="requirements: no-such-distribution-for-owup\n")
    with server.installing() as online:
        ran = owup("deploy", "--json", plugin.file, to=online, seconds=150)
    assert (ran.status, ran.plugin["result"]) == (1, "rejected"), ran
    assert safety.state(server, plugin) == before


@pytest.mark.every_server
@pytest.mark.parametrize("way", safety.LOST)
def test_a_lost_answer_to_broken_code(server, owup, in_use, way):
    plugin, before = in_use
    plugin.change(**BROKEN)
    with FaultServer(server.url) as proxy:
        proxy.on("POST", "/update$", safety.LOST[way], count=1)
        ran = owup("deploy", "--json", "--no-check", plugin.file, to=server.through(proxy.url))
    assert (ran.status, ran.plugin["result"]) == (1, "rejected"), ran
    assert safety.state(server, plugin) == before


@pytest.mark.every_server
@pytest.mark.parametrize("way", safety.LOST)
def test_a_lost_answer_to_good_code(server, owup, in_use, way):
    plugin, before = in_use
    plugin.change(version="1.1.0")
    with FaultServer(server.url) as proxy:
        proxy.on("POST", "/update$", safety.LOST[way], count=1)
        ran = owup("deploy", "--json", plugin.file, to=server.through(proxy.url))
    assert (ran.status, ran.plugin["result"]) == (0, "updated"), ran
    after = safety.state(server, plugin)
    assert after["content"] == plugin.text
    for key in ("name", "is_active", "is_global", "valves"):
        assert after[key] == before[key]


@pytest.mark.clock(5)
@pytest.mark.every_server
@pytest.mark.parametrize("code", ["good", "broken"])
def test_a_server_that_always_says_500(server, owup, in_use, code):
    """It acts and does not say so, or does not act at all: flags are what they were in both cases."""
    plugin, before = in_use
    plugin.change(**(BROKEN if code == "broken" else {"version": "1.1.0"}))
    with FaultServer(server.url) as proxy:
        proxy.on("POST", "/update$", safety.LOST["500-after" if code == "broken" else "500"])
        ran = owup("deploy", "--json", "--no-check", plugin.file, to=server.through(proxy.url))
    assert ran.plugin["result"] == "failed", ran
    assert safety.state(server, plugin) == before


@pytest.mark.clock(2)
@pytest.mark.every_server
@pytest.mark.needs_python
def test_a_load_that_outlasts_the_timeout(server, owup, in_use):
    plugin, before = in_use
    once = f"import sys, time\n\nif not hasattr(sys, '{plugin.id}'):\n    sys.{plugin.id} = time.sleep({owup.seconds(1.5)})\n"
    plugin.change(version="1.1.0", top=once + plugins.IMPORT_ERROR)
    ran = owup("deploy", "--json", "--timeout", "1", plugin.file, to=server)
    assert ran.plugin["result"] == "rejected", ran
    assert safety.state(server, plugin) == before


@pytest.mark.clock(4)
@pytest.mark.every_server
def test_a_write_that_arrives_late(server, owup, in_use, make):
    """What timed out may still be on its way when owup has ended; the next call looks after it."""
    plugin, before = in_use
    plugin.change(**BROKEN)
    gate = threading.Event()
    with FaultServer(server.url) as proxy:
        proxy.on("POST", "/update$", fault.hold(gate, fault.forward()), count=1)
        through = server.through(proxy.url)
        ran = owup("deploy", "--json", "--no-check", "--timeout", "2", plugin.file, to=through)
        assert (ran.status, ran.plugin["result"]) == (1, "rejected"), ran
        assert safety.state(server, plugin) == before
        gate.set()
        if server.switches_off:
            assert safety.eventually(lambda: not server.function(plugin.id)["is_active"])
        next_call(owup, through, make)
    assert safety.state(server, plugin) == before
    assert safety.open_writes(owup) == 0


@pytest.mark.clock(4)
@pytest.mark.every_server
def test_a_write_that_arrives_after_the_repair(server, owup, in_use):
    """The second update is refused and repaired; then the first comes, whose answer was no longer waited for."""
    plugin, before = in_use
    plugin.change(**BROKEN)
    gate = threading.Event()
    with FaultServer(server.url) as proxy:
        proxy.on("POST", "/update$", fault.hold(gate, fault.forward()), count=1)
        words = ["deploy", "--json", "--no-check", "--timeout", "2", plugin.file]
        running = owup.start(*words, to=server.through(proxy.url))
        if server.switches_off:
            assert safety.eventually(lambda: proxy.count("POST", "/toggle") == 1, 30)
            assert safety.eventually(lambda: server.function(plugin.id)["is_active"])
        gate.set()
        ran = running.finish()
        assert (ran.status, ran.plugin["result"], ran.plugin["broken"]) == (1, "rejected", None), ran
        if server.switches_off:
            assert ran.plugin["repaired"] == ["is_active"], ran
            assert proxy.count("POST", "/toggle") == 2
    assert safety.state(server, plugin) == before


@pytest.mark.every_server
def test_ctrl_c_once(server, owup, in_use):
    plugin, before = in_use
    plugin.change(**BROKEN)
    gate = threading.Event()
    with FaultServer(server.url) as proxy:
        proxy.on("POST", "/update$", fault.hold(gate, fault.forward()), count=1)
        ran = safety.interrupt_held(proxy, gate, owup.start("deploy", "--no-check", plugin.file, to=server.through(proxy.url)))
    assert ran.status == 130, ran
    assert "Status: 400" in ran.text and ("switched on again" in ran.text) == server.switches_off, ran
    assert safety.state(server, plugin) == before
    assert safety.open_writes(owup) == 0


@pytest.mark.every_server
def test_ctrl_c_twice_and_the_next_call(server, owup, in_use, make):
    plugin, before = in_use
    plugin.change(**BROKEN)
    gate = threading.Event()
    with FaultServer(server.url) as proxy:
        proxy.on("POST", "/update$", fault.hold(gate, fault.forward()), count=1)
        through = server.through(proxy.url)
        running = owup.start("deploy", "--no-check", plugin.file, to=through)
        assert proxy.held.wait(30)
        running.interrupt()
        running.wait_for("Interrupted")
        running.interrupt()
        ran = running.finish(10)
        assert ran.status == 130 and "may still finish" in ran.text, ran
        gate.set()
        if server.switches_off:
            assert safety.eventually(lambda: not server.function(plugin.id)["is_active"])
        told = next_call(owup, through, make)
    assert ("switched on again" in told.text) == server.switches_off, told
    assert safety.state(server, plugin) == before
    assert safety.open_writes(owup) == 0


def killed_before_the_repair(server, owup, plugin, request="/update$"):
    """kill -9 once the server has acted, before owup learns of it."""
    gate = threading.Event()
    seen = threading.Event()

    def act_and_hold(call):
        answer = call.forward()
        seen.set()
        gate.wait(60)
        call.send(answer.raw())

    with FaultServer(server.url) as proxy:
        proxy.on("POST", request, act_and_hold)
        running = owup.start("deploy", "--no-check", plugin.file, to=server.through(proxy.url))
        assert seen.wait(30)
        running.process.kill()
        assert running.finish().status == -signal.SIGKILL
        gate.set()
    with safety.database(owup) as link:
        link.execute("UPDATE open_write SET server = ?", (server.url,))
    assert safety.open_writes(owup) == 1


@pytest.mark.every_server
def test_kill_between_update_and_repair(server, owup, in_use, make):
    plugin, before = in_use
    killed_before_the_repair(server, owup, plugin.change(**BROKEN))
    assert server.function(plugin.id)["is_active"] != server.switches_off
    told = owup("deploy", "--dry-run", plugin.file, to=server)
    assert "interrupted" in told.text and server.function(plugin.id)["is_active"] != server.switches_off, told
    told = next_call(owup, server, make)
    line = f"↩ '{plugin.title}' was switched off by an interrupted deploy; switched on again."
    assert (line in told.text.splitlines()) == server.switches_off, told
    assert safety.state(server, plugin) == before
    assert safety.open_writes(owup) == 0


@pytest.mark.every_server
def test_what_an_admin_switched_off_after_the_kill_stays_off(server, owup, in_use, make):
    plugin, before = in_use
    killed_before_the_repair(server, owup, plugin.change(**BROKEN))
    if not server.function(plugin.id)["is_active"]:
        server.toggle(plugin.id)
    server.toggle(plugin.id)
    safety.let_time_pass(owup, 3600)
    told = next_call(owup, server, make)
    assert (plugin.title in told.text) == server.switches_off and "switched on again" not in told.text, told
    assert safety.state(server, plugin) == {**before, "is_active": False}
    assert safety.open_writes(owup) == 0


@pytest.mark.since("0.12")
def test_this_server_never_switches_off_so_an_admin_did(server, owup, in_use, make):
    """Also at once after the kill, and while an update is refused."""
    plugin, before = in_use
    killed_before_the_repair(server, owup, plugin.change(**BROKEN))
    assert server.toggle(plugin.id) is False
    next_call(owup, server, make)
    assert safety.state(server, plugin) == {**before, "is_active": False}
    server.toggle(plugin.id)
    with FaultServer(server.url) as proxy:

        def meanwhile(call):
            server.toggle(plugin.id)
            fault.forward()(call)

        proxy.on("POST", "/update$", meanwhile)
        ran = owup("deploy", "--json", "--no-check", plugin.file, to=server.through(proxy.url))
    assert (ran.plugin["result"], ran.plugin["repaired"]) == ("rejected", []), ran
    assert safety.state(server, plugin) == {**before, "is_active": False}


@pytest.mark.every_server
@pytest.mark.parametrize("code", ["good", "broken"])
def test_what_an_admin_switched_off_before_stays_off(server, owup, in_use, code):
    plugin, before = in_use
    server.toggle(plugin.id)
    plugin.change(**(BROKEN if code == "broken" else {"version": "1.1.0"}))
    ran = owup("deploy", "--json", "--no-check", plugin.file, to=server)
    assert ran.plugin["repaired"] == [], ran
    assert safety.flags(server, plugin) == (False, True)
    if code == "broken":
        assert safety.state(server, plugin) == {**before, "is_active": False}


@pytest.mark.until("0.11")
def test_a_repair_that_fails_is_named_and_done_by_the_next_call(server, owup, in_use, make):
    plugin, before = in_use
    plugin.change(**BROKEN)
    with FaultServer(server.url) as proxy:
        through = server.through(proxy.url)
        proxy.on("POST", "/toggle$", fault.reply(403, {"detail": "not now"}), count=1)
        ran = owup("deploy", "--no-check", plugin.file, to=through)
        assert ran.status == 1, ran
        assert "could not be" in ran.text and "Admin Panel > Functions" in ran.text, ran
        assert ran.seconds < 8, ran
        told = next_call(owup, through, make)
    assert "switched on again" in told.text, told
    assert safety.state(server, plugin) == before


@pytest.mark.clock(5)
@pytest.mark.every_server
@pytest.mark.parametrize("way", ["cut-before", "cut-after", "half", "500-after"])
def test_a_lost_answer_to_the_repair(server, owup, in_use, way):
    """A flip that the server did is never sent again; one that it surely did not get, once more."""
    plugin, before = in_use
    plugin.change(**BROKEN)
    with FaultServer(server.url) as proxy:
        proxy.on("POST", "/toggle$", safety.LOST[way], count=1)
        ran = owup("deploy", "--json", "--no-check", plugin.file, to=server.through(proxy.url))
        assert proxy.count("POST", "/toggle$") == (server.switches_off and (2 if way == "cut-before" else 1))
    assert (ran.plugin["result"], ran.plugin["broken"]) == ("rejected", None), ran
    assert safety.state(server, plugin) == before


@pytest.mark.every_server
@pytest.mark.parametrize("kind", ["filter", "tool"])
@pytest.mark.parametrize("live", [False, True], ids=["new", "live"])
def test_what_went_through_unseen_is_no_edit_of_somebody_else(server, owup, make, kind, live):
    """kill -9 after the server acted on good code: the next deploy knows it as its own work."""
    plugin = make(kind)
    if live:
        assert owup("deploy", plugin.file, to=server).status == 0
        plugin.change(version="1.1.0")
    killed_before_the_repair(server, owup, plugin, "/update$" if live else "/create$")
    assert server.plugin(kind, plugin.id)["content"] == plugin.text
    plugin.change(version="1.2.0")
    ran = owup("deploy", "--json", plugin.file, to=server)
    assert (ran.status, ran.plugin["result"]) == (0, "updated"), ran
    assert safety.open_writes(owup) == 0
