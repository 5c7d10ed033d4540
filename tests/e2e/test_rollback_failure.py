# SPDX-License-Identifier: MIT
"""A rollback that may not be, is refused, interrupted or meets another machine's: nothing is lost."""

import threading

import fault
import pytest
import safety
from edits import KINDS
from fault import FaultServer
from versions import short, shows


@pytest.mark.every_server
def test_dry_run(server, owup, releases, roll):
    """A unified diff, and nothing is written: neither there nor here."""
    with FaultServer(server.url) as proxy:
        to = server.through(proxy.url)
        plugin, texts = releases(to=to)
        before = safety.state(server, plugin)
        with safety.database(owup) as link:
            kept = link.execute("SELECT count(*) FROM version").fetchone()
        writes = proxy.count("POST")
        told = owup("rollback", "--dry-run", plugin.id, to=to)
        ran = roll(plugin, "-n", to=to)
        assert proxy.count("POST") == writes
        assert told.status == 0 and f"Would roll back filter '{plugin.id} at 1.1.0' to 1.1.0" in told.out, told
        for text in (told.out, ran.plugin["diff"]):
            assert "\n-version: 1.2.0\n" in text and "\n+version: 1.1.0\n" in text, text
        assert (ran.plugin["result"], ran.plugin["dry_run"]) == ("updated", True), ran
        assert safety.state(server, plugin) == before
        with safety.database(owup) as link:
            assert link.execute("SELECT count(*) FROM version").fetchone() == kept
        assert roll(plugin, to=to).status == 0
    assert shows(server, plugin, texts[1], "1.1.0")


@pytest.mark.every_server
@pytest.mark.parametrize("kind", KINDS)
def test_what_somebody_changed_since(server, owup, releases, roll, kind):
    """A conflict; with --force theirs is kept and can come back, too."""
    plugin, texts = releases(kind)
    held = server.plugin(kind, plugin.id)
    theirs = held["content"] + "# theirs\n"
    server.update(kind, plugin.id, theirs, name=held["name"], meta=held["meta"])
    before = safety.state(server, plugin)
    for arguments in ((), ("--dry-run",), ("--to", "1.0.0")):
        ran = roll(plugin, *arguments)
        assert (ran.status, ran.plugin["result"]) == (1, "conflict"), ran
        assert "--force" in ran.plugin["error"]["hint"], ran
        assert safety.state(server, plugin) == before
    ran = roll(plugin, "--force")
    assert (ran.status, ran.plugin["result"]) == (0, "updated"), ran
    assert server.plugin(kind, plugin.id)["content"] == texts[2]
    ran = owup("history", "--show", short(theirs), plugin.id, to=server)
    assert (ran.status, ran.out) == (0, theirs), ran
    ran = roll(plugin, "--undo")
    assert ran.status == 0 and server.plugin(kind, plugin.id)["content"] == theirs, ran


@pytest.mark.every_server
@pytest.mark.needs_python
@pytest.mark.parametrize("live", [False, True], ids=["off", "on"])
def test_a_version_that_the_server_refuses(server, owup, make, roll, tmp_path, live):
    """It loaded once and no longer does."""
    mark = tmp_path / "mark"
    mark.touch()
    plugin = make(top=f"import os\n\nassert os.path.exists({str(mark)!r})\n")
    assert owup("deploy", plugin.file, to=server).status == 0
    assert owup("deploy", plugin.change(version="1.1.0", top="").file, to=server).status == 0
    if live:
        safety.bring_to_life(server, plugin)
    before = safety.state(server, plugin)
    mark.unlink()
    ran = roll(plugin)
    assert (ran.status, ran.plugin["result"]) == (1, "rejected"), ran
    assert safety.state(server, plugin) == before
    assert safety.open_writes(owup) == 0
    assert owup("deploy", "--json", plugin.file, to=server).plugin["result"] == "unchanged"
    mark.touch()
    assert roll(plugin).status == 0


