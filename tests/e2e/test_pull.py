# SPDX-License-Identifier: MIT
"""owup pull: the server's text into local files, byte for byte and never elsewhere."""

import os
import re
import shutil
import subprocess

import edits
import plugins
import pytest
import safety
from fault import FaultServer, reply

KEYS = [
    "type", "schema", "id", "kind", "title", "version", "server_version", "server", "file", "server_file", "base_file",
    "local_file", "valves_file", "sha256", "result", "error", "dry_run",
]  # fmt: skip
SECRET = "hush-hush-very-secret"


def pulled(owup, server, *words, status=0, **options):
    """`owup pull --json`; its objects without the summary."""
    ran = owup("pull", "--json", *words, to=server, **options)
    assert ran.status == status, ran
    assert all(line["type"] == "pull" and list(line) == KEYS for line in ran.json[:-1]), ran
    assert ran.summary["exit"] == status
    return ran.json[:-1]


@pytest.mark.parametrize("kind", ["filter", "pipe", "action", "tool"])
def test_into_a_new_file(server, owup, project, remote, kind):
    plugin_id = remote(kind)
    (told,) = pulled(owup, server, plugin_id)
    path = project.folder / f"plugins/{kind}s/{plugin_id}/{plugin_id}.py"
    held = server.plugin(kind, plugin_id)
    assert path.read_bytes() == held["content"].encode()
    assert (told["result"], told["kind"], told["title"]) == ("created", kind, f"Title of {plugin_id}")
    assert (told["file"], told["sha256"]) == (str(path.relative_to(project.folder)), edits.digest_of(held["content"]))
    assert (told["version"], told["server_version"], told["server"]) == (None, "1.0.0", server.url)
    again = owup("pull", plugin_id, to=server)
    assert again.status == 0 and "is the same here" in again.out, again
    deploy = owup("deploy", "--json", plugin_id, to=server)
    assert (deploy.status, deploy.plugin["result"]) == (0, "unchanged"), deploy
    assert owup("status", "--exit-code", plugin_id, to=server).status == 0


@pytest.mark.since("0.10")
def test_an_event(server, owup, project, remote):
    plugin_id = remote("event")
    pulled(owup, server, plugin_id)
    assert (project.folder / f"plugins/events/{plugin_id}/{plugin_id}.py").is_file()


TEXTS = {
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "mixed": lambda text: text.replace("\n", "\r\n", 3) + "# \r# in between\r\n",
    "no-newline": lambda text: text.rstrip("\n"),
    "blank-end": lambda text: text + "\n\n  \n",
    "chinese": lambda text: text + "# 异步上下文压缩 – Überfüllt 🚀\n",
    "inner-bom": lambda text: text + "# \ufeff\u2028\x85\n",
    "rewritten": lambda text: text + "# from utils import x, from main import y\n",
    "large": lambda text: text + "".join(f"# {n:5} {'ж' * 40}\n" for n in range(5200)),
}


@pytest.mark.parametrize("how", TEXTS)
@pytest.mark.parametrize("kind", edits.KINDS)
def test_byte_for_byte(server, owup, project, remote, kind, how):
    plugin_id = remote(kind, text=TEXTS[how](plugins.source(kind)))
    pulled(owup, server, plugin_id)
    path = project.folder / f"plugins/{kind}s/{plugin_id}/{plugin_id}.py"
    held = server.plugin(kind, plugin_id)["content"]
    assert path.read_bytes() == held.encode()
    assert held == plugins.held(TEXTS[how](plugins.source(kind)))
    deploy = owup("deploy", "--json", plugin_id, to=server)
    assert deploy.plugin["result"] == "unchanged", deploy


