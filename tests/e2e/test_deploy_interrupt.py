# SPDX-License-Identifier: MIT
"""Ctrl-C: the first lets the running write end, the second stops at once."""

import fcntl
import json
import os
import signal
import subprocess
import termios
import threading
from pathlib import Path

import fault
import pytest
import safety
from fault import FaultServer


def test_once_lets_the_write_end_and_starts_no_other(server, owup, make):
    first, second = make(), make()
    server.create("filter", first.id, "# old\n" + first.text)
    gate = threading.Event()
    with FaultServer(server.url) as proxy:
        proxy.on("POST", "/update$", fault.hold(gate, fault.forward()), count=1)
        arguments = ["deploy", "--json", "--jobs", "1", first.file, second.file]
        ran = safety.interrupt_held(proxy, gate, owup.start(*arguments, to=server.through(proxy.url)))
        assert proxy.count("POST", second.id) == 0
    assert ran.status == 130, ran
    results = {told["id"]: told["result"] for told in ran.plugins}
    assert results[first.id] == "updated", ran
    assert results.get(second.id) == "skipped", ran
    assert ran.summary["exit"] == 130
    assert server.function(first.id)["content"] == first.text
    assert server.function(second.id) is None


def test_once_verifies_a_create(server, owup, make):
    plugin = make("tool")
    gate = threading.Event()
    with FaultServer(server.url) as proxy:
        proxy.on("POST", "/create$", fault.hold(gate, fault.forward()), count=1)
        ran = safety.interrupt_held(proxy, gate, owup.start("deploy", plugin.file, to=server.through(proxy.url)))
    assert ran.status == 130, ran
    assert f"✅ Successfully created '{plugin.title}' tool!" in ran.out, ran
    assert server.tool(plugin.id)["content"] == plugin.text


def test_once_before_any_write_sends_nothing(server, owup, make):
    plugin = make()
    with FaultServer(server.url) as proxy:
        gate = threading.Event()
        proxy.on("GET", "/functions/id/", fault.hold(gate, fault.forward()), count=1)
        running = owup.start("deploy", "--json", plugin.file, to=server.through(proxy.url))
        assert proxy.held.wait(30)
        running.interrupt()
        ran = running.finish(10)
        gate.set()
        assert proxy.count("POST") == 0
    assert ran.status == 130, ran
    assert ran.plugin["result"] in ("skipped", "failed"), ran
    assert server.function(plugin.id) is None


def test_twice_stops_at_once_and_says_what_is_open(server, owup, make):
    plugin = make()
    server.create("filter", plugin.id, "# old\n" + plugin.text)
    gate = threading.Event()
    with FaultServer(server.url) as proxy:
        proxy.on("POST", "/update$", fault.hold(gate, fault.forward()), count=1)
        running = owup.start("deploy", plugin.file, to=server.through(proxy.url))
        assert proxy.held.wait(30)
        running.interrupt()
        running.wait_for("Interrupted")
        running.interrupt()
        ran = running.finish(10)
        gate.set()
    assert ran.status == 130, ran
    assert "may still finish" in ran.text, ran
    assert "✅" not in ran.text, ran


class HoldLater:
    """Passes writes on, but the later ones when the gate opens."""

    def __init__(self, free):
        self.free = free
        self.gate = threading.Event()
        self.held = threading.Event()
        self.lock = threading.Lock()

    def __call__(self, call):
        with self.lock:
            self.free -= 1
            late = self.free < 0
        if late:
            self.held.set()
            self.gate.wait(60)
        call.send(call.forward().raw())


def unread(pipe):
    """How many bytes wait in it."""
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), "little")


def is_pending(pid, number):
    """Whether the signal has not reached its handler yet."""
    (line,) = [line for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines() if line.startswith("ShdPnd")]
    return bool(int(line.split()[1], 16) >> (number - 1) & 1)


def threads(pid):
    """Their names."""
    return [path.read_text("ascii").strip() for path in Path(f"/proc/{pid}/task").glob("*/comm")]


@pytest.mark.skipif("TSAN_OPTIONS" in os.environ, reason="ThreadSanitizer keeps a signal back while its thread writes")
def test_once_while_nobody_reads_what_is_said(sandbox, owup, make):
    """The pipe is full: the main thread stands still, and the others must not go on for that."""
    group = [make() for _ in range(60)]
    hold = HoldLater(30)
    with FaultServer(sandbox.url) as proxy:
        proxy.on("POST", "/create$", hold)
        with subprocess.Popen(
            [owup.path, "deploy", "--json", "--jobs", "2", *(plugin.file for plugin in group)],
            cwd=owup.cwd,
            env=owup.environment(sandbox.through(proxy.url)),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pipesize=4096,
        ) as process:
            try:
                assert hold.held.wait(60)
                assert safety.eventually(lambda: unread(process.stdout) > 3000)
                process.send_signal(signal.SIGINT)
                assert safety.eventually(lambda: not is_pending(process.pid, signal.SIGINT))
                hold.gate.set()
                assert safety.eventually(lambda: "worker" not in threads(process.pid), 30), threads(process.pid)
                created = proxy.count("POST", "/create$")
                assert process.poll() is None
                said = [json.loads(line) for line in process.stdout]
                assert process.wait(30) == 130
            finally:
                hold.gate.set()
                process.kill()
    # The handler and the thread that it wakes take no time, but nobody can wait for them.
    assert created <= 36, created
    results = [told["result"] for told in said if told["type"] == "plugin"]
    assert len(results) == 60 and results.count("created") == created, said
    assert set(results) == {"created", "skipped"} and said[-1]["exit"] == 130, said


@pytest.mark.clock(4)
def test_a_long_request_shows_life_on_a_terminal(sandbox, owup, make):
    plugin = make()
    with FaultServer(sandbox.url) as proxy:
        proxy.on("POST", "/create$", fault.after(owup.seconds(1.5), fault.forward()))
        status, slow = owup.on_terminal("deploy", plugin.file, to=sandbox.through(proxy.url))
        assert status == 0, slow
        plugin.change(version="1.1.0")
        status, quick = owup.on_terminal("deploy", plugin.file, to=sandbox.through(proxy.url))
        assert status == 0, quick
        piped = owup("deploy", plugin.file, to=sandbox.through(proxy.url))
    assert "\r" in slow, slow
    assert "\r" not in quick, quick
    assert "\r" not in piped.text
