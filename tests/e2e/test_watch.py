# SPDX-License-Identifier: MIT
"""owup watch: what is saved is live; nothing else is ever sent."""

import re
import shutil
import threading
import time

import editors
import edits
import fault
import plugins
import pytest
import safety
from editors import QUIET
from fault import FaultServer
from watching import updates


@pytest.mark.parametrize("kind", ["filter", "tool"])
def test_create_update_and_the_summary(server, watch, make, kind):
    plugin = make(kind)
    watching = watch(plugin.id, to=server)
    watching.wait_for(f"✅ created '{plugin.title}' 1.0.0 (")
    assert edits.content(server, plugin) == plugin.text
    for version in ("1.0.1", "1.0.2"):
        plugin.change(version=version)
        watching.wait_for(f"✅ updated '{plugin.title}' {version} (")
        assert edits.content(server, plugin) == plugin.text
    ran = watching.end()
    lines = ran.out.splitlines()
    assert len(lines) == 4, ran
    for line in lines[:3]:
        assert re.match(r"\d\d:\d\d:\d\d ✅ \w+ '.*' 1\.0\.\d \(\d+ ms\)$", line), line
    assert lines[3] == "3 saves: 3 updated, 0 failed"
    assert ran.text.count("It starts ") == 1, ran


def test_one_look_and_one_update_a_save_over_one_connection(sandbox, watch, make):
    plugin = make()
    sandbox.create("filter", plugin.id, plugin.text, plugin.title, description="Does nothing")
    with FaultServer(sandbox.url) as proxy:
        watching = watch("--json", plugin.id, to=sandbox.through(proxy.url))
        watching.wait_for('"unchanged"')
        assert proxy.count("POST") == 0
        for n in range(1, 6):
            plugin.change(version=f"1.0.{n}")
            watching.wait_for(f'"version":"1.0.{n}"')
        seen = proxy.seen("*", plugin.id)
        watching.end()
    assert [r.method for r in seen] == ["GET"] + ["GET", "POST"] * 5
    assert len({r.connection for r in seen}) == 1


def test_a_connection_that_the_server_closed_is_opened_again_without_a_word(sandbox, owup, watch, make):
    plugin = make()
    assert owup("deploy", plugin.file, to=sandbox).status == 0

    def answer_and_close(call):
        call.send(call.forward().raw())
        return False

    with FaultServer(sandbox.url) as proxy:
        proxy.on("*", "", answer_and_close)
        watching = watch(plugin.id, to=sandbox.through(proxy.url))
        watching.wait_for("unchanged")
        for n in range(1, 4):
            plugin.change(version=f"1.0.{n}")
            watching.wait_for(f"1.0.{n} (")
        ran = watching.end()
    assert "⚠️" not in ran.text and "❌" not in ran.text, ran
    assert edits.content(sandbox, plugin) == plugin.text


@pytest.mark.parametrize("editor", editors.ALL, ids=lambda editor: editor.__name__)
def test_one_save_is_one_update(sandbox, watch, make, editor):
    plugin = make()
    with FaultServer(sandbox.url) as proxy:
        watching = watch(to=sandbox.through(proxy.url))
        for n in (1, 2):
            text = plugin.text.replace(f"version: 1.0.{n - 1}", f"version: 1.0.{n}")
            editor(plugin.path, text)
            watching.wait_for(f"1.0.{n} (")
            watching.settle()
            assert edits.content(sandbox, plugin) == text
        watching.end()
        assert proxy.count("POST", "/create$") == 1
        # The first save was new on the server: an update that finds nothing comes before the create.
        assert updates(proxy, plugin)[1:] == [text]


def test_without_a_name_nothing_is_sent_until_it_is_saved(sandbox, watch, make, project, fresh):
    first, second = make(), make("pipe")
    template = project.write("filter", fresh("t"), path="plugins/FILTER_TEMPLATE.py")
    (project.folder / "plugins/helper.py").write_text("x = 1\n")
    with FaultServer(sandbox.url) as proxy:
        watching = watch(to=sandbox.through(proxy.url))
        assert "Watching 2 plugins" in watching.text
        watching.settle()
        assert proxy.count() == 0
        template.change(version="1.0.1")
        (project.folder / "plugins/helper.py").write_text("x = 2\n")
        second.change(version="1.0.1")
        watching.wait_for(f"created '{second.title}'")
        watching.settle()
        watching.end()
        assert len(proxy.seen("POST", "/create$")) == 1
    assert edits.content(sandbox, second) == second.text
    assert sandbox.function(first.id) is None


