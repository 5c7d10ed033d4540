# SPDX-License-Identifier: MIT
"""What a scenario of same_output.py is, and where it is played.

A Scene is one side: a program, a server and a project of its own, and what was said there.
"""

import contextlib
import json
import re
import shlex
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass

import fault
import plugins
import program

ALL = ("0.9", "0.11", "0.12")
NEWEST = ("0.12",)
WIDTH = 80
PROMPT = b"[y/N] "
WHEEL = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"

# What no two runs have in common, each with the word that stands for it. Digests are not among it:
# they are those of texts that are the same in every run.
DIFFERS = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?"), "<time>"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?"), "<when>"),
    (re.compile(r'(?<="(?:updated|created)_at":)\d+|(?<="at":)\d+'), "<seconds>"),
    (re.compile(r'(?<="ms":)\d+'), "<ms>"),
    (re.compile(r"(?<= after )\d+ ms\b|(?<= )\d+ ms(?=\n)|(?<=\()\d+ ms(?=\)\n)"), "<ms>"),
    (re.compile(r"^\d\d:\d\d:\d\d(?= )", re.MULTILINE), "<clock>"),
    (re.compile(r"\(\d+\.\d s\)"), "(<seconds>)"),
    (re.compile(r"(?<=127\.0\.0\.1:)\d{5}\b"), "<port>"),
    # Of a server's long answers -v shows the beginning, which may end within an id or a time.
    (re.compile(r'(?<=id":")[0-9a-f-]+…'), "<id>…"),
    (re.compile(r'(?<=at":")[\dT:-]+…'), "<time>…"),
    (re.compile(r"/tmp/owup-[^/\s]+"), "<temporary>"),
)

