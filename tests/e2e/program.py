# SPDX-License-Identifier: MIT
"""Runs owup as a user would: a clean environment, a folder of its own, nothing left running."""

import contextlib
import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import termios
import threading
import time
import unicodedata
from dataclasses import dataclass

import clock
import realserver


def columns(text):
    """How wide a terminal shows it."""
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in text)


@dataclass
class Result:
    """How one run ended."""

    status: int
    out: str
    err: str
    seconds: float

    @property
    def text(self):
        """Everything that was said."""
        return self.out + self.err

    @property
    def json(self):
        """Standard output as one JSON object a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def plugins(self):
        """The objects of --json about plugins."""
        return [line for line in self.json if line["type"] == "plugin"]

    @property
    def plugin(self):
        """The one object of --json about a plugin."""
        (only,) = self.plugins
        return only

    @property
    def summary(self):
        """The last line of --json."""
        assert self.json[-1]["type"] == "summary", self.out
        return self.json[-1]

    def __str__(self):
        return f"exit {self.status}\n--- stdout\n{self.out}--- stderr\n{self.err}"


class Running:
    """A run that goes on."""

    def __init__(self, process):
        self.process = process
        self.begin = time.monotonic()
        self.chunks = {"out": [], "err": []}
        self.news = threading.Condition()
        self.readers = []
        for name, stream in (("out", process.stdout), ("err", process.stderr)):
            reader = threading.Thread(target=self.read, args=(name, stream), daemon=True)
            reader.start()
            self.readers.append(reader)

    def read(self, name, stream):
        """Collects what comes, until the end."""
        with stream:
            for block in iter(lambda: stream.read1(65536), b""):
                with self.news:
                    self.chunks[name].append(block)
                    self.news.notify_all()

    def said(self, name):
        """What one stream has said so far."""
        return b"".join(self.chunks[name]).decode("utf-8", "strict")

    def wait_for(self, text, seconds=30):
        """Returns when `text` was said on either stream."""
        with self.news:
            found = self.news.wait_for(lambda: text in self.said("out") + self.said("err"), seconds)
        assert found, f"{text!r} was not said in {seconds} s:\n{self.said('out')}{self.said('err')}"

    def interrupt(self):
        """Ctrl-C."""
        self.process.send_signal(signal.SIGINT)

    def finish(self, seconds=90):
        """Waits for the end; a run that does not end is a failure."""
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            for reader in self.readers:
                reader.join(10)
            raise AssertionError(
                f"did not end in {seconds} s:\n{self.said('out')}{self.said('err')}"
            ) from None
        for reader in self.readers:
            reader.join(10)
        return Result(status, self.said("out"), self.said("err"), time.monotonic() - self.begin)


class Owup:
    """The program. Call it with its arguments: owup("deploy", path, to=server)."""

    def __init__(self, path, folder, times=1):
        self.path = path
        self.clock = clock.Clock(path, times)
        self.seconds = self.clock.seconds
        self.home = folder / "home"
        self.cwd = self.home / "project"
        self.cwd.mkdir(parents=True, exist_ok=True)
        self.bin = folder / "bin"
        self.bin.mkdir()
        (self.bin / "python3").symlink_to(realserver.find_python())
        self.running = []

    def environment(self, to=None, env=None, python=True):
        """Nothing of the caller's environment but the sanitizers' settings."""
        clean = {k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS") or k == "G_SLICE"}
        clean.update(self.clock.env)
        clean.update(
            PATH=str(self.bin) if python else "/nonexistent",
            HOME=str(self.home),
            XDG_CONFIG_HOME=str(self.home / ".config"),
            XDG_CACHE_HOME=str(self.home / ".cache"),
            XDG_STATE_HOME=str(self.home / ".local/state"),
            XDG_DATA_HOME=str(self.home / ".local/share"),
            LANG="C.UTF-8",
        )
        if to:
            clean.update(to.env)
        for name, value in (env or {}).items():
            if value is None:
                clean.pop(name, None)
            else:
                clean[name] = str(value)
        return clean

    def start(self, *arguments, to=None, env=None, cwd=None, stdin=b"", python=True):
        """Starts a run; `to` is a servers.Target whose URL and key go into the environment."""
        process = subprocess.Popen(
            [self.path, *map(str, arguments)],
            cwd=cwd or self.cwd,
            env=self.environment(to, env, python),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        running = Running(process)
        self.running.append(running)
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(stdin)
            process.stdin.close()
        return running

    def __call__(self, *arguments, seconds=90, **options):
        """Runs to the end."""
        return self.start(*arguments, **options).finish(seconds)

    def on_terminal(
        self, *arguments, to=None, env=None, cwd=None, seconds=60, keys=None, width=100, prompt=b""
    ):
        """Runs on a pseudo-terminal `width` columns wide; returns (status, everything shown).

        `keys` are typed at once, or when `prompt` is there.
        """
        main, side = pty.openpty()
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
        environment = self.environment(to, {"TERM": "xterm-256color", **(env or {})})
        process = subprocess.Popen(
            [self.path, *map(str, arguments)],
            cwd=cwd or self.cwd,
            env=environment,
            stdin=side,
            stdout=side,
            stderr=side,
            start_new_session=True,
        )
        os.close(side)
        watchdog = threading.Timer(seconds, process.kill)
        watchdog.start()
        shown = b""
        try:
            if keys and not prompt:
                os.write(main, keys)
            # The terminal's end reads as an error on Linux once the last writer is gone.
            with contextlib.suppress(OSError):
                while block := os.read(main, 65536):
                    shown += block
                    if prompt and prompt in shown:
                        os.write(main, keys)
                        prompt = b""
            status = process.wait()
        finally:
            watchdog.cancel()
            os.close(main)
        return status, shown.decode("utf-8", "replace").replace("\r\n", "\n")

    def end_all(self):
        """Ends what a failed test left running."""
        for running in self.running:
            if running.process.poll() is None:
                running.process.kill()
                running.process.wait()
