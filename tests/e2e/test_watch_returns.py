# SPDX-License-Identifier: MIT
"""owup watch: what goes away and comes back as it was is no save, and git is waited for."""

import os
import shutil
import subprocess

import edits
import pytest
from fault import FaultServer
from watching import Doorway

pytestmark = pytest.mark.clock(2)


def git(folder, *arguments):
    """Runs git there as somebody who is set up."""
    who = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
    for role in ("AUTHOR", "COMMITTER"):
        who |= {f"GIT_{role}_NAME": "ann", f"GIT_{role}_EMAIL": "ann@example.org"}
    return subprocess.run(["git", *arguments], cwd=folder, env=os.environ | who, capture_output=True, text=True, check=False)


def outside(plugin):
    """A folder that nobody watches, on the same disk."""
    return plugin.folder.parent


def folder_away(group, meanwhile):
    """mv there and back, out of the project."""
    folder, away = group[0].path.parent, outside(group[0]) / "away"
    folder.rename(away)
    meanwhile()
    away.rename(folder)


def folder_renamed(group, meanwhile):
    """mv there and back, within the project."""
    folder = group[0].path.parent
    other = folder.with_name("other")
    folder.rename(other)
    meanwhile()
    other.rename(folder)


def files_renamed(group, meanwhile):
    """Each under a name that is no plugin's for a while."""
    for plugin in group:
        plugin.path.rename(plugin.path.with_suffix(".bak"))
    meanwhile()
    for plugin in group:
        plugin.path.with_suffix(".bak").rename(plugin.path)


def at_once(group, meanwhile):
    """There and back before anybody can look; then a while."""
    for plugin in group:
        plugin.path.rename(plugin.path.with_suffix(".bak"))
        plugin.path.with_suffix(".bak").rename(plugin.path)
    meanwhile()


def copied_anew(group, meanwhile):
    """As a file system that is connected again: other inodes, the same times."""
    folder, away = group[0].path.parent, outside(group[0]) / "away"
    folder.rename(away)
    meanwhile()
    shutil.copytree(away, folder)


def mounted_over(group, meanwhile):
    """A mount that goes and comes back."""
    folder = group[0].path.parent
    empty = outside(group[0]) / "empty"
    empty.mkdir()
    if subprocess.run(["mount", "--bind", empty, folder], capture_output=True, check=False).returncode != 0:
        pytest.skip("may not mount")
    try:
        meanwhile()
    finally:
        subprocess.run(["umount", folder], check=True)


AWAY = (folder_away, folder_renamed, files_renamed, at_once, copied_anew, mounted_over)


@pytest.mark.parametrize("how", AWAY, ids=lambda how: how.__name__)
def test_what_comes_back_as_it_was_is_not_sent(sandbox, owup, watch, make, how):
    """A colleague deployed newer ones meanwhile; they stay."""
    group = [make(path=f"plugins/in/{n}.py", id=f"back_{n}", header=f"id: back_{n}\n") for n in range(3)]
    assert owup("deploy", *(plugin.file for plugin in group), to=sandbox).status == 0
    theirs = {plugin.id: plugin.text.replace("1.0.0", "1.0.9") for plugin in group}
    with FaultServer(sandbox.url) as proxy:
        watching = watch(to=sandbox.through(proxy.url))

        def meanwhile():
            watching.settle(2.5)
            for plugin in group:
                sandbox.update("filter", plugin.id, theirs[plugin.id], plugin.title)

        how(group, meanwhile)
        watching.settle(2.5)
        assert proxy.count("POST") == 0, watching.text
        for plugin in group:
            assert edits.content(sandbox, plugin) == theirs[plugin.id]
        # It is watched all the same.
        group[0].change(version="1.0.1")
        watching.wait_for(f"updated '{group[0].title}' 1.0.1")
        watching.end()


def test_what_comes_back_changed_is_sent(sandbox, watch, make):
    plugin = make(path="plugins/in/x.py", id="back_x", header="id: back_x\n")
    watching = watch(to=sandbox)
    away = outside(plugin) / "away"
    text = plugin.text.replace("1.0.0", "1.0.1")
    plugin.path.parent.rename(away)
    watching.wait_for("is gone")
    (away / "x.py").write_text(text)
    away.rename(plugin.path.parent)
    watching.wait_for("created")
    watching.end()
    assert edits.content(sandbox, plugin) == text


