# SPDX-License-Identifier: MIT
"""owup rollback: any version comes back, and only what should change does."""

import json
import re

import plugins
import pytest
import safety
from edits import KINDS, digest_of
from versions import chain, short, shows


@pytest.mark.every_server
@pytest.mark.parametrize("kind", KINDS)
def test_one_back_and_one_more(server, releases, roll, kind):
    """Code, name, meta come back; valves and flags stay; never forward."""
    plugin, texts = releases(kind)
    server.set_valves(kind, plugin.id, safety.VALVES)
    if kind == "filter":
        server.toggle(plugin.id)
        server.toggle_global(plugin.id)
    for version, text in (("1.1.0", texts[1]), ("1.0.0", texts[0])):
        ran = roll(plugin)
        assert (ran.status, ran.plugin["result"], ran.plugin["version"]) == (0, "updated", version), ran
        assert ran.plugin["sha256"] == digest_of(text)
        assert shows(server, plugin, text, version)
        assert server.valves(kind, plugin.id) == safety.VALVES
        assert kind == "tool" or safety.flags(server, plugin) == (True, True)
    if server.has_history:
        told = f"owup rollback to 1.0.0 ({short(texts[0])})"
        assert chain(server, plugin)[0]["commit_message"] == told
    before = safety.state(server, plugin)
    ran = roll(plugin)
    assert (ran.status, ran.plugin["result"], ran.plugin["error"]["code"]) == (1, "failed", "not_found"), ran
    assert safety.state(server, plugin) == before


@pytest.mark.every_server
@pytest.mark.parametrize("kind", KINDS)
def test_what_a_person_reads(server, owup, releases, roll, kind):
    plugin, texts = releases(kind)
    ran = roll(plugin, json_too=False)
    assert ran.status == 0, ran
    assert f"'{plugin.id} at 1.2.0' from 1.2.0 to 1.1.0 ({short(texts[1])})..." in ran.out
    assert f"✅ '{plugin.id} at 1.1.0' is back at 1.1.0 ({short(texts[1])})." in ran.out
    assert "untouched" in ran.err
    assert (f"owup disable {plugin.id}" in ran.err) == (kind == "filter")
    again = roll(plugin, "--to", "1.1.0", json_too=False)
    assert again.status == 0 and f"is at 1.1.0 ({short(texts[1])}) already" in again.out, again
    ran = owup("history", plugin.id, to=server)
    assert ran.status == 0 and f"(live) owup rollback to 1.1.0 ({short(texts[1])})" in ran.out, ran


@pytest.mark.every_server
@pytest.mark.parametrize("kind", KINDS)
def test_a_deploy_of_what_was_rolled_back(server, owup, releases, roll, kind):
    """CI at night: a conflict for each text that was taken away, until --force."""
    plugin, texts = releases(kind)
    assert [roll(plugin).status, roll(plugin).status] == [0, 0]
    before = safety.state(server, plugin)
    for text in (texts[2], texts[1]):
        plugin.change(text=text)
        ran = owup("deploy", "--json", plugin.file, to=server)
        assert (ran.status, ran.plugin["result"]) == (1, "conflict"), ran
        assert "rolled back" in ran.plugin["error"]["message"], ran
        assert safety.state(server, plugin) == before
    told = owup("deploy", plugin.file, to=server)
    assert told.status == 1 and "Nothing was sent" in told.out and "--force" in told.out, told
    plugin.change(text=texts[0])
    assert owup("deploy", "--json", plugin.file, to=server).plugin["result"] == "unchanged"
    plugin.change(text=texts[2])
    forced = owup("deploy", "--force", "--json", plugin.file, to=server)
    assert forced.plugin["result"] == "updated", forced
    assert server.plugin(kind, plugin.id)["content"] == texts[2]
    assert owup("deploy", "--json", plugin.file, to=server).plugin["result"] == "unchanged"