@pytest.mark.clock(2)
def test_new_files_are_noticed(sandbox, watch, make, project):
    make()
    watching = watch(to=sandbox)
    (project.folder / "plugins/.hidden").mkdir()
    (project.folder / "plugins/tests").mkdir()
    unseen = [make(path=f"plugins/{name}.py") for name in (".hidden/a", "tests/b", "test_c")]
    beside = make(path="plugins/beside.py", id="beside")
    watching.wait_for("plugins/beside.py is new")
    watching.wait_for(f"created '{beside.title}'")
    deep = make(path="plugins/new/deep/deep.py", id="deep_one", header="id: deep_one\n")
    watching.wait_for(f"created '{deep.title}'")
    for plugin in (beside, deep):
        plugin.change(version="1.0.1")
        watching.wait_for(f"updated '{plugin.title}' 1.0.1")
    grown = project.folder / "plugins/grown.py"
    grown.write_text("")
    watching.settle()
    grown.write_text(plugins.source("filter", "Grown"))
    watching.wait_for("created 'Grown'")
    ran = watching.end()
    for plugin in unseen:
        assert plugin.title not in ran.text, ran
    for plugin_id in ("grown", "beside"):
        sandbox.delete("filter", plugin_id)


@pytest.mark.clock(5)
def test_deleted_files_are_only_reported(sandbox, watch, make):
    plugin = make()
    watching = watch(plugin.id, to=sandbox)
    watching.wait_for("created")
    text = plugin.text
    plugin.path.unlink()
    watching.wait_for(f"{plugin.file} is gone")
    assert edits.content(sandbox, plugin) == text
    plugin.change(version="1.0.1")
    watching.wait_for("updated")
    shutil.rmtree(plugin.path.parent)
    assert safety.eventually(lambda: watching.text.count("is gone") == 2, 20)
    plugin.path.parent.mkdir()
    plugin.change(version="1.0.2")
    watching.wait_for("1.0.2 (")
    plugin.change(version="1.0.3")
    watching.wait_for("1.0.3 (")
    ran = watching.end()
    assert ran.text.count("is gone") == 2, ran
    assert edits.content(sandbox, plugin) == plugin.text


def test_a_broken_file_is_reported_in_place_and_not_sent(server, watch, make):
    plugin = make()
    with FaultServer(server.url) as proxy:
        watching = watch(plugin.id, to=server.through(proxy.url))
        watching.wait_for("created")
        good = plugin.text
        sent = proxy.count("POST")
        plugin.change(version="1.0.1", end=plugins.BROKEN_SYNTAX)
        watching.wait_for("❌ invalid")
        line = plugins.line_of(plugin.text, "def broken(")
        watching.wait_for(f"{plugin.file}:{line}:")
        watching.settle()
        assert proxy.count("POST") == sent
        assert edits.content(server, plugin) == good
        plugin.change(version="1.0.2", end="")
        watching.wait_for("✅ updated")
        ran = watching.end()
    assert "3 saves: 2 updated, 1 failed" in ran.out, ran
    assert edits.content(server, plugin) == plugin.text


@pytest.mark.every_server
@pytest.mark.needs_python
def test_what_the_server_refuses_is_reported_and_the_next_save_is_sent(server, watch, make):
    plugin = make()
    watching = watch(plugin.id, to=server)
    watching.wait_for("created")
    good = plugin.text
    server.toggle(plugin.id)
    plugin.change(version="1.0.1", top=plugins.IMPORT_ERROR)
    watching.wait_for("❌ rejected")
    watching.wait_for("hides the reason" if server.hides_reason else "no_such_module_for_owup")
    assert edits.content(server, plugin) == good
    assert server.function(plugin.id)["is_active"]
    plugin.change(version="1.0.2", top="")
    watching.wait_for("✅ updated")
    watching.end()
    assert edits.content(server, plugin) == plugin.text


def test_a_conflict_stops_that_plugin_alone_and_is_said_once(server, watch, make):
    theirs, other = make(), make()
    with FaultServer(server.url) as proxy:
        watching = watch(theirs.id, other.id, to=server.through(proxy.url))
        watching.wait_for(f"created '{theirs.title}'")
        watching.wait_for(f"created '{other.title}'")
        changed = theirs.text + "\n\nCHANGED_THERE = True\n"
        server.update("filter", theirs.id, changed, theirs.title)
        sent = proxy.count("POST", f"/id/{theirs.id}/update$")
        for version in ("1.0.1", "1.0.2"):
            theirs.change(version=version)
            watching.settle()
            other.change(version=version)
            watching.wait_for(f"✅ updated '{other.title}' {version}")
        ran = watching.end()
        assert proxy.count("POST", f"/id/{theirs.id}/update$") == sent
    assert edits.content(server, theirs) == changed
    assert ran.text.count("❌ conflict") == 1, ran
    assert "--force" in ran.text

    watching = watch("--force", theirs.id, to=server)
    watching.wait_for(f"✅ updated '{theirs.title}' 1.0.2")
    watching.end()
    assert edits.content(server, theirs) == theirs.text


