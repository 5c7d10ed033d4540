# SPDX-License-Identifier: MIT
"""owup watch: files that come, go, move and change their plugin, and what is said of it."""

import re
import shutil
import time

import edits
import plugins
import pytest
from editors import QUIET
from fault import FaultServer

pytestmark = pytest.mark.clock(2)


def test_what_is_said_once_is_said_once_a_plugin(sandbox, watch, make):
    plugin = make(header="id: once_one\n")
    watching = watch(plugin.file, to=sandbox)
    watching.wait_for("created")
    plugin.change(title="Two", header="id: once_two\n")
    watching.wait_for("created 'Two'")
    sandbox.update("filter", "once_two", plugin.text + "\n\nX = 1\n", "Two")
    plugin.change(version="1.0.1")
    watching.wait_for("conflict 'Two'")
    plugin.change(title="Three", header="id: once_three\n")
    watching.wait_for("created 'Three'")
    plugin.change(title="Two", header="id: once_two\n")
    watching.settle()
    ran = watching.end()
    assert ran.text.count("It starts ") == 3, ran
    assert ran.text.count("conflict 'Two'") == 2, ran
    for plugin_id in ("once_one", "once_two", "once_three"):
        sandbox.delete("filter", plugin_id)


def test_with_json_each_conflict_is_an_object(sandbox, watch, make):
    plugin = make()
    watching = watch("--json", plugin.id, to=sandbox)
    watching.wait_for('"created"')
    sandbox.update("filter", plugin.id, plugin.text + "\n\nX = 1\n", plugin.title)
    for n in (1, 2, 3):
        plugin.change(version=f"1.0.{n}")
        watching.wait_for(f'"version":"1.0.{n}"')
    ran = watching.end()
    assert [p["result"] for p in ran.plugins] == ["created"] + ["conflict"] * 3, ran


def mv(old, new):
    """A rename."""
    old.rename(new)


def mv_folder(old, new):
    """The folder is renamed; the file keeps its name."""
    folder = new.with_suffix("")
    old.parent.rename(folder)
    return folder / old.name


def checkout(old, new):
    """A branch where the file has another name and another content."""
    text = old.read_text()
    old.unlink()
    new.write_text(text.replace("1.0.0", "1.0.1"))


def slowly(old, new):
    """Both are there for a while."""
    shutil.copy(old, new)
    time.sleep(0.5)
    old.unlink()


@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize("how", [mv, mv_folder, checkout, slowly], ids=lambda how: how.__name__)
def test_a_plugin_whose_file_moves(sandbox, watch, owup, make, how, named):
    plugin = make(id="moved_one", header="id: moved_one\n", path="plugins/here/old.py")
    if named:
        assert owup("deploy", plugin.file, to=sandbox).status == 0
    watching = watch(to=sandbox)
    new = plugin.path.parent.parent / "new.py"
    new = how(plugin.path, new) or new
    shown = new.relative_to(owup.cwd)
    saved = how in (checkout, slowly)
    if saved:
        watching.wait_for("updated" if named and how is checkout else "unchanged" if named else "created")
    if how is slowly:
        watching.wait_for(f"plugins/here/old.py is gone; {shown} has the same plugin")
    else:
        watching.wait_for(f"plugins/here/old.py is now {shown}")
    watching.settle(1.5)
    # What only moved was not saved.
    assert saved or re.search("created|updated|unchanged", watching.text) is None
    assert not saved or edits.content(sandbox, plugin) == new.read_text()
    new.write_text(new.read_text() + "\n\nX = 1\n")
    watching.wait_for("updated '" if saved or named else "created '")
    watching.settle()
    assert edits.content(sandbox, plugin) == new.read_text()
    new.unlink()
    watching.wait_for(f"{shown} is gone; the server keeps '{plugin.title}' (owup delete moved_one)")
    ran = watching.end()
    assert ran.text.count("owup delete") == 1, ran
    assert ran.text.count("is new") == (how is slowly), ran
    assert ran.text.count("same id") == (how is slowly), ran


def test_there_and_back(sandbox, watch, owup, make):
    plugin = make(id="moved_two", header="id: moved_two\n")
    new = plugin.path.with_name("new.py")
    watching = watch(to=sandbox)
    plugin.path.rename(new)
    watching.wait_for(f"{plugin.file} is now ")
    new.rename(plugin.path)
    watching.wait_for(f"{plugin.path.parent.relative_to(owup.cwd)}/new.py is now {plugin.file}")
    watching.settle(1.5)
    assert "created" not in watching.text
    plugin.change(version="1.0.1")
    watching.wait_for("created")
    ran = watching.end()
    assert "gone" not in ran.text and "same id" not in ran.text, ran