@pytest.mark.parametrize("kind", edits.KINDS)
def test_a_byte_order_mark(sandbox, owup, project, fresh, kind):
    """Servers refuse one today; a text with one is written as it is."""
    plugin_id = fresh("bom")
    text = "\ufeff" + plugins.source(kind)
    body = {"id": plugin_id, "name": "B", "type": kind, "meta": {"description": "d"}, "content": text, "updated_at": 1}
    with FaultServer(sandbox.url) as proxy:
        family = "tools" if kind == "tool" else "functions"
        proxy.on("GET", f"/{family}/id/{plugin_id}$", reply(200, {**body, "is_active": False, "is_global": False}))
        pulled(owup, sandbox.through(proxy.url), plugin_id)
    path = project.folder / f"plugins/{kind}s/{plugin_id}/{plugin_id}.py"
    assert path.read_bytes() == b"\xef\xbb\xbf" + plugins.source(kind).encode()


@pytest.mark.every_server
@pytest.mark.parametrize("kind", edits.KINDS)
def test_into_the_file_that_owns_the_id(server, owup, make, kind):
    """Wherever it is; what somebody changed in the browser is then here, and no conflict."""
    plugin = make(kind, path="plugins/odd/any_name.py")
    plugin.change(header=f"id: {plugin.id}\n")
    edits.deployed(owup, server, plugin)
    os.chmod(plugin.path, 0o640)
    edits.save(server, plugin, edits.theirs(plugin).replace("version: 1.0.0", "version: 1.2.0"), name="Renamed")
    (told,) = pulled(owup, server, plugin.id)
    assert (told["result"], told["file"]) == ("updated", "plugins/odd/any_name.py")
    assert (told["version"], told["server_version"]) == ("1.0.0", "1.2.0")
    assert plugin.text == edits.content(server, plugin) and plugin.text.endswith("# theirs\n")
    assert plugin.path.stat().st_mode & 0o777 == 0o640
    assert plugins.files_below(owup.cwd / "plugins") == {"odd/any_name.py"}
    deploy = owup("deploy", "--json", plugin.id, to=server)
    assert (deploy.status, deploy.plugin["result"]) == (0, "unchanged"), deploy
    plugin.change(text=plugin.text + "# and mine\n")
    edits.deployed(owup, server, plugin)
    held = server.plugin(kind, plugin.id)
    assert (held["content"], held["name"]) == (plugin.text, "Renamed")


@pytest.mark.every_server
@pytest.mark.parametrize("kind", edits.KINDS)
def test_a_file_changed_here_stays(server, owup, make, kind):
    """The server's text is beside it; merged as the message says, it can be deployed."""
    plugin = edits.conflicting(owup, server, make, kind)
    mine, held = plugin.text, edits.content(server, plugin)
    ran = owup("pull", plugin.id, to=server)
    assert ran.status == 1 and f"{plugin.file} stays as it is" in ran.out, ran
    beside, base = plugin.path.with_suffix(".server.py"), plugin.path.with_suffix(".base.server.py")
    assert (plugin.text, beside.read_bytes().decode()) == (mine, held)
    assert base.read_text() == mine.replace("1.1.0", "1.0.0")
    found = {line["file"] for line in owup("list", "--json").json if "file" in line}
    assert found == {plugin.file}, "what was written beside is no plugin"
    assert owup("check", "--all", "--json").summary["total"] == 1
    assert owup("status", "--json", to=server).json[0]["file"] in (plugin.file, None)
    merge, deploy = re.search(r"Merge: (.+)   Then: owup (.+)$", ran.out, re.M).groups()
    git = shutil.which("git")
    assert git, "the tests need git"
    subprocess.run(merge, shell=True, cwd=owup.cwd, check=True, env={"PATH": os.path.dirname(git)})
    assert plugin.text == mine + "# theirs\n", "both changes"
    assert owup("deploy", "--json", plugin.id, to=server).plugin["result"] == "conflict"
    ran = owup(*deploy.split(), to=server)
    assert ran.status == 0 and edits.content(server, plugin) == plugin.text, ran


