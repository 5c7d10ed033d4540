# SPDX-License-Identifier: MIT
"""owup status: every plugin here and on the server, side by side."""

import edits
import plugins
import pytest
import safety
import servers
from fault import FaultServer, reply

KEYS = [
    "type", "schema", "id", "kind", "title", "file", "server", "server_name", "version", "server_version", "enabled",
    "global", "state", "changed", "unbumped", "sha256", "server_sha256", "error",
]  # fmt: skip


def rows(owup, server, *words, status=0, **options):
    """id -> object of `owup status --json`."""
    ran = owup("status", "--json", *words, to=server, **options)
    assert ran.status == status, ran
    assert all(line["type"] == "status" for line in ran.json[:-1]), ran
    assert ran.summary["total"] == len(ran.json) - 1
    return {line["id"]: line for line in ran.json[:-1]}


def state(owup, server, plugin, **options):
    """(state, changed) of one plugin."""
    row = rows(owup, server, plugin.id, **options)[plugin.id]
    return row["state"], row["changed"]


@pytest.fixture
def leftover(server, fresh, request):
    """A plugin on the server that no file here owns."""

    def make(kind):
        plugin_id = fresh(f"left_{kind}")
        request.addfinalizer(lambda: server.delete(kind, plugin_id))
        server.create(kind, plugin_id, plugins.source(kind), name=f"Left {plugin_id}")
        return plugin_id

    return make


@pytest.mark.every_server
@pytest.mark.parametrize("kind", edits.KINDS)
def test_who_changed_it(server, owup, make, kind):
    """Each state as it comes about, one after the other."""
    plugin = make(kind)
    assert state(owup, server, plugin) == ("only here", [])
    edits.deployed(owup, server, plugin)
    assert state(owup, server, plugin) == ("same", [])
    old = plugin.text
    plugin.change(version="1.1.0")
    assert state(owup, server, plugin) == ("changed here", ["content"])
    edits.save(server, plugin, old + "# theirs\n")
    assert state(owup, server, plugin) == ("both changed", ["content"])
    plugin.change(text=old)
    assert state(owup, server, plugin) == ("changed on server", ["content"])
    edits.deployed(owup, server, plugin, "--force")
    assert state(owup, server, plugin) == ("same", [])
    plugin.path.unlink()
    assert state(owup, server, plugin) == ("only on server", [])
    server.delete(kind, plugin.id)
    ran = owup("status", plugin.id, to=server)
    assert ran.status == 1 and f'No plugin here or on the server is called "{plugin.id}"' in ran.text, ran


@pytest.mark.every_server
@pytest.mark.parametrize("kind", edits.KINDS)
def test_nothing_tells_who_changed_it(server, owup, make, kind):
    plugin = make(kind)
    server.create(kind, plugin.id, edits.theirs(plugin), name=plugin.title, description="Does nothing")
    assert state(owup, server, plugin) == ("differs", ["content"])
    server.update(kind, plugin.id, plugin.text, name=plugin.title, meta={"description": "Does nothing"})
    assert state(owup, server, plugin) == ("same", [])


@pytest.mark.every_server
@pytest.mark.parametrize("kind", edits.KINDS)
def test_name_and_description_alone(server, owup, make, kind):
    plugin = edits.deployed(owup, server, make(kind))
    edits.save(server, plugin, name="Chosen by an admin")
    assert state(owup, server, plugin) == ("changed on server", ["name"])
    edits.describe(server, plugin, "Written by an admin")
    assert state(owup, server, plugin) == ("changed on server", ["name", "description"])
    told = owup("status", plugin.id, to=server)
    assert "changed on server (name, description)" in told.out, told
    edits.deployed(owup, server, plugin.change(version="1.1.0"))
    held = server.plugin(kind, plugin.id)
    assert (held["name"], held["meta"]["description"]) == ("Chosen by an admin", "Written by an admin")
    assert state(owup, server, plugin) == ("same", []), "a deploy that kept them has accepted them"


def test_another_machine_reads_the_stamp(server, owup, make, tmp_path):
    """What was deployed elsewhere is told by what stands on the server."""
    plugin = edits.deployed(owup, server, make())
    other = {"env": edits.stranger(tmp_path)}
    assert state(owup, server, plugin, **other) == ("same", [])
    old = plugin.text
    plugin.change(version="1.1.0")
    assert state(owup, server, plugin, **other) == ("changed here", ["content"])
    edits.save(server, plugin, old + "# theirs\n")
    assert state(owup, server, plugin, **other) == ("both changed", ["content"])
    plugin.change(text=old)
    assert state(owup, server, plugin, **other) == ("changed on server", ["content"])