@pytest.mark.every_server
def test_another_machine_knows_what_was_rolled_back(server, owup, releases, roll, tmp_path):
    """The stamp on the server tells it. (A tool's is lost before 0.12; that is not claimed.)"""
    for kind in KINDS if server.keeps_tool_meta else ["filter"]:
        plugin, texts = releases(kind)
        assert roll(plugin).status == 0
        other = {"OWUP_HISTORY": tmp_path / "other"}
        ran = owup("deploy", "--json", plugin.file, to=server, env=other)
        assert (ran.status, ran.plugin["result"]) == (1, "conflict"), ran
        assert server.plugin(kind, plugin.id)["content"] == texts[1]


@pytest.mark.every_server
def test_a_new_version_after_a_rollback(server, owup, releases, roll):
    """The way on: it needs no --force, and the next rollback goes back to what was live before it."""
    plugin, texts = releases()
    assert roll(plugin).status == 0
    plugin.change(version="1.3.0", title=f"{plugin.id} at 1.3.0", description="Says 1.3.0")
    assert owup("deploy", "--json", plugin.file, to=server).plugin["result"] == "updated"
    ran = roll(plugin)
    assert ran.plugin["result"] == "updated" and shows(server, plugin, texts[1], "1.1.0"), ran


@pytest.mark.every_server
@pytest.mark.parametrize("kind", KINDS)
def test_undo(server, owup, releases, roll, kind):
    """One --undo for each rollback; then there is none left."""
    plugin, texts = releases(kind)
    assert [roll(plugin).status, roll(plugin).status] == [0, 0]
    for version, text in (("1.1.0", texts[1]), ("1.2.0", texts[2])):
        ran = roll(plugin, "--undo")
        assert (ran.status, ran.plugin["result"]) == (0, "updated"), ran
        assert shows(server, plugin, text, version)
    before = safety.state(server, plugin)
    ran = roll(plugin, "--undo")
    assert (ran.status, ran.plugin["error"]["code"]) == (1, "not_found"), ran
    assert "was no rollback" in ran.plugin["error"]["message"]
    assert safety.state(server, plugin) == before
    assert owup("deploy", "--json", plugin.file, to=server).plugin["result"] == "unchanged"
    assert roll(plugin).status == 0
    assert shows(server, plugin, texts[1], "1.1.0")


@pytest.mark.every_server
def test_undo_goes_no_further_than_the_last_rollback(server, owup, releases, roll):
    plugin, _ = releases(versions=("1.0.0", "1.1.0"))
    ran = roll(plugin, "--undo", json_too=False)
    assert ran.status == 1 and "was no rollback" in ran.out and f"owup history {plugin.id}" in ran.out, ran
    assert roll(plugin).status == 0
    plugin.change(version="2.0.0")
    assert owup("deploy", plugin.file, to=server).status == 0
    assert roll(plugin, "--undo").status == 1
    assert server.function(plugin.id)["content"] == plugin.text


@pytest.mark.every_server
@pytest.mark.parametrize("way", ["number", "version", "4", "12", "64", "capitals"])
def test_to(server, releases, roll, way):
    plugin, texts = releases()
    digest = digest_of(texts[0])
    ways = {"number": "2", "version": "1.0.0", "capitals": digest[:12].upper()}
    ran = roll(plugin, "--to", ways[way] if way in ways else digest[: int(way)])
    assert (ran.status, ran.plugin["result"]) == (0, "updated"), ran
    assert shows(server, plugin, texts[0], "1.0.0")
    ran = roll(plugin, "--undo")
    assert ran.status == 0 and shows(server, plugin, texts[2], "1.2.0"), ran


NONSENSE = ["99", "3", "-1", "1.9.9", "abc", "zzzz", "", "0x1", "1 ", "../x", "99999999999999999999"]


