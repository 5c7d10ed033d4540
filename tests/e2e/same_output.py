#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares what two builds of owup say: tests/e2e/same_output.py [-k WORD] OLD NEW

For refactorings, after which nothing that a user sees may differ. Some hundreds of commands
(same_output_scenarios.py, same_output_words.py) are run with each build: on servers that OLD imitates,
in a home, a project and a state folder of their own. Compared are standard output, standard error, the
exit status, the files that were written, and at the end what the server holds and the layout of the
history; ports, paths, times and ids of random origin are taken out before. Then OLD asks once more, with
NEW as the server: so the sandbox is compared, too. Each command that differs is printed with the
difference; exit status 1 where one does.
"""

import argparse
import concurrent.futures
import contextlib
import difflib
import importlib.machinery
import importlib.util
import itertools
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent


def enter_environment():
    """Goes on in the virtual environment of the tests, which has what they import."""
    loader = importlib.machinery.SourceFileLoader("run", str(HERE / "run"))
    run = importlib.util.module_from_spec(importlib.util.spec_from_loader("run", loader))
    loader.exec_module(run)
    python = run.install_pytest()
    os.execv(python, [str(python), __file__, *sys.argv[1:]])


try:
    import requests  # noqa: F401
except ImportError:
    enter_environment()

import same_output_scenarios  # noqa: E402, F401
import same_output_words  # noqa: E402, F401
import servers  # noqa: E402
from same_output_scene import SCENARIOS, Scene  # noqa: E402

# They wait more than they work.
JOBS = 5 * (os.cpu_count() or 1)
START_ATTEMPTS = 3


@dataclass(frozen=True)
class Side:
    """Who asks whom."""

    name: str
    client: Path
    server: Path
    in_all: bool = True


def start_server(path, generation):
    """A sandbox; another program may take the free port that was found, so once more then."""
    for left in reversed(range(START_ATTEMPTS)):
        with contextlib.suppress(*([AssertionError] if left else [])):
            return servers.Sandbox(f"sandbox-{generation}", program=path)
    raise AssertionError("not reached")


def play(scenario, generation, side, old):
    """Runs a scenario on one side; its steps. What stops it, is its last step."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="owup-same-", ignore_cleanup_errors=True))
        server = stack.enter_context(contextlib.closing(start_server(side.server, generation)))
        scene = Scene(Path(folder), side.client, old, server)
        stack.callback(scene.end)
        try:
            scenario.run(scene)
            scene.look()
        except Exception as reason:
            scene.steps.append(("(the scenario)", scene.plain(f"stopped: {type(reason).__name__}: {reason}\n")))
        return scene.steps


def differences(title, ours, theirs):
    """Prints the commands that differ; how many do."""
    count = 0
    for one, other in itertools.zip_longest(ours, theirs, fillvalue=("(nothing)", "(not reached)\n")):
        if one == other:
            continue
        count += 1
        print(f"{title}: owup {one[0]}")
        lines = difflib.unified_diff(split(one), split(other), "old", "new", n=2, lineterm="")
        print("".join(f"    {line}\n" for line in lines))
    return count


def split(step):
    """Command and answer as lines that show what is in them."""
    label, said = step
    return [f"$ owup {label}", *said.replace("\r", "\\r").replace("\x1b", "\\e").split("\n")]


def make_sides(old, new):
    """Those that are compared with the first one."""
    return Side("old", old, old), Side("new", new, old), Side("new server", old, new, in_all=False)


def choose(word):
    """[(scenario, generation)] whose title has the word."""
    every = [(one, generation) for one in SCENARIOS for generation in one.generations]
    return [(one, generation) for one, generation in every if word in f"{one.name} {generation}"]


def compare(old, new, word):
    """Runs everything, prints what differs; (commands, those that differ)."""
    first, *others = make_sides(old, new)
    commands = differ = 0
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        wanted = [
            (one, generation, side, pool.submit(play, one, generation, side, old))
            for one, generation in choose(word)
            for side in (first, *others)
            if side.in_all or one.serving
        ]
        steps = {(one.name, generation, side): future.result() for one, generation, side, future in wanted}
    for (name, generation, side), theirs in steps.items():
        ours = steps[name, generation, first]
        if ours[-1][0] == "(the scenario)":
            sys.exit(f"{name} {generation}: OLD does not come through it: {ours[-1][1]}")
        if side is not first:
            commands += len(ours)
            differ += differences(f"{name} {generation}, {side.name}", ours, theirs)
    return commands, differ


def main():
    """Compares; the exit status says whether anything differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-k", metavar="WORD", default="", help='only scenarios whose title ("valves 0.11") has WORD')
    parser.add_argument("old", metavar="OLD", type=Path, help="the program as it was")
    parser.add_argument("new", metavar="NEW", type=Path, help="the program as it is")
    options = parser.parse_args()
    old, new = options.old.absolute(), options.new.absolute()
    for path in (old, new):
        if not os.access(path, os.X_OK):
            parser.error(f"no program at {path}")
    if not choose(options.k):
        parser.error(f"no scenario has {options.k!r} in its title")
    commands, differ = compare(old, new, options.k)
    print(f"{commands} commands, {differ} differ")
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