def test_an_import_that_the_server_rewrites_is_no_difference(server, owup, make):
    plugin = edits.deployed(owup, server, make(top="from utils.misc import get_last_user_message\n"))
    assert edits.content(server, plugin) != plugin.text
    assert state(owup, server, plugin) == ("same", [])


def test_the_same_file_under_an_old_version_is_named(server, owup, make):
    plugin = edits.deployed(owup, server, make())
    plugin.change(end="# more\n")
    assert rows(owup, server, plugin.id)[plugin.id]["unbumped"] is True
    ran = owup("status", plugin.id, to=server)
    assert f"owup bump patch {plugin.id}" in ran.err, ran
    plugin.change(version="1.0.1")
    assert rows(owup, server, plugin.id)[plugin.id]["unbumped"] is False


@pytest.mark.every_server
def test_the_whole_table(server, owup, make, leftover):
    """Both families, here and there; what each column says is what the server and the file say."""
    here, there, both, tool = make(), leftover("pipe"), make("action"), make("tool")
    left_tool = leftover("tool")
    edits.deployed(owup, server, both)
    edits.deployed(owup, server, tool)
    server.toggle(both.id)
    server.toggle_global(both.id)
    both.change(version="2.0.0")
    found = rows(owup, server)
    assert {here.id, there, both.id, tool.id, left_tool} <= set(found)
    for kind in ("functions", "tools"):
        on_server = {entry["id"] for entry in server.ask("GET", f"/api/v1/{kind}/export")}
        assert on_server == {
            i for i, row in found.items() if row["server_sha256"] and servers.FAMILY[row["kind"]] == kind
        }
    assert [found[i]["state"] for i in (here.id, there, both.id, tool.id, left_tool)] == [
        "only here", "only on server", "changed here", "same", "only on server",
    ]  # fmt: skip
    row = found[both.id]
    assert list(row) == KEYS
    assert row["sha256"] == edits.digest_of(both.text)
    assert row["server_sha256"] == edits.digest_of(edits.content(server, both))
    assert (row["kind"], row["title"], row["file"], row["server"]) == ("action", both.title, both.file, server.url)
    assert (row["version"], row["server_version"], row["server_name"]) == ("2.0.0", "1.0.0", both.title)
    assert (row["enabled"], row["global"], row["error"]) == (True, True, None)
    assert list(found[there]) == KEYS and list(found[here.id]) == KEYS
    assert (found[there]["file"], found[there]["sha256"], found[there]["kind"]) == (None, None, "pipe")
    assert (found[there]["enabled"], found[there]["global"]) == (False, False)
    assert (found[tool.id]["enabled"], found[tool.id]["global"]) == (None, None)
    assert (found[here.id]["server_version"], found[here.id]["enabled"]) == (None, None)
    plain = owup("status", to=server)
    lines = {line.split()[1]: line.split() for line in plain.out.splitlines()[1:-1]}
    assert plain.out.splitlines()[0].split() == ["KIND", "ID", "HERE", "SERVER", "ENABLED", "GLOBAL", "STATE"]
    assert lines[both.id] == ["action", both.id, "2.0.0", "1.0.0", "yes", "yes", "changed", "here"]
    assert lines[tool.id] == ["tool", tool.id, "1.0.0", "1.0.0", "-", "-", "same"]
    assert lines[there] == ["pipe", there, "-", "1.0.0", "no", "no", "only", "on", "server"]
    assert lines[here.id] == ["filter", here.id, "1.0.0", "-", "-", "-", "only", "here"]
    assert set(lines) == set(found) and "\x1b" not in plain.out


@pytest.mark.every_server
def test_two_requests_however_many(server, owup, make, leftover):
    group = [edits.deployed(owup, server, make(kind)) for kind in ("filter", "pipe", "action", "tool", "tool")]
    group += [make() for _ in range(5)]
    leftover("filter")
    with FaultServer(server.url) as proxy:
        ran = owup("status", to=server.through(proxy.url))
        assert ran.status == 0 and all(plugin.id in ran.out for plugin in group), ran
        assert [(r.method, r.path) for r in proxy.seen()] == [
            ("GET", "/api/v1/functions/export"),
            ("GET", "/api/v1/tools/export"),
        ]
        owup("status", "--type", "tool", to=server.through(proxy.url))
        assert [r.path for r in proxy.seen()[2:]] == ["/api/v1/tools/export"]