def test_what_another_file_sent_counts_as_well(sandbox, owup, watch, make):
    """A plugin whose file has another name for a while; then the old one is taken out of a drawer."""
    plugin = make(path="plugins/old.py", id="back_y", header="id: back_y\n")
    old, new = plugin.path, plugin.path.with_name("new.py")
    first = plugin.text
    watching = watch(to=sandbox)
    old.rename(new)
    watching.settle(1.5)
    new.write_text(first.replace("1.0.0", "1.0.1"))
    watching.wait_for("created")
    new.unlink()
    watching.wait_for("new.py is gone")
    old.write_text(first)
    watching.wait_for("updated")
    watching.end()
    assert edits.content(sandbox, plugin) == first


def test_a_save_that_was_not_sent_yet_is_not_forgotten(sandbox, watch, make):
    """The server is away; the file goes and comes back; then the server is there again."""
    plugin = make()
    door = Doorway(sandbox.url)
    with door.open():
        watching = watch(to=sandbox.through(door.url))
    text = plugin.change(version="1.0.1").text
    watching.wait_for("waits")
    plugin.path.rename(plugin.path.with_suffix(".bak"))
    watching.wait_for("is gone")
    plugin.path.with_suffix(".bak").rename(plugin.path)
    watching.settle()
    with door.open():
        watching.wait_for("created")
        watching.end()
    assert edits.content(sandbox, plugin) == text


@pytest.fixture
def repository(owup, make):
    """Three plugins in a repository: branch main at 1.0.0, branch old at 0.9.0; .git."""
    group = [make(path=f"plugins/g{n}.py", id=f"git_{n}", header=f"id: git_{n}\n") for n in range(3)]
    assert git(owup.cwd, "init", "-b", "main").returncode == 0
    git(owup.cwd, "add", "plugins")
    assert git(owup.cwd, "commit", "-m", "one").returncode == 0
    git(owup.cwd, "checkout", "-b", "old")
    for plugin in group:
        plugin.change(version="0.9.0")
    git(owup.cwd, "commit", "-am", "old")
    assert git(owup.cwd, "checkout", "main").returncode == 0
    return group


def test_a_checkout_is_sent_once_it_is_complete(sandbox, owup, watch, repository):
    """Git holds its lock while a filter takes its time with each file."""
    git(owup.cwd, "config", "filter.slow.smudge", "sleep 0.4; cat")
    (owup.cwd / ".git/info/attributes").write_text("*.py filter=slow\n")
    complete = []

    def note(call):
        complete.append(all(plugin.path.exists() and "0.9.0" in plugin.text for plugin in repository))
        call.send(call.forward().raw())
        return True

    with FaultServer(sandbox.url) as proxy:
        proxy.on("POST", "", note)
        watching = watch(to=sandbox.through(proxy.url))
        assert git(owup.cwd, "checkout", "old").returncode == 0
        for plugin in repository:
            watching.wait_for(f"created '{plugin.title}' 0.9.0")
        watching.end()
    assert all(complete), complete


def test_a_rebase_that_stops_is_waited_for(sandbox, owup, watch, repository):
    for plugin in repository[:2]:
        plugin.path.write_text(plugin.text.replace("1.0.0", "1.0.1"))
    git(owup.cwd, "commit", "-am", "two")
    with FaultServer(sandbox.url) as proxy:
        watching = watch(to=sandbox.through(proxy.url))
        assert git(owup.cwd, "rebase", "old").returncode != 0
        assert (owup.cwd / ".git/rebase-merge").is_dir()
        watching.settle(2.5)
        assert proxy.count("POST") == 0, watching.text
        assert "invalid" not in watching.text
        watching.wait_for("until git has ended")
        # One file that is saved alone is somebody's.
        mine = repository[2].path.read_text().replace("0.9.0", "0.9.1")
        repository[2].path.write_text(mine)
        watching.wait_for("created")
        assert edits.content(sandbox, repository[2]) == mine
        repository[2].path.write_text(mine.replace("0.9.1", "0.9.0"))
        watching.wait_for("updated")
        git(owup.cwd, "rebase", "--abort")
        watching.settle(2.5)
        ran = watching.end()
    assert "invalid" not in ran.text, ran
    for plugin in repository[:2]:
        assert sandbox.function(plugin.id) is None
