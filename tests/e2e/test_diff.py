# SPDX-License-Identifier: MIT
"""owup diff: what differs between the server and the file."""

import shutil
import stat
import subprocess

import edits
import plugins
import pytest
from fault import FaultServer, reply

KEYS = [
    "type", "schema", "id", "kind", "title", "file", "server", "server_name", "version", "server_version", "enabled",
    "global", "state", "changed", "unbumped", "sha256", "server_sha256", "error", "diff",
]  # fmt: skip


def differing(owup, server, make, kind="filter", **options):
    """A deployed plugin whose file was changed since."""
    plugin = edits.deployed(owup, server, make(kind, **options))
    return plugin.change(version="1.1.0")


def hunks(text):
    """The lines of the diff itself that are - or +."""
    body = text[text.index("\n@@ ") :]
    return [line for line in body.splitlines() if line[:1] in ("-", "+")]


def patched(tmp_path, old, diff):
    """`old` after the real patch(1)."""
    patch = shutil.which("patch")
    git = shutil.which("git")
    (tmp_path / "old").write_bytes(old)
    (tmp_path / "diff").write_bytes(diff)
    if patch:
        command = [patch, "--binary", "-s", "old", "diff"]
    elif git:
        text = diff.decode().split("\n", 2)
        (tmp_path / "diff").write_bytes("\n".join(["--- a/old", "+++ b/old", text[2]]).encode())
        command = [git, "apply", "--whitespace=nowarn", "diff"]
    else:
        pytest.skip("neither patch nor git")
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    return (tmp_path / "old").read_bytes()


@pytest.mark.parametrize("kind", edits.KINDS)
def test_what_differs(server, owup, make, kind):
    plugin = differing(owup, server, make, kind)
    ran = owup("diff", plugin.id, to=server)
    assert (ran.status, ran.err) == (1, ""), ran
    assert ran.out.splitlines()[:4] == [
        f"diff {plugin.id} ({kind} '{plugin.title}', changed here)",
        "version '1.0.0' -> '1.1.0'",
        f"--- a/{plugin.file}\t(on the server)",
        f"+++ b/{plugin.file}\t(here)",
    ], ran
    assert hunks(ran.out) == ["-version: 1.0.0", "+version: 1.1.0"]
    assert "\x1b" not in ran.out


@pytest.mark.parametrize("kind", edits.KINDS)
def test_nothing_differs(server, owup, make, kind):
    """Nor does what the server rewrites by itself."""
    plugin = edits.deployed(
        owup, server, make(kind, top="from utils.misc import x  # from main\n" if not server.is_real else "")
    )
    ran = owup("diff", plugin.id, to=server)
    assert (ran.status, ran.out) == (0, "") and "is the same" in ran.err, ran
    assert owup("diff", "-q", plugin.id, to=server).text == ""


def test_after_import_rewriting(server, owup, make):
    """Only what was really changed is shown, in the server's spelling."""
    plugin = edits.deployed(owup, server, make(end="# from utils import a\n# from config import b\n"))
    assert edits.content(server, plugin) != plugin.text
    plugin.change(end="# from utils import a\n# from config import c\n")
    ran = owup("diff", plugin.id, to=server)
    assert hunks(ran.out) == ["-# from open_webui.config import b", "+# from open_webui.config import c"], ran


@pytest.mark.parametrize(
    "old, new", [("\n", ""), ("", "\n"), ("", "\n# more"), ("\n# a\r\n", "\n# b\r\n"), ("\n# Ж精🚀\n", "\n# Ü\n")]
)
def test_a_diff_that_patch_takes(server, owup, make, tmp_path, old, new):
    """No newline at the end, CRLF, beyond ASCII: the server's text and the diff make the file's."""
    plugin = make()
    base = plugin.text.rstrip("\n")
    edits.deployed(owup, server, plugin.change(text=base + old))
    plugin.change(text=base + new)
    ran = owup("diff", plugin.id, to=server)
    assert ran.status == 1, ran
    diff = ran.out[ran.out.index("--- a/") :]
    assert ("\\ No newline at end of file" in diff) == (not (old.endswith("\n") and new.endswith("\n")))
    held = edits.content(server, plugin)
    assert patched(tmp_path, held.encode(), diff.encode()) == plugin.text.encode()


