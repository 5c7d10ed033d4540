# SPDX-License-Identifier: MIT
"""owup history: what it lists, shows, keeps and forgets."""

import json
import re

import pytest
import safety
from edits import KINDS, digest_of
from program import columns
from versions import chain, short


@pytest.fixture
def listed(server, owup, elsewhere):
    """The versions that owup history tells of a plugin, newest first."""

    def run(plugin, *arguments, to=server, **options):
        ran = owup("history", "--json", *arguments, plugin.id, to=to, cwd=elsewhere, **options)
        assert ran.status == 0, ran
        assert ran.summary["exit"] == 0
        found = [line for line in ran.json if line["type"] == "version"]
        assert [version["number"] for version in found] == list(range(found[0]["number"], found[-1]["number"] + 1))
        return found

    return run


def content(owup, server, plugin, word, **options):
    """What --show prints."""
    ran = owup("history", "--show", word, plugin.id, to=server, **options)
    assert ran.status == 0, ran
    return ran.out


@pytest.mark.every_server
@pytest.mark.parametrize("kind", KINDS)
def test_list(server, owup, releases, listed, kind):
    """One entry a version, whoever has it; nothing twice."""
    plugin, texts = releases(kind)
    found = listed(plugin)
    assert [version["sha256"] for version in found] == [digest_of(text) for text in reversed(texts)]
    assert [version["version"] for version in found] == ["1.2.0", "1.1.0", "1.0.0"]
    assert [version["live"] for version in found] == [True, False, False]
    assert {version["where"] for version in found[1:]} == {"both" if server.has_history else "here"}
    assert found[0]["where"] == "both"
    assert [version["name"] for version in found] == [f"{plugin.id} at {version['version']}" for version in found]
    assert {version["action"] for version in found} == {"sent"}
    assert {version["id"] for version in found} == {plugin.id}
    if server.has_history:
        own = chain(server, plugin)
        assert [version["version_id"] for version in found] == [entry["id"] for entry in own]
        assert [version["user"] for version in found] == [entry["user"]["name"] for entry in own]
    for number, text in enumerate(reversed(texts)):
        assert content(owup, server, plugin, str(number)) == text
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", version["at"]) for version in found)


def test_as_a_table(server, owup, releases):
    plugin, texts = releases()
    ran = owup("history", plugin.id, to=server)
    head, *rows = ran.out.splitlines()
    assert head.split() == ["N", "WHEN", "WHO", "VERSION", "DIGEST", "WHERE", "MESSAGE"]
    assert [row.split()[0] for row in rows] == ["0", "1", "2"]
    assert all(short(text) in row for text, row in zip(reversed(texts), rows, strict=True))
    assert "(live)" in rows[0] and "(live)" not in rows[1]
    for limit in (1, 2):
        ran = owup("history", "--limit", str(limit), plugin.id, to=server)
        assert [line.split() for line in ran.out.splitlines()] == [line.split() for line in [head, *rows[:limit]]], ran


def test_the_table_fits_the_terminal(server, owup, make):
    """A long message is cut; in a pipe it is whole."""
    plugin, message = make(), "修复长对话的压缩错误，并增加了对多种语言的支持，以及更多的测试"
    assert owup("deploy", "-m", message, plugin.file, to=server).status == 0
    status, shown = owup.on_terminal("history", plugin.id, to=server, width=80)
    table = shown[shown.index("N  WHEN") :].splitlines()[:2]
    assert status == 0 and all(columns(line) <= 80 for line in table) and table[1].endswith("…"), shown
    piped = owup("history", plugin.id, to=server).out
    assert message in piped and "…" not in piped, piped


