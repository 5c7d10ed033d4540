# SPDX-License-Identifier: MIT
"""What no output may hold: secret valves, keys, commands to a CI runner, controls of a terminal; and who runs plugin code."""

import json
import subprocess
from urllib.parse import quote

import edits
import plugins
import pytest

SECRET = "Tr0ub4dor & \"3'\\ü"
TOP = "import json\nfrom urllib.parse import quote\nfrom typing import Optional\nfrom pydantic import SecretStr, field_validator\nfrom pydantic_core import PydanticCustomError\n"

# Each tells what it was given in another way.
TELLERS = {
    "as it is": "f'bad: {v}'",
    "repr": "'bad: ' + repr(v)",
    "json": "'bad: ' + json.dumps({'given': v})",
    "json of repr": "'bad: ' + json.dumps(repr(v))",
    "percent": "'bad: https://host/?t=' + quote(v)",
    "several lines": "'bad:\\nn\\n  more ' + v",
    "pydantic's own": "PydanticCustomError('odd', 'bad: {v}', {'v': v})",
}


def told_by(expression, field="api_key"):
    """Valves of which one validator tells all."""
    failure = expression if expression.startswith("Pydantic") else f"ValueError({expression})"
    return (
        "    class Valves(BaseModel):\n"
        '        n: int = 0\n        mode: str = "a"\n        api_key: str = ""\n'
        "        note: str = Field(default='', json_schema_extra={'input': {'type': 'password'}})\n\n"
        f"        @field_validator('{field}')\n        @classmethod\n        def check(cls, v):\n"
        f"            if len(v) > 3:\n                raise {failure}\n            return v\n"
    )


def forms(secret):
    """What must be in no output: the secret, and how Python, JSON and a URL write it, less their ends."""
    written = [secret, repr(secret)[1:-1], json.dumps(secret)[1:-1], json.dumps(repr(secret))[2:-2], quote(secret)]
    return sorted({form for form in written})


def hides(ran, secret=SECRET):
    """No form of it is told, by any stream."""
    for form in forms(secret):
        assert form not in ran.text, (form, ran)
    return ran


@pytest.mark.every_server
@pytest.mark.needs_python
@pytest.mark.parametrize(("how", "field"), [*((how, "api_key") for how in TELLERS), ("repr", "note")])
def test_no_validator_tells_what_was_set(server, owup, make, how, field):
    """pydantic's own words are hidden by the server from 0.10 on; before, they come with the value twice."""
    plugin = edits.deployed(owup, server, make(valves=told_by(TELLERS[how], field), top=TOP))
    for words in ((), ("-v",), ("--json",), ("--json", "-v")):
        ran = hides(owup(*words, "valves", plugin.id, "set", f"{field}={SECRET}", to=server))
        assert ran.status != 0
        hides(owup(*words, "valves", plugin.id, "set", f"{field}=env:S", to=server, env={"S": SECRET}))


@pytest.mark.every_server
@pytest.mark.needs_python
def test_what_is_no_secret_is_told(server, owup, make):
    """Where the server says what was wrong, a plain value is part of it."""
    plugin = edits.deployed(owup, server, make(valves=told_by("'odd'", "mode"), top=TOP))
    ran = owup("valves", plugin.id, "set", "mode=plainly-wrong", to=server)
    assert ran.status != 0
    if "odd" in ran.text:
        assert "input_value='plainly-wrong'" in ran.text, ran


@pytest.mark.every_server
@pytest.mark.needs_python
@pytest.mark.parametrize("how", TELLERS)
def test_no_deploy_tells_what_is_stored(server, owup, make, how):
    """0.12 tries the stored valves with the new code and tells what the code says of them."""
    plugin = edits.deployed(owup, server, make(valves=told_by("'never'").replace("> 3", "> 99"), top=TOP))
    server.set_valves(plugin.kind, plugin.id, {"api_key": SECRET, "note": SECRET})
    plugin.change(valves=told_by(TELLERS[how]), version="1.1.0")
    for words in ((), ("-v",), ("--json",)):
        hides(owup(*words, "deploy", plugin.id, "--force", to=server))


