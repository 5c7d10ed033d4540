"""owup pull where the project has the plugin already: over the file by force, and beside it as a copy."""

import re

import edits
import pytest


@pytest.mark.every_server
@pytest.mark.parametrize("kind", edits.KINDS)
def test_theirs_is_taken_by_force(server, owup, make, kind):
    """As the refusals say; what the file held is kept, and what lay beside it goes."""
    plugin = edits.conflicting(owup, server, make, kind)
    mine, held, name = plugin.text, edits.content(server, plugin), plugin.path.name
    take = re.search(r"Take theirs: owup (.+?)   ", owup("deploy", plugin.file, to=server).out).group(1)
    refused = owup("pull", plugin.id, to=server)
    assert re.search(r"Or take theirs: owup (.+?)   ", refused.out).group(1) == take == f"pull --force {plugin.id}"
    assert f"rm {plugin.file[:-3]}.server.py {plugin.file[:-3]}.base.server.py\n" in refused.out, refused
    would = owup(*take.split(), "--dry-run", to=server)
    assert would.status == 0 and "would be kept" in would.out and plugin.text == mine, would
    ran = owup(*take.split(), to=server)
    assert ran.status == 0 and f"What the file held is kept: {plugin.file}.orig" in ran.out, ran
    assert (plugin.text, (plugin.path.parent / f"{name}.orig").read_bytes().decode()) == (held, mine)
    assert {path.name for path in plugin.path.parent.glob(f"{plugin.path.stem}*")} >= {name, f"{name}.orig"}
    assert not list(plugin.path.parent.glob("*.server.py"))
    assert {line["file"] for line in owup("list", "--json").json if "file" in line} == {plugin.file}
    assert owup("deploy", "--json", plugin.id, to=server).plugin["result"] == "unchanged"
    plugin.change(text=mine + "# again\n")
    edits.save(server, plugin, held + "# theirs again\n")
    told = owup("pull", "--json", "--force", plugin.id, to=server).json[0]
    assert (told["result"], told["local_file"]) == ("updated", f"{plugin.file}.orig2")
    assert (plugin.path.parent / f"{name}.orig2").read_bytes().decode() == mine + "# again\n"


def test_force_where_there_is_nothing_to_lose(server, owup, make):
    """A plain pull; a file beside it that owup did not write stays."""
    plugin = edits.deployed(owup, server, make())
    edits.save(server, plugin, edits.theirs(plugin))
    beside = plugin.path.with_suffix(".server.py")
    beside.write_text("# somebody's notes\n")
    told = owup("pull", "--json", "--force", plugin.id, to=server).json[0]
    assert (told["result"], told["local_file"]) == ("updated", None)
    assert beside.exists() and not list(plugin.path.parent.glob("*.orig"))


def test_a_copy_inside_the_project_is_in_nobodys_way(server, owup, make):
    """A new folder is left out of searches, so that names and --all still mean the project's files."""
    plugin = edits.deployed(owup, server, make())
    ran = owup("pull", "--dry-run", plugin.id, "-o", "backup", to=server)
    assert ran.status == 0 and not (owup.cwd / "backup").exists(), ran
    ran = owup("pull", plugin.id, "-o", "backup", to=server)
    assert ran.status == 0 and "backup/.owupignore leaves this copy out of searches" in ran.err, ran
    ours = f"plugins/filters/{plugin.id}/{plugin.id}.py"
    assert {str(path.relative_to(owup.cwd / "backup")) for path in (owup.cwd / "backup").rglob("*.*")} == {ours, ".owupignore"}
    assert (owup.cwd / "backup/.owupignore").read_text() == "*\n"
    assert owup("deploy", plugin.id, to=server).status == 0
    assert owup("deploy", "--all", to=server).status == 0
    edits.save(server, plugin, edits.theirs(plugin))
    again = owup("pull", plugin.id, "-o", "backup", to=server)
    assert again.status == 0 and "owupignore" not in again.err, again
    assert (owup.cwd / "backup" / ours).read_text() == edits.content(server, plugin)
    assert owup("pull", plugin.id, "-o", "one/new", to=server).status == 0
    assert (owup.cwd / "one/new/.owupignore").exists()


def test_a_copy_elsewhere_hides_nothing(server, owup, make, tmp_path):
    """Beside the project, in a folder that was there, or the first files of a project: all are deployed from."""
    plugin = edits.deployed(owup, server, make())
    plugin_id = plugin.id
    plugin.path.unlink()
    first = owup("pull", plugin_id, "-o", "first", to=server)
    assert first.status == 0 and not (owup.cwd / "first/.owupignore").exists(), first
    make()
    (owup.cwd / "there").mkdir()
    for out in (tmp_path / "outside", "there"):
        assert owup("pull", plugin_id, "-o", out, to=server).status == 0
        assert not (owup.cwd / out / ".owupignore").exists()
    for words in (("deploy", plugin_id), ("deploy", "--all")):
        ran = owup(*words, to=server)
        assert ran.status != 0 and "Name its folder in .owupignore." in ran.out, ran