def test_looking_changes_nothing(server, owup, make):
    plugin = edits.deployed(owup, server, make())
    before = safety.bring_to_life(server, plugin)
    plugin.change(version="1.1.0")
    kept = {path: path.read_bytes() for path in owup.home.rglob("*") if path.is_file() and ".local" not in path.parts}
    for words in (("status",), ("diff", plugin.id), ("status", "--json"), ("diff", "--all")):
        owup(*words, to=server)
    assert safety.state(server, plugin) == before
    now = {path: path.read_bytes() for path in owup.home.rglob("*") if path.is_file() and ".local" not in path.parts}
    assert now == kept


def test_exit_code(server, owup, make):
    plugin = edits.deployed(owup, server, make())
    assert owup("status", "--exit-code", plugin.id, to=server).status == 0
    plugin.change(version="1.1.0")
    assert owup("status", plugin.id, to=server).status == 0
    assert owup("status", "--exit-code", plugin.id, to=server).status == 1
    ran = owup("status", "--exit-code", "--json", plugin.id, to=server)
    assert (ran.status, ran.summary["exit"], ran.summary["different"]) == (1, 1, 1), ran


def test_exit_status_of_a_failure(server, owup, make):
    """1 would say "different"."""
    make()
    unknown = owup("status", "--exit-code", "no_such_plugin", to=server)
    assert unknown.status == 2, unknown
    bad_key = owup("status", "--exit-code", to=server, env={"OPENWEBUI_API_KEY": "sk-" + "0" * 32})
    assert bad_key.status == 3, bad_key
    with FaultServer(server.url) as proxy:
        proxy.on("GET", "/tools/export", reply(500, "Internal Server Error", "text/plain"))
        ran = owup("status", "--exit-code", to=server.through(proxy.url))
        assert ran.status not in (0, 1) and ran.out.count("KIND") == 0, ran
    away = owup("status", env={"OPENWEBUI_URL": "http://127.0.0.1:9", "OPENWEBUI_API_KEY": "sk-x"})
    assert away.status == 4, away
    assert owup("status", "--type", "nonsense", to=server).status == 2


@pytest.mark.needs_python
@pytest.mark.since("0.10")
def test_a_server_that_runs_no_plugins(server, owup, make):
    """Its lists are empty; "only here" would be a lie."""
    plugin = edits.deployed(owup, server, make())
    with server.plugins_off() as other:
        ran = owup("status", to=other)
        assert ran.status == 1 and "ENABLE_PLUGINS" in ran.text, ran
        assert plugin.id not in ran.out


def test_words(server, owup, make, leftover):
    """By id, by title, by kind, by file, as a server's name; each once; nothing else."""
    one, two = make(title="Alpha Beta"), make("tool")
    edits.deployed(owup, server, one)
    left = leftover("filter")
    assert set(rows(owup, server, one.id)) == {one.id}
    assert set(rows(owup, server, "alpha-beta", one.file, f"filter/{one.id}")) == {one.id}
    assert set(rows(owup, server, two.id, left)) == {two.id, left}
    assert set(rows(owup, server, f"Left {left}")) == {left}
    assert owup("status", f"tool/{one.id}", to=server).status != 0
    kinds = {row["kind"] for row in rows(owup, server, "--type", "tool").values()}
    assert kinds == {"tool"}
    left_out = rows(owup, server, "--exclude", f"{one.id}.py")
    assert (left_out[one.id]["state"], left_out[two.id]["state"]) == ("only on server", "only here")


def test_found_by_openwebui_id(server, owup, make, project, fresh):
    """Installed by another script under another id."""
    old = make(header=f"openwebui_id: mark-{fresh('m')}\n")
    edits.deployed(owup, server, old)
    new = project.write("filter", fresh("renamed"), text=old.text)
    old.path.unlink()
    found = rows(owup, server)
    assert new.id not in found
    assert (found[old.id]["state"], found[old.id]["file"]) == ("same", new.file)
    ran = owup("status", to=server)
    assert f"{new.file} is '{old.id}' on the server" in ran.err, ran


@pytest.mark.parametrize("kind", edits.KINDS)
def test_two_files_with_one_openwebui_id(server, owup, make, project, fresh, kind):
    """Whose the server's copy is nobody can tell: not paired with either, as deploy has it."""
    old = make(kind, header=f"openwebui_id: mark-{fresh('m')}\n")
    edits.deployed(owup, server, old)
    both = [project.write(kind, fresh("renamed"), text=old.text) for _ in range(2)]
    old.path.unlink()
    found = rows(owup, server)
    assert found[old.id]["state"] == "only on server", found
    assert [found[plugin.id]["state"] for plugin in both] == ["only here"] * 2, found
    ran = owup("deploy", "--json", "--all", to=server)
    assert {line["id"]: line["result"] for line in ran.plugins} == {plugin.id: "conflict" for plugin in both}, ran


