# SPDX-License-Identifier: MIT
"""owup watch --run: a command after each success, and what it does to the files."""

import shutil
import threading

import edits
import fault
import plugins
import pytest
import safety
from fault import FaultServer

pytestmark = pytest.mark.clock(5)


@pytest.fixture
def tools(owup):
    """What the commands of these tests need."""
    for name in ("sed", "chmod", "touch", "sleep"):
        (owup.bin / name).symlink_to(shutil.which(name))


REWRITES = {
    "formatter": "sed -i 's/[ ]*$//' \"$OWUP_FILE\"",
    "touch": "touch \"$OWUP_FILE\"",
    "slow": "sleep 0.1; touch -d @1700000000 \"$OWUP_FILE\"; sleep 0.05",
    "chmod": "chmod 600 \"$OWUP_FILE\"",
}


@pytest.mark.parametrize("rewrite", REWRITES.values(), ids=REWRITES.keys())
def test_a_command_that_rewrites_the_file_does_not_bring_itself_about(sandbox, watch, tools, make, tmp_path, rewrite):
    plugin = make(end="    \n")
    log = tmp_path / "log"
    log.touch()
    # What the formatter makes of a text is sent, too, and its second run finds nothing to do.
    formats = "sed" in rewrite

    def settled(runs):
        """How many runs there were once there is time for more than `runs`."""
        safety.eventually(lambda: len(log.read_text().split()) >= runs, 20)
        watching.settle(2.5)
        return len(log.read_text().split())

    watching = watch("--run", f"echo x >>{log}; {rewrite}", plugin.id, to=sandbox)
    watching.wait_for("created")
    assert settled(2 if formats else 1) == (2 if formats else 1), watching.text
    plugin.change(version="1.0.1")
    watching.wait_for("1.0.1 (")
    second = settled(4 if formats else 2)
    assert second == (4 if formats else 2), watching.text
    # A rewrite of the same is no save of the user's; his own, after it, is.
    plugin.path.write_text(plugin.text)
    third = settled(second + 1)
    ran = watching.end()
    assert third == len(log.read_text().split()) == second + 1, ran
    assert edits.content(sandbox, plugin) == plugin.text
    assert ("unchanged" in ran.out.split("1.0.1")[0]) == ("chmod" not in rewrite), ran


def test_after_ctrl_c_no_command_is_started(sandbox, watch, tools, make, tmp_path):
    names = [make(), make(), make()]
    log = tmp_path / "log"
    gate = threading.Event()
    with FaultServer(sandbox.url) as proxy:
        command = f"echo $OWUP_ID >>{log}; until test -e {log}.go; do sleep 0.02; done; touch {log}.ended"
        watching = watch("--run", command, *[p.id for p in names], to=sandbox.through(proxy.url))
        watching.wait_for(f"created '{names[2].title}'")
        proxy.on("POST", "/update$", fault.hold(gate, fault.forward()), count=1)
        names[0].change(version="1.0.1")
        assert proxy.held.wait(30)
        watching.running.interrupt()
        watching.wait_for("a running write is let end")
        log.with_name("log.go").touch()
        assert safety.eventually(log.with_name("log.ended").exists)
        watching.settle()
        gate.set()
        ran = watching.running.finish(30)
    assert log.read_text().split() == [names[0].id], ran


def test_a_command_after_each_success_never_two_at_once(sandbox, watch, owup, make, tmp_path):
    plugin, other = make(), make()
    log = tmp_path / "log"
    for name in ("mkdir", "rmdir", "sleep"):
        (owup.bin / name).symlink_to(shutil.which(name))
    command = (
        f'mkdir {tmp_path}/lock || echo overlap >>{log}; sleep 0.3; '
        f'echo "$OWUP_ID $OWUP_FILE $OWUP_RESULT" >>{log}; rmdir {tmp_path}/lock; echo said; test "$OWUP_ID" = {plugin.id}'
    )
    watching = watch("--json", "--run", command, plugin.id, other.id, to=sandbox)
    watching.wait_for(f'"id":"{other.id}"')
    watching.wait_for("ended with status 1")
    plugin.change(version="1.0.1")
    watching.wait_for('"1.0.1"')
    plugin.change(version="1.0.2", end=plugins.BROKEN_SYNTAX)
    watching.wait_for('"invalid"')
    assert safety.eventually(lambda: log.exists() and len(log.read_text().splitlines()) == 3, 20)
    ran = watching.end()
    assert log.read_text().splitlines() == [
        f"{plugin.id} {plugin.file} created",
        f"{other.id} {other.file} created",
        f"{plugin.id} {plugin.file} updated",
    ]
    assert "said" in ran.err and "said" not in ran.out, ran
