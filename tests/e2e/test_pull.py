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
    "type", "id", "kind", "title", "version", "server_version", "server", "file", "server_file", "base_file",
    "local_file", "valves_file", "sha256", "result", "error", "dry_run",
]  # fmt: skip
SECRET = "hush-hush-very-secret"


@pytest.fixture
def remote(server, fresh, request):
    """A plugin that only the server has: remote("tool") -> its id."""

    def make(kind="filter", text=None, **options):
        plugin_id = options.pop("id", None) or fresh(f"theirs_{kind}")
        request.addfinalizer(lambda: server.delete(kind, plugin_id))
        server.create(kind, plugin_id, text or plugins.source(kind, **options), name=f"Title of {plugin_id}")
        return plugin_id

    return make


def pulled(owup, server, *words, status=0, **options):
    """`owup pull --json`; its objects without the summary."""
    ran = owup("pull", "--json", *words, to=server, **options)
    assert ran.status == status, ran
    assert all(line["type"] == "pull" and list(line) == KEYS for line in ran.json[:-1]), ran
    assert ran.summary["exit"] == status
    return ran.json[:-1]


def files(folder):
    """Every file below, as paths."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() or path.is_symlink()}


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
    assert files(owup.cwd / "plugins") == {"odd/any_name.py"}
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
    assert files(out) == {f"plugins/filters/{plugin.id}/{plugin.id}.py", f"plugins/tools/{new}/{new}.py"}
    assert (out / f"plugins/filters/{plugin.id}/{plugin.id}.py").read_text() == edits.content(server, plugin)
    assert plugin.text == mine and not (owup.cwd / f"plugins/tools/{new}").exists()
    plugin.change(version="1.1.0")
    assert owup("deploy", plugin.file, to=server).status == 1, "theirs was not taken into the project"
    assert owup("pull", "--all", "-o", out, to=server).status == 0
    (out / f"plugins/tools/{new}/{new}.py").write_text("# mine now\n" + server.tool(new)["content"])
    assert pulled(owup, server, new, "-o", out, status=1)[0]["result"] == "conflict"


def test_dry_run_writes_nothing(server, owup, make, project, remote):
    new, plugin = remote(), edits.conflicting(owup, server, make)
    before = files(project.folder)
    ran = owup("pull", "-n", "--valves", new, plugin.id, to=server)
    assert ran.status == 1 and "Would pull" in ran.out and "would be written" in ran.out, ran
    assert files(project.folder) == before
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
    assert files(folder) == {f"{plugin_id}.py", f"{plugin_id}.valves.json"}
    text = (folder / f"{plugin_id}.valves.json").read_text()
    assert SECRET not in text and looks not in text
    assert '"token": "********"' in text and '"max_tokens": 7' in text and '"open": "ü"' in text, text
    (told,) = pulled(owup, server, "--valves", plugin_id)
    assert told["valves_file"].endswith(f"{plugin_id}.valves.json")
    assert owup("deploy", "--json", plugin_id, to=server).plugin["result"] == "unchanged"
    assert server.valves(kind, plugin_id)["token"] == SECRET
    bare = remote(kind)
    pulled(owup, server, bare)
    assert files(project.folder / f"plugins/{kind}s/{bare}") == {f"{bare}.py"}


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
    outside = files(tmp_path)
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
        made = {path for path in files(tmp_path) - outside if ".local" not in path and ".cache" not in path}
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
    assert not list(owup.home.parent.rglob("*wild*")) and not files(project.folder)


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
    assert files(target) == {"victim"}
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
    assert files(project.folder) == {"plugins/filters"}


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
    assert owup("pull", plugin.id, to=server).status == 2


def test_nothing_of_the_server_changes(server, owup, make):
    plugin = edits.deployed(owup, server, make())
    edits.save(server, plugin, edits.theirs(plugin))
    before = safety.bring_to_life(server, plugin)
    with FaultServer(server.url) as proxy:
        assert owup("pull", "--valves", plugin.id, to=server.through(proxy.url)).status == 0
        assert {r.method for r in proxy.seen()} == {"GET"}
    assert safety.state(server, plugin) == before
