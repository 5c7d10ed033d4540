# SPDX-License-Identifier: MIT
"""What other people and other owups do while a deploy of several plugins is under way."""

import threading
import uuid

import fault
import pytest
import safety
from batch import files, newer, results
from fault import FaultServer

WRITES = "/(update|create)$"
THEIRS = "# theirs\n"


@pytest.mark.clock(10)
@pytest.mark.every_server
def test_an_edit_during_an_atomic_deploy_is_a_conflict(server, owup, several):
    """The look is old when the last one's turn comes: nothing of theirs is lost, what was written goes back."""
    with FaultServer(server.url) as proxy:
        through = server.through(proxy.url)
        group = newer(several(3, through))
        first, *_, last = group
        before = server.function(first.id)["content"]
        old = server.function(last.id)["content"]

        def edit(call):
            server.update("filter", last.id, old + THEIRS, name=last.title)
            return fault.after(owup.seconds(5.2), fault.forward())(call)

        proxy.on("POST", f"/id/{first.id}/update$", edit, count=1)
        ran = owup("deploy", "--atomic", "--json", *files(group), to=through)
        assert list(results(ran).values()) == ["reverted", "reverted", "conflict"], ran
        assert ran.status == 1, ran
        assert server.function(last.id)["content"] == old + THEIRS
        assert server.function(first.id)["content"] == before
        assert safety.open_writes(owup) == 0


@pytest.mark.every_server
@pytest.mark.parametrize("count", [3, 6], ids=["few", "many"])
def test_two_deploys_of_the_same_plugins_at_once(server, owup, several, count):
    """The second waits for the first one's lock and then sees what that one did."""
    gate = threading.Event()
    with FaultServer(server.url) as proxy:
        through = server.through(proxy.url)
        group = newer(several(count, through))
        proxy.requests.clear()
        proxy.on("POST", WRITES, fault.hold(gate, fault.forward()))
        words = ["deploy", "--json", *files(group)]
        one = owup.start(*words, to=through)
        assert safety.eventually(lambda: proxy.count("POST", WRITES) == count, 30)
        two = owup.start(*words, to=through)
        two.wait_for("Waiting for another owup")
        gate.set()
        ran, again = one.finish(), two.finish()
        assert proxy.count("POST", WRITES) == count
    assert (ran.status, again.status) == (0, 0), f"{ran}{again}"
    assert set(results(ran).values()) == {"updated"}, ran
    assert set(results(again).values()) == {"unchanged"}, again


@pytest.mark.every_server
def test_a_look_from_before_another_owups_write_is_worth_nothing(server, owup, several):
    """The other one began and ended between the second one's list and its turn."""
    with FaultServer(server.url) as proxy:
        through = server.through(proxy.url)
        group = newer(several(6, through))
        words = ["deploy", "--json", *files(group)]
        inner = []

        def other(call):
            """The list is answered as it was; meanwhile another owup deploys the same."""
            answer = call.forward()
            inner.append(owup(*words, to=through))
            call.send(answer.raw())

        proxy.on("GET", "/functions/(export)?$", other, count=1)
        ran = owup(*words, to=through)
    assert set(results(inner[0]).values()) == {"updated"}, inner[0]
    assert ran.status == 0 and set(results(ran).values()) == {"unchanged"}, ran


@pytest.mark.since("0.12")
def test_an_edit_between_the_list_and_the_export_is_a_conflict(server, owup, several, make):
    with FaultServer(server.url) as proxy:
        through = server.through(proxy.url)
        (known,) = newer(several(1, through))
        strangers = [make() for _ in range(5)]
        for plugin in strangers:
            server.create("filter", plugin.id, "# old\n" + plugin.text, name=plugin.title)
        old = server.function(known.id)["content"]

        def edit(call):
            server.update("filter", known.id, old + THEIRS, name=known.title)
            return fault.forward()(call)

        proxy.on("GET", "/functions/export$", edit, count=1)
        ran = owup("deploy", "--json", *files([known, *strangers]), to=through)
        assert proxy.count("GET", "/functions/export$") == 1
    assert results(ran)[known.id] == "conflict", ran
    assert server.function(known.id)["content"] == old + THEIRS


def test_the_lock_of_what_moves_in_is_that_of_the_servers_id(server, owup, make, fresh):
    """Another owup sees that somebody is at work on it, and undoes nothing."""
    mark = uuid.uuid4()
    plugin = make(header=f"openwebui_id: {mark}\n")
    old = fresh("id_from_a_title")
    server.create("filter", old, plugin.text.replace("1.0.0", "0.9.0"), name=plugin.title)
    gate = threading.Event()
    try:
        with FaultServer(server.url) as proxy:
            through = server.through(proxy.url)
            proxy.on("POST", f"/id/{old}/update$", fault.hold(gate, fault.forward()), count=1)
            running = owup.start("deploy", "--atomic", plugin.file, to=through)
            assert proxy.held.wait(30)
            assert safety.open_writes(owup) == 1
            other = owup("deploy", make().file, to=through)
            assert other.status == 0 and "interrupted" not in other.text, other
            assert safety.open_writes(owup) == 1
            waiting = owup.start("deploy", plugin.file, to=through)
            waiting.wait_for("Waiting for another owup")
            gate.set()
            ran, again = running.finish(), waiting.finish()
        assert ran.status == 0 and "✅ Successfully updated" in ran.out, ran
        assert again.status == 0 and "updated" not in again.out, again
        assert server.function(old)["content"] == plugin.text
        assert server.function(plugin.id) is None
    finally:
        server.delete("filter", old)