@pytest.mark.parametrize("word", NONSENSE)
def test_to_what_is_not_there(server, releases, roll, word):
    """Each names what it looked for and changes nothing."""
    plugin, _ = releases()
    before = safety.state(server, plugin)
    ran = roll(plugin, f"--to={word}")
    assert ran.status in (1, 2), ran
    error = ran.json[0]["error"]
    assert error["code"] in ("not_found", "usage"), ran
    assert word in error["message"] + str(error["hint"]), ran
    assert safety.state(server, plugin) == before


def test_to_the_live_one(server, releases, roll):
    plugin, _ = releases()
    before = safety.state(server, plugin)
    ran = roll(plugin, "--to", "0")
    assert (ran.status, ran.plugin["result"]) == (0, "unchanged"), ran
    assert safety.state(server, plugin) == before


@pytest.mark.every_server
def test_a_version_that_repeats(server, owup, releases, roll):
    """The newest older one of that version; the others by number or digest."""
    plugin, texts = releases(versions=("1.0.0",))
    for end in ("# second\n", "# third\n", "# live\n"):
        plugin.change(end=end)
        assert owup("deploy", plugin.file, to=server).status == 0
        texts.append(plugin.text)
    assert roll(plugin, "--to", "1.0.0").status == 0
    assert server.function(plugin.id)["content"] == texts[2]
    assert roll(plugin, "--to", short(texts[0])).status == 0
    assert server.function(plugin.id)["content"] == texts[0]


def test_a_digest_that_fits_several(server, owup, releases, roll):
    plugin, _ = releases(versions=("1.0.0",))
    found = {}
    for number in range(100_000):
        end = f"# {number}\n"
        text = plugins.source("filter", **{**plugin.options, "end": end})
        first = found.setdefault(digest_of(text)[:4], end)
        if first != end:
            break
    prefix = digest_of(text)[:4]
    texts = []
    for ending in (first, end, "# live\n"):
        texts.append(plugin.change(end=ending).text)
        assert owup("deploy", plugin.file, to=server).status == 0
    before = safety.state(server, plugin)
    ran = roll(plugin, "--to", prefix)
    assert (ran.status, ran.plugin["error"]["code"]) == (2, "usage"), ran
    assert prefix in ran.plugin["error"]["message"], ran
    assert safety.state(server, plugin) == before
    assert roll(plugin, "--to", short(texts[0])).status == 0
    assert server.function(plugin.id)["content"] == texts[0]


@pytest.mark.every_server
def test_an_edit_between_two_deploys_is_a_version(server, owup, releases, roll):
    """What a forced deploy replaced comes back like any other."""
    plugin, texts = releases(versions=("1.0.0",))
    held = server.function(plugin.id)
    theirs = held["content"] + "# theirs\n"
    server.update("filter", plugin.id, theirs, name="Theirs", meta=held["meta"])
    plugin.change(version="1.1.0")
    assert owup("deploy", "--force", plugin.file, to=server).status == 0
    assert roll(plugin).status == 0
    held = server.function(plugin.id)
    assert (held["content"], held["name"]) == (theirs, "Theirs")
    assert roll(plugin).status == 0
    assert shows(server, plugin, texts[0], "1.0.0")
    assert roll(plugin).status == 1


@pytest.mark.every_server
@pytest.mark.parametrize("kind", KINDS)
def test_a_deleted_plugin(server, owup, releases, roll, kind):
    """With its valves and flags, by id or by title, from a folder without its file."""
    plugin, texts = releases(kind)
    server.set_valves(kind, plugin.id, safety.VALVES)
    if kind == "filter":
        server.toggle(plugin.id)
        server.toggle_global(plugin.id)
    assert owup("delete", "--yes", plugin.id, to=server).status == 0
    assert server.plugin(kind, plugin.id) is None
    would = roll(plugin, "--dry-run", json_too=False)
    assert would.status == 0 and f"Would bring back {kind} '{plugin.id} at 1.2.0': 1.2.0" in would.out, would
    assert server.plugin(kind, plugin.id) is None
    told = roll(plugin, json_too=False)
    assert told.status == 0 and "is on the server again" in told.out, told
    assert shows(server, plugin, texts[2], "1.2.0")
    assert server.valves(kind, plugin.id) == safety.VALVES
    assert kind == "tool" or safety.flags(server, plugin) == (True, True)
    ran = roll(plugin)
    assert ran.status == 0 and shows(server, plugin, texts[1], "1.1.0"), ran


