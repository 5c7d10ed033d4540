# SPDX-License-Identifier: MIT
"""Asks owup's C code and a Python function the same questions, and shows where they differ."""

import ast
import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "e2e"))
import realserver  # noqa: E402

SKIP = 77  # what meson understands as "skipped"
SHOWN = 10
SEED = 20261122


def plugin_module(version):
    """The file of an installed Open WebUI that holds the functions, or None.

    Where CI=true a missing release is installed, and the program ends as failed if it can't be.
    """
    venv = realserver.cache_folder() / "open-webui" / version / "venv"
    if os.environ.get("CI") == "true":
        try:
            realserver.install(version)
        except realserver.Unavailable as reason:
            sys.exit(f"failed: {reason}")
    return next(venv.glob("lib/python*/site-packages/open_webui/utils/plugin.py"), None)


def server_functions(name):
    """{version: the function `name` of that installed Open WebUI}.

    The function is taken out of the server's own file, since importing the module would start half
    the server. Ends the program as skipped if no release is there.
    """
    files = {version: plugin_module(version) for version in realserver.VERSIONS}
    found = {version: take_function(file, name) for version, file in files.items() if file}
    if not found:
        print("skipped: no Open WebUI is installed for the tests; tests/e2e/run does it")
        sys.exit(SKIP)
    return found


def take_function(path, name):
    """The top-level function `name` of a Python file, with nothing of the file but itself."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            space = {"re": re, "log": logging.getLogger("server")}
            exec(compile(ast.Module([node], []), str(path), "exec"), space)
            return space[name]
    raise LookupError(f"{path} has no function {name}; the comparison must follow the server")


def ask(program, mode, texts):
    """What owup makes of each of the texts."""
    questions = "".join(json.dumps(text) + "\n" for text in texts)
    done = subprocess.run(
        [program, mode], input=questions, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode != 0:
        sys.exit(f"{program} {mode}: status {done.returncode}\n{done.stderr}")
    # Not splitlines(): the answers may hold U+2028.
    return [json.loads(line) for line in done.stdout.split("\n")[:-1]]


def compare(label, texts, ours, function):
    """Prints the first differences; returns how many there are."""
    assert len(ours) == len(texts), f"{len(ours)} answers to {len(texts)} questions"
    differ = 0
    for text, mine in zip(texts, ours):
        theirs = function(text)
        if mine != theirs:
            differ += 1
            if differ <= SHOWN:
                print(f"{label}: {text!r}\n    owup   {mine!r}\n    server {theirs!r}")
    print(f"{label}: {len(texts)} texts, {differ} differ")
    return differ
