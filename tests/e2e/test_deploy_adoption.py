# SPDX-License-Identifier: MIT
"""What was on the server before owup came, under the same id or another: taken over once, never doubled."""

import os
import shutil
import uuid
from pathlib import Path

import edits
import plugins
import pytest
import safety


def test_an_adopted_plugin(server, owup, make):
    """Once: what was there before owup came is overwritten, kept, and said."""
    plugin = make()
    old = "# theirs\n" + plugin.text
    server.create("filter", plugin.id, old, name=plugin.title)
    ran = edits.deploys(owup, server, plugin)
    line = f"⚠️ '{plugin.title}' was already on the server and differed; the old text is kept: owup history {plugin.id}"
    assert line in ran.err.splitlines(), ran
    with safety.database(owup) as link:
        assert (old.encode(),) in link.execute("SELECT data FROM content").fetchall()
    assert "already on the server" not in edits.deploys(owup, server, plugin.change(version="1.1.0")).text


@pytest.mark.every_server
@pytest.mark.parametrize("kind", ["filter", "tool"])
def test_moving_in_by_openwebui_id(server, owup, make, fresh, kind):
    mark = uuid.uuid4()
    plugin = make(kind, header=f"openwebui_id: {mark}\n")
    old = fresh("id_from_a_title")
    server.create(kind, old, plugin.text.replace("1.0.0", "0.9.0"), name=plugin.title)
    try:
        ran = edits.deploys(owup, server, plugin)
        line = f'   Id: {old} (found by openwebui_id; add "id: {old}" to the docstring to fix it)'
        assert line in ran.err.splitlines(), ran
        assert server.plugin(kind, plugin.id) is None
        assert server.plugin(kind, old)["content"] == plugin.text
        told = owup("deploy", "--json", plugin.file, to=server).plugin
        assert (told["id"], told["result"]) == (old, "unchanged")
        edits.deploys(owup, server, plugin.change(header=f"openwebui_id: {mark}\nid: {old}\n"))
        assert server.plugin(kind, plugin.id) is None
    finally:
        server.delete(kind, old)


def test_two_with_the_same_openwebui_id(server, owup, make, fresh):
    mark = uuid.uuid4()
    plugin = make(header=f"openwebui_id: {mark}\n")
    first, second = fresh("twin"), fresh("twin")
    for twin in (first, second):
        server.create("filter", twin, plugin.text.replace("1.0.0", "0.9.0"), name="Twin " + twin)
    try:
        ran = owup("deploy", plugin.file, to=server)
        assert ran.status == 1 and (first in ran.text or second in ran.text), ran
        assert server.function(plugin.id) is None
        edits.deploys(owup, server, plugin, "--id", second)
        assert server.function(second)["content"] == plugin.text
        assert server.function(first)["content"] != plugin.text
    finally:
        server.delete("filter", first)
        server.delete("filter", second)


@pytest.mark.parametrize("kind", ["filter", "tool"])
def test_the_same_title_under_another_id(server, owup, make, fresh, kind):
    plugin = make(kind)
    old = fresh("id_from_a_title")
    server.create(kind, old, plugin.text.replace("1.0.0", "0.9.0"), name=plugin.title)
    try:
        ran = owup("deploy", plugin.file, to=server)
        assert ran.status == 1, ran
        assert f"'{old}'" in ran.text and f"'{plugin.id}'" in ran.text and "Nothing was sent." in ran.text, ran
        assert f"owup deploy {plugin.file} --id {old}" in ran.text, ran
        assert f"owup deploy {plugin.file} --create-only" in ran.text, ran
        assert f'"id: {old}" in the docstring' in ran.text, ran
        assert server.plugin(kind, plugin.id) is None
        edits.deploys(owup, server, plugin, "--create-only")
        assert server.plugin(kind, plugin.id)["content"] == plugin.text
        edits.deploys(owup, server, plugin, "--id", old)
        assert server.plugin(kind, old)["content"] == plugin.text
    finally:
        server.delete(kind, old)


def test_the_same_title_of_another_kind_is_another_plugin(server, owup, make):
    one, other = make("filter"), make("action")
    other.change(title=one.title)
    edits.deploys(owup, server, one)
    edits.deploys(owup, server, other)