@pytest.mark.needs_python
def test_a_password_in_an_address_is_not_told(server, owup, make):
    """What the plugin says when it is loaded, known to nobody before."""
    plugin = make(top="raise RuntimeError('no way to postgres://me:pa55word@db/x, http%3A%2F%2Fme%3Apa55word%40h, Bearer abcDEF123456')\n")
    for words in ((), ("-v",), ("--json",)):
        ran = owup(*words, "deploy", plugin.path, to=server)
        assert ran.status != 0 and "pa55word" not in ran.text and "abcDEF123456" not in ran.text, ran
        assert "***@db" in ran.text or "no way" not in ran.text, ran


MARKED = (
    "    class Valves(BaseModel):\n"
    '        n: int = 0\n        plain: str = ""\n        author: str = ""\n        max_tokens: int = 4096\n'
    '        a: str = Field(default="", json_schema_extra={"input": {"type": "password"}})\n'
    '        b: Optional[SecretStr] = None\n'
    "        c: str = Field(default='', json_schema_extra = {'writeOnly' : True})\n"
    '        smtp_pwd: str = ""\n        cookie: str = ""\n        sentry_dsn: str = ""\n        seed_phrase: str = ""\n        auth: str = ""\n'
    '        where: str = ""\n        other: str = ""\n'
)
STORED = {
    "n": 3, "plain": "open to all", "author": "somebody", "max_tokens": 7, "a": "aaaaaaaa", "c": "cccccccc", "smtp_pwd": "pppppppp",
    "cookie": "kkkkkkkk", "sentry_dsn": "dddddddd", "seed_phrase": "one two three", "auth": "uuuuuuuu",
    "where": "postgres://me:hidden99@db/x", "other": "ghp_0123456789abcdefABCDEF0123456789",
}  # fmt: skip


@pytest.mark.every_server
def test_what_is_secret(server, owup, make):
    """By the code's marks, by its name, by its looks; the same in `valves`, JSON and the file of `pull --valves`."""
    plugin = edits.deployed(owup, server, make(valves=MARKED, top=TOP))
    server.set_valves(plugin.kind, plugin.id, STORED)
    hidden = ("aaaaaaaa", "cccccccc", "pppppppp", "kkkkkkkk", "dddddddd", "one two three", "uuuuuuuu", "hidden99", "ghp_")
    ran = owup("pull", "--valves", plugin.id, to=server)
    (file,) = owup.cwd.rglob("*.valves.json")
    for said in (file.read_text(), owup("valves", plugin.id, to=server).text, owup("--json", "valves", plugin.id, to=server).text):
        assert not [word for word in hidden if word in said], said
        assert "open to all" in said and "somebody" in said and "@db/x" in said, (ran, said)
    shown = json.loads(file.read_text())
    assert (shown["n"], shown["max_tokens"], shown["where"]) == (3, 7, "postgres://***@db/x")


@pytest.mark.every_server
@pytest.mark.parametrize("command", [("status",), ("diff", "ID"), ("history", "ID"), ("pull", "--valves", "ID"), ("deploy", "-n", "ID")])
def test_whoever_only_looks_runs_no_code(server, owup, make, command):
    """The schema of valves is had by running the code, which switches off what no longer loads."""
    plugin = edits.deployed(owup, server, make(valves=MARKED, top=TOP))
    ran = owup("-v", *(plugin.id if word == "ID" else word for word in command), to=server)
    assert "> GET" in ran.err and "valves/spec" not in ran.err, ran


EVIL = "A\x1b[31m‮\u009bx ::add-mask::ok ##[error]no"


def evil(server, make):
    """A plugin on the server whose name is a trap in a terminal and in a CI's log."""
    plugin = make(title="Plain")
    server.create(plugin.kind, plugin.id, plugin.text, name=EVIL)
    return plugin


