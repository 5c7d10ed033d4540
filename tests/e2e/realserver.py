# SPDX-License-Identifier: MIT
"""Real Open WebUI servers for the tests: install, start, sign in.

A release is installed from PyPI into a virtual environment of its own below the cache folder
(`OWUP_TEST_CACHE`, else `$XDG_CACHE_HOME/owup-tests`, else `~/.cache/owup-tests`). The machine
learning packages, which only chat and document search need, are left out: that is 1 GB instead of 7.

Only the standard library is used, so that `tests/e2e/serve` runs with nothing but Python.
"""

import contextlib
import ctypes
import email.parser
import fcntl
import hashlib
import itertools
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

VERSIONS = ("0.9.6", "0.11.4", "0.12.4")
UV = "uv==0.8.22"

# Needed only for local models, document parsing and databases that no test uses.
LEFT_OUT = re.compile(
    r"""accelerate|sentence-transformers|transformers|faster-whisper|opencv-.*|rapidocr.*|sentencepiece
      |pyarrow|einops|colbert-ai|unstructured|pymilvus|playwright|torch|onnxruntime|elasticsearch
      |qdrant-client|pinecone|oracledb|weaviate-client|moto|pytest.*|docker""",
    re.VERBOSE,
)

ADMIN = {"email": "admin@example.com", "password": "admin-password", "name": "Ann Admin"}
USER = {"email": "user@example.com", "password": "user-password", "name": "Uwe User", "role": "user"}


class Unavailable(Exception):
    """A real server can't be had here; the text says why."""


def cache_folder():
    """The folder that keeps installed servers and virtual environments between runs."""
    named = os.environ.get("OWUP_TEST_CACHE")
    if named:
        return Path(named).absolute()
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "owup-tests"


@contextlib.contextmanager
def locked(path):
    """Holds an exclusive lock on `path`; another process waits here."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="ascii") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def find_python():
    """An interpreter that Open WebUI supports: 3.11 or 3.12."""
    for name in (sys.executable, "/usr/bin/python3", "python3.12", "python3.11", "python3"):
        path = shutil.which(name)
        if not path:
            continue
        probe = "import sys, venv, ensurepip; print(sys._base_executable, *sys.version_info[:2])"
        found = subprocess.run([path, "-c", probe], capture_output=True, text=True, check=False)
        words = found.stdout.split()
        if found.returncode == 0 and words[1:] in (["3", "11"], ["3", "12"]):
            return words[0]
    raise Unavailable("no Python 3.11 or 3.12 with venv found (Debian: apt install python3-venv)")


def run_logged(command, log, **kwargs):
    """Runs one step of an installation; its output goes to `log` only."""
    with open(log, "ab") as handle:
        handle.write(("\n$ " + " ".join(map(str, command)) + "\n").encode())
        handle.flush()
        done = subprocess.run(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=handle,
            stderr=subprocess.STDOUT,
            check=False,
            **kwargs,
        )
    if done.returncode != 0:
        tail = Path(log).read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
        raise Unavailable(f"{command[0]} failed, see {log}:\n" + "\n".join(tail))


def install_once(folder, recipe, build):
    """Calls `build(folder)` unless a finished build of the same recipe is there.

    The marker is written last, so that an interrupted installation is done anew.
    """
    marker = folder / ".complete"
    digest = hashlib.sha256(recipe.encode()).hexdigest()
    with locked(folder.with_name(folder.name + ".lock")):
        if marker.is_file() and marker.read_text(encoding="ascii") == digest:
            return
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        build(folder)
        partial = folder / ".complete.new"
        partial.write_text(digest, encoding="ascii")
        partial.rename(marker)


def install_uv():
    """The virtual environment that holds uv and pip; returns its bin folder."""
    python = find_python()
    folder = cache_folder() / "uv"

    def build(place):
        log = cache_folder() / "uv.log"
        run_logged([python, "-m", "venv", "--clear", place], log)
        run_logged([place / "bin" / "python", "-m", "pip", "install", UV], log)

    install_once(folder, f"{UV} {python}", build)
    return folder / "bin"


def wheel_requirements(wheel):
    """The wheel's own requirements, less its extras and what `LEFT_OUT` names."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        metadata = email.parser.BytesParser().parsebytes(archive.read(name))
    kept = []
    for line in metadata.get_all("Requires-Dist") or []:
        if re.search(r";.*\bextra\s*==", line):
            continue
        project = re.match(r"[A-Za-z0-9._-]+", line).group().lower().replace("_", "-")
        if not LEFT_OUT.fullmatch(project):
            kept.append(line)
    return kept


