# SPDX-License-Identifier: MIT
"""The servers that are measured against, and the commands that are compared."""

import contextlib
import shutil
import sys
from pathlib import Path

import servers

CURL = shutil.which("curl", path="/usr/bin:/bin")
HERE = Path(__file__).resolve().parent
REAL = "0.12.4"
OLDER = "0.11.4"


@contextlib.contextmanager
def real(version):
    """A fresh Open WebUI."""
    server = servers.Real(f"real-{version}")
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def sandbox(program, delay=0):
    """A fresh embedded server that answers `delay` ms later than it could."""
    server = servers.Sandbox("sandbox-0.12", ["--delay", str(delay)] if delay else [], program)
    try:
        yield server
    finally:
        server.stop()


def fill(server, project, ids=None):
    """Creates plugins behind owup's back, in the project's revision 1."""
    for plugin_id in ids or project.ids:
        server.create("filter", plugin_id, project.content(plugin_id, 1), f"Notes of {plugin_id}")


def clear(server):
    """Deletes every function."""
    for held in server.ask("GET", "/api/v1/functions/"):
        server.delete("filter", held["id"])


def expect_held(server, project, plugin_id):
    """A figure counts only where the work was done: the server holds the file's text."""
    held = server.function(plugin_id)
    text = project.file(plugin_id).read_text(encoding="utf-8")
    assert held and held["content"] == text, f"{server.name} does not hold {plugin_id}"


def update_url(server, plugin_id):
    """Where an update goes."""
    return server.url + server.path("filter", plugin_id, "/update")


def curl(server, *arguments):
    """Bare curl: one request, nothing read but the body that goes out."""
    return [CURL, "-q", "--silent", "--show-error", "--fail", "--noproxy", "*", "--output", "/dev/null",
            "--header", f"Authorization: Bearer {server.key}", *arguments]  # fmt: skip


def curl_update(server, project, plugin_id):
    """The update alone, its JSON made beforehand."""
    return curl(server, "--header", "Content-Type: application/json", "--data-binary",
                f"@{project.body(plugin_id)}", update_url(server, plugin_id))  # fmt: skip


def curl_export(server):
    """Everything that the server holds."""
    return curl(server, server.url + "/api/v1/functions/export")


def curl_parallel(server, project):
    """The updates of a whole project over eight connections."""
    block = (
        'url = "{url}"\ndata-binary = "@{body}"\nheader = "Authorization: Bearer {key}"\n'
        'header = "Content-Type: application/json"\noutput = "/dev/null"\nfail\nsilent\nshow-error\nnoproxy = "*"\n'
    )
    blocks = [
        block.format(url=update_url(server, plugin_id), body=project.body(plugin_id), key=server.key)
        for plugin_id in project.ids
    ]
    config = project.folder / f"curl-{server.url.rsplit(':', 1)[1]}"
    config.write_text("next\n".join(blocks), encoding="utf-8")
    return [CURL, "-q", "--parallel", "--parallel-max", "8", "--config", config]


def owup_all(program, project):
    """A whole project in one command."""
    return [program, "deploy", "--all", project.folder / "plugins"]


def script(*files):
    """The two-stage flow in Python."""
    return [sys.executable, HERE / "two_stage.py", *files]


def owui_cli(project, plugin_id):
    """The client from PyPI."""
    return [Path(sys.executable).with_name("owui-cli"), "functions", "deploy", project.file(plugin_id), plugin_id]
