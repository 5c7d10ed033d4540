# SPDX-License-Identifier: MIT
"""A server that means harm, or is broken: wild ids, titles and sizes do nothing here and show as nothing."""

import os
import uuid

import fault
import plugins
import pytest
from fault import FaultServer, reply

WILD = "A\x1b[31m\x07B\x9b\u202e\nC"


def test_control_characters_in_a_title_from_the_server(server, owup, make):
    """In every line that names it: kept names, conflicts, adoption."""
    plugin = make()
    server.create("filter", plugin.id, "# theirs\n" + plugin.text, name=WILD)
    shown = [owup("deploy", plugin.file, to=server)]
    held = server.function(plugin.id)
    server.update("filter", plugin.id, held["content"] + "# theirs\n", name=WILD, meta=held["meta"])
    shown.append(owup("deploy", plugin.change(version="1.1.0").file, to=server))
    shown.append(owup("deploy", "--force", "--no-check", plugin.change(end="\n)\n").file, to=server))
    assert [ran.status for ran in shown] == [0, 1, 1], shown
    status, seen = owup.on_terminal("deploy", plugin.change(end="").file, to=server)
    assert status == 1, seen
    for text in (*(ran.text for ran in shown), seen):
        for bad in ("\x1b[31m", "\x07", "\x9b", "\u202e", "\nC"):
            assert bad not in text, (bad, text)
    told = owup("deploy", "--json", plugin.file, to=server)
    assert told.plugin["result"] == "conflict", told


def test_a_server_that_sends_a_wild_id(sandbox, owup, make):
    """Found by its openwebui_id, such an id is neither asked for nor made a file of."""
    mark = str(uuid.uuid4())
    plugin = make(header=f"openwebui_id: {mark}\n")
    wild = {
        "id": "../../../wild",
        "name": "W",
        "type": "filter",
        "meta": {"description": "", "manifest": {"openwebui_id": mark}},
        "is_active": True,
        "is_global": False,
        "updated_at": 1,
        "created_at": 1,
        "user_id": "u",
    }
    with FaultServer(sandbox.url) as proxy:
        proxy.on("GET", "/functions/(export|list)?$", fault.reply(200, [wild]))
        ran = owup("deploy", "--json", plugin.file, to=sandbox.through(proxy.url))
        assert all(".." not in r.path.lower() and "%2e" not in r.path.lower() for r in proxy.seen()), proxy.seen()
        assert proxy.count("POST") == 0
    assert ran.status != 0, ran
    assert not list(owup.home.parent.rglob("*wild*"))


def test_endless_answer(owup, make):
    with FaultServer() as server:
        server.on("GET", "/functions/id/", fault.endless())
        ran = owup("deploy", "--json", make().file, env=server.env)
    assert ran.status in (1, 4), ran
    assert ran.plugin["error"]["code"] == "too_big", ran


def test_control_characters_from_a_server_do_not_reach_the_terminal(owup, make):
    with FaultServer() as server:
        server.on("*", "", fault.reply(400, {"detail": "bad \x1b[31m\x07 thing\x9b"}))
        ran = owup("deploy", make().file, env=server.env)
        shown = owup.on_terminal("deploy", make().file, env=server.env)[1]
    assert "\x1b" not in ran.text and "\x07" not in ran.text
    assert "\x1b[31m\x07" not in shown and "\x07" not in shown and "\x9b" not in shown


HOSTILE = [
    "../wild", "../../../../wild", "/tmp/owup-wild", "a/../../../wild", "..", ".", "", "wild/../x", "a\\..\\wild", "wild\n", "wild\x00x",
    "wi ld", "C:wild", "~wild", "$(wild)", "con", "nul", "w" * 300, "Wild", "wild.py", "-wild", "wild;x", "%2e%2e%2fwild",
]  # fmt: skip


@pytest.mark.parametrize("family", ["functions", "tools"])
def test_hostile_ids(sandbox, owup, tmp_path, project, family):
    """No id of a server leads out of the folder, be it a list's or a single answer's; the good one goes on."""
    kind = "tool" if family == "tools" else "filter"
    entry = {"name": "W", "type": kind, "meta": {"description": ""}, "content": plugins.source(kind)}
    entry |= {"is_active": True, "is_global": False, "updated_at": 1, "created_at": 1, "user_id": "u"}
    out = tmp_path / "deep/er/out"
    out.mkdir(parents=True)
    outside = plugins.files_below(tmp_path)
    for bad in HOSTILE:
        with FaultServer(sandbox.url) as proxy:
            proxy.on("GET", f"/{family}/export", reply(200, [{**entry, "id": bad}, {**entry, "id": "good"}]))
            proxy.on("GET", f"/{family}/id/asked", reply(200, {**entry, "id": bad}))
            to = sandbox.through(proxy.url)
            ran = owup("pull", "--all", "--valves", "-o", out, to=to)
            assert ran.status != 0, (bad, ran)
            assert owup("pull", "asked", "-o", out, to=to).status != 0
            # Neither is such an id put into a path of a request.
            assert all("wild" not in r.path.lower() and "%2e" not in r.path.lower() for r in proxy.seen()), bad
        made = {path for path in plugins.files_below(tmp_path) - outside if ".local" not in path and ".cache" not in path}
        good = f"deep/er/out/plugins/{kind}s/good/good.py"
        assert made <= {good, good.replace(".py", ".valves.json")}, (bad, made)
        assert "\x00" not in ran.text and not os.path.exists("/tmp/owup-wild")
    assert good in made, "what is good in the same list is taken"


def test_hostile_titles_and_kinds(sandbox, owup, project):
    """Shown without control characters; a kind that nobody knows is no folder."""
    wild = "A\x1b[31m\x07B\x9b\u202e\nC"
    entry = {"id": "odd", "name": wild, "type": "../../wild", "meta": {"description": ""}, "content": "x = 1\n"}
    entry |= {"is_active": True, "is_global": False, "updated_at": 1, "created_at": 1, "user_id": "u"}
    with FaultServer(sandbox.url) as proxy:
        proxy.on("GET", "/functions/export", reply(200, [entry]))
        proxy.on("GET", "/functions/id/odd", reply(200, entry))
        for words in (("--all",), ("odd",)):
            ran = owup("pull", *words, to=sandbox.through(proxy.url))
            assert ran.status == 5, ran
            for bad in ("\x1b[31m", "\x07", "\x9b", "\u202e", "\nC"):
                assert bad not in ran.text, (bad, ran)
    assert not list(owup.home.parent.rglob("*wild*")) and not plugins.files_below(project.folder)


def test_control_characters_from_the_server(server, owup, make):
    wild = "A\x1b[31m\x07B\x9b\u202e\nC"
    plugin = make()
    server.create("filter", plugin.id, "# theirs\n" + plugin.text, name=wild)
    plugin.path.unlink()
    for command in ("status", "diff"):
        ran = owup(command, plugin.id, to=server)
        _, seen = owup.on_terminal(command, plugin.id, to=server, env={"NO_COLOR": "1", "PAGER": "cat"})
        for bad in ("\x1b[31m", "\x07", "\x9b", "\u202e", "\nC"):
            assert bad not in ran.text + seen, (command, bad, ran, seen)
