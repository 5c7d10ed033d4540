# SPDX-License-Identifier: MIT
"""owup delete: gone from the server, and brought back whole."""

import sqlite3
import threading

import edits
import plugins
import pytest
import safety
from fault import FaultServer, cut_after, cut_before, forward, hold, reply

KEYS = ["type", "schema", "id", "family", "kind", "title", "server", "error", "result", "kept"]
SECRET = "hush-hush-very-secret"


def living(owup, server, plugin):
    """A plugin in use: flags, valves, keys of others in its meta; its state."""
    edits.deployed(owup, server, plugin)
    held = server.plugin(plugin.kind, plugin.id)
    edits.save(server, plugin, name="Named by an admin", meta={**held["meta"], "x_other": {"deep": [1, "ü"]}})
    server.set_valves(plugin.kind, plugin.id, {"priority": 3, "token": SECRET})
    if plugin.kind != "tool":
        server.toggle(plugin.id)
        server.toggle_global(plugin.id)
    return safety.state(server, plugin)


def kept(found):
    """What a deleted plugin has again: all but what the server makes anew, and who brought it back."""
    meta = {k: v for k, v in found["meta"].items() if k != "owup"}
    return {**safety.without_version(found), "meta": meta}


@pytest.mark.every_server
@pytest.mark.parametrize("kind", ["filter", "pipe", "action", "tool"])
def test_it_comes_back_whole(server, owup, make, kind):
    """Id, content, name, meta, flags, valves; without the file."""
    plugin = make(kind, end="# Ж精\r\n", top="from utils.misc import x  # noqa\n" if not server.is_real else "")
    before = living(owup, server, plugin)
    plugin.path.unlink()
    ran = owup("delete", "--yes", plugin.id, to=server)
    assert ran.status == 0 and "✅ Deleted 'Named by an admin'." in ran.out, ran
    assert f"owup rollback {plugin.id}" in ran.err and "valves" in ran.err, ran
    assert server.plugin(kind, plugin.id) is None
    back = owup("rollback", plugin.id, to=server)
    assert back.status == 0 and SECRET not in back.text, back
    assert kept(safety.state(server, plugin)) == kept(before)


def test_back_by_any_name_it_had(server, owup, make):
    plugin = make()
    before = living(owup, server, plugin)
    plugin.path.unlink()
    assert owup("delete", "--yes", "named-by-an-admin", to=server).status == 0
    assert server.function(plugin.id) is None
    assert owup("rollback", "Named by an admin", to=server).status == 0
    assert kept(safety.state(server, plugin)) == kept(before)


@pytest.mark.every_server
def test_deleted_twice(server, owup, make):
    """Deployed anew in between: the last deletion comes back, the first by its number."""
    plugin = make()
    living(owup, server, plugin)
    assert owup("delete", "--yes", plugin.id, to=server).status == 0
    edits.deployed(owup, server, plugin.change(version="2.0.0"))
    assert owup("delete", "--yes", plugin.id, to=server).status == 0
    assert owup("rollback", plugin.id, to=server).status == 0
    held = server.function(plugin.id)
    assert (held["content"], held["is_active"], held["is_global"]) == (plugin.text, False, False)
    assert owup("rollback", plugin.id, "--to", "1.0.0", to=server).status == 0
    assert server.function(plugin.id)["meta"]["manifest"]["version"] == "1.0.0"


@pytest.mark.every_server
def test_undo_does_not_delete_again(server, owup, make):
    plugin = make()
    living(owup, server, plugin)
    assert owup("delete", "--yes", plugin.id, to=server).status == 0
    assert owup("rollback", plugin.id, to=server).status == 0
    before = safety.state(server, plugin)
    ran = owup("rollback", plugin.id, "--undo", to=server)
    assert ran.status == 1 and safety.state(server, plugin) == before, ran


