# SPDX-License-Identifier: MIT
"""owup pull and symbolic links: none leads out of the project, one within it is followed."""

import edits
import plugins
import pytest


@pytest.mark.parametrize("where", ["folder", "file", "dangling", "beside", "valves"])
def test_symbolic_links(server, owup, project, remote, tmp_path, where):
    """None leads out of the project; a link that stays within is followed."""
    plugin_id = remote()
    folder = project.folder / f"plugins/filters/{plugin_id}"
    path = folder / f"{plugin_id}.py"
    target = tmp_path / "outside"
    target.mkdir()
    (target / "victim").write_text("precious")
    if where == "folder":
        folder.parent.mkdir(parents=True)
        folder.symlink_to(target)
    else:
        folder.mkdir(parents=True)
        links = {
            "file": path,
            "dangling": path,
            "beside": path.with_suffix(".server.py"),
            "valves": folder / f"{plugin_id}.valves.json",
        }
        links[where].symlink_to(target / ("none" if where == "dangling" else "victim"))
        if where == "beside":
            path.write_text(plugins.source("filter") + "# mine\n")
    ran = owup("pull", "--valves", plugin_id, to=server)
    assert (target / "victim").read_text() == "precious", ran
    assert plugins.files_below(target) == {"victim"}
    if where == "valves":
        assert ran.status == 0, ran
    elif where in ("file", "beside"):
        assert ran.status == 1 and "stays as it is" in ran.out, ran
    else:
        assert ran.status != 0 and "symbolic link" in ran.text, ran


def test_a_link_out_of_the_project(server, owup, make, tmp_path):
    """What is linked is what was deployed, and would be overwritten if it were here."""
    plugin = make()
    edits.deployed(owup, server, plugin)
    outside = tmp_path / "outside.py"
    plugin.path.rename(outside)
    plugin.path.symlink_to(outside)
    edits.save(server, plugin, edits.theirs(plugin))
    before = outside.read_bytes()
    ran = owup("pull", plugin.id, to=server)
    assert ran.status == 2 and "symbolic link" in ran.text, ran
    assert outside.read_bytes() == before and plugin.path.is_symlink()


def test_a_link_within_the_project(server, owup, make, project):
    plugin = make(path="shared/real.py")
    plugin.change(header=f"id: {plugin.id}\n")
    link = project.folder / "plugins/link.py"
    link.symlink_to(plugin.path)
    plugin.path.rename(plugin.path.with_name("real.txt"))
    link.unlink()
    link.symlink_to(plugin.path.with_name("real.txt"))
    ran = owup("deploy", "plugins/link.py", to=server)
    assert ran.status == 0, ran
    edits.save(server, plugin, server.function(plugin.id)["content"] + "# theirs\n")
    ran = owup("pull", "plugins/link.py", to=server)
    assert ran.status == 0 and link.is_symlink(), ran
    assert plugin.path.with_name("real.txt").read_text().endswith("# theirs\n")
