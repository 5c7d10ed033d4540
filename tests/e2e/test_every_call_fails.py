# SPDX-License-Identifier: MIT
"""Every system call of a command fails once, each in a run of its own: the n-th open, write, fsync, rename,
lock, connect, send, receive ... tests/torture makes it so.

Whatever fails, the program ends by itself, leaks nothing, and what it says is true: where it says
"updated" the server holds it, where it says "failed" the server holds what it held. The user's file is
whole, nothing is left beside it, and the same command then works, with a history that is sound.

OWUP_TORTURE_CALLS is how many calls of each kind are tried in a command, spread over its run; `make torture`
tries all.
"""

import collections
import errno
import json
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import plugins
import program
import pytest
import safety

CALLS = int(os.environ.get("OWUP_TORTURE_CALLS") or 2)
SHIM = Path(os.environ["OWUP_BIN"]).parent / "tests/torture/libtorture.so"

# What each kind of call fails with, as Linux would.
CODES = {
    "open": (errno.EMFILE, errno.EACCES),
    "read": (errno.EIO,),
    "write": (errno.ENOSPC, errno.EIO),
    "sync": (errno.EIO,),
    "truncate": (errno.EIO,),
    "rename": (errno.EIO,),
    "link": (errno.EPERM,),
    "unlink": (errno.EIO,),
    "mkdir": (errno.EACCES,),
    "mode": (errno.EPERM,),
    "stat": (errno.EIO,),
    "lock": (errno.ENOLCK,),
    "map": (errno.ENOMEM,),
    "close": (errno.EIO,),
    "socket": (errno.EMFILE,),
    "connect": (errno.ECONNREFUSED,),
    "send": (errno.ECONNRESET,),
    "recv": (errno.ECONNRESET,),
}
# What may stay as it is once it fails: a full disk, a folder that is read only, a server that is gone. (A lock
# that cannot be had is waited for.)
LASTING = {
    "open": errno.EACCES,
    "write": errno.ENOSPC,
    "sync": errno.EIO,
    "mkdir": errno.EROFS,
    "lock": errno.EIO,
    "connect": errno.ECONNREFUSED,
    "recv": errno.ECONNRESET,
}
# SQLite asks for a lock for ten seconds before it gives up, and a deploy a minute for a server's answer: only
# where all is tried.
PATIENT = ("lock", "recv")
GOOD = ("created", "updated", "unchanged", "deleted")
ERRORS = (1, 2, 3, 4, 5)


@dataclass
class Fault:
    """The call that fails; number 0: none, all are written down."""

    kind: str = "none"
    number: int = 0
    code: int = 0
    lasting: bool = False

    def __str__(self):
        return f"{self.kind}:{self.number}{'+' if self.lasting else ''}:{self.code}"


class Case:
    """One plugin, a home of its own, and one run in which a call fails."""

    def __init__(self, server, folder, plugin_id):
        self.server = server
        self.owup = program.Owup(os.environ["OWUP_BIN"], folder)
        self.log = folder / "log"
        self.project = plugins.Project(self.owup.cwd)
        self.plugin = self.project.write("filter", plugin_id)
        self.texts = [self.plugin.text]

    def run(self, *arguments):
        """A run in which nothing fails."""
        ran = self.owup(*arguments, to=self.server)
        assert ran.status == 0, ran
        return ran

    def edit(self, version):
        """Another version in the file."""
        self.plugin.change(version=version)
        self.texts.append(self.plugin.text)

    def torture(self, fault, arguments):
        """A run with this fault; what failed, or every call where none does."""
        env = {
            "LD_PRELOAD": SHIM,
            "OWUP_TORTURE": fault,
            "OWUP_TORTURE_BELOW": self.owup.home,
            "OWUP_TORTURE_LOG": self.log,
            "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0",
        }
        ran = self.owup(*arguments, to=self.server, env=env)
        return ran, self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []

    def state(self):
        """What the server holds, less the version number that a write of the same moves."""
        held = safety.state(self.server, self.plugin)
        return held and safety.without_version(held)

    def files(self):
        """{path: bytes} of the project."""
        return {path: path.read_bytes() for path in self.project.folder.rglob("*") if path.is_file()}

    def check_history(self):
        """The database is whole, and no write is left open."""
        with safety.database(self.owup) as link:
            assert link.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert link.execute("PRAGMA foreign_key_check").fetchall() == []
        assert safety.open_writes(self.owup) == 0


