# SPDX-License-Identifier: MIT
"""The local history: several owups at once, and every state of it that is not in order."""

import contextlib
import os
import re
import shutil
import subprocess
import threading

import fault
import pytest
import safety
from fault import FaultServer


def contents(owup):
    """Every text that the history holds."""
    with safety.database(owup) as link:
        return {row[0].decode() for row in link.execute("SELECT data FROM content")}


@pytest.mark.clock(2)
def test_two_at_the_same_plugin(server, owup, make, project):
    """The second waits for the first, says so, and then goes on from what the first made."""
    plugin = make()
    assert owup("deploy", plugin.file, to=server).status == 0
    safety.bring_to_life(server, plugin)
    old = plugin.text
    first = plugin.change(version="1.1.0").text
    second = project.write("filter", "second", text=first.replace("1.1.0", "1.2.0"), title=plugin.title)
    gate = threading.Event()
    with FaultServer(server.url) as proxy:
        proxy.on("POST", "/update$", fault.hold(gate, fault.forward()), count=1)
        through = server.through(proxy.url)
        one = owup.start("deploy", "--json", plugin.file, to=through)
        assert proxy.held.wait(30)
        impatient = owup("deploy", "--timeout", "1", "--id", plugin.id, second.file, to=through)
        assert impatient.status == 2 and "Another owup is at work" in impatient.text, impatient
        other = owup.start("deploy", "--id", plugin.id, second.file, to=through)
        other.wait_for("Waiting for another owup")
        gate.set()
        ran = one.finish()
        assert (ran.status, ran.plugin["result"]) == (0, "updated"), ran
        ran = other.finish()
        assert ran.status == 0 and "✅ Successfully updated" in ran.out, ran
    held = server.function(plugin.id)
    assert (held["content"], held["is_active"], held["is_global"]) == (second.text, True, True)
    assert contents(owup) >= {old, first, second.text}


@pytest.mark.every_server
def test_two_that_race(server, owup, make, project):
    """Unsynchronised, again and again: every run ends well and no text is lost."""
    plugin = make()
    sent = {plugin.text}
    assert owup("deploy", plugin.file, to=server).status == 0
    for turn in range(5):
        running = []
        for who in ("a", "b"):
            text = plugin.text.replace("1.0.0", f"1.{turn}.{ord(who)}")
            path = project.write("filter", f"race_{who}", text=text, title=plugin.title)
            sent.add(text)
            running.append(owup.start("deploy", "--json", "--id", plugin.id, path.file, to=server))
        for ran in [one.finish() for one in running]:
            assert (ran.status, ran.plugin["result"]) == (0, "updated"), ran
    assert server.function(plugin.id)["content"] in sent
    assert contents(owup) >= sent
    assert safety.open_writes(owup) == 0


@pytest.mark.until("0.11")
def test_twenty_write_at_once(server, owup, make):
    """No lost version: this server keeps none itself."""
    group = [make() for _ in range(20)]
    sent = set()
    for version in ("1.0.0", "1.1.0"):
        for plugin in group:
            sent.add(plugin.change(version=version).text)
        running = [owup.start("deploy", plugin.file, to=server) for plugin in group]
        for ran in [one.finish() for one in running]:
            assert ran.status == 0 and "could not be written" not in ran.text, ran
    assert contents(owup) >= sent
    assert safety.open_writes(owup) == 0
    with safety.database(owup) as link:
        assert link.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert link.execute("SELECT count(*) FROM version WHERE action = 0").fetchone() == (40,)


@contextlib.contextmanager
def garbage(owup):
    """No database at all."""
    path = owup.home / ".local/state/owup/history.db"
    for log in path.parent.glob("history.db-*"):
        log.unlink()
    path.write_bytes(b"this is no database " * 300)
    yield "damaged"
    assert path.read_bytes() == b"this is no database " * 300


@contextlib.contextmanager
def damaged(owup):
    """A database whose inner pages are gone."""
    path = owup.home / ".local/state/owup/history.db"
    with safety.database(owup) as link:
        link.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = path.read_bytes()
    path.write_bytes(data[:100] + b"\xff" * (len(data) - 100))
    yield "damaged"


