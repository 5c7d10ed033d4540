# SPDX-License-Identifier: MIT
"""Whole processes, timed one after the other; what is compared alternates within one run."""

import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

SPAWN = str(Path(__file__).with_name("spawn.py"))


class Failed(Exception):
    """A timed process did not do its work; the text has what it said."""


@dataclass
class Sample:
    """One process: milliseconds and KiB."""

    wall: float
    cpu: float
    memory: int


@dataclass
class Series:
    """All samples of one contender."""

    name: str
    samples: list = field(default_factory=list)

    @property
    def wall(self):
        """Median of the wall times in ms."""
        return statistics.median(sample.wall for sample in self.samples)

    @property
    def cpu(self):
        """Median of user and system time in ms."""
        return statistics.median(sample.cpu for sample in self.samples)

    @property
    def memory(self):
        """The highest peak in MB."""
        return max(sample.memory for sample in self.samples) / 1024

    @property
    def spread(self):
        """The quartiles of the wall times in ms."""
        walls = [sample.wall for sample in self.samples]
        if len(walls) < 2:
            return walls[0], walls[0]
        low, _, high = statistics.quantiles(walls, n=4, method="inclusive")
        return low, high


class Timer:
    """Runs processes in a folder of its own, with a small, known environment."""

    def __init__(self, folder):
        self.folder = folder
        self.output = folder / "said"
        self.python = sys._base_executable

    def environment(self, server):
        """Nothing of the caller's; the names that each contender reads."""
        home = self.folder / "home"
        return {
            "PATH": "/usr/bin:/bin",
            "HOME": str(home),
            "XDG_STATE_HOME": str(home / "state"),
            "XDG_CACHE_HOME": str(home / "cache"),
            "LANG": "C.UTF-8",
            "OPENWEBUI_URL": server.url,
            "OPENWEBUI_API_KEY": server.key,
            "OWUI_URL": server.url,
            "OWUI_TOKEN": server.key,
        }

    def run(self, server, command, cwd):
        """Times one process, which has to end with 0."""
        spawned = subprocess.run(
            [self.python, "-I", "-S", SPAWN, str(cwd), str(self.output), *map(str, command)],
            env=self.environment(server),
            capture_output=True,
            text=True,
            check=True,
        )
        status, wall, user, system, memory = map(int, spawned.stdout.split())
        if status != 0:
            said = self.output.read_text(encoding="utf-8", errors="replace")
            raise Failed(f"exit {status}: {' '.join(map(str, command))}\n{said[-2000:]}")
        return Sample(wall / 1e6, (user + system) / 1e3, memory)


def alternate(timer, rounds, contenders):
    """{name: Series} of (name, prepare(round), server, command, cwd), taken in turn, A B A B.

    `prepare` is not timed. Round 0 warms up and is not counted.
    """
    series = {contender[0]: Series(contender[0]) for contender in contenders}
    for number in range(rounds + 1):
        for name, prepare, server, command, cwd in contenders:
            if prepare:
                prepare(number)
            sample = timer.run(server, command, cwd)
            if number > 0:
                series[name].samples.append(sample)
    return series