def outcome(ran):
    """The one object of a run that tells what became of the plugin; {} where it did not come to that."""
    told = [line for line in ran.json if line["type"] in ("plugin", "pull", "delete", "valves", "bump")]
    assert len(told) <= 1, ran
    return told[0] if told else {}


def content(case):
    """The text that the server holds, or None."""
    held = case.state()
    return held and held["content"]


class Create:
    """The first deploy of all: no folder, no database, nothing on the server."""

    arguments = ("deploy", "--json", "PLUGIN")
    after = ("deploy", "PLUGIN")

    def prepare(self, case):
        """Nothing but the file."""

    def done(self, case):
        """Whether the server holds the file."""
        return content(case) == case.plugin.text

    def check_end(self, case):
        """What the server holds once the command has worked."""
        assert self.done(case)


class Update(Create):
    """A deploy of a new version over one that was deployed here."""

    def prepare(self, case):
        """One version is there, live and with valves."""
        case.run("deploy", case.plugin.file)
        safety.bring_to_life(case.server, case.plugin)
        case.edit("1.1.0")


class UpdateForeign(Create):
    """A deploy over what somebody else changed, by force: what it replaces goes into the history."""

    arguments = ("deploy", "--json", "--force", "PLUGIN")
    after = ("deploy", "--force", "PLUGIN")

    def prepare(self, case):
        """The server holds another text."""
        case.run("deploy", case.plugin.file)
        case.foreign = case.plugin.text + "\n# by somebody else\n"
        case.server.update("filter", case.plugin.id, case.foreign)
        case.edit("1.1.0")


class Unchanged(Create):
    """A deploy of what the server holds already."""

    def prepare(self, case):
        """It is there."""
        case.run("deploy", case.plugin.file)


class Rollback(Create):
    """Back to the version before."""

    arguments = ("rollback", "--json", "--to", "1.0.0", "ID")
    after = ("rollback", "--to", "1.0.0", "ID")

    def prepare(self, case):
        """Two versions were deployed."""
        case.run("deploy", case.plugin.file)
        case.edit("1.1.0")
        case.run("deploy", case.plugin.file)

    def done(self, case):
        """Whether the server holds the first one."""
        return content(case) == case.texts[0]


class Delete(Create):
    """A delete keeps in the history what it deletes."""

    arguments = ("delete", "--yes", "--json", "ID")
    after = None

    def prepare(self, case):
        """It is there."""
        case.run("deploy", case.plugin.file)

    def done(self, case):
        """Whether it is gone."""
        return content(case) is None

    def check_end(self, case):
        """It can be had back."""
        if self.done(case):
            case.run("rollback", case.plugin.id)
        assert content(case) == case.texts[0]


class Valves(Create):
    """One valve is set."""

    arguments = ("valves", "--json", "ID", "set", "priority=5")
    after = ("valves", "ID", "set", "priority=5")

    def prepare(self, case):
        """It is there."""
        case.run("deploy", case.plugin.file)

    def done(self, case):
        """Whether the server holds the value."""
        return case.server.valves("filter", case.plugin.id).get("priority") == 5


class Pull(Create):
    """Somebody's edit on the server is taken into the file."""

    arguments = ("pull", "--json", "ID")
    after = ("pull", "ID")

    def prepare(self, case):
        """Somebody edits what was deployed."""
        case.run("deploy", case.plugin.file)
        case.foreign = case.plugin.text + "\n# by somebody else\n"
        case.server.update("filter", case.plugin.id, case.foreign)

    def done(self, case):
        """Whether the file holds it."""
        return case.plugin.text == case.foreign


class Bump(Create):
    """The version in the file is raised; the server is not asked."""

    arguments = ("bump", "--json", "patch", "PLUGIN")
    after = ("bump", "patch", "PLUGIN")

    def prepare(self, case):
        """Just the file."""

    def done(self, case):
        """Whether the file has the next version, and else what it had."""
        return case.plugin.text == case.texts[0].replace("1.0.0", "1.0.1")

    def check_end(self, case):
        """It may be the second time."""
        assert case.plugin.text in [case.texts[0].replace("1.0.0", version) for version in ("1.0.1", "1.0.2")]