@contextlib.contextmanager
def newer(owup):
    """Written by an owup of the future."""
    with safety.database(owup) as link:
        link.execute("PRAGMA user_version = 999")
    yield "from a newer owup"
    with safety.database(owup) as link:
        assert link.execute("PRAGMA user_version").fetchone() == (999,)


@contextlib.contextmanager
def no_folder(owup):
    """Where the folder should be there is a file."""
    folder = owup.home / ".local/state/owup"
    folder.rename(owup.home / "away")
    folder.write_text("a file")
    yield str(folder)
    assert folder.read_text() == "a file"


@contextlib.contextmanager
def read_only(owup):
    """Nothing can be written there; root is not held up by modes, so it gets a read-only mount."""
    folder = owup.home / ".local/state/owup"
    if os.geteuid() == 0:
        made = subprocess.run(["mount", "--bind", "-r", folder, folder], capture_output=True, check=False)
        if made.returncode != 0:
            pytest.skip("root, and may not mount")
        try:
            yield ""
        finally:
            subprocess.run(["umount", folder], check=True)
        return
    for path in (*folder.iterdir(), folder):
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        yield ""
    finally:
        folder.chmod(0o700)
        for path in folder.iterdir():
            path.chmod(0o700 if path.is_dir() else 0o600)


@contextlib.contextmanager
def full(owup):
    """Not a byte is left on the disk."""
    folder = owup.home / ".local/state/owup"
    away = owup.home / "away"
    folder.rename(away)
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8k", "none", folder], capture_output=True, check=False)
    if made.returncode != 0:
        folder.rmdir()
        away.rename(folder)
        pytest.skip("may not mount a small disk")
    try:
        yield "full"
    finally:
        subprocess.run(["umount", folder], check=True)


@contextlib.contextmanager
def locked(owup):
    """Somebody else has it for good."""
    with safety.database(owup) as link:
        link.execute("PRAGMA locking_mode = EXCLUSIVE")
        link.execute("BEGIN EXCLUSIVE")
        yield "in use by another process"
        link.rollback()


TROUBLES = {
    "garbage": garbage,
    "damaged": damaged,
    "newer": newer,
    "no-folder": no_folder,
    "read-only": read_only,
    "full": full,
    "locked": locked,
}


@pytest.mark.every_server
@pytest.mark.clock(20)
@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble(server, owup, make, trouble):
    """Where the server keeps old versions, a warning; where it does not, nothing is sent."""
    plugin, new, tool = make(), make(), make("tool")
    assert owup("deploy", plugin.file, tool.file, to=server).status == 0
    before = safety.bring_to_life(server, plugin)
    plugin.change(version="1.1.0")
    tool.change(version="1.1.0")
    with TROUBLES[trouble](owup) as words:
        ran = owup("deploy", "--json", plugin.file, to=server)
        if server.has_history:
            assert (ran.status, ran.plugin["result"]) == (0, "updated"), ran
            ran = owup("deploy", tool.file, to=server)
            assert ran.status == 0 and "⚠️" in ran.err and words in ran.err, ran
            assert server.tool(tool.id)["content"] == tool.text
        else:
            assert (ran.plugin["result"], ran.plugin["error"]["code"]) == ("failed", "local_state"), ran
            assert safety.state(server, plugin) == before
            told = owup("deploy", plugin.file, to=server)
            assert told.status == 2 and words in told.text, told
            assert "--no-history" in told.text and "--history" in told.text, told
            assert safety.state(server, plugin) == before
            assert owup("deploy", "--no-history", plugin.file, to=server).status == 0
        assert server.function(plugin.id)["content"] == plugin.text
        ran = owup("deploy", new.file, to=server)
        assert ran.status == 0 and server.function(new.id)["content"] == new.text, ran


@pytest.mark.every_server
@pytest.mark.parametrize("room", [200, 400], ids=["no-room", "room-for-one"])
def test_the_disk_fills_up_while_deploying(server, owup, make, room):
    """No room for the text that is replaced; or for that, but not for the one that was sent then."""
    folder = owup.home / "small"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={room}k", "none", folder]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("may not mount a small disk")
    try:
        plugin = make(end="# " + "x" * 300_000 + "\n")
        assert owup("deploy", "--history", folder, "--no-history", plugin.file, to=server).status == 0
        before = safety.state(server, plugin)
        plugin.change(version="1.1.0")
        ran = owup("deploy", "--history", folder, plugin.file, to=server)
        if server.has_history or room == 400:
            assert ran.status == 0 and "full" in ran.err, ran
            assert server.function(plugin.id)["content"] == plugin.text
        else:
            assert ran.status == 2 and "full" in ran.text, ran
            assert safety.state(server, plugin) == before
        again = owup("deploy", "--history", folder, make().file, to=server)
        assert again.status == 0, again
    finally:
        subprocess.run(["umount", folder], check=True)