@pytest.mark.every_server
def test_no_valves(server, owup, make):
    """Their secrets are nowhere on this machine then."""
    plugin = make()
    before = living(owup, server, plugin)
    ran = owup("delete", "--yes", "--no-valves", plugin.id, to=server)
    assert ran.status == 0 and "valves" not in ran.err, ran
    for path in (owup.home / ".local/state/owup").rglob("*"):
        assert path.is_dir() or SECRET.encode() not in path.read_bytes(), path
    back = owup("rollback", plugin.id, to=server)
    assert back.status == 0 and "With its valves" not in back.text, back
    assert "Its valves were not kept here: they are the code's defaults" in back.err, back
    assert "Enabled and global as it was." in back.err, back
    now = safety.state(server, plugin)
    assert now["valves"].get("token", "") == ""
    assert {**kept(now), "valves": None} == {**kept(before), "valves": None}


def test_kept_for_its_user_alone(server, owup, make):
    """The history holds secrets now: valves as they were, readable by nobody else."""
    plugin = make()
    living(owup, server, plugin)
    assert owup("delete", "--yes", plugin.id, to=server).status == 0
    with safety.database(owup) as link:
        link.row_factory = sqlite3.Row
        rows = [dict(row) for row in link.execute("SELECT * FROM version")]
    assert any(SECRET in str(row) for row in rows)
    folder = owup.home / ".local/state/owup"
    assert folder.stat().st_mode & 0o077 == 0
    for path in folder.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
    for words in (
        ("history", plugin.id),
        ("history", "--json", plugin.id),
        ("history", "--show", "1", "--json", plugin.id),
    ):
        ran = owup(*words, to=server)
        assert SECRET not in ran.text, ran


def test_without_a_terminal(server, owup, make):
    plugin = make()
    before = living(owup, server, plugin)
    with FaultServer(server.url) as proxy:
        for words in ((), ("--json",), ("-q",)):
            ran = owup("delete", *words, plugin.id, to=server.through(proxy.url), stdin=b"y\n")
            assert ran.status == 2 and "--yes" in ran.text, ran
        assert proxy.count() == 0
    assert safety.state(server, plugin) == before


@pytest.mark.parametrize(
    "keys, gone", [(b"y\n", True), (b"Y\n", True), (b"yes\n", True), (b"n\n", False), (b"\n", False), (b"\x04", False)]
)
def test_on_a_terminal(server, owup, make, keys, gone):
    """It asks, saying what it keeps; only yes is yes."""
    plugin = make()
    before = living(owup, server, plugin)
    status, seen = owup.on_terminal("delete", plugin.id, to=server, keys=keys)
    asked = f"Delete filter 'Named by an admin' ({plugin.id}) from {server.url}?"
    assert f"{asked} Code, valves and secrets are kept on this machine. [y/N]" in seen, seen
    if gone:
        assert status == 0 and server.function(plugin.id) is None, seen
    else:
        assert status == 2 and "Nothing was done" in seen, seen
        assert safety.state(server, plugin) == before


def test_the_question_says_what_is_kept(server, owup, make):
    plugin = edits.deployed(owup, server, make())
    tool = edits.deployed(owup, server, make("tool"))
    _, seen = owup.on_terminal("delete", "--no-valves", plugin.id, tool.id, to=server, keys=b"n\n")
    assert "the valves are not" in seen and "secrets" not in seen, seen
    assert f"filter '{plugin.title}' ({plugin.id}), tool '{tool.title}' ({tool.id}) from {server.url}?" in seen, seen
    _, seen = owup.on_terminal("delete", "--no-history", plugin.id, to=server, keys=b"n\n")
    assert "Nothing of this is kept" in seen and server.function(plugin.id) is not None, seen
    status, seen = owup.on_terminal("delete", "no_such_plugin", to=server, keys=b"y\n")
    assert status == 1 and "[y/N]" not in seen and 'called "no_such_plugin"' in seen, seen
    status, seen = owup.on_terminal("delete", "--yes", plugin.id, to=server)
    assert status == 0 and "[y/N]" not in seen, seen