# Of these every value gets its number, so that what was equal stays equal and what was not does not.
NUMBERED = (
    ("id", re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")),
    ("key", re.compile(r"\bsk-[0-9a-f]{32}\b")),
)

# A line that is drawn again and again while something lasts, and its end.
FRAME = re.compile(rf"\r\x1b\[K   [{WHEEL}/|\\-] ([^\r\n\x1b]*)|\r\x1b\[K")


@dataclass
class Scenario:
    """A list of commands that follow on each other."""

    name: str
    run: Callable
    generations: tuple
    serving: bool


SCENARIOS = []


def scenario(generations=ALL, serving=False):
    """Adds a function; `serving`: NEW is compared as its server, too."""

    def add(function):
        SCENARIOS.append(Scenario(function.__name__, function, generations, serving))
        return function

    return add


def say_hello(version):
    """The end of a plugin, another one for each version."""
    return f'\n\nHELLO = "{version}"\n'


class Scene:
    """Runs the commands of a scenario; `steps` are (command, all that came of it)."""

    def __init__(self, folder, path, old, server):
        self.folder = folder
        self.server = server
        self.owup = program.Owup(path, folder)
        self.old = old
        self.home, self.cwd = self.owup.home, self.owup.cwd
        (self.owup.bin / "owup").symlink_to(path)
        self.project = plugins.Project(self.cwd)
        self.steps = []
        self.numbers = {}
        self.paced = False

    def tick(self):
        """Waits for another second: servers order by seconds, and by chance what happened in the same one."""
        time.sleep(1.02 - time.time() % 1)

    def __call__(self, line, *more, to=None, env=None, old=False, **options):
        """One command, written as for a shell; `old`: run by OLD on both sides."""
        words = [*shlex.split(line), *map(str, more)]
        if self.paced and words[0] in ("deploy", "rollback"):
            self.tick()
        before = self.files()
        self.owup.path = self.old if old else self.owup.bin / "owup"
        env = {"TZ": "UTC", **(env or {})}
        ran = self.owup(*words, to=to or self.server, env=env, **options)
        self.note(words, str(ran), before)

    def each(self, line, *forms, **options):
        """The command in each of these forms, by default in all that there are."""
        for form in forms or ("", "--json", "-v", "-q"):
            self(f"{line} {form}", **options)

    def terminal(self, line, to=None, env=None, drawn=False, **options):
        """One command on a terminal of 80 columns.

        What is drawn there after half a second, is compared where `drawn` says that something will take
        so long; elsewhere it shows how busy this machine is. It has no place between the other lines.
        """
        words, before = shlex.split(line), self.files()
        self.owup.path = self.owup.bin / "owup"
        env = {"TZ": "UTC", **(env or {})}
        status, shown = self.owup.on_terminal(*words, to=to or self.server, env=env, width=WIDTH, prompt=PROMPT, **options)
        frames = [re.sub(r"(?<=\()\d+ s(?=\))", "<seconds>", frame) for frame in FRAME.findall(shown) if frame]
        said = f"exit {status}\n--- terminal\n{FRAME.sub('', shown)}"
        if drawn:
            said += "".join(f"--- drawn: {frame}\n" for frame in dict.fromkeys(frames))
        self.note(["(terminal)", *words], said, before)

    def until(self, line, *moments, env=None):
        """A command that goes on until Ctrl-C; each of `moments` is a text to wait for, and what to do then."""
        words, before = shlex.split(line), self.files()
        running = self.owup.start(*words, to=self.server, env={"TZ": "UTC", **(env or {})})
        for text, action in moments:
            running.wait_for(text)
            action()
        running.interrupt()
        self.note(words, str(running.finish()), before)

    @contextlib.contextmanager
    def spoiled(self, method, pattern, action, count=None):
        """The server, reached through a proxy that spoils what matches."""
        with fault.FaultServer(self.server.url) as proxy:
            proxy.on(method, pattern, action, count)
            yield self.server.through(proxy.url)

    def request(self, method, path, body=None, key=None):
        """One request of its own, to hold the sandbox to what it answered."""
        answer = self.server.request(method, path, body, key)
        said = f"status {answer.status_code} {answer.headers.get('Content-Type')}\n{answer.text}\n"
        self.steps.append((self.plain(f"(request) {method} {path}"), self.plain(said)))

    def write(self, kind, plugin_id, **options):
        """Writes a plugin of the project; the plugins.Plugin."""
        return self.project.write(kind, plugin_id, **options)

    def file(self, path, text):
        """Writes any file of the project."""
        target = self.cwd / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
        return target

    def note(self, words, said, before):
        """Keeps what a command said, and what it did to the project's files."""
        now = self.files()
        for path in sorted({*before, *now}):
            if path not in now:
                said += f"--- removed {path}\n"
            elif now[path] != before.get(path):
                said += f"--- wrote {path}\n{now[path]}"
        self.steps.append((self.plain(shlex.join(words)), self.plain(said)))

    def files(self):
        """The project's files: {path: text}."""
        return {
            str(path.relative_to(self.cwd)): text_of(path)
            for path in self.cwd.rglob("*")
            if path.is_file()
        }

    def look(self):
        """Adds to the last command what the server holds after it, and how the history is laid out."""
        told = []
        for kind, family in (("filter", "functions"), ("tool", "tools")):
            for one in sorted(self.server.ask("GET", f"/api/v1/{family}/"), key=lambda one: one["id"]):
                held = self.server.plugin(kind, one["id"])
                held["valves"] = self.server.valves(kind, one["id"])
                told.append(json.dumps(held, ensure_ascii=False, separators=(",", ":")))
        told += [text_of(path) for path in sorted((self.home / ".local").rglob("*.db"))]
        label, said = self.steps[-1]
        self.steps[-1] = (label, said + self.plain("--- the server holds\n" + "\n".join(told) + "\n"))

    def plain(self, text):
        """The text without what no two runs have in common."""
        if self.server:
            text = text.replace(self.server.host, "<server>").replace(self.server.key, "<admin's key>")
            text = text.replace(self.server.user_key, "<user's key>")
        text = text.replace(str(self.folder), "<folder>")
        for name, pattern in NUMBERED:
            text = pattern.sub(lambda match, name=name: self.number(name, match[0]), text)
        for pattern, word in DIFFERS:
            text = pattern.sub(word, text)
        return text

    def number(self, name, value):
        """<id 1> of the first id that is met, and so on."""
        known = self.numbers.setdefault(name, {})
        return f"<{name} {known.setdefault(value, len(known) + 1)}>"

    def end(self):
        """Ends what is still running."""
        self.owup.end_all()


def text_of(path):
    """A file as text; of a database its tables."""
    data = path.read_bytes()
    if not data.startswith(b"SQLite"):
        return data.decode("utf-8", "backslashreplace")
    with contextlib.closing(sqlite3.connect(path)) as database:
        tables = database.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
        version = database.execute("PRAGMA user_version").fetchone()
        return "".join(f"{sql}\n" for (sql,) in tables) + f"version {version[0]}\n"