def test_only_here_and_only_there(server, owup, make):
    plugin = make()
    ran = owup("diff", plugin.id, to=server)
    assert ran.status == 1 and "only here" in ran.out and "--- /dev/null\n" in ran.out, ran
    assert hunks(ran.out) == ["+" + line for line in plugin.text.split("\n")[:-1]]
    edits.deployed(owup, server, plugin)
    plugin.path.unlink()
    ran = owup("diff", plugin.id, to=server)
    assert ran.status == 1 and f"owup pull {plugin.id}" in ran.out and "only on server" in ran.out, ran


@pytest.mark.parametrize("kind", edits.KINDS)
def test_name_and_description(server, owup, make, kind):
    """The code is the same, the words are not."""
    plugin = edits.deployed(owup, server, make(kind))
    edits.save(server, plugin, name="Chosen by an admin")
    edits.describe(server, plugin, "Written by an admin")
    ran = owup("diff", plugin.id, to=server)
    assert ran.status == 1 and "@@" not in ran.out, ran
    assert f"name 'Chosen by an admin' -> '{plugin.title}'" in ran.out, ran
    assert "description 'Written by an admin' -> 'Does nothing'" in ran.out, ran
    assert "changed on server (name, description)" in ran.out


def test_edited_on_the_server(server, owup, make):
    plugin = edits.deployed(owup, server, make())
    edits.save(server, plugin, edits.theirs(plugin))
    ran = owup("diff", plugin.id, to=server)
    assert ran.status == 1 and hunks(ran.out) == ["-# theirs"] and "changed on server" in ran.out, ran
    plugin.change(end="# mine\n")
    ran = owup("diff", plugin.id, to=server)
    assert set(hunks(ran.out)) == {"-# theirs", "+# mine"} and "both changed" in ran.out, ran


@pytest.mark.every_server
def test_several_and_all(server, owup, make):
    """One after the other, in the order asked for; with --all all that is here, in two requests."""
    one, two, three = differing(owup, server, make), edits.deployed(owup, server, make()), make("tool")
    ran = owup("diff", three.id, two.id, one.id, to=server)
    heads = [line.split()[1] for line in ran.out.splitlines() if line.startswith("diff ")]
    assert ran.status == 1 and heads == [three.id, one.id], ran
    assert "3 plugins: 1 same, 1 changed here, 1 only here" in ran.err, ran
    with FaultServer(server.url) as proxy:
        ran = owup("diff", "--all", to=server.through(proxy.url))
        heads = {line.split()[1] for line in ran.out.splitlines() if line.startswith("diff ")}
        assert ran.status == 1 and heads == {one.id, three.id}, ran
        assert proxy.count() == 2
    three.path.unlink()
    one.change(version="1.0.0")
    assert owup("diff", "--all", to=server).status == 0
    assert owup("diff", "--all", "--type", "tool", to=server).status == 2, "there is none"


def test_without_a_word(server, owup, make):
    """The only plugin of the current folder."""
    plugin = differing(owup, server, make)
    ran = owup("diff", to=server, cwd=plugin.path.parent)
    assert ran.status == 1 and hunks(ran.out) == ["-version: 1.0.0", "+version: 1.1.0"], ran
    assert owup("diff", to=server, cwd=owup.home).status == 2


def test_stat(server, owup, make):
    one, two = differing(owup, server, make), edits.deployed(owup, server, make())
    one.change(end="# a\n# b\n")
    ran = owup("diff", "--stat", one.id, two.id, to=server)
    assert (ran.status, ran.out) == (1, f"{one.id} | +3 -1  changed here\n"), ran
    told = owup("diff", "--stat", "--json", one.id, to=server)
    assert told.status == 1 and told.json[0]["state"] == "changed here", told


