"""owup watch: what it says and does while the server is away."""

import threading
import time

import fault
import plugins
from fault import FaultServer
from watching import Doorway, live


def test_a_server_that_hangs_is_waited_for_once(sandbox, watch, make):
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
        assert time.monotonic() - begin < 3.5
        assert proxy.count("*") == before + 1
        gate.set()
        watching.wait_for(f"'{plugin.title}' 1.0.1")
        watching.wait_for(f"'{other.title}' 1.0.1")
        ran = watching.end()
    assert ran.text.count("waits, and") == 1, ran
    for one in (plugin, other):
        assert live(sandbox, one) == one.text


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
        time.sleep(1)
    with door.open():
        watching.wait_for(f'"id":"{plugin.id}","kind":"filter","title":"{plugin.title}","version":"1.0.1"')
        ran = watching.end()
    assert [line["type"] for line in ran.json].count("waiting") == 1, ran
    invalid = [p for p in ran.plugins if p["result"] == "invalid"]
    assert [(p["id"], p["server"]) for p in invalid] == [(broken.id, door.url)] * 2
    assert "was not sent" in invalid[0]["error"]["message"]
    assert live(sandbox, plugin) == plugin.text


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
