# SPDX-License-Identifier: MIT
"""With --json standard output is JSON alone; warnings and remarks are on standard error and in the objects."""

import threading
import uuid

import fault
import pytest
from fault import FaultServer


def test_a_note_stands_in_both(server, owup, make):
    plugin = make()
    server.create("filter", plugin.id, "# old\n" + plugin.text, name=plugin.title)
    ran = owup("deploy", "--json", plugin.file, to=server)
    assert ran.status == 0, ran
    (note,) = ran.plugin["notes"]
    assert note.startswith(f"'{plugin.title}' was already on the server and differed"), ran
    assert f"⚠️ {note}" in ran.err.splitlines(), ran
    again = owup("deploy", "--json", plugin.file, to=server)
    assert again.plugin["notes"] == [] and again.err == "", again


def test_quiet_leaves_them_in_the_objects(sandbox, owup, make):
    plugin = make()
    sandbox.create("filter", plugin.id, "# old\n" + plugin.text, name=plugin.title)
    ran = owup("deploy", "--json", "--quiet", plugin.file, to=sandbox)
    assert len(ran.plugin["notes"]) == 1 and ran.err == "", ran


def test_each_in_its_own_object(sandbox, owup, make):
    """Of several plugins in one run, whichever is done first."""
    group = [make() for _ in range(6)]
    for plugin in group[::2]:
        sandbox.create("filter", plugin.id, "# old\n" + plugin.text, name=plugin.title)
    for flags in ([], ["--atomic"]):
        for plugin in group[1::2]:
            plugin.change(version=f"1.{len(flags)}.0")
        ran = owup("deploy", "--json", "--resend", *flags, *(plugin.file for plugin in group), to=sandbox)
        assert ran.status == 0, ran
        for number, told in enumerate(ran.plugins):
            assert len(told["notes"]) == (0 if number % 2 or flags else 1), ran
            assert all(f"'{group[number].title}'" in note for note in told["notes"]), ran


def test_found_by_its_openwebui_id(server, owup, make, fresh):
    mark = str(uuid.uuid4())
    plugin = make(header=f"openwebui_id: {mark}\n")
    other = fresh("former")
    server.create("filter", other, plugin.text.replace("1.0.0", "0.9.0"), name=plugin.title)
    try:
        ran = owup("deploy", "--json", plugin.file, to=server)
        assert ran.status == 0 and ran.plugin["id"] == other, ran
        assert any("found by openwebui_id" in note and not note.startswith(" ") for note in ran.plugin["notes"]), ran
    finally:
        server.delete("filter", other)


def test_a_lost_answer_and_an_interrupt(sandbox, owup, make):
    plugin = make()
    sandbox.create("filter", plugin.id, plugin.text, name=plugin.title)
    plugin.change(version="1.1.0")
    gate = threading.Event()
    with FaultServer(sandbox.url) as proxy:
        proxy.on("POST", "/update$", fault.hold(gate, fault.truncate_after(30)), count=1)
        running = owup.start("deploy", "--json", plugin.file, to=sandbox.through(proxy.url))
        assert proxy.held.wait(30)
        running.interrupt()
        running.wait_for("Interrupted: a running write is let end")
        gate.set()
        ran = running.finish()
    assert (ran.status, ran.plugin["result"]) == (130, "updated"), ran
    assert any("The answer was lost" in note for note in ran.plugin["notes"]), ran
    assert "Interrupted" in ran.err and "Interrupted" not in ran.out, ran


@pytest.mark.every_server
def test_rollback_and_history(server, owup, make):
    """What the two say beside their objects."""
    plugin = make()
    assert owup("deploy", plugin.file, to=server).status == 0
    assert owup("deploy", plugin.change(version="1.1.0").file, to=server).status == 0
    (owup.home / ".local/state/owup").rename(owup.home / "away")
    (owup.home / ".local/state/owup").write_text("no folder")
    ran = owup("history", "--json", plugin.id, to=server)
    assert ran.status == 0 and "No local history" in ran.err, ran
    assert all(line["type"] in ("version", "summary") for line in ran.json), ran
    if server.has_history:
        ran = owup("rollback", "--json", plugin.id, to=server)
        assert ran.status == 0 and any("No local history" in note for note in ran.plugin["notes"]), ran