@pytest.mark.every_server
def test_deleted_in_the_browser(server, owup, releases, roll):
    """The texts that owup sent come back all the same."""
    plugin, texts = releases()
    server.delete("filter", plugin.id)
    ran = roll(plugin)
    assert (ran.status, ran.plugin["result"]) == (0, "created"), ran
    assert shows(server, plugin, texts[2], "1.2.0")
    server.delete("filter", plugin.id)
    ran = roll(plugin, "--to", "1.0.0")
    assert (ran.status, ran.plugin["result"]) == (0, "created"), ran
    assert shows(server, plugin, texts[0], "1.0.0")


@pytest.mark.every_server
def test_nothing_older_anywhere(server, owup, make, roll):
    """git has it: the line that owup names does as it says."""
    plugin = make()
    old = plugin.text
    plugin.change(version="1.1.0")
    assert owup("deploy", plugin.file, to=server).status == 0
    before = safety.state(server, plugin)
    ran = owup("rollback", plugin.id, to=server)
    line = f"git show COMMIT:{plugin.file} | owup deploy - --id {plugin.id}"
    assert ran.status == 1 and "No older version" in ran.out and line in ran.out, ran
    assert safety.state(server, plugin) == before
    ran = roll(plugin, json_too=False)
    assert f"owup deploy - --id {plugin.id}" in ran.out, ran
    ran = owup("deploy", "-", "--id", plugin.id, to=server, stdin=old.encode())
    assert ran.status == 0 and server.function(plugin.id)["content"] == old, ran


def test_of_what_nobody_knows(server, owup, fresh):
    name = fresh("nobody")
    for arguments in (("rollback",), ("rollback", "--undo"), ("rollback", "--to", "1"), ("history",)):
        ran = owup(*arguments, name, to=server)
        assert ran.status in (1, 2) and name in ran.out, ran


def test_usage(sandbox, owup):
    for arguments in (("rollback",), ("rollback", "a", "b"), ("rollback", "--undo", "--to", "1", "a"), ("history",)):
        assert owup(*arguments, to=sandbox).status == 2


@pytest.mark.every_server
def test_without_a_stamp(server, owup, make, roll):
    """--no-stamp leaves none; the local history alone takes one back after the other."""
    plugin = make()
    texts = []
    for version in ("1.0.0", "1.1.0", "1.2.0"):
        plugin.change(version=version, title=f"{plugin.id} at {version}", description=f"Says {version}")
        assert owup("deploy", "--no-stamp", plugin.file, to=server).status == 0
        texts.append(plugin.text)
    for version, text in (("1.1.0", texts[1]), ("1.0.0", texts[0])):
        ran = roll(plugin)
        assert ran.status == 0 and shows(server, plugin, text, version), ran
    assert roll(plugin).status == 1