def test_two_files_with_one_id_are_not_sent(sandbox, watch, make):
    first = make(header="id: same_one\n")
    second = make(header="id: same_two\n")
    watching = watch(to=sandbox)
    second.change(header="id: same_one\n")
    watching.wait_for("have the same id 'same_one'")
    second.change(header="id: same_two\n", version="1.0.1")
    watching.wait_for(f"created '{second.title}' 1.0.1")
    first.change(version="1.0.1")
    watching.wait_for(f"created '{first.title}' 1.0.1")
    watching.end()
    for plugin_id in ("same_one", "same_two"):
        sandbox.delete("filter", plugin_id)


@pytest.mark.clock(2)
def test_a_newer_save_replaces_the_one_that_waits(server, watch, make):
    plugin, other = make(), make()
    gate = threading.Event()
    with FaultServer(server.url) as proxy:
        watching = watch(plugin.id, other.id, to=server.through(proxy.url))
        watching.wait_for(f"created '{other.title}'")
        before = len(updates(proxy, plugin))
        proxy.on("POST", "/update$", fault.hold(gate, fault.forward()), count=1)
        plugin.change(version="1.0.1")
        first = plugin.text
        assert proxy.held.wait(30)
        for n in range(2, 6):
            plugin.change(version=f"1.0.{n}")
            watching.settle()
        requests = proxy.count("*", plugin.id)
        assert len(updates(proxy, plugin)) == before + 1
        gate.set()
        watching.wait_for("1.0.5 (")
        watching.end()
        assert updates(proxy, plugin)[before:] == [first, plugin.text]
        # One look each, and nothing beside the update that was under way.
        assert proxy.count("*", plugin.id) == requests + 2
    assert edits.content(server, plugin) == plugin.text


def test_nothing_is_sent_before_the_look_has_answered(sandbox, watch, make):
    plugin = make()
    sandbox.create("filter", plugin.id, plugin.text, plugin.title, description="Does nothing")
    gate = threading.Event()
    with FaultServer(sandbox.url) as proxy:
        watching = watch(plugin.id, to=sandbox.through(proxy.url))
        watching.wait_for("unchanged")
        proxy.on("GET", "", fault.hold(gate, fault.forward()), count=1)
        plugin.change(version="1.0.1")
        assert proxy.held.wait(30)
        watching.settle()
        assert proxy.count("POST") == 0
        gate.set()
        watching.wait_for("updated")
        watching.end()
        assert proxy.count("GET", plugin.id) == 2


def test_a_thousand_saves_end_with_the_newest(server, watch, make):
    plugin = make()
    watching = watch("--json", plugin.id, to=server)
    watching.wait_for('"created"')
    text = plugin.text
    writers = (editors.in_place, editors.rename_over)
    for n in range(1000):
        writers[n % 2](plugin.path, text.replace("version: 1.0.0", f"version: 2.0.{n}"))
        if n % 100 == 0:
            time.sleep(3 * QUIET)
    watching.wait_for('"version":"2.0.999"', seconds=60)
    watching.settle()
    ran = watching.end()
    assert edits.content(server, plugin) == plugin.text
    assert "version: 2.0.999" in plugin.text
    assert ran.summary["failed"] == 0, ran
    versions = [int(p["version"].split(".")[2]) for p in ran.plugins[1:]]
    assert versions == sorted(versions)
    assert len(versions) == len(set(versions))


def test_json_is_one_object_a_save(sandbox, watch, make):
    plugin = make()
    watching = watch("--json", plugin.id, to=sandbox)
    watching.wait_for('"created"')
    plugin.change(version="1.0.1")
    watching.wait_for('"updated"')
    plugin.change(text="def broken(:\n")
    watching.wait_for('"invalid"')
    ran = watching.end()
    assert [line["type"] for line in ran.json] == ["watching"] + ["plugin"] * 3 + ["summary"]
    assert [p["result"] for p in ran.plugins] == ["created", "updated", "invalid"]
    assert ran.plugins[2]["diagnostics"][0]["line"] == 1
    summary = ran.summary
    assert (summary["total"], summary["updated"], summary["failed"], summary["exit"]) == (3, 2, 1, 130)


def test_what_cannot_be_watched(sandbox, owup, make):
    ran = owup("watch", "-", to=sandbox)
    assert ran.status == 2 and "Standard input" in ran.text, ran
    make()
    assert owup("watch", "no_such_plugin", to=sandbox).status == 2
    assert owup("watch", env={"OPENWEBUI_URL": sandbox.url}).status == 3


@pytest.mark.clock(5)
def test_attributes_alone_are_no_save(sandbox, watch, make):
    plugin = make()
    watching = watch(plugin.id, to=sandbox)
    watching.wait_for("created")
    plugin.path.chmod(0o600)
    plugin.path.with_name("a.bak").hardlink_to(plugin.path)
    watching.settle(2.5)
    ran = watching.end()
    assert "1 save: 1 updated, 0 failed" in ran.out, ran