@pytest.mark.every_server
@pytest.mark.parametrize("kind", edits.KINDS)
def test_a_file_gone_back_here_stays(server, owup, make, kind):
    """What was pulled since is the base; status and pull say the same of the text of before it."""
    plugin = edits.deployed(owup, server, make(kind))
    mine = plugin.path.read_bytes()
    edits.save(server, plugin, edits.theirs(plugin))
    pulled(owup, server, plugin.id)
    taken = plugin.path.read_bytes()
    plugin.path.write_bytes(mine)
    edits.save(server, plugin, taken.decode() + "# theirs again\n")
    assert "both changed" in owup("status", plugin.id, to=server).out
    (told,) = pulled(owup, server, plugin.id, status=1)
    assert (told["result"], plugin.path.read_bytes()) == ("conflict", mine)
    assert plugin.path.with_suffix(".base.server.py").read_bytes() == taken


def test_the_merge_command_of_an_odd_path(server, owup, make):
    """Blanks and quotes in names: as typed into a shell, it works."""
    plugin = make(path="plugins/my filters/it's $HOME.py")
    plugin.change(header=f"id: {plugin.id}\n")
    edits.deployed(owup, server, plugin)
    edits.save(server, plugin, edits.theirs(plugin))
    plugin.change(version="1.1.0")
    ran = owup("pull", plugin.id, to=server)
    merge = re.search(r"Merge: (.+)   Then: ", ran.out).group(1)
    subprocess.run(merge, shell=True, cwd=owup.cwd, check=True, env={"PATH": os.environ["PATH"], "HOME": "/nowhere"})
    assert plugin.text.endswith("# theirs\n") and "1.1.0" in plugin.text


@pytest.mark.every_server
def test_where_the_base_is_not_known(server, owup, make, tmp_path):
    """Another machine's deploy: a merge of two, and still nothing is lost."""
    plugin = edits.conflicting(owup, server, make)
    mine = plugin.text
    ran = owup("pull", plugin.id, to=server, env=edits.stranger(tmp_path))
    assert ran.status == 1 and plugin.text == mine, ran
    assert not plugin.path.with_suffix(".base.server.py").exists()
    merge = re.search(r"Merge: (.+)   Then: ", ran.out).group(1)
    assert (
        subprocess.run(merge, shell=True, cwd=owup.cwd, check=False, env={"PATH": os.environ["PATH"]}).returncode >= 0
    )
    assert "# theirs" in plugin.text and "1.1.0" in plugin.text


def test_a_file_that_was_never_deployed_stays(server, owup, make):
    plugin = make()
    server.create("filter", plugin.id, edits.theirs(plugin), name=plugin.title)
    mine = plugin.text
    (told,) = pulled(owup, server, plugin.id, status=1)
    assert (told["result"], told["server_file"], told["base_file"]) == (
        "conflict",
        plugin.file.replace(".py", ".server.py"),
        None,
    )
    assert plugin.text == mine


@pytest.mark.every_server
@pytest.mark.parametrize("kind", edits.KINDS)
def test_pulled_a_deploy_goes_on_from_there(server, owup, make, kind):
    """Also where nothing but the history here knows of it (tools before 0.12 have no stamp)."""
    plugin = edits.deployed(owup, server, make(kind))
    edits.save(server, plugin, edits.theirs(plugin), meta={"description": "Does nothing"})
    assert owup("pull", plugin.id, to=server).status == 0
    plugin.change(text=plugin.text.replace("1.0.0", "1.1.0"))
    edits.deployed(owup, server, plugin)
    assert edits.content(server, plugin) == plugin.text
    edits.save(server, plugin, edits.theirs(plugin))
    plugin.change(text=plugin.text.replace("1.1.0", "1.2.0"))
    assert owup("deploy", plugin.file, to=server).status == 1, "the next edit is a conflict again"


def test_pulled_after_a_conflict_was_merged(server, owup, make):
    """Once the file is the server's, nothing is in the way any more."""
    plugin = edits.conflicting(owup, server, make)
    assert owup("pull", plugin.id, to=server).status == 1
    plugin.change(text=edits.content(server, plugin))
    (told,) = pulled(owup, server, plugin.id)
    assert told["result"] == "unchanged"
    plugin.change(text=plugin.text + "# mine\n")
    edits.deployed(owup, server, plugin)