@pytest.mark.since("0.12")
@pytest.mark.parametrize("kind", KINDS)
def test_many_pages_of_the_servers_own(server, owup, make, listed, tmp_path, kind):
    """45 versions, several a second, in the order of their parents; half of them are also here."""
    plugin = make(kind)
    texts = []
    for number in range(45):
        text = f"{plugin.text}# {number}\n"
        texts.append(text)
        if number == 0:
            server.create(kind, plugin.id, text)
        else:
            server.update(kind, plugin.id, text, commit_message=f"number {number}")
    plugin.change(text=texts[-1] + "# last\n")
    texts.append(plugin.text)
    assert owup("deploy", "-m", "by owup", plugin.file, to=server).status == 0
    own = chain(server, plugin)
    assert len(own) == 46
    found = listed(plugin, "--limit", "100")
    assert [version["version_id"] for version in found] == [entry["id"] for entry in own]
    assert [version["sha256"] for version in found] == [digest_of(text) for text in reversed(texts)]
    assert [version["message"] for version in found] == [entry["commit_message"] for entry in own]
    assert [version["where"] for version in found] == ["both", "both"] + ["server"] * 44
    assert content(owup, server, plugin, "45") == texts[0]
    assert content(owup, server, plugin, short(texts[3])) == texts[3]
    ran = owup("history", plugin.id, to=server)
    assert len(ran.out.splitlines()) == 47 and "Not read" in ran.err and "--limit 46" in ran.err, ran
    ran = owup("rollback", "--to", "44", plugin.id, to=server)
    assert ran.status == 0 and server.plugin(kind, plugin.id)["content"] == texts[1], ran
    # Another machine, that knows nothing, sees the same.
    env = {"OWUP_HISTORY": tmp_path / "other"}
    elsewhere = listed(plugin, "--limit", "100", env=env)
    assert [v["version_id"] for v in elsewhere] == [e["id"] for e in chain(server, plugin)]
    assert {v["where"] for v in elsewhere} == {"server"}
    assert not (tmp_path / "other").exists()


@pytest.mark.every_server
@pytest.mark.parametrize("kind", KINDS)
def test_edits_in_the_browser_between(server, owup, releases, listed, kind):
    """0.12 tells of each; before, of the one that a deploy of ours replaced."""
    plugin, texts = releases(kind, versions=("1.0.0",))
    held = server.plugin(kind, plugin.id)
    edits = [held["content"] + f"# edit {number}\n" for number in (1, 2)]
    for edit in edits:
        server.update(kind, plugin.id, edit, name=held["name"], meta=held["meta"])
    plugin.change(version="1.1.0")
    assert owup("deploy", "--force", plugin.file, to=server).status == 0
    known = [texts[0], *edits, plugin.text] if server.has_history else [texts[0], edits[1], plugin.text]
    found = listed(plugin)
    assert [version["sha256"] for version in found] == [digest_of(text) for text in reversed(known)]
    assert found[1]["where"] == ("both" if server.has_history else "here")
    # The same again, and once more in the browser: the live one is the server's.
    server.update(kind, plugin.id, edits[0], name=held["name"], meta=held["meta"])
    found = listed(plugin)
    assert [version["sha256"] for version in found[:2]] == [digest_of(edits[0]), digest_of(plugin.text)]
    assert found[0]["live"] and len(found) == len(known) + 1


@pytest.mark.every_server
def test_two_machines_see_each_others(server, owup, make, listed, tmp_path):
    """Where the server keeps none, each lists what it sent, replaced and sees live."""
    plugin = make()
    texts = []
    machines = [{"OWUP_HISTORY": tmp_path / name} for name in ("one", "two")]
    for number in range(4):
        texts.append(plugin.change(version=f"1.{number}.0").text)
        # From the third on each takes the other's away, which it never had.
        words = ["--force"] if number > 1 else []
        ran = owup("deploy", "--json", *words, plugin.file, to=server, env=machines[number % 2])
        assert ran.status == 0, ran
    lists = [[version["sha256"] for version in listed(plugin, env=env)] for env in machines]
    digests = [digest_of(text) for text in reversed(texts)]
    assert lists == [digests, digests]
    assert content(owup, server, plugin, "3", env=machines[0]) == texts[0]


@pytest.mark.every_server
def test_message(server, owup, make, listed):
    """-m is kept here, and from 0.12 on there; a key in it is masked."""
    plugin = make()
    assert owup("deploy", "-m", "first 提交", plugin.file, to=server).status == 0
    plugin.change(version="1.1.0")
    assert owup("deploy", "--message", "with sk-0123456789abcdef0123", plugin.file, to=server).status == 0
    found = listed(plugin)
    assert found[1]["message"] == "first 提交"
    assert "0123456789abcdef" not in found[0]["message"]
    if server.has_history:
        assert [entry["commit_message"] for entry in chain(server, plugin)] == [v["message"] for v in found]


def test_commit_of_a_checkout(sandbox, owup, make, elsewhere):
    """Where the text came from."""
    plugin = make()
    commit = "0123456789abcdef0123456789abcdef01234567"
    assert owup("deploy", plugin.file, to=sandbox, env={"GITHUB_SHA": commit, "CI": "true"}).status == 0
    ran = owup("history", "--json", plugin.id, to=sandbox)
    assert commit in json.dumps(ran.json[0]["from"]), ran