def test_only_the_user_can_read_it(sandbox, owup, make):
    assert owup("deploy", make().file, to=sandbox).status == 0
    folder = owup.home / ".local/state/owup"
    assert folder.stat().st_mode & 0o777 == 0o700
    for path in folder.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_what_others_could_read_is_closed_to_them(sandbox, owup, make):
    """Also where an umask or a copy left it open."""
    assert owup("deploy", make().file, to=sandbox).status == 0
    folder = owup.home / ".local/state/owup"
    folder.chmod(0o755)
    for path in folder.glob("history.db*"):
        path.chmod(0o644)
    assert owup("deploy", make().file, to=sandbox).status == 0
    assert folder.stat().st_mode & 0o777 == 0o700
    for path in folder.glob("history.db*"):
        assert path.stat().st_mode & 0o777 == 0o600, path


def test_a_folder_of_other_ends_keeps_its_mode(sandbox, owup, make):
    folder = owup.home / "shared"
    folder.mkdir()
    folder.chmod(0o755)
    (folder / "notes.txt").write_text("mine")
    assert owup("deploy", "--history", folder, make().file, to=sandbox).status == 0
    assert folder.stat().st_mode & 0o777 == 0o755
    assert (folder / "history.db").stat().st_mode & 0o777 == 0o600


def linked_folder(folder):
    folder.rename(folder.with_name("away"))
    folder.symlink_to(folder.with_name("away"))
    return "is a symbolic link"


def linked_file(folder):
    (folder / "history.db").rename(folder / "away.db")
    (folder / "history.db").symlink_to(folder / "away.db")
    return "is a symbolic link"


def anothers_folder(folder):
    if os.geteuid() != 0:
        pytest.skip("only root can give it away")
    os.chown(folder, 65534, 65534)
    return "belongs to another user"


def anothers_file(folder):
    if os.geteuid() != 0:
        pytest.skip("only root can give it away")
    os.chown(folder / "history.db", 65534, 65534)
    return "belongs to another user"


@pytest.mark.every_server
@pytest.mark.parametrize(
    "how", [linked_folder, linked_file, anothers_folder, anothers_file], ids=lambda how: how.__name__
)
def test_what_is_not_the_users_own_is_refused(server, owup, make, how):
    """Nothing is written there; where the server keeps versions the deploy goes on."""
    plugin = make()
    assert owup("deploy", plugin.file, to=server).status == 0
    folder = owup.home / ".local/state/owup"
    words = how(folder)
    before = (folder / "history.db").read_bytes()
    ran = owup("deploy", plugin.change(version="1.0.1").file, to=server)
    assert words in ran.text, ran
    assert (ran.status == 0) == server.has_history, ran
    assert (folder / "history.db").read_bytes() == before
    if not server.has_history:
        assert "--no-history" in ran.text and "--history" in ran.text, ran


def synced(owup, *command, to):
    """The names of the files that a run has written through to the disk, in order."""
    log = owup.home / "trace"
    trace = [shutil.which("strace"), "-f", "-y", "-e", "trace=fsync,fdatasync", "-o", log]
    done = subprocess.run(
        [*trace, owup.path, *command], cwd=owup.cwd, env=owup.environment(to, None, True), capture_output=True, check=False
    )
    if not log.exists() or "ptrace" in done.stderr.decode():
        pytest.skip("may not trace")
    assert done.returncode == 0, done
    return re.findall(r"f(?:data)?sync\(\d+<([^>]*)>", log.read_text())