def test_several(server, owup, make):
    one, two, tool = (edits.deployed(owup, server, make(kind)) for kind in ("filter", "filter", "tool"))
    ran = owup("delete", "--yes", one.id, "no_such_plugin", tool.id, to=server)
    assert ran.status == 1 and 'called "no_such_plugin"' in ran.out, ran
    assert server.function(one.id) is None and server.tool(tool.id) is None
    assert server.function(two.id) is not None


def test_what_is_not_there(server, owup, make):
    ran = owup("delete", "--yes", make().id, to=server)
    assert ran.status == 1 and "is not on the server" in ran.text, ran
    assert owup("delete", "--yes", to=server).status == 2


def test_json(server, owup, make):
    plugin = make("tool")
    living(owup, server, plugin)
    ran = owup("delete", "--json", "--yes", plugin.id, "no_such_plugin", to=server)
    gone, none, summary = ran.json
    assert list(gone) == KEYS and list(none) == KEYS, ran
    assert (gone["type"], gone["id"], gone["kind"], gone["result"], gone["kept"]) == (
        "delete",
        plugin.id,
        "tool",
        "deleted",
        True,
    )
    assert (gone["title"], gone["server"], gone["error"]) == ("Named by an admin", server.url, None)
    assert (none["result"], none["kept"], none["error"]["code"]) == ("failed", False, "not_found")
    assert [summary[key] for key in ("total", "ok", "failed", "exit")] == [2, 1, 1, 1] and ran.status == 1
    assert SECRET not in ran.text


def test_what_was_not_asked_about_stays(server, owup, make):
    """Another plugin that has the title by the time of the answer."""
    one, two = edits.deployed(owup, server, make()), edits.deployed(owup, server, make())
    one.path.unlink()
    with FaultServer(server.url) as proxy:
        proxy.on("GET", "/functions/(list)?$", reply(200, [{**server.function(two.id), "name": one.title}]))
        proxy.on("GET", "/functions/(list)?$", forward(), count=1)
        status, seen = owup.on_terminal("delete", one.title, to=server.through(proxy.url), keys=b"y\n")
        assert proxy.count("DELETE") == 0, seen
    assert f"({one.id}) from" in seen and "was not there when you were asked" in seen and status == 1, seen
    assert server.function(one.id) is not None and server.function(two.id) is not None


@pytest.mark.every_server
def test_no_history_keeps_what_was_kept_earlier(server, owup, make):
    """And says so."""
    plugin = edits.deployed(owup, server, make())
    ran = owup("delete", "--yes", "--no-history", plugin.id, to=server)
    assert ran.status == 0 and "Nothing of this delete is kept" in ran.err, ran
    assert f"owup history --purge {plugin.id}" in ran.err, ran
    back = owup("rollback", plugin.id, to=server)
    assert back.status == 0 and "as it was" not in back.text, back
    assert f"it is disabled (owup valves {plugin.id}, owup enable {plugin.id})" in back.err, back
    assert server.function(plugin.id)["content"] == plugins.held(plugin.text)


@pytest.mark.every_server
@pytest.mark.parametrize("kind", edits.KINDS)
def test_deleted_by_somebody_else(server, owup, make, kind):
    """Nothing kept its valves and flags; that is said, in JSON too, and neither is claimed to be back."""
    plugin = make(kind)
    living(owup, server, plugin)
    for flags in ((), ("--json",)):
        server.delete(kind, plugin.id)
        back = owup("rollback", *flags, plugin.id, to=server)
        assert back.status == 0 and "With its valves" not in back.text and "as it was" not in back.text, back
        told = back.err if not flags else " ".join(back.plugin["notes"])
        assert "not kept here" in told and f"owup valves {plugin.id}" in told, back
        assert server.valves(kind, plugin.id).get("token", "") == ""
        if kind != "tool":
            assert "it is disabled" in told and server.function(plugin.id)["is_active"] is False


