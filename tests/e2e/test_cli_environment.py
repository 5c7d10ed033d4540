# SPDX-License-Identifier: MIT
"""Where a program is started from: streams that are closed, folders that are gone, odd homes."""

import os
import resource
import subprocess

import pytest
import safety


def started(owup, to, *arguments, cwd=None, env=None, closed=(), **options):
    """Runs with the streams in `closed` closed, as a daemon's child may be."""

    def close():
        for stream in closed:
            os.close(stream)

    return subprocess.run(
        [owup.path, *map(str, arguments)],
        cwd=cwd or owup.cwd,
        env=owup.environment(to, env),
        preexec_fn=close,
        check=False,
        timeout=60,
        **options,
    )


@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (0, 1), (1, 2), (0, 2), (0, 1, 2)])
def test_closed_streams(sandbox, owup, make, closed):
    """What would be printed must not go into the file or connection that got the stream's number."""
    plugin = make()
    with open(os.devnull, "r+b") as null:
        ran = started(owup, sandbox, "deploy", "-v", plugin.file, closed=closed, stdin=null, stdout=null, stderr=null)
    assert sandbox.function(plugin.id)["content"] == plugin.text
    assert ran.returncode == (2 if 1 in closed else 0)
    assert plugin.path.read_bytes() == plugin.text.encode()
    told = owup("history", plugin.id, to=sandbox)
    assert told.status == 0 and "here" in told.out + told.err or "both" in told.out, told


def test_standard_output_that_takes_nothing(sandbox, owup, make):
    plugin = make()
    with open("/dev/full", "wb") as full:
        ran = started(owup, sandbox, "deploy", plugin.file, stdout=full, stderr=subprocess.PIPE)
    assert ran.returncode == 2 and "standard output" in ran.stderr.decode()
    assert sandbox.function(plugin.id)["content"] == plugin.text


def few_descriptors(count):
    """For preexec_fn: as macOS and some containers have it."""
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (count, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))


@pytest.mark.parametrize("how", [["--atomic"], ["--jobs", "64"]])
def test_few_descriptors_are_enough(sandbox, owup, make, how):
    """A lock for each plugin, or files and a connection for each job."""
    group = [make() for _ in range(100)]
    ran = subprocess.run(
        [owup.path, "deploy", "--all", *how],
        cwd=owup.cwd,
        env=owup.environment(sandbox),
        preexec_fn=few_descriptors(64),
        stdout=subprocess.PIPE,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stdout.decode()
    assert all(sandbox.function(plugin.id) for plugin in group)


def test_a_command_of_run_has_the_old_limit(sandbox, owup, make):
    plugin = make()
    told = owup.home / "told"
    with subprocess.Popen(
        [owup.path, "watch", "--run", f"ulimit -Sn > {told}.new; mv {told}.new {told}", plugin.file],
        cwd=owup.cwd,
        env=owup.environment(sandbox, {"PATH": os.environ["PATH"]}),
        preexec_fn=few_descriptors(200),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as watching:
        try:
            assert safety.eventually(told.exists, 30)
        finally:
            watching.terminate()
    assert told.read_text("ascii") == "200\n"


@pytest.mark.parametrize("command", [["list"], ["deploy"], ["deploy", "x"], ["deploy", "--all"], ["check", "--all"], ["status"]])
def test_the_current_folder_is_gone(sandbox, owup, command):
    """Nothing is made up in its place, least of all the root of the file system."""
    gone = owup.home / "gone"
    gone.mkdir()

    def leave():
        os.chdir(gone)
        os.rmdir(gone)

    ran = subprocess.run(
        [owup.path, *command],
        env=owup.environment(sandbox),
        preexec_fn=leave,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 2, ran
    assert "current folder is gone" in ran.stdout.decode(), ran.stdout
