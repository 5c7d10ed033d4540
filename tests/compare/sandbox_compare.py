#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds owup's sandbox against real Open WebUI: the same requests, the same answers?

    tests/compare/sandbox_compare.py build/owup                    all releases
    tests/compare/sandbox_compare.py build/owup 0.12.4 -v          one; every request shown
    tests/compare/sandbox_compare.py build/owup 0.12.4 --url URL --key KEY --user-key KEY

Every answer's status, content type and JSON are compared, after ids, times and names of people were
replaced by what they stand for. Where Python would have to run, sandbox_scenario.py says so and only
a part is compared. Without --url a real server is started on loopback, once more with plugins off; one
that is not installed yet is installed. Exit status: 0 when nothing differs, 1 otherwise. The end-to-end tests
run it for each release (test_sandbox_likeness.py).
"""

import argparse
import contextlib
import difflib
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "e2e"))
import realserver  # noqa: E402
import sandbox_scenario  # noqa: E402

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
KEY = re.compile(r"sk-[0-9a-f]{32}")


class Answer:
    """What came back."""

    def __init__(self, status, content_type, body):
        self.status = status
        self.type = content_type
        self.body = body

    @property
    def json(self):
        """The parsed body."""
        return json.loads(self.body)


class Client:
    """One of the two servers."""

    def __init__(self, url, key, user_key):
        parts = urllib.parse.urlsplit(url)
        self.host, self.port = parts.hostname, parts.port
        self.keys = {"admin": key, "user": user_key, "nobody": None, "unknown": "sk-" + "0" * 32, "jwt": "e.y.J"}

    def send(self, method, path, body, key, headers):
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        with contextlib.closing(connection):
            sent = {}
            if body is not None:
                body = body if isinstance(body, bytes) else json.dumps(body).encode()
                sent["Content-Type"] = "application/json"
            if self.keys[key]:
                sent["Authorization"] = "Bearer " + self.keys[key]
            sent.update({name: value.format(**self.keys) for name, value in headers.items()})
            connection.request(method, path, body, {k: v for k, v in sent.items() if v})
            answer = connection.getresponse()
            return Answer(answer.status, answer.getheader("Content-Type"), answer.read())


def normalise(value, names):
    """Replaces what can't be the same on both sides; equal things get equal names."""
    if isinstance(value, dict):
        return {k: normalise(value[k], names) for k in sorted(value) if k != "permissions"}
    if isinstance(value, list):
        return [normalise(v, names) for v in value]
    if isinstance(value, str):
        value = UUID.sub(lambda m: names.setdefault(m[0], f"<uuid {len(names)}>"), value)
        value = re.sub(r"(Ann|Sandbox) Admin", "<admin>", value)
        return KEY.sub("<key>", value)
    if isinstance(value, int) and value > 1_700_000_000:
        return "<time>"
    return value


def shown(answer, names, part):
    """An answer as text to compare; `part` limits what of it."""
    if part == "status":
        return f"{answer.status}"
    if part == "type":
        return f"{answer.status} {answer.type}"
    if "json" not in (answer.type or ""):
        body = "<page>" if "html" in answer.type else answer.body.decode()
    else:
        body = json.dumps(part(answer.json) if callable(part) else answer.json)
        body = json.dumps(normalise(json.loads(body), names), indent=1, sort_keys=True, ensure_ascii=False)
    return f"{answer.status} {answer.type}\n{body}"


class Comparison:
    """Sends each request to both sides and compares; scenarios call `ask`."""

    def __init__(self, version, real, sandbox, verbose):
        self.version = version
        self.generation = tuple(map(int, version.split(".")[:2]))
        self.sides = (real, sandbox)
        self.names = ({}, {})
        self.verbose = verbose
        self.same = self.partly = 0
        self.different = []
        self.part = None

    @contextlib.contextmanager
    def only(self, part):
        """Compares only a part of each answer in the block: "status", "type", or what a function takes of it."""
        before, self.part = self.part, part
        yield
        self.part = before

    def ask(self, method, path, body=None, key="admin", **headers):
        """Both answers, the real one first. A pair in `path` or `body` has one for each side."""
        answers = []
        for number, side in enumerate(self.sides):
            own_path, own_body = (x[number] if isinstance(x, tuple) else x for x in (path, body))
            named = {k.replace("_", "-"): v for k, v in headers.items()}
            answers.append(side.send(method, urllib.parse.quote(own_path, safe="/%?&="), own_body, key, named))
        real, sandbox = (shown(a, n, self.part) for a, n in zip(answers, self.names))
        label = f"{method} {path[0] if isinstance(path, tuple) else path}"
        if real != sandbox:
            diff = difflib.unified_diff(real.splitlines(), sandbox.splitlines(), "real", "sandbox", n=2, lineterm="")
            self.different.append(label)
            print(f"DIFFERENT {label}  {str(body)[:200]}  ({key})", *list(diff)[2:60], sep="\n    ")
        elif self.part:
            self.partly += 1
        else:
            self.same += 1
        if self.verbose and real == sandbox:
            print(f"{'partly' if self.part else 'same  '} {label}: {answers[0].status}")
        return answers