@pytest.mark.every_server
@pytest.mark.parametrize("way", safety.LOST)
def test_a_lost_answer(server, releases, roll, way):
    with FaultServer(server.url) as proxy:
        through = server.through(proxy.url)
        plugin, texts = releases(to=through)
        safety.bring_to_life(server, plugin)
        proxy.on("POST", "/update$", safety.LOST[way], count=1)
        ran = roll(plugin, to=through)
    assert (ran.status, ran.plugin["result"]) == (0, "updated"), ran
    assert shows(server, plugin, texts[1], "1.1.0")
    assert safety.flags(server, plugin) == (True, True)


@pytest.mark.every_server
def test_ctrl_c_lets_it_end(server, owup, releases, roll, elsewhere):
    gate = threading.Event()
    with FaultServer(server.url) as proxy:
        through = server.through(proxy.url)
        plugin, texts = releases(to=through)
        safety.bring_to_life(server, plugin)
        proxy.on("POST", "/update$", fault.hold(gate, fault.forward()), count=1)
        running = owup.start("rollback", plugin.id, to=through, cwd=elsewhere)
        assert proxy.held.wait(30)
        running.interrupt()
        running.wait_for("Interrupted")
        gate.set()
        ran = running.finish()
        assert ran.status == 130 and "is back at 1.1.0" in ran.out, ran
        assert shows(server, plugin, texts[1], "1.1.0")
        assert safety.open_writes(owup) == 0
        ran = roll(plugin, to=through)
    assert ran.status == 0 and shows(server, plugin, texts[0], "1.0.0"), ran


@pytest.mark.every_server
@pytest.mark.parametrize("acted", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("kind", KINDS)
def test_kill(server, owup, make, releases, roll, elsewhere, kind, acted):
    """kill -9 before or after the server acted: the next call goes on from what is there."""
    arrived = threading.Event()

    def swallow(call):
        if acted:
            call.forward()
        arrived.set()
        return fault.hang()(call)

    with FaultServer(server.url) as proxy:
        through = server.through(proxy.url)
        plugin, texts = releases(kind, to=through)
        proxy.on("POST", "/update$", swallow, count=1)
        running = owup.start("rollback", plugin.id, to=through, cwd=elsewhere)
        assert arrived.wait(30)
        running.process.kill()
        running.finish()
        assert shows(server, plugin, texts[1 if acted else 2], "1.1.0" if acted else "1.2.0")
        assert safety.open_writes(owup) == 1
        assert owup("deploy", make().file, to=through).status == 0
        assert safety.open_writes(owup) == 0
        # Never forward: what the killed one took away does not come back.
        ran = roll(plugin, to=through)
    assert (ran.status, ran.plugin["result"]) == (0, "updated"), ran
    assert shows(server, plugin, texts[0 if acted else 1], "1.0.0" if acted else "1.1.0")


@pytest.mark.every_server
def test_two_machines(server, owup, releases, roll, tmp_path, make):
    """Each goes back by what it and the server know; without a history anywhere there is nothing."""
    plugin, texts = releases(versions=("1.0.0", "1.1.0"))
    other = {"OWUP_HISTORY": tmp_path / "other"}
    if server.has_history:
        ran = roll(plugin, env=other)
        assert ran.status == 0 and shows(server, plugin, texts[0], "1.0.0"), ran
        assert roll(plugin, env=other).status == 1
        ran = roll(plugin, "--undo")
        assert ran.status == 0 and shows(server, plugin, texts[1], "1.1.0"), ran
    else:
        before = safety.state(server, plugin)
        ran = roll(plugin, env=other)
        assert (ran.status, ran.plugin["error"]["code"]) == (1, "not_found"), ran
        assert safety.state(server, plugin) == before
    plugin.change(version="1.2.0", title=f"{plugin.id} at 1.2.0", description="Says 1.2.0")
    words = ()
    if server.has_history:
        # The other machine agreed on its rollback; it never saw that it was undone.
        ran = owup("deploy", "--json", plugin.file, to=server, env=other)
        assert ran.plugin["result"] == "conflict", ran
        words = ("--force",)
    ran = owup("deploy", "--json", *words, plugin.file, to=server, env=other)
    assert ran.plugin["result"] == "updated", ran
    ran = roll(plugin)
    assert (ran.status, ran.plugin["result"]) == (0, "updated"), ran
    assert shows(server, plugin, texts[1], "1.1.0")
