# SPDX-License-Identifier: MIT
"""A file that was copied, with its id, must not take the place of the plugin that it was copied from."""

import shutil
import subprocess

import pytest


def copy_of(plugin, name):
    """The same plugin in another file, its id kept and something changed."""
    target = plugin.path.with_name(name)
    target.write_text(plugin.text + "\n# another\n")
    return target


@pytest.fixture
def original(server, owup, make, fresh):
    """A plugin that is live, whose docstring has its id."""
    chosen = fresh("note")
    plugin = make(id=chosen, path=f"plugins/filters/{chosen}.py", header=f"id: {chosen}\n")
    ran = owup("deploy", plugin.file, to=server)
    assert ran.status == 0, ran
    return plugin


def assert_refused(server, original, ran, *names):
    """Both are named, nothing is replaced."""
    assert ran.status == 5, ran
    assert "have the same id" in ran.text and all(name in ran.text for name in names), ran
    assert server.function(original.id)["content"] == original.text


def test_a_copy_by_path(server, owup, original):
    copy = copy_of(original, "brand_new.py")
    ran = owup("deploy", "--json", copy, to=server)
    assert (ran.status, ran.plugin["result"]) == (5, "invalid"), ran
    assert_refused(server, original, owup("deploy", copy, to=server), "brand_new.py", original.path.name)


def test_a_copy_by_name(server, owup, original):
    """Also where nothing is known here of earlier deploys, and whichever of the two is named."""
    copy_of(original, "brand_new.py")
    for word in ("brand_new", original.id, original.title):
        ran = owup("deploy", "--no-history", "--history", owup.home / "none", word, to=server)
        assert_refused(server, original, ran, "brand_new.py", original.path.name)
    told = owup("deploy", "--json", "brand_new", to=server)
    assert told.plugin["result"] == "invalid", told


def test_a_dry_run_says_it_too(server, owup, original):
    copy = copy_of(original, "brand_new.py")
    for word in (copy, "brand_new"):
        assert_refused(server, original, owup("deploy", "-n", word, to=server), "brand_new.py")


def test_who_names_the_id_means_it(server, owup, original):
    copy = copy_of(original, "brand_new.py")
    ran = owup("deploy", copy, "--id", original.id, to=server)
    assert ran.status == 0, ran
    assert server.function(original.id)["content"] == copy.read_text()


def test_a_file_that_moved_is_no_copy(server, owup, original):
    copy = copy_of(original, "brand_new.py")
    original.path.unlink()
    assert owup("deploy", copy, to=server).status == 0
    assert server.function(original.id)["content"] == copy.read_text()


def test_a_file_that_got_another_id_is_no_copy(server, owup, original, fresh):
    copy = copy_of(original, "brand_new.py")
    original.change(header=f"id: {fresh('other')}\n")
    assert owup("deploy", copy, to=server).status == 0
    assert server.function(original.id)["content"] == copy.read_text()


def test_another_clone_is_no_copy(server, owup, original):
    """The same file of a second checkout, as of a git worktree, or one that was put elsewhere to be tried."""
    other = owup.home / "clone"
    shutil.copytree(owup.cwd, other)
    for folder in (owup.cwd, other):
        (folder / ".git").mkdir(exist_ok=True)
    path = other / original.file
    path.write_text(original.text + "\n# of the clone\n")
    assert owup("deploy", path, to=server, cwd=other).status == 0
    assert server.function(original.id)["content"] == path.read_text()


def test_a_localized_copy_is_another_text_of_it(server, owup, original):
    copy = copy_of(original, f"{original.path.stem}_cn.py")
    for word in (copy, copy.stem):
        copy.write_text(copy.read_text() + "# more\n")
        ran = owup("deploy", word, to=server)
        assert ran.status == 0, ran
        assert server.function(original.id)["content"] == copy.read_text()
    assert owup("deploy", "--force", original.path, to=server).status == 0
    assert owup("deploy", original.id, to=server).status == 0


def test_what_owupignore_names_is_no_copy(server, owup, original):
    """Deployed by mistake, then left out: the original goes on."""
    copy = copy_of(original, "brand_new.py")
    assert owup("deploy", copy, "--id", original.id, to=server).status == 0
    assert owup("deploy", original.path, to=server).status == 5
    (owup.cwd / ".owupignore").write_text("brand_new.py\n")
    for word in (original.path, original.id):
        ran = owup("deploy", word, to=server)
        assert ran.status == 0, ran
        assert server.function(original.id)["content"] == original.text


def test_a_function_and_a_tool_may_share_an_id(server, owup, original, make):
    tool = make("tool", id=original.id, path="plugins/tools/t.py", header=f"id: {original.id}\n")
    for word in (tool.path, f"tool/{original.id}"):
        assert owup("deploy", word, to=server).status == 0


def test_a_watch_of_a_copy_sends_nothing(server, owup, original):
    copy = copy_of(original, "brand_new.py")
    running = owup.start("watch", copy, to=server)
    running.wait_for("have the same id")
    running.interrupt()
    running.finish()
    assert server.function(original.id)["content"] == original.text


def test_a_git_worktree_inside_the_project_is_no_copy(server, owup, original):
    """Its .git is a file."""
    git = ["git", "-C", str(owup.cwd), "-c", "user.name=a", "-c", "user.email=a@b.c"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "a"], ["worktree", "add", "-q", "trees/b"]):
        subprocess.run([*git, *words], check=True, capture_output=True)
    path = owup.cwd / "trees/b" / original.file
    path.write_text(original.text + "\n# of the tree\n")
    ran = owup("deploy", path, to=server, cwd=path.parent)
    assert ran.status == 0, ran