def test_json_is_safe_to_look_at(server, owup, make):
    """Controls and marks of writing direction are escaped; the values stay."""
    plugin = evil(server, make)
    ran = owup("--json", "diff", plugin.id, to=server)
    assert not [c for c in ran.out if c in "\x7f\u009b‮\x1b"], ran
    assert EVIL in [line.get("title") for line in ran.json] or "\\u202e" in ran.out, ran
    assert "\\u009b" in ran.out and "\\u202e" in ran.out


def commands(text):
    """The lines that GitHub's runner would obey."""
    return [line for line in text.splitlines() if line.lstrip().startswith("::") or "##[" in line]


@pytest.mark.parametrize("title", ["::error ::boo", "x\n::error ::boo", "##[error]boo"])
def test_no_title_is_a_command(server, owup, make, title):
    plugin = make(title="Plain", top="# ::add-mask::x\n")
    server.create(plugin.kind, plugin.id, plugins.source("filter", "Plain") + '"""\n::add-mask::x\n##[command]y\n"""\n', name=title)
    for words in (("status",), ("diff", plugin.id), ("--json", "diff", plugin.id), ("history", plugin.id), ("deploy", plugin.id), ("check", plugin.id), ("pull", plugin.id)):
        ran = owup(*words, to=server, env={"GITHUB_ACTIONS": "true"})
        assert not commands(ran.text), ran


@pytest.mark.needs_python
def test_no_error_is_a_command(server, owup, make):
    plugin = make(top="raise RuntimeError('first\\n::error ::boo\\n  ##[error]boo')\n")
    ran = owup("deploy", plugin.path, to=server, env={"GITHUB_ACTIONS": "true"})
    assert ran.status != 0 and not commands(ran.text), ran


def test_code_in_a_file_is_not_touched(server, owup, make):
    """What goes to a file is read by no runner."""
    plugin = make()
    server.create(plugin.kind, plugin.id, plugin.text + "'''\n::error ::x\n##[error]x\n'''\n")
    with (owup.cwd / "kept").open("wb") as out:
        words = [owup.path, "history", plugin.id, "--show", "0"]
        subprocess.run(words, env=owup.environment(server, {"GITHUB_ACTIONS": "true"}), cwd=owup.cwd, stdout=out, check=True)
    assert "\n::error ::x\n##[error]x\n" in (owup.cwd / "kept").read_text()
    ran = owup("history", plugin.id, "--show", "0", to=server)
    assert "\n::error ::x\n##[error]x\n" in ran.out, ran


def test_history_shows_a_text_safely(server, owup, make):
    """On a terminal as diff does; in a pipe byte for byte."""
    plugin = make()
    text = plugin.text + "# \x1b[31m red ‮ \u009b31m\r\n"
    server.create(plugin.kind, plugin.id, text)
    status, shown = owup.on_terminal("history", plugin.id, "--show", "0", to=server)
    assert status == 0 and not [c for c in "\x1b‮\u009b" if c in shown], shown
    assert owup("history", plugin.id, "--show", "0", to=server).out == text


def test_long_titles_are_cut(server, owup, make):
    """On a terminal; JSON keeps them whole."""
    plugin = make(title="L" * 500)
    status, shown = owup.on_terminal("deploy", plugin.id, to=server, width=2000)
    assert status == 0 and "L" * 60 in shown and "L" * 100 not in shown and "…" in shown, shown
    assert owup("--json", "deploy", plugin.id, to=server).plugin["title"] == "L" * 500
    listed = owup("list").out
    assert "L" * 150 in listed and "L" * 250 not in listed, listed


def test_a_copy_is_hidden_before_it_is_there(server, owup, make):
    """Whoever kills a pull half-way leaves no second file of an id for searches to find."""
    plugin = edits.deployed(owup, server, make())
    made = owup.cwd / "backup"
    ran = owup("pull", plugin.id, "-o", "backup", to=server)
    assert ran.status == 0, ran
    (copy,) = made.rglob("*.py")
    assert (made / ".owupignore").stat().st_mtime_ns <= copy.stat().st_mtime_ns