def test_two_files_with_one_id(server, owup, make, project):
    plugin = edits.deployed(owup, server, make())
    project.write("filter", plugin.id, path=f"plugins/other/{plugin.id}.py", title=plugin.title)
    ran = owup("status", to=server)
    assert ran.status == 0 and "Deploy sends neither" in ran.err, ran


@pytest.mark.every_server
def test_without_the_local_history(server, owup, make):
    """Damaged, it is said; switched off, the stamp alone counts."""
    plugin = edits.deployed(owup, server, make())
    assert state(owup, server, plugin) == ("same", [])
    for path in (owup.home / ".local/state/owup").glob("history.db*"):
        path.write_bytes(b"this is no database " * 300)
    ran = owup("status", plugin.id, to=server)
    assert ran.status == 0 and "Without the local history" in ran.err and " same" in ran.out, ran
    ran = owup("status", "--no-history", plugin.id, to=server)
    assert ran.status == 0 and "history" not in ran.err, ran


def test_quiet_says_only_what_differs(server, owup, make):
    same, other = edits.deployed(owup, server, make()), edits.deployed(owup, server, make())
    other.change(version="1.1.0")
    ran = owup("status", "-q", same.id, other.id, to=server)
    assert ran.out == f"filter/{other.id}: changed here\n", ran


def test_colour_on_a_terminal_only(server, owup, make):
    plugin = edits.deployed(owup, server, make())
    status, seen = owup.on_terminal("status", plugin.id, to=server)
    assert status == 0 and "\x1b[32msame" in seen, seen
    status, seen = owup.on_terminal("status", plugin.id, to=server, env={"NO_COLOR": "1"})
    assert status == 0 and "\x1b[" not in seen.split("KIND")[1], seen


def test_the_next_step_on_a_terminal_only(server, owup, make):
    plugin = make()
    seen = owup.on_terminal("status", plugin.id, to=server)[1]
    assert "owup deploy NAME" in seen and "owup diff" not in seen, seen
    assert owup("deploy", plugin.file, to=server).status == 0
    seen = owup.on_terminal("status", plugin.id, to=server)[1]
    assert "owup deploy" not in seen and "owup diff" not in seen, seen
    server.update(plugin.kind, plugin.id, plugin.text + "# theirs\n", name=plugin.title)
    seen = owup.on_terminal("status", plugin.id, to=server)[1]
    assert "owup diff NAME" in seen and "owup pull NAME" in seen, seen
    assert "owup diff" not in owup("status", plugin.id, to=server).text


def test_the_table_fits_the_terminal(server, owup, make, fresh):
    """Long and wide names give way; the columns stand one below the other."""
    long, wide = make(id=fresh("a_very_long_name_" * 6)), make(id=fresh("精读压缩"))
    edits.deployed(owup, server, wide)
    status, seen = owup.on_terminal("status", long.id, wide.id, to=server, env={"NO_COLOR": "1"})
    table = [line for line in seen[seen.index("KIND") :].splitlines() if line][:3]
    assert status == 0 and len(table) == 3, seen

    def columns(text):
        return sum(2 if ord(c) > 0x2E80 else 1 for c in text)

    assert all(columns(line) <= 100 for line in table), seen
    starts = {
        columns(line[: line.index(word)]) for line, word in zip(table, ("STATE", "only here", "same"), strict=False)
    }
    starts |= {
        columns(line[: line.index(word)])
        for line, word in zip(table[::-1], ("same", "only here"), strict=False)
        if word in line
    }
    assert len(starts) == 1, (starts, seen)
    piped = owup("status", long.id, wide.id, to=server).out
    assert "…" not in piped and long.id in piped and wide.id in piped, piped


def test_no_secret_in_any_output(server, owup, make):
    plugin = edits.deployed(owup, server, make(top='MARK = "mark-of-the-text"\n'))
    server.set_valves("filter", plugin.id, {"priority": 1, "token": "secret-of-the-valves"})
    plugin.change(version="1.1.0")
    for words in (
        ("status", "-v"),
        ("status", "--json", "-v"),
        ("diff", "-v", plugin.id),
        ("diff", "--json", "-v", plugin.id),
    ):
        ran = owup(*words, to=server)
        assert server.key not in ran.text and "secret-of-the-valves" not in ran.text, ran
    edits.save(server, plugin, edits.theirs(plugin))
    ran = owup("deploy", "-v", plugin.file, to=server)  # asks the server's formatter what its editor would make of it
    assert ran.status == 1 and "/utils/code/format" in ran.err, ran
    for secret in (server.key, "secret-of-the-valves", "mark-of-the-text"):
        assert secret not in ran.text, (secret, ran)