class History(Create):
    """The list of versions, which writes nothing."""

    arguments = ("history", "--json", "ID")
    after = ("history", "ID")

    def prepare(self, case):
        """Two versions were deployed."""
        case.run("deploy", case.plugin.file)
        case.edit("1.1.0")
        case.run("deploy", case.plugin.file)


SCENES = [Create, Update, UpdateForeign, Unchanged, Rollback, Delete, Valves, Pull, Bump, History]


def words(case, arguments):
    """The command line for this plugin."""
    return [{"PLUGIN": case.plugin.file, "ID": case.plugin.id}.get(word, word) for word in arguments]


def check_words(scene, case, ran, before, files):
    """What was said is true."""
    told = outcome(ran)
    result = told.get("result")
    assert ran.status == 0 or ran.status in ERRORS, "no exit status of ours"
    for wrong in ("CRITICAL", "WARNING **", "Sanitizer", "runtime error", "assertion"):
        assert wrong not in ran.err, "a fault in the program"
    if ran.status == 0:
        assert result is None or result in GOOD
        assert isinstance(scene, History) or scene.done(case), "it says done, and is not"
    else:
        assert result not in GOOD or told.get("error"), "an exit status that says failed, and a result that does not"
        done = not isinstance(scene, (History, Unchanged)) and scene.done(case)
        unsure = "unknown" in (result, (told.get("error") or {}).get("code")) or result in GOOD
        assert unsure or (case.state() == before and not done), "it says failed, and is not as it was"
    now = case.files()
    if result == "conflict":
        now.pop(case.project.folder / (told["server_file"] or ""), None)
    if not (isinstance(scene, (Pull, Bump)) and scene.done(case)):
        assert now == files, "a file of the user's changed"
    assert set(now) == set(files), "something is left beside the user's files"


def check_after(scene, case):
    """The same once more, without a fault: it works, and the history is sound."""
    if scene.after:
        case.run(*words(case, scene.after))
    scene.check_end(case)
    if content(case) is not None:
        case.run("deploy", "--force", case.plugin.file)
        case.check_history()
        case.run("history", case.plugin.id)


def spread(many, most):
    """At most `most` of the numbers from 1 to `many`, the first and the last of them included."""
    if many <= most:
        return range(1, many + 1)
    return sorted({1 + i * (many - 1) // max(most - 1, 1) for i in range(most)})


def faults(calls):
    """The faults to try, from the calls of a run in which all went well."""
    numbers = collections.Counter(line.split(" ", 1)[0] for line in calls)
    for kind, many in numbers.items():
        for turn, number in enumerate(spread(many, CALLS)):
            yield Fault(kind, number, CODES[kind][turn % len(CODES[kind])])
        if kind in LASTING:
            for number in spread(many, CALLS if kind not in PATIENT else 0 if CALLS < 10 else 3):
                yield Fault(kind, number, LASTING[kind], lasting=True)


@pytest.mark.slow
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__.lower())
def test_each_call_fails_in_turn_and_what_is_said_is_true(scene, sandbox, tmp_path, fresh):
    """All of them are tried; those that went wrong are told of together."""
    scene = scene()

    def tried(fault):
        """One run with this fault, in a home of its own."""
        case = Case(sandbox, tmp_path / str(fault), fresh("tortured"))
        try:
            scene.prepare(case)
            before, files = case.state(), case.files()
            ran, calls = case.torture(fault, words(case, scene.arguments))
            if fault.number == 0:
                assert ran.status == 0, ran
                return calls, None
            try:
                check_words(scene, case, ran, before, files)
                check_after(scene, case)
            except (AssertionError, sqlite3.Error, json.JSONDecodeError) as wrong:
                return calls, f"=== {fault}: {calls[:3]}\n{wrong}\n{ran}"
            return calls, None
        finally:
            case.owup.end_all()
            sandbox.delete("filter", case.plugin.id)

    wrong, hits = [], 0
    for fault in faults(tried(Fault())[0]):
        calls, problem = tried(fault)
        hits += bool(calls)
        if problem:
            wrong.append(problem)
    assert hits, "no call failed: this test is broken"
    assert not wrong, f"{len(wrong)} of {hits} went wrong:\n" + "\n".join(wrong)
