# SPDX-License-Identifier: MIT
"""deploy --atomic: all or nothing, also after Ctrl-C and kill -9."""

import signal
import threading

import fault
import plugins
import pytest
import safety
from batch import files, results
from fault import FaultServer

BROKEN = {"version": "1.1.0", "end": plugins.BROKEN_SYNTAX}
WRITES = "/(update|create)$"


@pytest.fixture
def three(server, owup, make):
    """A live function and a tool with newer files, and a function that is not there yet: (plugins, states)."""
    live, tool, new = make(), make("tool"), make("pipe")
    ran = owup("deploy", live.file, tool.file, to=server)
    assert ran.status == 0, ran
    safety.bring_to_life(server, live)
    server.set_valves("tool", tool.id, safety.VALVES)
    for plugin in (live, tool):
        plugin.change(version="1.1.0", title="New title of " + plugin.id)
    group = (live, tool, new)
    return group, held_of(server, group)


def held_of(server, group):
    """The state of each, without 0.12's version: undoing makes a new one."""
    states = [safety.state(server, plugin) for plugin in group]
    return [state and safety.without_version(state) for state in states]


def assert_later_deploy_is_no_conflict(owup, server, group):
    """What was undone is no edit of somebody else, also when time has passed: stamps count seconds."""
    with safety.database(owup) as link:
        link.execute("UPDATE version SET at = at + 60 WHERE row > (SELECT min(row) + 1 FROM version)")
    ran = owup("deploy", "--atomic", "--json", *files(group), to=server)
    assert ran.status == 0, ran
    for plugin in group:
        assert server.plugin(plugin.kind, plugin.id)["content"] == plugin.text


def test_all(server, owup, three):
    group, before = three
    ran = owup("deploy", "--atomic", "--json", "-m", "together", *files(group), to=server)
    assert ran.status == 0, ran
    assert list(results(ran).values()) == ["updated", "updated", "created"]
    for plugin, old in zip(group, before, strict=True):
        held = safety.state(server, plugin)
        assert (held["content"], held["name"]) == (plugin.text, plugin.title)
        if old:
            assert held["valves"] == old["valves"]
    assert safety.flags(server, group[0]) == (True, True)
    again = owup("deploy", "--atomic", "--json", *files(group), to=server)
    assert set(results(again).values()) == {"unchanged"}, again
    assert safety.open_writes(owup) == 0


@pytest.mark.every_server
def test_nothing(server, owup, make, three):
    """The last one is refused: everything before it goes back, the newest first."""
    group, before = three
    bad = make(end=plugins.BROKEN_SYNTAX)
    with FaultServer(server.url) as proxy:
        words = ["deploy", "--atomic", "--no-check", "--json", *files([*group, bad])]
        ran = owup(*words, to=server.through(proxy.url))
        undone = [r.path.split("/id/")[1].split("/")[0] for r in proxy.seen("*", "/(update|delete)$")][-3:]
        assert ran.status == 1, ran
        assert list(results(ran).values()) == ["reverted", "reverted", "reverted", "rejected"]
        assert undone == [plugin.id for plugin in reversed(group)]
        assert held_of(server, group) == before
        assert server.function(bad.id) is None
        assert safety.open_writes(owup) == 0
        with safety.database(owup) as link:
            kept = [row[0].decode() for row in link.execute("SELECT data FROM content")]
        assert all(plugin.text in kept for plugin in group)
        assert_later_deploy_is_no_conflict(owup, server.through(proxy.url), [*group, bad.change(end="")])


def test_nothing_for_a_person(server, owup, make, three):
    """The same in words: that users could see the new code in between is said."""
    group, before = three
    bad = make(end=plugins.BROKEN_SYNTAX)
    ran = owup("deploy", "--atomic", "--no-check", *files([*group, bad]), to=server)
    assert ran.status == 1, ran
    assert sum(line.startswith("↩ ") for line in ran.out.splitlines()) == 3, ran
    assert "Users could see the new code in between." in ran.text, ran
    assert held_of(server, group) == before


@pytest.mark.parametrize("why", ["invalid", "conflict", "missing-file", "look"])
def test_a_failure_before_the_first_write_sends_nothing(server, owup, make, three, why):
    group, before = three
    last = make()
    words = files([*group, last])
    if why == "invalid":
        last.change(end=plugins.BROKEN_SYNTAX)
    elif why == "conflict":
        owup("deploy", last.file, to=server)
        server.update("filter", last.id, last.text + "# theirs\n", name=last.title)
        last.change(version="1.1.0")
    elif why == "missing-file":
        words[-1] = "plugins/filters/no_such_file.py"
    with FaultServer(server.url) as proxy:
        if why == "look":
            proxy.on("GET", f"/id/{last.id}$", fault.reply(500, "Internal Server Error"))
            proxy.on("GET", "/functions/(export)?$", fault.reply(500, "Internal Server Error"))
        to = server if why == "conflict" else server.through(proxy.url)
        ran = owup("deploy", "--atomic", "--json", *words, to=to)
        assert proxy.count("POST", WRITES) == 0
    assert ran.status != 0, ran
    assert set(results(ran).values()) <= {"skipped", "invalid", "conflict", "failed"}, ran
    assert held_of(server, group) == before
    if why != "conflict":
        assert server.function(last.id) is None


