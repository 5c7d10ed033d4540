# SPDX-License-Identifier: MIT
"""The command line itself: help, version, mistakes, output on terminals and in pipes."""

import json
import os
import re
import signal
import subprocess

import elf
import plugins
import pytest

COMMANDS = (
    "deploy watch check list history rollback bump status diff pull enable disable valves delete trust sandbox completion"
    " help version"
).split()


def test_version(owup):
    ran = owup("version")
    assert ran.status == 0
    assert re.fullmatch(r"owup \d+\.\d+\S*\n", ran.out), ran
    for flag in ("--version", "-V"):
        assert owup(flag).out == ran.out


def test_help(owup):
    ran = owup("help")
    assert ran.status == 0
    for command in COMMANDS:
        assert command in ran.out, command
    for flag in ("-h", "--help"):
        assert owup(flag).out == ran.out
    assert ran.err == ""


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command(owup, command):
    ran = owup("help", command)
    assert ran.status == 0, ran
    assert f"owup {command}" in ran.out
    if command not in ("help", "version"):
        assert owup(command, "--help").out == ran.out


def test_help_of_deploy_names_every_flag(owup):
    text = owup("deploy", "--help").out
    for flag in (
        "--url --env-file --id --timeout --resend --no-check --update-only --create-only --dry-run --json --cacert"
        " --insecure --header --all --type --exclude --localized -n -q -v"
    ).split():
        assert flag in text, flag


def test_no_command(owup):
    ran = owup()
    assert ran.status == 2
    assert "deploy" in ran.text


@pytest.mark.parametrize("word", ["push", "update", "create"])
def test_words_for_deploy(owup, make, word):
    plugin = make()
    ran = owup(word, plugin.id)
    assert ran.status == 2, ran
    assert f"Did you mean: owup deploy {plugin.id}" in ran.text, ran


def test_a_plugins_name_as_the_command(owup, make):
    plugin = make()
    ran = owup(plugin.id)
    assert ran.status == 2, ran
    assert f"Did you mean: owup deploy {plugin.id}" in ran.text, ran


def test_mistyped_command(owup):
    ran = owup("deplyo", "x")
    assert ran.status == 2, ran
    assert "deploy" in ran.text, ran
    assert owup("xyzzy-nothing").status == 2


def test_unknown_flag(owup, make):
    ran = owup("deploy", "--frobnicate", make().file)
    assert ran.status == 2, ran
    assert "--frobnicate" in ran.text


@pytest.mark.parametrize(
    "arguments, step",
    [
        (["deploy", "--api-key", "sk-secret"], "api_key="),
        (["--token", "sk-secret", "deploy"], "OPENWEBUI_API_KEY"),
        (["deploy", "--key=sk-secret"], "api_key="),
        (["sandbox", "owup", "deploy", "--all"], "owup sandbox -- owup deploy --all"),
        (["sandbox", "--delay", "5", "owup", "list"], "owup sandbox --delay 5 -- owup list"),
        (["deploy", "--all", "date-note"], "leave out --all: owup deploy date-note"),
        (["deploy", "-all"], "Did you mean --all?"),
        (["list", "--all"], "always lists all"),
        (["status", "-a"], "is about all"),
    ],
)
def test_usage_errors_name_the_next_step(owup, arguments, step):
    ran = owup(*arguments, env={"OPENWEBUI_API_KEY": "sk-1234567"})
    assert ran.status == 2, ran
    assert step in ran.text and "secret" not in ran.text, ran


@pytest.mark.parametrize(
    "arguments",
    [
        ["deploy", "--frobnicate"],
        ["deploy", "no-such-plugin"],
        ["deploy", "--update-only", "--create-only", "x"],
        ["nonsense"],
    ],
)
def test_usage_errors_in_json(owup, arguments):
    ran = owup(*arguments, "--json", env={"OPENWEBUI_API_KEY": "sk-1234567"})
    assert ran.status == 2, ran
    errors = [line for line in ran.json if line["type"] == "error"]
    assert errors, ran
    assert "usage" in json.dumps(errors)


def test_both_only_flags(owup, make):
    assert owup("deploy", "--update-only", "--create-only", make().file).status == 2