@pytest.mark.every_server
def test_what_pull_and_delete_leave(server, owup, releases, listed):
    plugin, texts = releases()
    assert owup("pull", plugin.id, to=server).status == 0
    assert [v["sha256"] for v in listed(plugin)] == [digest_of(text) for text in reversed(texts)]
    assert owup("delete", "--yes", plugin.id, to=server).status == 0
    found = listed(plugin)
    assert [v["number"] for v in found] == [1, 2, 3]
    assert [v["sha256"] for v in found] == [digest_of(text) for text in reversed(texts)]
    assert found[0]["action"] == "deleted" and not any(v["live"] for v in found)
    told = owup("history", plugin.id, to=server)
    assert "(deleted)" in told.out, told


@pytest.mark.every_server
def test_show(server, owup, releases):
    """By number, version, digest; as JSON; what is not there is an error."""
    plugin, texts = releases()
    for word in ("1", "1.1.0", digest_of(texts[1]), short(texts[1])):
        assert content(owup, server, plugin, word) == texts[1]
    ran = owup("history", "--json", "--show", "2", plugin.id, to=server)
    assert ran.json[0]["content"] == texts[0] and ran.json[0]["number"] == 2, ran
    for word in ("3", "-1", "nonsense", ""):
        ran = owup("history", f"--show={word}", plugin.id, to=server)
        assert ran.status in (1, 2) and ran.out.startswith("❌"), ran


@pytest.mark.parametrize("limit", ["0", "-1", "x", "", "99999999999"])
def test_limit_that_is_none(sandbox, owup, limit):
    ran = owup("history", f"--limit={limit}", "x", to=sandbox)
    assert ran.status == 2 and "--limit" in ran.out, ran


@pytest.mark.every_server
def test_purge(server, owup, releases, listed):
    """Only what is kept here, only of this plugin, only after a yes; the bytes are gone from the files."""
    plugin, texts = releases()
    other, others = releases()
    ran = owup("history", "--purge", plugin.id, to=server)
    assert ran.status == 2 and "--yes" in ran.out, ran
    assert len(listed(plugin)) == 3
    before = safety.state(server, plugin)
    ran = owup("history", "--purge", "--yes", "--json", plugin.id, to=server)
    assert ran.status == 0 and ran.json[0]["result"] == "purged" and ran.json[0]["removed"] >= 3, ran
    assert safety.state(server, plugin) == before
    for path in (owup.home / ".local/state/owup").glob("history.db*"):
        assert f"{plugin.id} at 1.1.0".encode() not in path.read_bytes(), path
    assert [v["sha256"] for v in listed(other)] == [digest_of(text) for text in reversed(others)]
    left = listed(plugin)
    assert [v["where"] for v in left] == ["server"] * (3 if server.has_history else 1)
    ran = owup("history", "--purge", "--yes", plugin.id, to=server)
    assert ran.status != 0 and "Nothing is kept here" in ran.out, ran
    # The stamp on the server still tells whose text it is.
    assert owup("deploy", "--json", plugin.change(version="1.3.0").file, to=server).plugin["result"] == "updated"


def test_purge_asks_on_a_terminal(sandbox, owup, make):
    plugin = make()
    assert owup("deploy", plugin.file, to=sandbox).status == 0
    status, shown = owup.on_terminal("history", "--purge", plugin.id, to=sandbox, keys=b"n\n")
    assert status != 0 and "Forget every version" in shown, shown
    assert owup("history", "--json", plugin.id, to=sandbox).json[0]["where"] == "both"
    status, shown = owup.on_terminal("history", "--purge", plugin.id, to=sandbox, keys=b"y\n")
    assert status == 0 and "Forgot" in shown, shown


def test_purge_and_show_exclude_each_other(sandbox, owup):
    assert owup("history", "--purge", "--show", "1", "x", to=sandbox).status == 2


def age(owup, days):
    """Moves what the history knows into the past."""
    with safety.database(owup) as link:
        link.execute("UPDATE version SET at = at - ?", (days * 86400,))


@pytest.mark.parametrize("variable", ["OWUP_HISTORY_VERSIONS", "OWUP_HISTORY_DAYS"])
@pytest.mark.parametrize("value", ["0", "many", "-1", "3 ", "1000001", "\x1b[31m"])
def test_retention_that_is_no_number(sandbox, owup, make, variable, value):
    """Nothing is sent: the standard limit could take away what somebody wanted to keep."""
    plugin = make()
    ran = owup("deploy", plugin.file, to=sandbox, env={variable: value})
    assert ran.status == 2, ran
    assert variable in ran.text and "1000000" in ran.text, ran
    assert "\x1b" not in ran.text
    assert sandbox.function(plugin.id) is None
    assert owup("deploy", plugin.file, to=sandbox, env={variable: ""}).status == 0