@pytest.mark.every_server
def test_all(server, owup, make, project, remote):
    """Everything that the server lists: into its own file, or a new one; each counted."""
    same, edited, changed = (
        edits.deployed(owup, server, make()),
        edits.deployed(owup, server, make("tool")),
        edits.conflicting(owup, server, make),
    )
    edits.save(server, edited, edits.theirs(edited))
    new, tool = remote("pipe"), remote("tool")
    here = make()
    with FaultServer(server.url) as proxy:
        owup("pull", "-n", "--all", to=server.through(proxy.url))
        assert proxy.count() == 2
    told = {line["id"]: line for line in pulled(owup, server, "--all", status=1)}
    on_server = {
        entry["id"] for kind in ("functions", "tools") for entry in server.ask("GET", f"/api/v1/{kind}/export")
    }
    assert set(told) == on_server and here.id not in told
    want = {same.id: "unchanged", edited.id: "updated", changed.id: "conflict", new: "created", tool: "created"}
    assert {i: line["result"] for i, line in told.items() if i in want} == want
    for kind, plugin_id in (("pipe", new), ("tool", tool)):
        path = project.folder / f"plugins/{kind}s/{plugin_id}/{plugin_id}.py"
        assert path.read_bytes() == server.plugin(kind, plugin_id)["content"].encode()
    assert edited.text == edits.content(server, edited)
    ran = owup("pull", "--all", "--type", "tool", to=server)
    assert ran.status == 0 and new not in ran.out and tool in ran.out, ran
    assert owup("pull", "--all", same.id, to=server).status == 2
    assert owup("pull", to=server).status == 2
    assert owup("pull", "--type", "tool", same.id, to=server).status == 2


def test_into_another_folder(server, owup, make, tmp_path, remote):
    """A copy: the project's files stay, and so does what a deploy starts from."""
    plugin, new = edits.deployed(owup, server, make()), remote("tool")
    mine = plugin.text
    edits.save(server, plugin, edits.theirs(plugin))
    out = tmp_path / "a backup"
    told = pulled(owup, server, plugin.id, new, "-o", out)
    assert [line["result"] for line in told] == ["created", "created"]
    assert plugins.files_below(out) == {f"plugins/filters/{plugin.id}/{plugin.id}.py", f"plugins/tools/{new}/{new}.py"}
    assert (out / f"plugins/filters/{plugin.id}/{plugin.id}.py").read_text() == edits.content(server, plugin)
    assert plugin.text == mine and not (owup.cwd / f"plugins/tools/{new}").exists()
    plugin.change(version="1.1.0")
    assert owup("deploy", plugin.file, to=server).status == 1, "theirs was not taken into the project"
    assert owup("pull", "--all", "-o", out, to=server).status == 0
    (out / f"plugins/tools/{new}/{new}.py").write_text("# mine now\n" + server.tool(new)["content"])
    assert pulled(owup, server, new, "-o", out, status=1)[0]["result"] == "conflict"


def test_dry_run_writes_nothing(server, owup, make, project, remote):
    new, plugin = remote(), edits.conflicting(owup, server, make)
    before = plugins.files_below(project.folder)
    ran = owup("pull", "-n", "--valves", new, plugin.id, to=server)
    assert ran.status == 1 and "Would pull" in ran.out and "would be written" in ran.out, ran
    assert plugins.files_below(project.folder) == before
    assert all(line["dry_run"] for line in pulled(owup, server, "-n", new))
    plugin.change(text=edits.content(server, plugin) + "# mine\n")
    assert owup("deploy", plugin.file, to=server).status == 1, "nothing was taken"