def install(version):
    """Installs one release of Open WebUI if it is not there yet; returns its Python."""
    folder = cache_folder() / "open-webui" / version

    def build(place):
        tools = install_uv()
        log = folder.with_name(f"{version}.log")
        env = dict(os.environ, UV_CACHE_DIR=str(cache_folder() / "uv-cache"), UV_PYTHON_DOWNLOADS="never")
        wheels = place / "wheel"
        run_logged(
            [tools / "python", "-m", "pip", "download", "--no-deps", "--only-binary=:all:",
             "--dest", wheels, f"open-webui=={version}"],
            log,
        )  # fmt: skip
        wheel = next(wheels.glob("*.whl"))
        listed = place / "requirements.txt"
        listed.write_text("\n".join(wheel_requirements(wheel)) + "\n", encoding="utf-8")
        run_logged([tools / "uv", "venv", "--python", find_python(), place / "venv"], log, env=env)
        target = ["--python", place / "venv" / "bin" / "python"]
        run_logged([tools / "uv", "pip", "install", *target, "-r", listed], log, env=env)
        run_logged([tools / "uv", "pip", "install", *target, "--no-deps", wheel], log, env=env)
        shutil.rmtree(wheels)

    install_once(folder, f"1 {LEFT_OUT.pattern}", build)
    return folder / "venv" / "bin" / "python"


# Below the ports that systems hand out by themselves, so that nothing but these tests takes one in the time
# between the search and the use; each process begins at a place of its own.
PORTS = itertools.cycle(range(20000, 32000))
for _ in range(os.getpid() * 97 % 12000):
    next(PORTS)


def free_port():
    """A loopback port that nobody uses at this moment, and that this process has not given out lately."""
    for port in PORTS:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def server_environment(data, extra):
    """What a server is started with; nothing but PATH and certificates comes from outside."""
    env = {k: v for k, v in os.environ.items() if k in ("PATH", "SSL_CERT_FILE", "TMPDIR")}
    env.update(
        HOME=str(data),
        LANG="C.UTF-8",
        PYTHONUNBUFFERED="1",
        FROM_INIT_PY="true",
        DATA_DIR=str(data),
        WEBUI_SECRET_KEY="only-for-tests",
        OFFLINE_MODE="true",
        HF_HUB_OFFLINE="1",
        ENABLE_API_KEYS="true",
        USER_PERMISSIONS_FEATURES_API_KEYS="true",
        ENABLE_OLLAMA_API="false",
        ENABLE_OPENAI_API="false",
        RAG_EMBEDDING_ENGINE="openai",
        RAG_OPENAI_API_KEY="x",
        AUDIO_STT_ENGINE="openai",
        BYPASS_EMBEDDING_AND_RETRIEVAL="true",
        ENABLE_VERSION_UPDATE_CHECK="false",
        ANONYMIZED_TELEMETRY="false",
        DO_NOT_TRACK="true",
        GLOBAL_LOG_LEVEL="ERROR",
        SCARF_NO_ANALYTICS="true",
        WEBUI_ADMIN_EMAIL=ADMIN["email"],
        WEBUI_ADMIN_PASSWORD=ADMIN["password"],
        WEBUI_ADMIN_NAME=ADMIN["name"],
    )
    env.update(extra)
    return env


def end_with_parent():
    """Asks Linux to end this child when the test run dies, however it dies."""
    pr_set_pdeathsig = 1
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


