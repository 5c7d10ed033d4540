# SPDX-License-Identifier: MIT
"""What the tests run against, and how they ask it for the truth.

A `Target` is a base URL with the keys that belong to it; its methods are plain HTTP requests, so
that what a test expects of the server is read from the server itself and never through owup.
Requests carry no cookies: Open WebUI accepts a sign-in cookie in place of a key, and every test of a
wrong key would then pass.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import urllib.parse
from pathlib import Path

import realserver
import requests

NAMES = (
    "sandbox-0.9",
    "sandbox-0.11",
    "sandbox-0.12",
    *(f"real-{version}" for version in realserver.VERSIONS),
)
# One of each sort, for what is the same on every server.
NEWEST = ("sandbox-0.12", f"real-{realserver.VERSIONS[-1]}")

FAMILY = {"filter": "functions", "pipe": "functions", "action": "functions", "event": "functions", "tool": "tools"}


def generation_of(name):
    """(0, 12) of "real-0.12.4", "sandbox-0.12" or "0.12"."""
    major, minor = re.search(r"(\d+)\.(\d+)", name).groups()
    return int(major), int(minor)


class Target:
    """A server as a client sees it."""

    def __init__(self, name, url, key, user_key=None, token=None):
        self.name = name
        self.url = url
        self.key = key
        self.user_key = user_key
        self.token = token
        self.generation = generation_of(name)
        self.is_real = name.startswith("real")
        # What this generation does, measured on real servers.
        self.switches_off = self.generation < (0, 12)
        self.hides_reason = (0, 10) <= self.generation < (0, 12)
        self.hides_create_reason = self.generation >= (0, 10)
        self.has_history = self.generation >= (0, 12)
        self.has_event = self.generation >= (0, 10)
        self.has_plugins_switch = self.generation >= (0, 10)
        self.keeps_tool_meta = self.generation >= (0, 12)

    @property
    def env(self):
        """The environment that points owup at this server."""
        return {"OPENWEBUI_URL": self.url, "OPENWEBUI_API_KEY": self.key}

    @property
    def host(self):
        """host:port, as owup's messages show it."""
        return urllib.parse.urlsplit(self.url).netloc

    def request(self, method, path, body=None, key=None):
        """One request with the admin's key (or `key`); the requests.Response."""
        with requests.Session() as session:
            session.trust_env = False
            return session.request(
                method,
                self.url + path,
                json=body,
                headers={"Authorization": f"Bearer {key or self.key}"},
                timeout=60,
                allow_redirects=False,
            )

    def ask(self, method, path, body=None, key=None):
        """Like `request`, for what must be 200 with JSON; the parsed answer."""
        answer = self.request(method, path, body, key)
        assert answer.status_code == 200, f"{method} {path}: {answer.status_code} {answer.text[:300]}"
        return answer.json()

    def path(self, kind, plugin_id, rest=""):
        """/api/v1/functions/id/ID or /api/v1/tools/id/ID."""
        return f"/api/v1/{FAMILY[kind]}/id/{urllib.parse.quote(plugin_id)}{rest}"

    def plugin(self, kind, plugin_id):
        """What the server holds under this id, or None."""
        answer = self.request("GET", self.path(kind, plugin_id))
        if answer.status_code in (401, 404):
            assert answer.json()["detail"].startswith("We could not find"), answer.text
            return None
        assert answer.status_code == 200, answer.text
        return answer.json()

    def function(self, plugin_id):
        """A function, or None."""
        return self.plugin("filter", plugin_id)

    def tool(self, plugin_id):
        """A tool, or None."""
        return self.plugin("tool", plugin_id)

    def create(self, kind, plugin_id, content, name="T", **meta):
        """Creates a plugin behind owup's back."""
        body = {"id": plugin_id, "name": name, "meta": {"description": "d", **meta}, "content": content}
        return self.ask("POST", f"/api/v1/{FAMILY[kind]}/create", body)

    def update(self, kind, plugin_id, content, name="T", **fields):
        """Updates a plugin behind owup's back."""
        body = {"id": plugin_id, "name": name, "meta": {"description": "d"}, "content": content, **fields}
        return self.ask("POST", self.path(kind, plugin_id, "/update"), body)

    def delete(self, kind, plugin_id):
        """Deletes a plugin; a missing one is fine."""
        self.request("DELETE", self.path(kind, plugin_id, "/delete"))

    def toggle(self, plugin_id):
        """Flips a function's active flag; the new state."""
        return self.ask("POST", self.path("filter", plugin_id, "/toggle"))["is_active"]

    def toggle_global(self, plugin_id):
        """Flips a function's global flag; the new state."""
        return self.ask("POST", self.path("filter", plugin_id, "/toggle/global"))["is_global"]

    def valves(self, kind, plugin_id):
        """The stored valves."""
        return self.ask("GET", self.path(kind, plugin_id, "/valves"))

    def set_valves(self, kind, plugin_id, values):
        """Replaces the stored valves."""
        return self.ask("POST", self.path(kind, plugin_id, "/valves/update"), values)

    def valves_spec(self, kind, plugin_id):
        """The JSON schema of the valves, as the running code has it."""
        return self.ask("GET", self.path(kind, plugin_id, "/valves/spec"))

    def models(self):
        """id -> name of everything that can be chatted with (real servers only)."""
        return {model["id"]: model["name"] for model in self.ask("GET", "/api/models")["data"]}

    def through(self, url):
        """The same server, reached by owup through a proxy at `url`."""
        return Target(self.name, url, self.key, self.user_key, self.token)