@contextlib.contextmanager
def start_sandbox(program, generation, *arguments):
    """A sandbox of the generation (0, 12)."""
    command = [program, "sandbox", "--imitate", ".".join(map(str, generation)), *arguments]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, preexec_fn=realserver.end_with_parent
    )
    try:
        told = {}
        while len(told) < 3:
            line = process.stdout.readline()
            if not line:
                sys.exit(f"sandbox_compare: {' '.join(command)} ended at once")
            match = re.match(r"export (\w+)=(\S+)", line)
            if match:
                told[match[1]] = match[2]
        yield Client(told["OPENWEBUI_URL"], told["OPENWEBUI_API_KEY"], told["OPENWEBUI_USER_API_KEY"])
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def client_of(server):
    """The client of a realserver.RealServer."""
    return Client(server.url, server.key, server.user_key)


def compare_running(version, options):
    """The whole scenario against the server that the options name."""
    generation = tuple(map(int, version.split(".")[:2]))
    with start_sandbox(options.program, generation) as sandbox:
        comparison = Comparison(version, Client(options.url, options.key, options.user_key), sandbox, options.verbose)
        sandbox_scenario.run(comparison)
    return comparison


def compare_own(version, options, folder):
    """The same against a server of our own; then with keys off, and with plugins off on the same data."""
    generation = tuple(map(int, version.split(".")[:2]))
    data = str(Path(folder) / "sandbox.db")
    config = "/api/v1/auths/admin/config"
    with realserver.RealServer(version, folder) as real:
        with start_sandbox(options.program, generation, "--data", data) as sandbox:
            comparison = Comparison(version, client_of(real), sandbox, options.verbose)
            sandbox_scenario.run(comparison)
            sandbox_scenario.before_off(comparison)
        settings = real.expect("GET", config, real.admin_token)
        real.expect("POST", config, real.admin_token, {**settings, "ENABLE_API_KEYS": False})
        with start_sandbox(options.program, generation, "--data", data, "--keys-off") as sandbox:
            comparison.sides = (client_of(real), sandbox)
            sandbox_scenario.keys_off(comparison)
        real.expect("POST", config, real.admin_token, settings)
    with realserver.RealServer(version, folder, extra_env={"ENABLE_PLUGINS": "false"}) as real:
        with start_sandbox(options.program, generation, "--data", data, "--plugins-off") as sandbox:
            comparison.sides = (client_of(real), sandbox)
            sandbox_scenario.plugins_off(comparison)
    return comparison


def compare(version, options):
    """Compares with one release; True when nothing differs."""
    if options.url:
        comparison = compare_running(version, options)
    else:
        folder = tempfile.mkdtemp(prefix="owup-compare-")
        try:
            comparison = compare_own(version, options, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    print(
        f"{version}: {comparison.same} answers the same, {comparison.partly} as far as Python need not run, "
        f"{len(comparison.different)} different"
    )
    return not comparison.different


def main():
    """Parses the arguments and compares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=os.path.abspath)
    parser.add_argument("version", nargs="*")
    parser.add_argument("--url")
    parser.add_argument("--key")
    parser.add_argument("--user-key")
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args()
    try:
        fine = [compare(version, options) for version in options.version or realserver.VERSIONS]
    except realserver.Unavailable as reason:
        sys.exit(f"failed: {reason}")
    sys.exit(0 if all(fine) else 1)


if __name__ == "__main__":
    main()