class RealServer:
    """One running Open WebUI. Use as a context manager, or call `stop()`."""

    def __init__(self, version, data, port=None, extra_env=None, boot_seconds=180):
        python = install(version)
        self.version = version
        self.data = Path(data).absolute()
        # Python finds modules in the folder above the data, so that one is the server's own, too.
        inside = self.data / "data"
        inside.mkdir(parents=True, exist_ok=True)
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = self.data / "server.log"
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [python, "-m", "uvicorn", "open_webui.main:app", "--host", "127.0.0.1",
                 "--port", str(self.port)],
                cwd=inside,
                env=server_environment(inside, extra_env or {}),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=end_with_parent,
            )  # fmt: skip
        try:
            self.wait_ready(boot_seconds)
            self.sign_in()
            self.wait_for_key(boot_seconds)
        except BaseException:
            self.stop()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def tail(self):
        """The end of the server's log, for messages."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-25:])

    def wait_ready(self, seconds):
        """Returns when /health is 200."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise Unavailable(f"Open WebUI {self.version} ended while starting:\n{self.tail()}")
            with contextlib.suppress(OSError):
                with urllib.request.urlopen(self.url + "/health", timeout=5) as answer:
                    if answer.status == 200:
                        return
            time.sleep(0.2)
        raise Unavailable(f"Open WebUI {self.version} was not ready in {seconds} s:\n{self.tail()}")

    def call(self, method, path, token=None, body=None):
        """One JSON request; returns (status, parsed answer or text)."""
        request = urllib.request.Request(self.url + path, method=method)
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, data, timeout=60) as answer:
                status, raw = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, raw = error.code, error.read()
        try:
            return status, json.loads(raw)
        except ValueError:
            return status, raw.decode("utf-8", "replace")

    def expect(self, method, path, token=None, body=None):
        """Like `call`, for requests that must succeed."""
        status, answer = self.call(method, path, token, body)
        if status != 200:
            raise Unavailable(f"{method} {path} on Open WebUI {self.version}: {status} {answer}")
        return answer

    def token_of(self, person):
        """Signs `person` in and returns the session token, or None."""
        login = {k: person[k] for k in ("email", "password")}
        status, answer = self.call("POST", "/api/v1/auths/signin", body=login)
        return answer["token"] if status == 200 else None

    def key_of(self, token):
        """The API key of the user that `token` belongs to, made where there is none."""
        status, answer = self.call("GET", "/api/v1/auths/api_key", token)
        if status == 200 and answer.get("api_key"):
            return answer["api_key"]
        status, answer = self.call("POST", "/api/v1/auths/api_key", token)
        return answer["api_key"] if status == 200 else None

    def sign_in(self):
        """Signs the admin in, makes the second user where missing, and gets the keys of both."""
        self.admin_token = self.token_of(ADMIN)
        if not self.admin_token:
            self.admin_token = self.expect("POST", "/api/v1/auths/signup", body=ADMIN)["token"]
        self.user_token = self.token_of(USER)
        if not self.user_token:
            self.expect("POST", "/api/v1/auths/add", self.admin_token, USER)
            self.user_token = self.token_of(USER)
        self.key = self.key_of(self.admin_token)
        self.user_key = self.key_of(self.user_token)

    def open_to_keys(self):
        """Lifts what an earlier process on the same data restricted: 0.9.6 was seen to keep it."""
        path = "/api/v1/auths/admin/config"
        status, config = self.call("GET", path, self.admin_token)
        if status == 200:
            config["ENABLE_API_KEYS_ENDPOINT_RESTRICTIONS"] = False
            self.call("POST", path, self.admin_token, config)

    def wait_for_key(self, seconds):
        """Returns when the server takes its admin's key."""
        deadline = time.monotonic() + seconds
        while self.key is not None:
            status, answer = self.call("GET", "/api/v1/functions/", self.key)
            if status == 200:
                return
            if time.monotonic() > deadline:
                raise Unavailable(f"Open WebUI {self.version} refuses its own key: {status} {answer}")
            if status == 403:
                self.open_to_keys()
            time.sleep(0.2)

    def stop(self):
        """Ends the server and waits for it."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
