# SPDX-License-Identifier: MIT
"""owup watch: how it ends, by Ctrl-C or because nobody reads what it says."""

import os
import subprocess
import threading

import edits
import fault
import pytest
import realserver
from fault import FaultServer


def test_the_first_interrupt_lets_the_running_write_end(server, watch, make):
    plugin = make()
    gate = threading.Event()
    with FaultServer(server.url) as proxy:
        watching = watch(plugin.id, to=server.through(proxy.url))
        watching.wait_for("created")
        proxy.on("POST", "/update$", fault.hold(gate, fault.forward()), count=1)
        plugin.change(version="1.0.1")
        assert proxy.held.wait(30)
        written = plugin.text
        plugin.change(version="1.0.2")
        watching.settle()
        watching.running.interrupt()
        watching.wait_for("Interrupted")
        gate.set()
        ran = watching.running.finish(30)
    assert ran.status == 130, ran
    assert f"✅ updated '{plugin.title}' 1.0.1" in ran.out, ran
    assert ran.out.splitlines()[-1] == "2 saves: 2 updated, 0 failed, 1 not sent", ran
    assert edits.content(server, plugin) == written


def test_interrupted_while_the_server_is_away(owup, watch, make):
    plugin = make()
    env = {"OPENWEBUI_URL": f"http://127.0.0.1:{realserver.free_port()}", "OPENWEBUI_API_KEY": "sk-1234567890"}
    watching = watch(plugin.id, env=env)
    watching.wait_for("waits")
    ran = watching.end()
    assert "1 not sent" in ran.out, ran


def test_interrupted_during_the_look(sandbox, watch, make):
    plugin = make()
    gate = threading.Event()
    with FaultServer(sandbox.url) as proxy:
        watching = watch(plugin.id, to=sandbox.through(proxy.url))
        watching.wait_for("created")
        proxy.on("GET", "", fault.hold(gate, fault.forward()), count=1)
        plugin.change(version="1.0.1")
        assert proxy.held.wait(30)
        watching.settle()
        plugin.change(version="1.0.2")
        watching.running.interrupt()
        watching.settle()
        gate.set()
        ran = watching.running.finish(30)
        assert proxy.count("POST", "/update$") == 1
    assert "a running write" not in ran.text, ran
    assert ran.out.splitlines()[-1] == "1 save: 1 updated, 0 failed, 1 not sent", ran


@pytest.mark.parametrize("held", [False, True])
def test_a_watch_that_nobody_reads_ends(sandbox, owup, make, held):
    plugin = make()
    gate = threading.Event()
    with FaultServer(sandbox.url) as proxy:
        if held:
            proxy.on("POST", "/create$", fault.hold(gate, fault.forward()), count=1)
        ours, its = os.pipe()
        with subprocess.Popen(
            [owup.path, "watch", plugin.id],
            cwd=owup.cwd,
            env=owup.environment(sandbox.through(proxy.url)),
            stdout=its,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            os.close(its)
            assert "Watching" in process.stderr.readline()
            if held:
                assert proxy.held.wait(30)
            else:
                assert b"created" in os.read(ours, 4096)
            os.close(ours)
            while "Nobody reads the output" not in process.stderr.readline():
                assert process.poll() is None
            gate.set()
            said = process.stderr.read()
            assert process.wait(30) == 130
    assert ("a running write is let end" in said) == held
    assert edits.content(sandbox, plugin) == plugin.text