def test_id_with_several_plugins(owup, make):
    assert owup("deploy", "--id", "x", make().file, make().file, env={"OPENWEBUI_API_KEY": "sk-12"}).status == 2


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(owup, shell):
    ran = owup("completion", shell)
    assert ran.status == 0, ran
    for word in ("deploy", "list", "check"):
        assert word in ran.out
    if shell == "bash":
        assert subprocess.run(["bash", "-n"], input=ran.out, text=True, check=False).returncode == 0


def test_completion_of_another_shell(owup):
    assert owup("completion", "tcsh").status == 2
    assert owup("completion").status == 2


def bash_completes(owup, words, env=None):
    """What bash offers for the last of `words`."""
    script = (
        owup("completion", "bash").out
        + "\nCOMP_WORDS=("
        + " ".join(f"'{word}'" for word in words)
        + f")\nCOMP_CWORD={len(words) - 1}\nCOMP_LINE='{' '.join(words)}'\nCOMP_POINT=${{#COMP_LINE}}\n"
        + "spec=$(complete -p owup); function=${spec##*-F }; ${function%% *} owup \"${COMP_WORDS[COMP_CWORD]}\" x\n"
        + 'printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    env = owup.environment(env=env)
    env["PATH"] = f"{os.path.dirname(owup.path)}:{env['PATH']}:/usr/bin:/bin"
    ran = subprocess.run(
        ["bash", "--norc", "-c", script], cwd=owup.cwd, env=env, capture_output=True, text=True, check=False
    )
    return [word.strip() for word in ran.stdout.splitlines()]


def test_bash_completes_commands_flags_and_plugins(owup, make):
    plugin = make()
    assert "deploy" in bash_completes(owup, ["owup", "dep"])
    assert "--dry-run" in bash_completes(owup, ["owup", "deploy", "--dry"])
    assert plugin.id in bash_completes(owup, ["owup", "deploy", plugin.id[:4]])


def test_list_and_check_need_no_settings(owup, make):
    plugin = make()
    assert owup("list").status == 0
    assert owup("check").status in (0, 2)
    ran = owup("check", plugin.file)
    assert ran.status == 0, ran
    (owup.cwd / ".env").write_bytes(b"\xff\xfe")
    assert owup("check", plugin.file).status == 0
    assert owup("list").status == 0


@pytest.fixture
def without(tmp_path):
    """An environment in which a library can't be loaded: without("libcurl.so.4")."""
    if elf.is_linked_with(os.environ["OWUP_BIN"], "libcurl.so.4"):
        pytest.skip("built with -Dlibraries=linked")

    def make(soname):
        (tmp_path / soname).touch()
        return {"LD_LIBRARY_PATH": tmp_path, "OPENWEBUI_URL": "http://127.0.0.1:9", "OPENWEBUI_API_KEY": "sk-0"}

    return make


def test_only_commands_that_ask_a_server_load_libcurl(owup, make, without):
    plugin = make()
    env = without("libcurl.so.4")
    for words in (["version"], ["help"], ["list"], ["check", plugin.file], ["completion", "bash"]):
        assert owup(*words, env=env).status == 0, words
    ran = owup("deploy", plugin.file, env=env)
    assert ran.status == 2, ran
    assert "libcurl.so.4" in ran.text and "apt install libcurl4" in ran.text, ran
    assert owup("deploy", "--json", plugin.file, env=env).plugin["error"]["code"] == "local_state"


def test_only_the_sandbox_loads_libmicrohttpd(owup, without):
    env = without("libmicrohttpd.so.12")
    assert owup("version", env=env).status == 0
    ran = owup("sandbox", "--", "true", env=env)
    assert ran.status == 2, ran
    assert "libmicrohttpd.so.12" in ran.text and "apt install libmicrohttpd12" in ran.text, ran


def test_only_watch_loads_gio(sandbox, owup, make, without):
    plugin = make()
    env = {**without("libgio-2.0.so.0"), "OPENWEBUI_URL": sandbox.url, "OPENWEBUI_API_KEY": sandbox.key}
    assert owup("deploy", plugin.file, env=env).status == 0
    ran = owup("watch", plugin.file, env=env)
    assert ran.status == 2, ran
    assert "libgio-2.0.so.0" in ran.text and "apt install libglib2.0-0" in ran.text, ran


def test_check_in_json(owup, make):
    good, bad = make(), make(end=plugins.BROKEN_SYNTAX)
    ran = owup("check", "--json", good.file, bad.file)
    assert ran.status == 5, ran
    found = [d for line in ran.json for d in line.get("diagnostics", [])]
    assert [d["file"] for d in found] == [bad.file]
    assert found[0]["line"] == plugins.line_of(bad.text, "def broken(:")
    assert found[0]["message"]


def test_check_asks_the_local_python(owup, make):
    plugin = make(end="\n\ndef twice(a, a):\n    return a\n")
    ran = owup("check", plugin.file)
    assert ran.status == 5, ran
    assert f"{plugin.file}:{plugins.line_of(plugin.text, 'def twice(a, a)')}" in ran.text


def test_check_never_runs_the_plugin(owup, make, tmp_path):
    witness = tmp_path / "ran"
    plugin = make(top=f"open({str(witness)!r}, 'w').close()\n")
    assert owup("check", plugin.file).status == 0
    assert not witness.exists()


def test_output_in_a_pipe_is_utf8_whatever_the_locale(sandbox, owup, make):
    plugin = make(title="异步上下文压缩")
    for locale in ({"LANG": "C"}, {"LANG": None}, {"LC_ALL": "POSIX"}):
        ran = owup("deploy", "--resend", plugin.file, to=sandbox, env=locale)
        assert ran.status == 0, ran
        assert ran.out.startswith("📦 Deploying filter '异步上下文压缩'"), ran


def test_terminal_that_is_not_utf8_gets_plain_signs(sandbox, owup, make):
    plugin = make()
    status, shown = owup.on_terminal("deploy", plugin.file, to=sandbox, env={"LANG": "C", "LC_ALL": "C"})
    assert status == 0, shown
    assert "[OK]" in shown and "[WARN]" in shown, shown
    assert "✅" not in shown and "📦" not in shown
    plugin.change(end=plugins.BROKEN_SYNTAX)
    status, shown = owup.on_terminal("deploy", plugin.file, to=sandbox, env={"LANG": "C", "LC_ALL": "C"})
    assert status == 5, shown
    assert "❌" not in shown


def test_colour_only_on_terminals(owup, make):
    plugin = make(end=plugins.BROKEN_SYNTAX)
    assert "\x1b" not in owup("check", plugin.file).text
    shown = owup.on_terminal("check", plugin.file, env={"NO_COLOR": "1"})[1]
    assert "\x1b[" not in shown, shown


def test_streams(sandbox, owup, make):
    """Asked-for lines and errors go to stdout, hints and progress to stderr."""
    plugin = make()
    ran = owup("deploy", plugin.file, to=sandbox)
    assert "✅" in ran.out and "✅" not in ran.err
    plugin.change(end=plugins.BROKEN_SYNTAX)
    ran = owup("deploy", "--no-check", plugin.file, to=sandbox)
    assert "❌" in ran.out and "❌" not in ran.err


def test_closed_standard_output(sandbox, owup, make):
    """`owup … | head` must not lose a deploy half way."""
    plugin = make()
    reader, writer = os.pipe()
    os.close(reader)
    ran = subprocess.run(
        [owup.path, "deploy", plugin.file],
        cwd=owup.cwd,
        env=owup.environment(sandbox),
        stdin=subprocess.DEVNULL,
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
        timeout=30,
    )
    os.close(writer)
    assert ran.returncode >= 0 or ran.returncode == -signal.SIGPIPE
    if ran.returncode == 0:
        assert sandbox.function(plugin.id)["content"] == plugin.text


def test_verbose_shows_requests_on_stderr(sandbox, owup, make):
    plugin = make()
    ran = owup("deploy", "-v", plugin.file, to=sandbox)
    assert f"/api/v1/functions/id/{plugin.id}" in ran.err, ran
    assert "POST" in ran.err and "GET" in ran.err
    assert sandbox.key not in ran.text


def test_several_with_a_summary(sandbox, owup, make):
    first, second = make(), make()
    ran = owup("deploy", first.file, second.file, to=sandbox)
    assert ran.status == 0, ran
    assert "2" in ran.text.splitlines()[-1] or "2" in ran.out.splitlines()[-1], ran
