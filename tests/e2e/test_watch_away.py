"""owup watch: what it says and does while the server is away."""

import threading
import time

import fault
from fault import FaultServer
from watching import live


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