def test_json(server, owup, make):
    plugin, same = differing(owup, server, make), edits.deployed(owup, server, make("tool"))
    ran = owup("diff", "--json", plugin.id, same.id, to=server)
    one, two, summary = ran.json
    assert ran.status == 1 and list(one) == KEYS and list(two) == KEYS, ran
    assert (one["type"], one["id"], one["state"], one["changed"]) == ("diff", plugin.id, "changed here", ["content"])
    assert (one["sha256"], one["server_sha256"]) == (
        edits.digest_of(plugin.text),
        edits.digest_of(edits.content(server, plugin)),
    )
    assert hunks(one["diff"]) == ["-version: 1.0.0", "+version: 1.1.0"]
    assert (two["state"], two["diff"], two["sha256"]) == ("same", "", two["server_sha256"])
    assert [summary[key] for key in ("type", "total", "failed", "exit")] == ["summary", 2, 0, 1]
    failed = owup("diff", "--json", "no_such_plugin", plugin.id, to=server)
    assert failed.status == 2 and failed.json[0]["type"] == "diff", failed
    assert (failed.json[0]["id"], failed.json[0]["error"]["code"]) == ("no_such_plugin", "not_found")
    assert failed.json[1]["state"] == "changed here" and failed.summary["failed"] == 1


def test_exit_status(server, owup, make):
    """0 nothing, 1 something, 2 a failure; a failure counts for more."""
    plugin, same = differing(owup, server, make), edits.deployed(owup, server, make())
    assert owup("diff", same.id, to=server).status == 0
    assert owup("diff", same.id, plugin.id, to=server).status == 1
    ran = owup("diff", plugin.id, "no_such_plugin", to=server)
    assert ran.status == 2 and "+version: 1.1.0" in ran.out, ran
    assert owup("diff", plugin.id, to=server, env={"OPENWEBUI_API_KEY": "sk-" + "0" * 32}).status == 3
    assert owup("diff", plugin.id, env={"OPENWEBUI_URL": "http://127.0.0.1:9", "OPENWEBUI_API_KEY": "sk-x"}).status == 4
    with FaultServer(server.url) as proxy:
        proxy.on("GET", "/functions/", reply(500, "Internal Server Error", "text/plain"))
        for words in (("diff", plugin.id), ("diff", "--all")):
            ran = owup(*words, to=server.through(proxy.url))
            assert ran.status in (2, 4) and "@@" not in ran.out, ran


def test_the_pager(sandbox, owup, make):
    """On a terminal alone; coloured; what cannot be run is passed over."""
    plugin = differing(owup, sandbox, make)
    paged = {"PAGER": "/bin/sed s/^/PAGED:/"}
    status, seen = owup.on_terminal("diff", plugin.id, to=sandbox, env=paged)
    assert status == 1 and "PAGED:\x1b[32m+version: 1.1.0\x1b[0m" in seen, seen
    assert "\x1b[31m-version: 1.0.0\x1b[0m" in seen and "\x1b[36m@@" in seen, seen
    status, seen = owup.on_terminal("diff", plugin.id, to=sandbox, env={**paged, "NO_COLOR": "1"})
    assert status == 1 and "PAGED:+version: 1.1.0\n" in seen and "\x1b[" not in seen[seen.index("diff ") :], seen
    for none in ("", "cat", "/no/such/pager"):
        status, seen = owup.on_terminal("diff", plugin.id, to=sandbox, env={"PAGER": none})
        assert status == 1 and "\x1b[32m+version: 1.1.0" in seen, (none, seen)
    ran = owup("diff", plugin.id, to=sandbox, env=paged)
    assert ran.status == 1 and "PAGED" not in ran.out and "\x1b" not in ran.out, ran
    assert "PAGED" not in owup("diff", "--json", plugin.id, to=sandbox, env=paged).out


def test_a_pager_that_ends_early(sandbox, owup, make):
    """More than a pipe holds; the exit status is still the diff's."""
    plugin = edits.deployed(owup, sandbox, make())
    plugin.change(end="".join(f"# line {n}\n" for n in range(40000)))
    status, seen = owup.on_terminal("diff", plugin.id, to=sandbox, env={"PAGER": "/usr/bin/head -n 3"})
    assert status == 1 and len(seen) < 5000, (status, seen[:500])