class Sandbox(Target):
    """owup's embedded server, one process."""

    def __init__(self, name, arguments=(), program=None):
        self.arguments = list(arguments)
        self.program = program or os.environ["OWUP_BIN"]
        version = ".".join(map(str, generation_of(name)))
        self.folder = tempfile.mkdtemp(prefix="owup-sandbox-")
        env = {
            "PATH": os.environ["PATH"],
            "HOME": self.folder,
            "LANG": "C.UTF-8",
            **{k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")},
        }
        port = realserver.free_port()
        with open(Path(self.folder) / "err", "wb") as err:
            self.process = subprocess.Popen(
                [self.program, "sandbox", "--port", str(port), "--imitate", version, *self.arguments],
                cwd=self.folder,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=err,
                preexec_fn=realserver.end_with_parent,
            )
        try:
            told = self.read_exports(20)
        except BaseException:
            self.stop()
            raise
        super().__init__(
            name, told["OPENWEBUI_URL"], told["OPENWEBUI_API_KEY"], told["OPENWEBUI_USER_API_KEY"]
        )

    def read_exports(self, seconds):
        """The three lines `export NAME=VALUE` that say that it is ready."""
        watchdog = threading.Timer(seconds, self.process.kill)
        watchdog.start()
        told = {}
        try:
            for raw in self.process.stdout:
                match = re.fullmatch(r"export (\w+)=(\S+)", raw.decode().strip())
                if match:
                    told[match[1]] = match[2]
                if len(told) == 3:
                    return told
        finally:
            watchdog.cancel()
        err = (Path(self.folder) / "err").read_text(encoding="utf-8", errors="replace")
        raise AssertionError(f"owup sandbox said {told} and ended:\n{err}")

    def stop(self):
        """Ends it as a person would; anything but a clean end within 10 s is a failure."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextlib.contextmanager
    def keys_off(self):
        """A server whose API keys are switched off."""
        with contextlib.closing(Sandbox(self.name, ["--keys-off"], self.program)) as other:
            yield other

    @contextlib.contextmanager
    def plugins_off(self):
        """A server that runs no plugins."""
        with contextlib.closing(Sandbox(self.name, ["--plugins-off"], self.program)) as other:
            yield other

    def close(self):
        """For contextlib.closing."""
        self.stop()


class Real(Target):
    """A real Open WebUI, one process; a second one where a test needs plugins off."""

    def __init__(self, name):
        self.folder = tempfile.mkdtemp(prefix="owup-real-")
        self.second = None
        version = name.split("-")[1]
        try:
            self.server = realserver.RealServer(version, self.folder)
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        super().__init__(name, self.server.url, self.server.key, self.server.user_key, self.server.admin_token)

    def stop(self):
        """Ends the processes and removes the data."""
        if self.second:
            self.second.stop()
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextlib.contextmanager
    def admin_config(self, **changes):
        """Changes the admin's settings of the running server for a while."""
        path = "/api/v1/auths/admin/config"
        before = self.ask("GET", path, key=self.token)
        self.ask("POST", path, {**before, **changes}, key=self.token)
        try:
            yield self
        finally:
            self.ask("POST", path, before, key=self.token)

    def keys_off(self):
        """This server, with API keys switched off for a while."""
        return self.admin_config(ENABLE_API_KEYS=False)

    def keys_restricted(self):
        """This server, with API keys allowed on /api/v1/models only for a while."""
        return self.admin_config(
            ENABLE_API_KEYS_ENDPOINT_RESTRICTIONS=True, API_KEYS_ALLOWED_ENDPOINTS="/api/v1/models"
        )

    @contextlib.contextmanager
    def plugins_off(self):
        """A second process on the same data, with ENABLE_PLUGINS=false."""
        if not self.second:
            self.second = realserver.RealServer(
                self.server.version, self.folder, extra_env={"ENABLE_PLUGINS": "false"}
            )
        yield Target(self.name, self.second.url, self.second.key, self.second.user_key, self.second.admin_token)

    @contextlib.contextmanager
    def installing(self):
        """A second process on the same data, one that installs requirements and fails: it has no pip."""
        with realserver.RealServer(self.server.version, self.folder, extra_env={"OFFLINE_MODE": "false"}) as second:
            yield Target(self.name, second.url, second.key, second.user_key, second.admin_token)


def start(name):
    """The server called `name`, one of NAMES."""
    return Sandbox(name) if name.startswith("sandbox") else Real(name)


class Fleet:
    """Servers that are started when they are first asked for, and used again after that."""

    def __init__(self):
        self.running = {}
        self.unavailable = {}

    def get(self, name, use=""):
        """The server called `name`; another `use`, another process. Of the real ones, which take much
        memory, the last alone stays."""
        if name in self.unavailable:
            raise self.unavailable[name]
        if (name, use) not in self.running:
            if name.startswith("real"):
                self.stop("real")
            try:
                self.running[name, use] = start(name)
            except realserver.Unavailable as reason:
                self.unavailable[name] = reason
                raise
        return self.running[name, use]

    def stop(self, prefix=""):
        """Ends those whose name begins so."""
        for key in [key for key in self.running if key[0].startswith(prefix)]:
            self.running.pop(key).stop()