CORPUS = Path(os.environ.get("OWUP_TEST_CORPUS") or "/nonexistent") / "Fu-Jie+openwebui-extensions"


def read_head(path):
    """The lines `key: value` of a plugin's docstring."""
    lines = path.read_text(encoding="utf-8").split('"""')[1].splitlines()
    return dict(line.split(": ", 1) for line in lines if ": " in line and line[0].isalpha())


def old_text(head, kind):
    """What an old script had installed: the same docstring with an older version, and a class that loads."""
    lines = [f"{k}: {'0.0.1' if k == 'version' else v}" for k, v in head.items() if k not in ("requirements", "id")]
    return '"""\n' + "\n".join(lines) + f'\n"""\n\n\nclass {plugins.CLASSES[kind]}:\n    pass\n'


def title_id(title):
    """An id made of a title, as scripts did before owup."""
    return "".join(c if c.isalnum() else "_" for c in title.lower()).strip("_")


def plant_own_tree(project, fresh):
    """Folders and files as that project names them; titles that no other test uses."""
    rows = (
        ("filter", "context-folding/context_folding.py", "Folding", True),
        ("action", "export_to_sheet/export_to_spreadsheet.py", "Export to Spreadsheet", True),
        ("tool", "notes-keeper/keeper.py", "Notes Keeper", True),
        ("action", "flash-notes/flash.py", "Flash", False),
    )
    for kind, path, title, marked in rows:
        title = fresh(title).replace("_", " ")
        header = f"openwebui_id: {uuid.uuid4()}\n" if marked else ""
        for suffix, words in (("", title), ("_cn", f"{title} 中文")):
            file = f"plugins/{kind}s/{path[:-3]}{suffix}.py"
            project.write(kind, "", file, title=words, header=header if not suffix else "")
    same = fresh("echo")
    project.write("pipe", "", f"plugins/pipes/{same}/{same}.py", title=same.replace("_", " ").title())
    (project.folder / "plugins/actions/ACTION_PLUGIN_TEMPLATE.py").write_text(
        plugins.source("action", title="[What it does]"), encoding="utf-8"
    )


def plant_corpus_tree(project, _):
    """That project's own plugins."""
    if not CORPUS.is_dir():
        pytest.skip("OWUP_TEST_CORPUS names no folder with that project's plugins")
    shutil.copytree(CORPUS / "plugins", project.folder / "plugins", dirs_exist_ok=True)


@pytest.mark.parametrize(
    "plant, count, moving", [(plant_own_tree, 5, 3), (plant_corpus_tree, 15, 3)], ids=["own", "corpus"]
)
def test_a_tree_that_other_scripts_had_installed(server, owup, project, fresh, plant, count, moving):
    """Each is found by its openwebui_id, or named as having the same title; `deploy --all` makes no double."""
    plant(project, fresh)
    installed = {}
    try:
        for found in owup("list", "--json").json:
            head = read_head(project.folder / found["file"]) if found["type"] == "plugin" else {}
            if not head or found["title"].startswith("[") or found["file"].endswith("_cn.py"):
                continue
            old = title_id(found["title"])
            server.create(found["kind"], old, old_text(head, found["kind"]), name=found["title"])
            installed[found["file"]] = (found, head, old)
        ran = owup("deploy", "--all", "--json", to=server, seconds=300)
        told = {line["file"]: line for line in ran.plugins}
        assert set(told) == set(installed) and len(told) >= count
        moved = 0
        for file, (found, head, old) in installed.items():
            result = told[file]["result"]
            if "openwebui_id" in head or found["id"] == old:
                assert result in ("updated", "rejected", "invalid"), told[file]
                assert told[file]["id"] == old, told[file]
                moved += found["id"] != old
            else:
                assert result == "conflict" and f"'{old}'" in told[file]["error"]["message"], told[file]
            if found["id"] != old:
                assert server.plugin(found["kind"], found["id"]) is None
        assert moved >= moving
    finally:
        for found, _, old in installed.values():
            server.delete(found["kind"], old)
            server.delete(found["kind"], found["id"])
