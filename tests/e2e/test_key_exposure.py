# SPDX-License-Identifier: MIT
"""The file with the key: git must not get it, nor others on the machine."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

SECRET = "sk-of-this-project-12345"


@pytest.fixture
def git(owup):
    """Runs git in the project, and lets owup find it."""
    found = shutil.which("git")
    (owup.bin / "git").symlink_to(found)

    def run(*words):
        env = {"PATH": os.environ["PATH"], "HOME": str(owup.home), "GIT_CONFIG_NOSYSTEM": "1"}
        who = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
        subprocess.run([found, *who, *words], cwd=owup.cwd, env=env, check=True, capture_output=True)

    run("init", "-q")
    return run


def warnings(ran):
    """What is said of the key's file."""
    assert SECRET not in ran.text, ran
    return [line for line in ran.err.splitlines() if "API key" in line and line.startswith("⚠️")]


def settings(sandbox, path, mode=0o600):
    """A .env for that server."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"url={sandbox.url}\napi_key={sandbox.key}\n")
    path.chmod(mode)
    return path


@pytest.mark.parametrize("place", [".env", "scripts/.env"])
def test_git_would_add_it(sandbox, owup, make, git, place):
    settings(sandbox, owup.cwd / place)
    ran = owup("deploy", make().file)
    (line,) = warnings(ran)
    assert ran.status == 0 and place in line and "git would add it" in line and "the line .env into" in line, ran
    (owup.cwd / ".gitignore").write_text(".env\n")
    assert warnings(owup("deploy", make().file)) == []


def test_git_tracks_it(sandbox, owup, make, git):
    """Then a line in .gitignore changes nothing."""
    settings(sandbox, owup.cwd / ".env")
    git("add", ".env")
    (owup.cwd / ".gitignore").write_text(".env\n")
    (line,) = warnings(owup("deploy", make().file))
    assert "git tracks it" in line and "git rm --cached .env" in line and ".gitignore" in line, line
    git("commit", "-qm", "a")
    assert len(warnings(owup("status"))) == 1


def test_a_line_that_takes_it_back(sandbox, owup, make, git):
    settings(sandbox, owup.cwd / ".env")
    (owup.cwd / ".gitignore").write_text(".*\n!.env\n")
    assert len(warnings(owup("deploy", make().file))) == 1


def test_a_key_file(sandbox, owup, make, git):
    (owup.cwd / "my.key").write_text(sandbox.key)
    (owup.cwd / "my.key").chmod(0o600)
    env = {"OPENWEBUI_URL": sandbox.url, "OPENWEBUI_API_KEY_FILE": "my.key"}
    (line,) = warnings(owup("deploy", make().file, env=env))
    assert "my.key holds an API key" in line, line


def test_a_key_of_the_environment_is_in_no_file(sandbox, owup, make, git):
    (owup.cwd / ".env").write_text(f"url={sandbox.url}\n")
    assert warnings(owup("deploy", make().file, to=sandbox)) == []


def test_with_json_it_is_said_once(sandbox, owup, make, git):
    settings(sandbox, owup.cwd / ".env")
    ran = owup("deploy", "--json", make().file, make().file)
    assert ran.status == 0 and ran.text.count("git would add it") == 1, ran


def test_a_command_that_reads_the_settings_twice_says_it_once(sandbox, owup, make, git):
    settings(sandbox, owup.cwd / ".env")
    plugin = make()
    assert owup("deploy", plugin.file).status == 0
    status, shown = owup.on_terminal("delete", plugin.id, keys=b"y\n", prompt=b"[y/N]", width=400)
    assert status == 0 and shown.count("git would add it") == 1, shown


def test_without_git_nothing_is_said(sandbox, owup, make):
    (owup.cwd / ".git").mkdir()
    settings(sandbox, owup.cwd / ".env")
    assert warnings(owup("deploy", make().file)) == []


@pytest.mark.clock(10)
def test_a_git_that_hangs_is_not_waited_for(sandbox, owup, make):
    (owup.cwd / ".git").mkdir()
    stub = owup.bin / "git"
    stub.write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    stub.chmod(0o755)
    settings(sandbox, owup.cwd / ".env")
    ran = owup("deploy", make().file)
    assert ran.status == 0 and warnings(ran) == [] and ran.seconds < 30, ran


def test_what_a_repository_names_is_not_run(sandbox, owup, make, git):
    """An archive may bring a .git with settings of its own."""
    mark = owup.home / "ran"
    hook = owup.home / "hook"
    hook.write_text(f"#!/bin/sh\ntouch {mark}\n")
    hook.chmod(0o755)
    git("config", "core.fsmonitor", str(hook))
    settings(sandbox, owup.cwd / ".env")
    assert len(warnings(owup("deploy", make().file))) == 1
    assert not mark.exists()


@pytest.mark.parametrize(("mode", "folder", "said"), [(0o644, 0o755, True), (0o640, 0o755, False), (0o644, 0o700, False)])
def test_readable_by_others(sandbox, owup, make, mode, folder, said):
    """Where they can come to it at all."""
    plugin = make()
    with tempfile.TemporaryDirectory(dir="/tmp") as made:
        place = Path(made)
        place.chmod(folder)
        settings(sandbox, place / ".env", mode)
        lines = warnings(owup("deploy", plugin.path, cwd=place))
    assert (["chmod 600 .env" in line for line in lines]) == ([True] if said else []), lines


def test_the_hint_makes_a_private_file(owup, make):
    ran = owup("deploy", make().file)
    assert ran.status == 3, ran
    command = re.search(r"Then: (.*)", ran.text).group(1)
    subprocess.run(["sh", "-c", "umask 022; " + command], cwd=owup.cwd, check=True)
    made = owup.cwd / ".env"
    assert made.read_text() == "api_key=sk-...\n" and made.stat().st_mode & 0o777 == 0o600