@pytest.mark.every_server
def test_what_someone_changed_meanwhile_is_left_and_named(server, owup, make, three):
    group, before = three
    live, tool, new = group
    bad = make(end=plugins.BROKEN_SYNTAX)

    def edit(call):
        server.update("filter", live.id, live.text + "# theirs\n", name=live.title)
        server.update("pipe", new.id, new.text + "# theirs\n", name=new.title)
        fault.forward()(call)

    with FaultServer(server.url) as proxy:
        proxy.on("POST", f"/id/{bad.id}/update$", edit, count=1)
        words = ["deploy", "--atomic", "--no-check", "--json", *files([*group, bad])]
        ran = owup(*words, to=server.through(proxy.url))
    assert ran.status == 1, ran
    told = {line["id"]: line for line in ran.plugins}
    for plugin in (live, new):
        assert told[plugin.id]["result"] == "conflict" and "meanwhile" in told[plugin.id]["broken"], ran
        assert server.plugin(plugin.kind, plugin.id)["content"] == plugin.text + "# theirs\n"
    assert told[tool.id]["result"] == "reverted", ran
    assert safety.flags(server, live) == (True, True)
    assert held_of(server, [tool]) == before[1:2]


@pytest.mark.every_server
def test_ctrl_c(server, owup, three):
    """The running write is let end, no other begins, and what was written goes back."""
    group, before = three
    gate = threading.Event()
    with FaultServer(server.url) as proxy:
        proxy.on("POST", f"/id/{group[1].id}/update$", fault.hold(gate, fault.forward()), count=1)
        ran = safety.interrupt_held(proxy, gate, owup.start("deploy", "--atomic", *files(group), to=server.through(proxy.url)))
        assert proxy.count("POST", f"/id/{group[2].id}/update$|/create$") == 0
    assert ran.status == 130, ran
    assert held_of(server, group) == before
    assert safety.open_writes(owup) == 0, ran


@pytest.mark.every_server
@pytest.mark.parametrize("acted", [False, True], ids=["before", "after"])
def test_kill_is_undone_by_the_next_call(server, owup, make, three, acted):
    """kill -9 while the last one is created, before or after the server did it."""
    group, before = three
    gate = threading.Event()
    with FaultServer(server.url) as proxy:
        seen = threading.Event()

        def hold(call):
            if acted:
                call.forward()
            seen.set()
            gate.wait(60)
            return False

        proxy.on("POST", "/create$", hold, count=1)
        through = server.through(proxy.url)
        running = owup.start("deploy", "--atomic", *files(group), to=through)
        assert seen.wait(30)
        running.process.kill()
        assert running.finish().status == -signal.SIGKILL
        gate.set()
        assert server.tool(group[1].id)["content"] == group[1].text
        assert (server.plugin("pipe", group[2].id) is not None) == acted
        reported = owup("deploy", "--dry-run", group[0].file, to=through)
        assert "interrupted" in reported.text, reported
        told = owup("deploy", make().file, to=through)
        assert told.status == 0, told
        assert told.text.count("interrupted --atomic deploy") == (3 if acted else 2), told
        assert held_of(server, group) == before
        assert safety.open_writes(owup) == 0
        assert_later_deploy_is_no_conflict(owup, through, group)


@pytest.mark.every_server
def test_an_undo_that_fails_is_named_and_done_by_the_next_call(server, owup, make, three):
    group, before = three
    live = group[0]
    bad = make(end=plugins.BROKEN_SYNTAX)
    with FaultServer(server.url) as proxy:

        def only_once(call):
            """The deploy's update passes, the undoing one is refused."""
            if proxy.count("POST", f"/id/{live.id}/update$") == 1:
                return fault.forward()(call)
            return fault.reply(403, {"detail": "not now"})(call)

        proxy.on("POST", f"/id/{live.id}/update$", only_once, count=2)
        through = server.through(proxy.url)
        ran = owup("deploy", "--atomic", "--no-check", "--json", *files([*group, bad]), to=through)
        assert ran.status != 0, ran
        told = {line["id"]: line for line in ran.plugins}
        assert told[live.id]["result"] == "failed" and told[live.id]["broken"], ran
        assert held_of(server, group)[1:] == before[1:]
        told = owup("deploy", make().file, to=through)
        assert told.status == 0, told
        assert live.id in told.text or before[0]["name"] in told.text or live.title in told.text, told
        assert held_of(server, group) == before
    assert safety.open_writes(owup) == 0


@pytest.mark.every_server
def test_flags_that_a_failed_update_changed_go_back_too(server, owup, three):
    """The live function itself is the broken one, and it comes last."""
    group, before = three
    live, tool, new = group
    live.change(**BROKEN)
    ran = owup("deploy", "--atomic", "--no-check", "--json", *files([tool, new, live]), to=server)
    assert list(results(ran).values()) == ["reverted", "reverted", "rejected"], ran
    assert held_of(server, group) == before
