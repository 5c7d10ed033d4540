# SPDX-License-Identifier: MIT
"""What owup deleted comes back with its valves and flags, in whichever version, and whatever dies in between."""

import sqlite3

import edits
import pytest
import safety
from executioner import Executioner
from fault import FaultServer, cut_before, reply
from versions import shows

MORE_THAN_ANY_UNDELETE = 24
SECRET = "hush-hush-very-secret"
VALVES = {"priority": 3, "token": SECRET}


def use(server, plugin):
    """Valves and flags, as people set them."""
    server.set_valves(plugin.kind, plugin.id, VALVES)
    if plugin.kind != "tool":
        server.toggle(plugin.id)
        server.toggle_global(plugin.id)


def is_whole(server, plugin, text):
    """Whether the plugin is there with this text, its valves and its flags."""
    held = server.plugin(plugin.kind, plugin.id)
    flags = plugin.kind == "tool" or safety.flags(server, plugin) == (True, True)
    return held is not None and held["content"] == text and server.valves(plugin.kind, plugin.id) == VALVES and flags


def deleted(owup, server, plugin):
    """Deleted by owup."""
    ran = owup("delete", "--yes", plugin.id, to=server)
    assert ran.status == 0 and server.plugin(plugin.kind, plugin.id) is None, ran


@pytest.fixture
def proxy(server):
    """In front of the server: the history knows it by the proxy's URL."""
    with FaultServer(server.url) as running:
        yield running


@pytest.fixture
def through(server, proxy):
    """The server behind the proxy."""
    return server.through(proxy.url)


@pytest.mark.every_server
@pytest.mark.parametrize("kind", edits.KINDS)
def test_valves_come_back_with_whichever_version(server, owup, releases, roll, kind):
    plugin, texts = releases(kind)
    use(server, plugin)
    for word, text in (("1.0.0", texts[0]), ("1.1.0", texts[1])):
        deleted(owup, server, plugin)
        ran = roll(plugin, "--to", word, json_too=False)
        assert ran.status == 0 and "not kept here" not in ran.text and SECRET not in ran.text, ran
        assert "With its valves" in ran.text, ran
        assert is_whole(server, plugin, text), ran
        assert safety.open_writes(owup) == 0


@pytest.mark.every_server
@pytest.mark.parametrize("next_call", ["rollback", "deploy"])
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("kind", edits.KINDS)
def test_killed_at_each_request(server, owup, make, releases, proxy, through, kind, moment, next_call):
    """The next write or rollback makes it whole, and never goes one version further."""
    plugin, texts = releases(kind, to=through)
    use(server, plugin)
    other = edits.deployed(owup, through, make())
    executioner = Executioner(proxy, owup, server)
    for at in range(1, MORE_THAN_ANY_UNDELETE):
        deleted(owup, through, plugin)
        killed, told = executioner.run("rollback", plugin.id, at=at, moment=moment)
        if not killed:
            break
        there = server.plugin(kind, plugin.id) is not None
        words = ("rollback", plugin.id) if next_call == "rollback" or not there else ("deploy", "--resend", other.file)
        _, told = executioner.run(*words)
        assert told.status == 0, f"request {at}: {told}"
        assert is_whole(server, plugin, texts[2]), f"request {at}: {told}"
        assert safety.open_writes(owup) == 0, f"request {at}: {told}"
    assert 1 < at < MORE_THAN_ANY_UNDELETE - 1
    assert is_whole(server, plugin, texts[2])


@pytest.mark.every_server
def test_an_older_version_that_was_interrupted(server, owup, releases, roll, proxy, through):
    """It is that one that is finished."""
    plugin, texts = releases(to=through)
    use(server, plugin)
    deleted(owup, through, plugin)
    killed, _ = Executioner(proxy, owup, server).run("rollback", "--to", "1.1.0", plugin.id, at=2, moment="after")
    assert killed and safety.open_writes(owup) == 1
    would = roll(plugin, "--dry-run", to=through, json_too=False)
    assert would.status == 0 and "is at 1.1.0" in would.out and "was interrupted" in would.text, would
    assert safety.flags(server, plugin) == (False, False)
    ran = roll(plugin, to=through, json_too=False)
    assert ran.status == 0 and "is at 1.1.0" in ran.out and "that is finished now" in ran.text, ran
    assert is_whole(server, plugin, texts[1]), ran
    assert shows(server, plugin, texts[1], "1.1.0") and safety.open_writes(owup) == 0


@pytest.mark.every_server
@pytest.mark.clock(10)
def test_a_server_that_fails_in_between(server, owup, releases, roll, proxy, through):
    """Said, and gone on with; nothing is sent on top of what is unfinished."""
    plugin, texts = releases(to=through)
    use(server, plugin)
    deleted(owup, through, plugin)
    proxy.on("POST", "/valves/update$", reply(500, "Internal Server Error", "text/plain"))
    ran = roll(plugin, to=through, json_too=False)
    assert ran.status == 1 and "neither its valves nor its flags" in ran.text, ran
    assert "goes on with it" in ran.text, ran
    ran = roll(plugin, to=through, json_too=False)
    assert ran.status == 1 and "is not finished yet; nothing was sent" in ran.text, ran
    assert edits.content(server, plugin) == texts[2]
    proxy.rules.clear()
    proxy.on("POST", "/toggle$", cut_before())
    ran = roll(plugin, to=through, json_too=False)
    assert ran.status == 1 and "without its flags" in ran.text, ran
    assert edits.content(server, plugin) == texts[2] and server.valves("filter", plugin.id) == VALVES
    proxy.rules.clear()
    ran = roll(plugin, to=through, json_too=False)
    assert ran.status == 0 and is_whole(server, plugin, texts[2]), ran


@pytest.mark.every_server
def test_what_somebody_set_since_stays(server, owup, releases, roll, proxy, through):
    plugin, _ = releases(to=through)
    use(server, plugin)
    deleted(owup, through, plugin)
    killed, _ = Executioner(proxy, owup, server).run("rollback", plugin.id, at=1, moment="after")
    assert killed
    server.set_valves("filter", plugin.id, {"priority": 9})
    ran = roll(plugin, to=through, json_too=False)
    assert ran.status == 0 and "its valves were set since" in ran.text, ran
    assert server.valves("filter", plugin.id)["priority"] == 9
    assert safety.flags(server, plugin) == (True, True) and safety.open_writes(owup) == 0


def test_the_valves_stand_once_in_the_history(server, owup, releases, proxy, through):
    """The journal names where they are kept."""
    plugin, _ = releases(to=through)
    use(server, plugin)
    deleted(owup, through, plugin)
    killed, _ = Executioner(proxy, owup, server).run("rollback", plugin.id, at=1, moment="after")
    assert killed
    with safety.database(owup) as link:
        link.row_factory = sqlite3.Row
        (row,) = [dict(row) for row in link.execute("SELECT * FROM open_write")]
    assert SECRET not in str(row) and row["action"] == 2