@pytest.mark.skipif(shutil.which("strace") is None, reason="no strace")
@pytest.mark.until("0.11")
def test_the_only_copy_is_on_the_disk_before_the_write(server, owup, make):
    """And only where it is new here; a delete's as well."""
    group = [make() for _ in range(4)]
    files = [plugin.file for plugin in group]
    assert owup("deploy", *files, to=server).status == 0
    for plugin in group:
        plugin.change(version="1.0.1")
    own = len(synced(owup, "deploy", *files, to=server))
    for plugin in group:
        plugin.change(version="1.0.2")
        server.update("filter", plugin.id, plugin.text.replace("1.0.2", "9.0.0"), plugin.title)
    theirs = synced(owup, "deploy", "--force", *files, to=server)
    logs = sum(name.endswith("history.db-wal") for name in theirs)
    assert own < len(theirs) and 1 <= logs <= own + len(group), theirs


@pytest.mark.skipif(shutil.which("strace") is None, reason="no strace")
def test_what_bump_and_pull_replace_is_on_the_disk_first(sandbox, owup, make):
    plugin = make()
    assert owup("deploy", plugin.file, to=sandbox).status == 0
    for command in (["bump", "patch", plugin.file], ["pull", "--force", plugin.file]):
        assert any(".owup-" in name for name in synced(owup, *command, to=sandbox)), command


def test_no_key_in_it(sandbox, owup, make):
    """Nor valves: a plain deploy keeps neither."""
    plugin = make()
    assert owup("deploy", plugin.file, to=sandbox).status == 0
    sandbox.set_valves("filter", plugin.id, {"token": "secret-of-the-valves"})
    ran = owup("deploy", "-m", f"with {sandbox.key}", plugin.change(version="1.1.0").file, to=sandbox)
    assert ran.status == 0, ran
    for path in (owup.home / ".local/state/owup").rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        assert sandbox.key.encode() not in data and b"secret-of-the-valves" not in data, path


def kept(owup, plugin, to, versions=("1.0.0", "1.0.1", "1.0.2")):
    """So many versions are deployed; the database in one file."""
    for version in versions:
        assert owup("deploy", plugin.change(version=version).file, to=to).status == 0
    with safety.database(owup) as link:
        link.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return owup.home / ".local/state/owup/history.db"


def test_check_of_what_is_in_order(sandbox, owup, make):
    ran = owup("history", "--check")
    assert ran.status == 0 and "in order: 0 entries" in ran.out, ran
    kept(owup, make(), sandbox)
    ran = owup("history", "--check", "--json")
    assert (ran.status, ran.json[0]["entries"], ran.json[0]["lost"]) == (0, 5, []), ran


def test_check_names_a_text_that_is_damaged(sandbox, owup, make):
    plugin = make()
    kept(owup, plugin, sandbox)
    with safety.database(owup) as link:
        link.execute("UPDATE content SET data = x'00' WHERE digest = (SELECT digest FROM version ORDER BY row LIMIT 1)")
        link.commit()
    ran = owup("history", "--check")
    assert ran.status == 1 and f"of '{plugin.id}' on {sandbox.url}" in ran.out and "Lost: 1.0.0" in ran.out, ran
    ran = owup("history", "--check")
    assert ran.status == 0 and "in order: 3 entries" in ran.out, ran


@pytest.mark.parametrize("how", ["garbage", "cut", "hole"])
def test_check_saves_what_can_be_read(sandbox, owup, make, how):
    """The damaged file is kept beside the new one, and the next deploy needs no word of it."""
    plugin = make()
    path = kept(owup, plugin, sandbox)
    data = path.read_bytes()
    bad = {
        "garbage": b"this is no database " * 300,
        "cut": data[: len(data) - 4096],
        "hole": data[: len(data) // 2] + bytes(4096) + data[len(data) // 2 + 4096 :],
    }[how]
    for log in path.parent.glob("history.db-*"):
        log.unlink()
    path.write_bytes(bad)
    ran = owup("history", "--check")
    assert ran.status == 1 and "damaged" in ran.out and "lost" in ran.out.lower(), ran
    [aside] = [p for p in path.parent.glob("history.db.damaged-*") if not p.name.endswith(("-wal", "-shm"))]
    assert aside.read_bytes() == bad and aside.stat().st_mode & 0o777 == 0o600
    ran = owup("history", "--check")
    assert ran.status == 0 and "in order" in ran.out, ran
    ran = owup("deploy", plugin.change(version="1.0.3").file, to=sandbox)
    assert ran.status == 0 and "history could not" not in ran.err and "damaged" not in ran.err, ran