@pytest.mark.every_server
def test_deleted_by_somebody_else_while_on(server, owup, make):
    """Its flags are what the last deploy saw."""
    plugin = make()
    living(owup, server, plugin)
    edits.deployed(owup, server, plugin.change(version="1.1.0"), "--force")
    server.delete("filter", plugin.id)
    back = owup("rollback", plugin.id, to=server)
    assert back.status == 0 and "it is enabled, as owup last saw it" in back.err, back
    assert server.function(plugin.id)["is_active"] is True


@pytest.mark.every_server
def test_no_history(server, owup, make):
    plugin = edits.deployed(owup, server, make(), "--no-history")
    ran = owup("delete", "--json", "--yes", "--no-history", plugin.id, to=server)
    assert ran.status == 0 and ran.json[0]["kept"] is False, ran
    assert server.function(plugin.id) is None
    assert owup("rollback", plugin.id, "--no-history", to=server).status != 0


@pytest.mark.every_server
def test_what_cannot_be_kept_is_not_deleted(server, owup, make):
    """A damaged history, and valves that cannot be read."""
    plugin = make()
    before = living(owup, server, plugin)
    with FaultServer(server.url) as proxy:
        proxy.on("GET", "/valves$", reply(500, "Internal Server Error", "text/plain"))
        ran = owup("delete", "--yes", plugin.id, to=server.through(proxy.url))
        assert ran.status != 0 and proxy.count("DELETE") == 0, ran
    for path in (owup.home / ".local/state/owup").glob("history.db*"):
        path.write_bytes(b"this is no database " * 300)
    ran = owup("delete", "--yes", plugin.id, to=server)
    assert ran.status == 2 and "--no-history" in ran.text and "--history" in ran.text, ran
    assert safety.state(server, plugin) == before


@pytest.mark.clock(10)
def test_lost_answers(server, owup, make):
    """Cut after the server acted, it is gone; cut before, that is said, and nothing is sent twice."""
    one, two = make(), make()
    living(owup, server, one)
    before = living(owup, server, two)
    with FaultServer(server.url) as proxy:
        proxy.on("DELETE", one.id, cut_after())
        proxy.on("DELETE", two.id, cut_before())
        ran = owup("delete", "--yes", one.id, to=server.through(proxy.url))
        assert ran.status == 0 and server.function(one.id) is None, ran
        ran = owup("delete", "--yes", two.id, to=server.through(proxy.url))
        assert ran.status == 4 and safety.state(server, two) == before, ran
        assert proxy.count("DELETE") == 2


def test_a_definite_no(server, owup, make):
    """Is not asked about again and again."""
    plugin = make("tool")
    before = living(owup, server, plugin)
    with FaultServer(server.url) as proxy:
        proxy.on("DELETE", "", reply(401, {"detail": "You do not have permission to access this resource."}))
        ran = owup("delete", "--yes", plugin.id, to=server.through(proxy.url))
        assert ran.status == 3, ran
        assert [r.method for r in proxy.seen()][-1] == "DELETE"
    assert safety.state(server, plugin) == before
    ran = owup("delete", "--yes", plugin.id, to=server, env={"OPENWEBUI_API_KEY": server.user_key})
    assert ran.status != 0 and safety.state(server, plugin) == before, ran


@pytest.mark.clock(10)
def test_believed_only_when_read(sandbox, owup, make):
    """The server says yes and keeps it."""
    plugin = edits.deployed(owup, sandbox, make())
    with FaultServer(sandbox.url) as proxy:
        proxy.on("DELETE", "", reply(200, True))
        ran = owup("delete", "--yes", plugin.id, to=sandbox.through(proxy.url))
    assert ran.status == 1 and "could not be deleted" in ran.text and sandbox.function(plugin.id), ran


def test_ctrl_c_deletes_no_other(server, owup, make):
    one, two = edits.deployed(owup, server, make()), edits.deployed(owup, server, make())
    gate = threading.Event()
    with FaultServer(server.url) as proxy:
        proxy.on("DELETE", "", hold(gate, forward()), count=1)
        ran = safety.interrupt_held(proxy, gate, owup.start("delete", "--yes", one.id, two.id, to=server.through(proxy.url)))
    assert ran.status == 130, ran
    assert server.function(one.id) is None and server.function(two.id) is not None