@pytest.mark.parametrize("kind", edits.KINDS)
def test_valves(server, owup, project, remote, kind):
    """In a file of their own, secrets masked; the code's file holds none."""
    valves = plugins.VALVES + "        max_tokens: int = 5\n        table: dict = {}\n        note: str = 'n'\n"
    plugin_id = remote(kind, valves=valves)
    looks = "sk-" + "0123456789abcdef" * 2
    server.set_valves(kind, plugin_id, {
        "priority": 3, "token": SECRET, "max_tokens": 7, "table": {"api_key": SECRET, "open": "ü"}, "note": looks,
    })  # fmt: skip
    for more in ((), ("-v",)):
        ran = owup("pull", *more, "--valves", plugin_id, to=server)
        assert ran.status == 0 and SECRET not in ran.text and looks not in ran.text, ran
    folder = project.folder / f"plugins/{kind}s/{plugin_id}"
    assert plugins.files_below(folder) == {f"{plugin_id}.py", f"{plugin_id}.valves.json"}
    text = (folder / f"{plugin_id}.valves.json").read_text()
    assert SECRET not in text and looks not in text
    assert '"token": "********"' in text and '"max_tokens": 7' in text and '"open": "ü"' in text, text
    (told,) = pulled(owup, server, "--valves", plugin_id)
    assert told["valves_file"].endswith(f"{plugin_id}.valves.json")
    assert owup("deploy", "--json", plugin_id, to=server).plugin["result"] == "unchanged"
    assert server.valves(kind, plugin_id)["token"] == SECRET
    bare = remote(kind)
    pulled(owup, server, bare)
    assert plugins.files_below(project.folder / f"plugins/{kind}s/{bare}") == {f"{bare}.py"}


def test_what_is_not_there(server, owup, make):
    ran = owup("pull", make().id, to=server)
    assert ran.status == 1 and "is not on the server" in ran.text, ran
    (told,) = pulled(owup, server, "no_such_plugin", status=1)
    assert (told["result"], told["error"]["code"], told["file"]) == ("failed", "not_found", None)


def test_several_one_of_which_fails(server, owup, project, remote):
    one, two = remote(), remote("tool")
    told = pulled(owup, server, one, "no_such_plugin", two, status=1)
    assert [line["result"] for line in told] == ["created", "failed", "created"]
    ran = owup("pull", one, "no_such_plugin", two, to=server)
    assert "3 plugins: 2 unchanged, 1 failed" in ran.out, ran


def test_where_nothing_can_be_written(server, owup, project, remote):
    plugin_id = remote()
    (project.folder / "plugins/filters").write_text("a file")
    (told,) = pulled(owup, server, plugin_id, status=2)
    assert (told["result"], told["error"]["code"]) == ("failed", "local_state")
    assert plugins.files_below(project.folder) == {"plugins/filters"}


def test_two_files_with_one_id(server, owup, make, project):
    """Which is meant nobody can tell: neither is written."""
    plugin = edits.deployed(owup, server, make())
    twin = project.write("filter", plugin.id, path=f"plugins/other/{plugin.id}.py", text=plugin.text)
    edits.save(server, plugin, edits.theirs(plugin))
    before = plugin.text
    ran = owup("pull", "--all", "--json", to=server)
    told = [line for line in ran.json[:-1] if line["id"] == plugin.id]
    assert [line["result"] for line in told] == ["failed"] * len(told) and told, ran
    assert (plugin.text, twin.text) == (before, before)
    ran = owup("pull", plugin.id, to=server)
    assert ran.status == 5 and plugin.file in ran.out and "plugins/other" in ran.out, ran


def test_nothing_of_the_server_changes(server, owup, make):
    plugin = edits.deployed(owup, server, make())
    edits.save(server, plugin, edits.theirs(plugin))
    before = safety.bring_to_life(server, plugin)
    with FaultServer(server.url) as proxy:
        assert owup("pull", "--valves", plugin.id, to=server.through(proxy.url)).status == 0
        assert {r.method for r in proxy.seen()} == {"GET"}
    assert safety.state(server, plugin) == before


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