def outer(owup, body):
    """An executable for OWUP_DIFF; what it printed goes to standard output."""
    script = owup.home / "my diff"
    script.write_text("#!/bin/sh\n" + body)
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return {"OWUP_DIFF": f"'{script}'", "PATH": "/usr/bin:/bin"}


@pytest.mark.parametrize("kind", edits.KINDS)
def test_a_program_of_the_users_own(server, owup, make, kind):
    """OWUP_DIFF gets the server's text and the file's, byte for byte; nothing stays behind."""
    plugin = differing(owup, server, make, kind)
    env = outer(owup, 'cp "$1" "$HOME/one"; cp "$2" "$HOME/two"; echo "ran $# $1 $2"\n')
    before = edits.content(server, plugin)
    ran = owup("diff", plugin.id, to=server, env={**env, "TMPDIR": owup.home})
    assert ran.status == 1 and "ran 2 " in ran.out, ran
    assert (owup.home / "one").read_bytes() == before.encode()
    assert (owup.home / "two").read_bytes() == plugin.path.read_bytes()
    assert not list(owup.home.glob("owup-diff-*"))
    edits.deployed(owup, server, plugin)
    ran = owup("diff", plugin.id, to=server, env=env)
    assert ran.status == 0 and "ran" not in ran.out, ran


def test_the_file_itself_may_be_edited_there(sandbox, owup, make):
    """What the outer program changes in the file (as meld and vimdiff do) is changed."""
    plugin = differing(owup, sandbox, make)
    ran = owup("diff", plugin.id, to=sandbox, env=outer(owup, 'cp "$1" "$2"; exit 1\n'))
    assert ran.status == 1, ran
    assert plugin.text == edits.content(sandbox, plugin)
    plugin.change(end="# from utils import x\n")
    ran = owup("diff", plugin.id, to=sandbox, env=outer(owup, 'cp "$2" "$HOME/two"\n'))
    assert (owup.home / "two").read_text() == plugins.held(plugin.text), "as the server would hold it"


def test_an_outer_program_that_is_none(sandbox, owup, make):
    plugin = differing(owup, sandbox, make)
    ran = owup("diff", plugin.id, to=sandbox, env={"OWUP_DIFF": "/no/such/program"})
    assert ran.status == 2 and "OWUP_DIFF cannot be run: /no/such/program" in ran.text, ran
    ran = owup("diff", plugin.id, to=sandbox, env={"OWUP_DIFF": ""})
    assert ran.status == 1 and "+version: 1.1.0" in ran.out, ran
    ran = owup("diff", "--json", plugin.id, to=sandbox, env={"OWUP_DIFF": "/no/such/program"})
    assert ran.status == 1 and ran.json[0]["diff"], ran


def test_control_characters_in_the_text(server, owup, make):
    """Never raw on a terminal; byte for byte in a pipe, so that patch takes it."""
    plugin = edits.deployed(owup, server, make())
    edits.save(server, plugin, plugin.text + "# \x1b[31mred\x07 \u202e\n")
    status, seen = owup.on_terminal("diff", plugin.id, to=server, env={"PAGER": "", "NO_COLOR": "1"})
    assert status == 1 and "\x1b[31m" not in seen and "\x07" not in seen and "\u202e" not in seen, seen
    assert "-# \x1b[31mred\x07 \u202e" in owup("diff", plugin.id, to=server).out


def test_by_title_and_of_another_kind(server, owup, make, fresh):
    """A function and a tool may share an id; the word says which."""
    shared = fresh("shared")
    one = differing(owup, server, make, id=shared)
    tool = make("tool", id=shared)
    edits.deployed(owup, server, tool)
    assert owup("diff", shared, to=server).status == 2
    assert owup("diff", f"tool/{shared}", to=server).status == 0
    ran = owup("diff", f"filter/{shared}", to=server)
    assert ran.status == 1 and "+version: 1.1.0" in ran.out, ran
    one.path.unlink()
    tool.path.unlink()
    ran = owup("diff", shared, to=server)
    assert ran.status == 2 and f"filter/{shared}" in ran.text and f"tool/{shared}" in ran.text, ran