def test_during_a_deploy(server, owup, make):
    """It waits, says so, and keeps what the deploy brought, not what it saw before."""
    plugin = edits.deployed(owup, server, make())
    plugin.change(version="1.1.0")
    gate = threading.Event()
    with FaultServer(server.url) as proxy:
        through = server.through(proxy.url)
        proxy.on("POST", "/update$", hold(gate, forward()), count=1)
        deploy = owup.start("deploy", plugin.file, to=through)
        assert proxy.held.wait(30)
        delete = owup.start("delete", "--yes", plugin.id, to=through)
        delete.wait_for(f"Waiting for another owup that is at work on '{plugin.title}'")
        gate.set()
        ended = [deploy.finish(), delete.finish()]
        assert [ran.status for ran in ended] == [0, 0] and server.function(plugin.id) is None, ended
        assert owup("rollback", plugin.id, to=through).status == 0
    assert server.function(plugin.id)["content"] == plugin.text


def test_two_at_once(server, owup, make):
    """The second finds nothing any more; it reads no more than it must where it need not wait."""
    plugin = edits.deployed(owup, server, make())
    gate = threading.Event()
    with FaultServer(server.url) as proxy:
        through = server.through(proxy.url)
        proxy.on("DELETE", "", hold(gate, forward()), count=1)
        first = owup.start("delete", "--yes", plugin.id, to=through)
        assert proxy.held.wait(30)
        assert proxy.count("GET", f"/id/{plugin.id}$") == 1
        second = owup.start("delete", "--json", "--yes", plugin.id, to=through)
        second.wait_for("Waiting for another owup")
        gate.set()
        assert first.finish().status == 0
        ran = second.finish()
        assert proxy.count("DELETE") == 1
    assert (ran.status, ran.json[0]["error"]["code"]) == (1, "not_found"), ran
    assert "is no longer on the server" in ran.text, ran


def test_kept_in_a_folder_of_ones_choice(server, owup, make, tmp_path):
    """Where the deletion was kept, there it is found again, and nowhere else."""
    plugin = make()
    before = living(owup, server, plugin)
    assert owup("delete", "--yes", "--history", tmp_path / "kept", plugin.id, to=server).status == 0
    plugin.path.unlink()
    back = owup("rollback", plugin.id, to=server, env={"OWUP_HISTORY": tmp_path / "kept"})
    assert back.status == 0 and kept(safety.state(server, plugin)) == kept(before), back


@pytest.mark.every_server
@pytest.mark.parametrize("kind", edits.KINDS)
def test_the_users_own_valves_stay_with_the_server(server, owup, make, kind):
    """It keeps them by id, also of what is gone, and so they are back as well."""
    own = '    class UserValves(BaseModel):\n        tone: str = "calm"\n'
    plugin = edits.deployed(owup, server, make(kind, valves=plugins.VALVES + own))
    if kind != "tool":
        server.toggle(plugin.id)
    path = server.path(kind, plugin.id, "/valves/user")
    server.ask("POST", path + "/update", {"tone": "shrill"})
    assert owup("delete", "--yes", plugin.id, to=server).status == 0
    assert owup("rollback", plugin.id, to=server).status == 0
    assert server.ask("GET", path) == {"tone": "shrill"}


@pytest.mark.every_server
def test_a_deploy_after_it_is_a_new_plugin(server, owup, make):
    """What was deleted is no conflict; its flags and valves are not brought back behind one's back."""
    plugin = make()
    living(owup, server, plugin)
    assert owup("delete", "--yes", plugin.id, to=server).status == 0
    told = owup("deploy", "--json", plugin.file, to=server)
    assert (told.status, told.plugin["result"]) == (0, "created"), told
    held = server.function(plugin.id)
    assert (held["name"], held["is_active"], held["is_global"]) == (plugin.title, False, False)
    assert server.valves("filter", plugin.id).get("token", "") == ""
    assert held["content"] == plugins.held(plugin.text)