@pytest.mark.every_server
@pytest.mark.parametrize("kind", KINDS)
def test_other_keys_in_meta_come_back(server, owup, make, roll, kind):
    """As they were with that version."""
    if kind == "tool" and not server.keeps_tool_meta:
        kind = "action"
    plugin = make(kind)
    server.create(kind, plugin.id, plugin.text, name=plugin.title)
    server.update(kind, plugin.id, plugin.text, name=plugin.title, meta={"description": "d", "x_other": [1, "ü"]})
    assert owup("deploy", plugin.change(version="1.1.0").file, to=server).status == 0
    held = server.plugin(kind, plugin.id)
    server.update(kind, plugin.id, held["content"], name=held["name"], meta={**held["meta"], "x_other": "new"})
    assert owup("deploy", plugin.change(version="1.2.0").file, to=server).status == 0
    assert server.plugin(kind, plugin.id)["meta"]["x_other"] == "new"
    assert roll(plugin).status == 0
    assert server.plugin(kind, plugin.id)["meta"]["x_other"] == "new"
    assert roll(plugin, "--to", "1.0.0").status == 0
    meta = server.plugin(kind, plugin.id)["meta"]
    assert meta["x_other"] == [1, "ü"]
    assert "toggle" not in meta or meta["toggle"] is False


@pytest.mark.every_server
def test_without_a_history(server, owup, releases, roll):
    """--no-history: the server's own versions, where it keeps some."""
    plugin, texts = releases()
    ran = roll(plugin, "--no-history")
    if server.has_history:
        assert ran.status == 0 and shows(server, plugin, texts[1], "1.1.0"), ran
    else:
        assert (ran.status, ran.plugin["error"]["code"]) == (1, "not_found"), ran


def test_in_json(server, releases, roll):
    """One object, as the manual lists it, and no key in it."""
    plugin, texts = releases()
    ran = roll(plugin)
    told = ran.plugin
    assert (told["id"], told["kind"], told["title"]) == (plugin.id, "filter", f"{plugin.id} at 1.1.0")
    assert (told["version"], told["server_version"]) == ("1.1.0", "1.2.0")
    assert (told["server"], told["sha256"]) == (server.url, digest_of(texts[1]))
    assert told["http_status"] in (None, 200) and told["error"] is None and told["dry_run"] is False
    assert "diff" not in told
    assert server.key not in json.dumps(ran.json)


@pytest.mark.every_server
def test_the_readme_journey(server, owup, releases, roll):
    """disable; rollback; history; rollback --undo, without a checkout."""
    plugin, texts = releases()
    safety.bring_to_life(server, plugin)
    assert owup("disable", plugin.id, to=server).status == 0
    assert roll(plugin, json_too=False).status == 0
    assert safety.flags(server, plugin) == (False, True)
    listed = owup("history", plugin.id, to=server).out
    assert re.search(rf"^0 .*{short(texts[1])}", listed, re.M), listed
    assert roll(plugin, "--undo").status == 0
    assert shows(server, plugin, texts[2], "1.2.0")
    assert safety.flags(server, plugin) == (False, True)


TEXTS = {
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "beyond-ascii": lambda text: text.replace("Does nothing", "什么也不做 🚀 «тест» e\u0301\u202e\u2028x"),
    "no-newline": lambda text: text.rstrip("\n"),
    "blanks": lambda text: text + "  \n\t\n\x0c\n" + "# trailing  \n\n\n",
    "rewritten": lambda text: text + "# from utils import x; from config import y\n",
    "large": lambda text: text + "".join(f"# {n} {'ж' * 60}\n" for n in range(3000)),
}


@pytest.mark.every_server
@pytest.mark.parametrize("way", TEXTS)
def test_byte_for_byte(server, owup, make, roll, way):
    """Read back from the server, forth and back again."""
    plugin = make()
    old = TEXTS[way](plugin.text)
    assert owup("deploy", plugin.change(text=old).file, to=server).status == 0
    held = server.function(plugin.id)["content"]
    assert held == plugins.held(old)
    assert owup("deploy", plugin.change(version="1.1.0", text=None).file, to=server).status == 0
    assert roll(plugin).status == 0
    assert server.function(plugin.id)["content"] == held
    assert roll(plugin, "--undo").status == 0
    assert server.function(plugin.id)["content"] == plugin.text
    plugin.change(text=old)
    shown = owup("history", "--show", "1.0.0", plugin.id, to=server)
    assert shown.out == held
