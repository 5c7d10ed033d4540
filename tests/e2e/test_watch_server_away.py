# SPDX-License-Identifier: MIT
"""owup watch: what it says and does while the server is away."""

import contextlib
import threading
import time

import edits
import fault
import plugins
import pytest
from fault import FaultServer
from watching import Doorway, updates

pytestmark = pytest.mark.clock(5)


@pytest.mark.clock(2)
def test_a_server_that_hangs_is_waited_for_once(sandbox, watch, owup, make):
    plugin, other = make(), make()
    gate = threading.Event()
    with FaultServer(sandbox.url) as proxy:
        watching = watch("--timeout", "2", plugin.id, other.id, to=sandbox.through(proxy.url))
        watching.wait_for(f"created '{other.title}'")
        before = proxy.count("*")
        proxy.on("*", "", fault.hold(gate, fault.forward()))
        begin = time.monotonic()
        plugin.change(version="1.0.1")
        other.change(version="1.0.1")
        watching.wait_for("waits, and what is saved from now on")
        assert time.monotonic() - begin < owup.seconds(3.5)
        assert proxy.count("*") == before + 1
        gate.set()
        watching.wait_for(f"'{plugin.title}' 1.0.1")
        watching.wait_for(f"'{other.title}' 1.0.1")
        ran = watching.end()
    assert ran.text.count("waits, and") == 1, ran
    for one in (plugin, other):
        assert edits.content(sandbox, one) == one.text


def test_a_broken_file_is_told_of_at_once_and_is_no_end_of_the_outage(sandbox, watch, make):
    plugin, broken = make(), make()
    door = Doorway(sandbox.url)
    with door.open():
        watching = watch("--json", plugin.id, broken.id, to=sandbox.through(door.url))
        watching.wait_for(f'"id":"{broken.id}"')
    plugin.change(version="1.0.1")
    watching.wait_for('"waiting"')
    for n in (1, 2):
        broken.change(version=f"1.0.{n}", end=plugins.BROKEN_SYNTAX)
        watching.wait_for(f'"version":"1.0.{n}"', seconds=2)
        watching.settle(1)
    with door.open():
        watching.wait_for(f'"id":"{plugin.id}","kind":"filter","title":"{plugin.title}","version":"1.0.1"')
        ran = watching.end()
    assert [line["type"] for line in ran.json].count("waiting") == 1, ran
    invalid = [p for p in ran.plugins if p["result"] == "invalid"]
    assert [(p["id"], p["server"]) for p in invalid] == [(broken.id, door.url)] * 2
    assert "was not sent" in invalid[0]["error"]["message"]
    assert edits.content(sandbox, plugin) == plugin.text


def test_what_is_broken_at_the_start_waits_for_no_server(watch, make):
    plugin, broken = make(), make(end=plugins.BROKEN_SYNTAX)
    env = {"OPENWEBUI_URL": Doorway("").url, "OPENWEBUI_API_KEY": "sk-1234567890"}
    watching = watch(plugin.id, broken.id, env=env)
    watching.wait_for("invalid")
    watching.wait_for("waits")
    ran = watching.end()
    assert ran.out.index("invalid") < ran.out.index("waits"), ran
    assert "1 save: 0 updated, 1 failed, 1 not sent" in ran.out, ran


def test_another_key_wants_another_start(sandbox, watch, owup, make):
    plugin = make()
    settings = owup.cwd / ".env"
    settings.write_text(f"url={sandbox.url}\napi_key=sk-wrong\n")
    settings.chmod(0o600)
    watching = watch(plugin.id)
    watching.wait_for("Then start owup watch again: it keeps the key that it began with.")
    plugin.change(end=plugins.BROKEN_SYNTAX)
    watching.wait_for("invalid")
    ran = watching.end()
    assert ran.text.count("start owup watch again") == 1, ran


@pytest.mark.parametrize("away_at_start", [False, True])
def test_while_the_server_is_away_saves_wait(server, watch, make, away_at_start):
    plugin = make()
    door = Doorway(server.url)
    with contextlib.ExitStack() as stack:
        if away_at_start:
            watching = watch(plugin.id, to=server.through(door.url))
        else:
            with door.open():
                watching = watch(plugin.id, to=server.through(door.url))
                watching.wait_for("created")
        for n in range(1, 4):
            plugin.change(version=f"1.0.{n}")
            if n == 1:
                watching.wait_for("waits, and what is saved from now on")
            watching.settle()
        proxy = stack.enter_context(door.open())
        watching.wait_for("1.0.3 (")
        ran = watching.end()
        contents = updates(proxy, plugin)
    assert contents == [plugin.text], "only the newest content is sent"
    assert ran.text.count("Could not reach") == 1, ran
    assert edits.content(server, plugin) == plugin.text


def test_a_save_whose_answer_was_lost_while_the_server_went_away(sandbox, watch, make):
    """The write is settled later, and what was saved meanwhile is no conflict."""
    plugin = make()
    door = Doorway(sandbox.url)
    with door.open() as proxy:
        watching = watch("--timeout", "1", plugin.id, to=sandbox.through(door.url))
        watching.wait_for("created")
        down = threading.Event()

        def act_and_go(call):
            call.forward()
            down.set()
            return False

        proxy.on("*", "", fault.cut_before())
        proxy.on("POST", "/update$", act_and_go, count=1)
        proxy.on("GET", plugin.id, fault.forward(), count=1)
        plugin.change(version="1.0.1")
        assert down.wait(30)
    plugin.change(version="1.0.2")
    watching.settle()
    with door.open():
        watching.wait_for("1.0.2 (", seconds=120)
        ran = watching.end()
    assert "conflict" not in ran.text, ran
    assert edits.content(sandbox, plugin) == plugin.text