@pytest.mark.every_server
def test_retention(server, owup, make, listed):
    """Beyond both bounds versions go from here, and their texts with them; never the last deploy."""
    plugin = make()
    env = {"OWUP_HISTORY_VERSIONS": "3", "OWUP_HISTORY_DAYS": "90"}
    texts = []
    for number in range(6):
        texts.append(plugin.change(version=f"1.{number}.0").text)
        assert owup("deploy", plugin.file, to=server, env=env).status == 0
    assert len(listed(plugin)) == 6
    age(owup, 91)
    texts.append(plugin.change(version="2.0.0").text)
    assert owup("deploy", plugin.file, to=server, env=env).status == 0
    found = listed(plugin)
    assert len(found) == (7 if server.has_history else 3)
    kept = [v["sha256"] for v in found if v["where"] != "server"]
    assert kept == [digest_of(text) for text in reversed(texts)][:3], kept
    with safety.database(owup) as link:
        stored = {row[0] for row in link.execute("SELECT digest FROM content")}
    assert stored == set(kept)


@pytest.mark.parametrize("way", ["flag", "environment", "both"])
def test_where_it_is_kept(sandbox, owup, make, tmp_path, way):
    """--history before OWUP_HISTORY before the user's own folder; a relative one is of this folder."""
    plugin = make()
    wanted, other = tmp_path / "wanted", tmp_path / "other"
    flags = [] if way == "environment" else ["--history", str(wanted)]
    env = {} if way == "flag" else {"OWUP_HISTORY": wanted if way == "environment" else other}
    old = plugin.text
    for version in ("1.0.0", "1.1.0"):
        plugin.change(version=version)
        assert owup("deploy", *flags, plugin.file, to=sandbox, env=env).status == 0
    assert (wanted / "history.db").exists() and not other.exists()
    assert not (owup.home / ".local/state/owup").exists()
    ran = owup("history", *flags, "--json", plugin.id, to=sandbox, env=env)
    assert [line["where"] for line in ran.json[:2]] == ["both", "both"], ran
    assert owup("rollback", *flags, plugin.id, to=sandbox, env=env).status == 0
    assert sandbox.function(plugin.id)["content"] == old
    assert owup("history", *flags, "--purge", "--yes", plugin.id, to=sandbox, env=env).status == 0


def test_a_relative_folder(sandbox, owup, make, tmp_path):
    plugin = make()
    assert owup("deploy", "--history", "kept here", plugin.file, to=sandbox).status == 0
    assert (owup.cwd / "kept here/history.db").exists()


@pytest.mark.every_server
def test_where_nothing_is_kept_yet(server, owup, make, listed):
    """A plugin that owup never touched is listed, and no folder is made for it."""
    plugin = make()
    server.create("filter", plugin.id, plugin.text, name=plugin.title)
    found = listed(plugin)
    assert [(v["live"], v["where"], v["version"]) for v in found] == [(True, "server", "1.0.0")]
    assert not (owup.home / ".local/state/owup").exists()
    ran = owup("history", plugin.id, to=server)
    assert ran.status == 0 and ("keeps no old versions" in ran.err) == (not server.has_history), ran
    ran = owup("history", plugin.id, to=server, env={"CI": "true"})
    assert ("only on this machine" in ran.err) == (not server.has_history), ran


@pytest.mark.every_server
def test_the_same_id_as_function_and_tool(server, owup, make, project, fresh):
    """Two plugins: a word that fits both lists them, filter/ID and tool/ID pick one."""
    name = fresh("both")
    a = make("filter", id=name, title=f"A {name}")
    b = make("tool", id=name, path=f"plugins/tools/{name}/{name}.py", title=f"B {name}")
    for plugin in (a, b):
        assert owup("deploy", plugin.file, to=server).status == 0
        assert owup("deploy", plugin.change(version="1.1.0").file, to=server).status == 0
    ran = owup("rollback", name, to=server)
    assert ran.status == 2 and f"filter/{name}" in ran.text and f"tool/{name}" in ran.text, ran
    assert owup("rollback", f"tool/{name}", to=server).status == 0
    assert server.tool(name)["meta"]["manifest"]["version"] == "1.0.0"
    assert server.function(name)["content"] == a.text
    ran = owup("history", "--json", f"filter/{name}", to=server)
    assert [line["sha256"] for line in ran.json[:2]][0] == digest_of(a.text), ran
