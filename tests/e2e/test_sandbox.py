# SPDX-License-Identifier: MIT
"""owup sandbox: the embedded server as a command: its keys, port, data, faults, and what it runs."""

import json
import re
import sys
import urllib.request

import pytest
import realserver
from fault import FaultServer


def test_sandbox_runs_a_command(owup, make):
    plugin = make()
    ran = owup("sandbox", "--", owup.path, "deploy", plugin.file)
    assert ran.status == 0, ran
    assert f"✅ Successfully created '{plugin.title}' filter!" in ran.out


@pytest.mark.parametrize("status", [0, 1, 7, 130])
def test_sandbox_exits_with_the_commands_status(owup, status):
    ran = owup("sandbox", "--", sys.executable, "-c", f"import sys; sys.exit({status})")
    assert ran.status == status, ran


def test_sandbox_sets_the_environment_of_the_command(owup):
    code = (
        "import os, urllib.request as u; r = u.Request(os.environ['OPENWEBUI_URL'] + '/api/v1/functions/',"
        " headers={'Authorization': 'Bearer ' + os.environ['OPENWEBUI_API_KEY']});"
        " print(u.build_opener(u.ProxyHandler({})).open(r).read().decode())"
    )
    ran = owup("sandbox", "--", sys.executable, "-c", code)
    assert ran.status == 0, ran
    assert json.loads(ran.out) == []


def test_sandbox_of_a_command_that_is_missing(owup):
    ran = owup("sandbox", "--", "/no/such/command")
    assert ran.status not in (0, None), ran
    assert "/no/such/command" in ran.text


def test_sandbox_is_on_loopback_only(owup):
    port = realserver.free_port()
    running = owup.start("sandbox", "--port", port)
    running.wait_for("OPENWEBUI_API_KEY")
    listening = open("/proc/net/tcp", encoding="ascii").read() + open("/proc/net/tcp6", encoding="ascii").read()
    addresses = re.findall(rf"\d+: ([0-9A-F]+):{port:04X} \S+ 0A", listening)
    assert addresses == ["0100007F"], addresses
    running.interrupt()
    assert running.finish(10).status in (0, 130)


def test_sandbox_port_that_is_taken(owup):
    with FaultServer() as taken:
        ran = owup("sandbox", "--port", taken.port)
    assert ran.status not in (0, None), ran
    assert str(taken.port) in ran.text


def test_sandbox_keeps_its_data(owup, make, tmp_path):
    plugin = make()
    data = tmp_path / "data.db"
    ran = owup("sandbox", "--data", data, "--", owup.path, "deploy", "--json", plugin.file)
    assert ran.plugin["result"] == "created", ran
    ran = owup("sandbox", "--data", data, "--", owup.path, "deploy", "--json", plugin.file)
    assert ran.plugin["result"] == "unchanged", ran


def test_sandbox_keys_are_random(owup):
    show = ["sandbox", "--", sys.executable, "-c", "import os; print(os.environ['OPENWEBUI_API_KEY'])"]
    first, second = owup(*show).out.strip(), owup(*show).out.strip()
    assert first.startswith("sk-") and len(first) >= 20
    assert first != second


def test_sandbox_says_that_it_cannot_run_python(owup):
    ran = owup("help", "sandbox")
    assert "Python" in ran.out, ran


def test_sandbox_delays(owup):
    port = realserver.free_port()
    running = owup.start("sandbox", "--port", port, "--delay", "300")
    running.wait_for("OPENWEBUI_API_KEY")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://127.0.0.1:{port}/health") as answer:
        assert answer.status == 200
    running.interrupt()
    running.finish(10)


def test_sandbox_cuts(owup, make):
    """--cut after:1: the first write's answer is lost, and settled."""
    for cut in ("before:1", "after:1"):
        plugin = make()
        ran = owup("sandbox", "--cut", cut, "--", owup.path, "deploy", "--json", plugin.file)
        assert ran.plugins[0]["result"] in ("created", "failed", "unknown"), ran


@pytest.mark.parametrize("arguments", [["--imitate", "0.5"], ["--port", "99999"], ["--cut", "sideways"], ["--delay", "x"]])
def test_sandbox_usage(owup, arguments):
    assert owup("sandbox", *arguments, "--", "true").status == 2
