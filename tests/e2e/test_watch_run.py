"""owup watch --run: a command after each success, and what it does to the files."""

import os
import shutil
import subprocess
import threading
import time

import fault
import pytest
from fault import FaultServer
from watching import live, settle


@pytest.fixture
def tools(owup):
    """What the commands of these tests need."""
    for name in ("sed", "chmod", "touch", "sleep"):
        (owup.bin / name).symlink_to(shutil.which(name))


REWRITES = {
    "formatter": "sed -i 's/[ ]*$//' \"$OWUP_FILE\"",
    "touch": "touch \"$OWUP_FILE\"",
    "slow": "sleep 0.3; touch -d @1700000000 \"$OWUP_FILE\"; sleep 0.1",
    "chmod": "chmod 600 \"$OWUP_FILE\"",
}


@pytest.mark.parametrize("rewrite", REWRITES.values(), ids=REWRITES.keys())
def test_a_command_that_rewrites_the_file_does_not_bring_itself_about(sandbox, watch, tools, make, tmp_path, rewrite):
    plugin = make(end="    \n")
    log = tmp_path / "log"
    watching = watch("--run", f"echo x >>{log}; {rewrite}", plugin.id, to=sandbox)
    watching.wait_for("created")
    time.sleep(3.5)
    first = len(log.read_text().split())
    plugin.change(version="1.0.1")
    watching.wait_for("1.0.1 (")
    time.sleep(1.5)
    second = len(log.read_text().split())
    # A rewrite of the same is no save of the user's; his own, after it, is.
    plugin.path.write_text(plugin.text)
    settle()
    ran = watching.end()
    # What the formatter makes of a text is sent, too, and its second run finds nothing to do.
    formats = "sed" in rewrite
    assert (first, second) == ((2, 4) if formats else (1, 2)), ran
    assert len(log.read_text().split()) == second + 1, ran
    assert live(sandbox, plugin) == plugin.text
    assert ("unchanged" in ran.out.split("1.0.1")[0]) == ("chmod" not in rewrite), ran


def test_attributes_alone_are_no_save(sandbox, watch, make):
    plugin = make()
    watching = watch(plugin.id, to=sandbox)
    watching.wait_for("created")
    plugin.path.chmod(0o600)
    plugin.path.with_name("a.bak").hardlink_to(plugin.path)
    time.sleep(2.5)
    ran = watching.end()
    assert "1 save: 1 updated, 0 failed" in ran.out, ran


def test_after_ctrl_c_no_command_is_started(sandbox, watch, tools, make, tmp_path):
    names = [make(), make(), make()]
    log = tmp_path / "log"
    gate = threading.Event()
    with FaultServer(sandbox.url) as proxy:
        command = f"echo $OWUP_ID >>{log}; sleep 1"
        watching = watch("--run", command, *[p.id for p in names], to=sandbox.through(proxy.url))
        watching.wait_for(f"created '{names[2].title}'")
        proxy.on("POST", "/update$", fault.hold(gate, fault.forward()), count=1)
        names[0].change(version="1.0.1")
        assert proxy.held.wait(30)
        watching.running.interrupt()
        watching.wait_for("a running write is let end")
        time.sleep(1.5)
        gate.set()
        ran = watching.running.finish(30)
    assert log.read_text().split() == [names[0].id], ran


def test_interrupted_during_the_look(sandbox, watch, make):
    plugin = make()
    gate = threading.Event()
    with FaultServer(sandbox.url) as proxy:
        watching = watch(plugin.id, to=sandbox.through(proxy.url))
        watching.wait_for("created")
        proxy.on("GET", "", fault.hold(gate, fault.forward()), count=1)
        plugin.change(version="1.0.1")
        assert proxy.held.wait(30)
        settle()
        plugin.change(version="1.0.2")
        watching.running.interrupt()
        settle()
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
    assert live(sandbox, plugin) == plugin.text