@pytest.mark.clock(5)
@pytest.mark.every_server
def test_ctrl_c_twice_in_an_atomic_deploy_is_no_conflict_later(server, owup, several):
    """The next owup puts back what the second Ctrl-C left, and does not take that for an edit."""
    gate = threading.Event()
    with FaultServer(server.url) as proxy:
        through = server.through(proxy.url)
        group = newer(several(3, through))
        before = [server.function(plugin.id)["content"] for plugin in group]
        proxy.requests.clear()
        undoing = threading.Event()

        def hold_the_undo(call):
            """The update passes; the one that undoes it waits."""
            if proxy.count("POST", f"/id/{group[0].id}/update$") == 1:
                return fault.forward()(call)
            undoing.set()
            return fault.hold(gate, fault.cut_before())(call)

        proxy.on("POST", f"/id/{group[0].id}/update$", hold_the_undo, count=2)
        proxy.on("POST", f"/id/{group[2].id}/update$", fault.reply(500, "Internal Server Error"))
        running = owup.start("deploy", "--atomic", *files(group), to=through)
        assert undoing.wait(30)
        running.interrupt()
        running.wait_for("Interrupted")
        running.interrupt()
        ran = running.finish()
        gate.set()
        assert ran.status != 0, ran
        assert safety.open_writes(owup) > 0
        told = owup("deploy", "--json", *files(group[:2]), to=server.through(proxy.url))
    assert told.status == 0, told
    assert set(results(told).values()) == {"updated"}, told
    assert server.function(group[2].id)["content"] == before[2]
    assert safety.open_writes(owup) == 0


def test_notes_of_an_atomic_deploy_stand_with_their_plugin(sandbox, owup, several):
    group = newer(several(3, sandbox))
    for number, plugin in enumerate(group[1:]):
        plugin.change(version=f"0.{number}.0")
    ran = owup("deploy", "--atomic", "--json", *files(group), to=sandbox)
    assert ran.status == 0, ran
    notes = {line["id"]: " ".join(line["notes"]) for line in ran.plugins}
    assert "Going back" not in notes[group[0].id], ran
    assert "to 0.0.0" in notes[group[1].id] and "to 0.1.0" in notes[group[2].id], ran


def test_the_forecast_of_an_atomic_deploy(sandbox, owup, several, make):
    """Where one fails nothing would be sent; and a dry run writes nothing."""
    good, bad = newer(several(1, sandbox))[0], make(end="\n\ndef broken(:\n")
    ran = owup("deploy", "--atomic", "-n", "--json", good.file, bad.file, to=sandbox)
    assert results(ran) == {good.id: "skipped", bad.id: "invalid"}, ran
    ran = owup("deploy", "--atomic", "-n", good.file, make().file, to=sandbox)
    assert ran.status == 0 and "history.db" not in ran.text, ran
    assert "2 plugins: 1 would be created, 1 would be updated" in ran.out, ran


@pytest.mark.clock(10)
def test_a_server_that_never_answers_is_not_asked_for_each(owup, sandbox, make):
    group = [make() for _ in range(40)]
    with FaultServer(sandbox.url) as proxy:
        proxy.on("*", "", fault.hang())
        ran = owup("deploy", "--json", "--timeout", 1, *files(group), to=sandbox.through(proxy.url))
        asked = proxy.count()
        together = owup("deploy", "--atomic", "--json", "--timeout", 1, *files(group), to=sandbox.through(proxy.url))
        assert proxy.count() - asked <= 4
    assert set(results(ran).values()) == {"failed"} and ran.status == 4, ran
    assert asked < 30
    assert list(results(together).values()).count("failed") == 1 and together.status == 4, together


def test_an_installation_holds_up_nobody_else(sandbox, owup, several, make):
    """While one installs its requirements, all that needs none is sent."""
    gate = threading.Event()
    with FaultServer(sandbox.url) as proxy:
        through = sandbox.through(proxy.url)
        slow, *others = newer(several(4, through, header="requirements: requests\n"))
        plain = newer(several(12, through))
        proxy.requests.clear()
        proxy.on("POST", f"/id/{slow.id}/update$", fault.hold(gate, fault.forward()), count=1)
        running = owup.start("deploy", "--json", "--jobs", 2, *files([slow, *others, *plain]), to=through)
        done = safety.eventually(lambda: all(proxy.count("POST", f"/id/{p.id}/update$") for p in plain), 20)
        waits = not any(proxy.count("POST", f"/id/{p.id}/update$") for p in others)
        gate.set()
        ran = running.finish()
    assert done and waits, ran
    assert set(results(ran).values()) == {"updated"}, ran