def test_nobody_is_told_to_delete_what_another_file_has(sandbox, watch, make):
    plugin = make(id="twin_one", header="id: twin_one\n", path="plugins/one.py")
    unseen = make()
    watching = watch("--json", to=sandbox)
    plugin.change(version="1.0.1")
    watching.wait_for('"created"')
    twin = plugin.path.with_name("twin.py")
    twin.write_text(plugin.text.replace("1.0.1", "1.0.2"))
    watching.wait_for("have the same id 'twin_one'")
    twin.unlink()
    watching.wait_for('"deleted"')
    unseen.path.unlink()
    watching.wait_for(f'"id":"{unseen.id}"')
    ran = watching.end()
    notices = [(n["notice"], n["file"], n["other"]) for n in ran.json if n["type"] == "notice"]
    assert notices == [
        ("appeared", "plugins/twin.py", None),
        ("deleted", "plugins/twin.py", plugin.file),
        ("deleted", unseen.file, None),
    ]
    assert edits.content(sandbox, plugin) == plugin.text


def test_no_advice_about_what_was_never_sent(sandbox, watch, make):
    plugin = make()
    watching = watch(to=sandbox)
    plugin.path.unlink()
    watching.wait_for(f"{plugin.file} is gone; on the server nothing is deleted")
    ran = watching.end()
    assert "owup delete" not in ran.text, ran


@pytest.mark.clock(1)
def test_a_new_file_is_sent_once_it_is_written(sandbox, watch, owup, make):
    make()
    half = plugins.source("filter", "Slow")
    whole = half + "\n\nX = 1\n"
    with FaultServer(sandbox.url) as proxy:
        watching = watch(to=sandbox.through(proxy.url))
        with (owup.cwd / "plugins/slow_one.py").open("w") as file:
            file.write(half)
            file.flush()
            time.sleep(6 * QUIET)
            file.write("\n\nX = 1\n")
        watching.wait_for("created 'Slow'")
        # In a folder that nobody watched yet.
        folder = owup.cwd / "plugins/deep"
        folder.mkdir()
        (folder / "slow_two.py").write_text(half.replace("Slow", "Two"))
        time.sleep(QUIET)
        (folder / "slow_two.py").write_text(whole.replace("Slow", "Two"))
        watching.wait_for("created 'Two'")
        watching.settle()
        watching.end()
        sent = [r.json["content"] for r in proxy.seen("POST", "/create$")]
    assert sent == [whole, whole.replace("Slow", "Two")]
    for plugin_id in ("slow_one", "slow_two"):
        sandbox.delete("filter", plugin_id)


def test_a_rule_that_comes_counts_and_so_does_one_that_goes(sandbox, watch, owup, make):
    ignored, folder, kept = make(path="plugins/x.py"), make(path="plugins/y/y.py"), make()
    watching = watch(to=sandbox)
    rules = owup.cwd / ".owupignore"
    rules.write_text("x.py\ny/\n")
    watching.wait_for("plugins/x.py is left out from now on")
    watching.wait_for("plugins/y/y.py is left out from now on")
    for plugin in (ignored, folder, kept):
        plugin.change(version="1.0.1")
    watching.wait_for(f"created '{kept.title}' 1.0.1")
    watching.settle(1.5)
    assert sandbox.function(ignored.id) is None
    assert sandbox.function(folder.id) is None
    rules.write_text("x.py\n")
    watching.wait_for(f"created '{folder.title}' 1.0.1")
    folder.change(version="1.0.2")
    watching.wait_for(f"updated '{folder.title}' 1.0.2")
    ran = watching.end()
    assert ran.text.count("left out") == 2, ran
    assert ignored.title not in ran.text, ran


def test_a_new_link_is_there_at_once(sandbox, watch, owup, make):
    make()
    target = owup.cwd / "elsewhere.txt"
    target.write_text(plugins.source("filter", "Linked"))
    time.sleep(0.3)
    watching = watch(to=sandbox)
    (owup.cwd / "plugins/linked_one.py").symlink_to(target)
    watching.wait_for("created 'Linked'", seconds=0.8)
    watching.end()
    sandbox.delete("filter", "linked_one")
