# SPDX-License-Identifier: MIT
"""What somebody else changed on the server is never overwritten without a word."""

import hashlib
import re

import edits
import fault
import plugins
import pytest
import safety

COMMIT = "0123456789abcdef0123456789abcdef01234567"
# Black turns these into double quotes.
SINGLE = "\n\ndef note(self):\n    return 'single', 'quotes'\n"


def assert_conflict(owup, server, plugin, words, *options, **kwargs):
    """A deploy sends nothing and says why; the server keeps what it has."""
    before = safety.state(server, plugin)
    ran = owup("deploy", *options, plugin.file, to=server, **kwargs)
    assert ran.status == 1, ran
    assert words in ran.text and "Nothing was sent." in ran.text, ran
    told = owup("deploy", "--json", *options, plugin.file, to=server, **kwargs).plugin
    assert (told["result"], told["error"]["code"]) == ("conflict", "conflict")
    assert safety.state(server, plugin) == before
    return ran


@pytest.mark.every_server
@pytest.mark.parametrize("kind", ["filter", "tool"])
def test_the_stamp(server, owup, make, kind):
    plugin = make(kind, end="# from utils import x\n")
    env = {"CI": "true", "GITHUB_SHA": COMMIT}
    for version in ("1.0.0", "1.1.0"):
        edits.deploys(owup, server, plugin.change(version=version), env=env)
        held = server.plugin(kind, plugin.id)
        assert held["content"] == plugins.held(plugin.text)
        stamp = held["meta"].get("owup")
        if kind == "tool" and not server.keeps_tool_meta:
            assert stamp is None
            continue
        assert stamp.pop("by").startswith("owup ")
        assert stamp.pop("at")
        assert re.fullmatch("[0-9a-f]{16}", stamp.pop("write"))
        blob = b"blob %d\0" % len(plugin.text.encode()) + plugin.text.encode()
        assert stamp.pop("blob") == hashlib.sha1(blob).hexdigest()
        assert stamp == {
            "sha256": edits.digest_of(plugins.held(plugin.text)),
            "name": plugin.title,
            "description": "Does nothing",
            "version": version,
            "from": COMMIT,
        }


def test_the_stamp_names_the_commit_of_a_checkout(sandbox, owup, make, project):
    plugin = make()
    git = project.folder / ".git"
    (git / "refs/heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    (git / "refs/heads/main").write_text(COMMIT + "\n")
    edits.deploys(owup, sandbox, plugin)
    assert sandbox.function(plugin.id)["meta"]["owup"]["from"] == COMMIT


def test_the_stamp_of_a_watch(sandbox, owup, make):
    plugin = make(end="# from utils import x\n")
    edits.deploys(owup, sandbox, plugin)
    running = owup.start("watch", plugin.file, to=sandbox)
    running.wait_for("atching")
    plugin.change(version="1.1.0")
    running.wait_for("updated")
    running.interrupt()
    running.finish()
    held = sandbox.function(plugin.id)
    assert held["content"] == plugins.held(plugin.text)
    assert held["meta"]["owup"]["sha256"] == edits.digest_of(held["content"])


@pytest.mark.every_server
def test_no_stamp(server, owup, make):
    plugin = make()
    edits.deploys(owup, server, plugin)
    edits.deploys(owup, server, plugin.change(version="1.1.0"), "--no-stamp")
    assert "owup" not in server.function(plugin.id)["meta"]
    edits.deploys(owup, server, plugin.change(version="1.2.0"), "--no-stamp")
    edits.save(server, plugin, plugin.text + "# theirs\n")
    plugin.change(version="1.3.0")
    assert_conflict(owup, server, plugin, "was changed on the server since the last deploy", "--no-stamp")


@pytest.mark.every_server
@pytest.mark.parametrize("kind", ["filter", "tool"])
def test_an_edit_on_the_server(server, owup, make, kind):
    plugin = make(kind)
    edits.deploys(owup, server, plugin)
    theirs = plugin.text + "\n# theirs\n"
    edits.save(server, plugin, theirs)
    plugin.change(version="1.1.0")
    ran = assert_conflict(owup, server, plugin, f"'{plugin.title}' was changed on the server since the last deploy (1.0.0, 20")
    assert ran.out.startswith("❌ ") or "\n❌ " in ran.out, ran
    for step in (f"owup diff {plugin.id}", f"owup pull --force {plugin.id}", f"owup deploy --force {plugin.id}"):
        assert step in ran.out, ran
    assert ("by Ann Admin" in ran.out) == (server.is_real and server.has_history), ran
    assert_conflict(owup, server, plugin, "was changed", "--dry-run")
    edits.deploys(owup, server, plugin, "--force")
    assert server.plugin(kind, plugin.id)["content"] == plugin.text
    with safety.database(owup) as link:
        kept = [row[0] for row in link.execute("SELECT data FROM content")]
    assert theirs.encode() in kept
    edits.deploys(owup, server, plugin.change(version="1.2.0"))


def in_nanoseconds(answer):
    """The answer of a server that counts its time so."""
    body = re.sub(rb'((?:updated|created)_at": ?[0-9]+)', rb"\g<1>000000000", answer.body)
    return fault.Answer(answer.status, answer.headers, body)


def test_a_time_that_is_none(server, owup, make):
    """What no calendar has is left out."""
    plugin = make()
    edits.deploys(owup, server, plugin)
    edits.save(server, plugin, edits.theirs(plugin))
    plugin.change(version="1.1.0")
    with fault.FaultServer(server.url) as proxy:
        proxy.on("GET", "/functions/", fault.rewritten(in_nanoseconds))
        ran = owup("deploy", plugin.file, to=server.through(proxy.url))
    assert ran.status == 1 and "was changed on the server since the last deploy (1.0.0" in ran.text, ran
    assert "(null)" not in ran.text and "CRITICAL" not in ran.text, ran


@pytest.mark.every_server
def test_an_edit_that_lost_the_stamp(server, owup, make, tmp_path):
    """A script that replaces the meta: here the history knows, elsewhere it is a stranger's."""
    plugin = make()
    edits.deploys(owup, server, plugin)
    server.update("filter", plugin.id, plugin.text + "\n# theirs\n", name=plugin.title)
    plugin.change(version="1.1.0")
    assert_conflict(owup, server, plugin, "was changed on the server since the last deploy")
    ran = edits.deploys(owup, server, plugin, env=edits.stranger(tmp_path))
    assert f"⚠️ '{plugin.title}' was already on the server and differed" in ran.err, ran


def test_the_same_edit_on_both_sides_is_no_question(server, owup, make):
    plugin = make()
    edits.deploys(owup, server, plugin)
    plugin.change(version="1.1.0")
    edits.save(server, plugin, plugin.text)
    ran = owup("deploy", "--json", plugin.file, to=server)
    assert (ran.status, ran.plugin["result"]) == (0, "unchanged"), ran


@pytest.mark.every_server
def test_two_machines_take_turns(server, owup, make, tmp_path):
    plugin = make()
    env = edits.stranger(tmp_path)
    edits.deploys(owup, server, plugin)
    for version, where in (("1.1.0", env), ("1.2.0", {}), ("1.3.0", env)):
        # Whoever has the other's text goes on with it, also without git.
        ran = owup("deploy", "--json", plugin.file, to=server, env=where)
        assert ran.plugin["result"] == "unchanged", ran
        ran = edits.deploys(owup, server, plugin.change(version=version), env=where)
        assert "⚠️" not in ran.text and "from elsewhere" not in ran.text, ran
    plugin.change(version="1.4.0")
    assert_conflict(owup, server, plugin, "was deployed from elsewhere since (1.3.0, ")
    plugin.change(version="1.3.0")
    assert owup("deploy", "--json", plugin.file, to=server).plugin["result"] == "unchanged"
    edits.save(server, plugin, plugin.text + "# theirs\n")
    assert_conflict(owup, server, plugin.change(version="1.4.0"), "was changed on the server")


@pytest.mark.until("0.11")
def test_a_tool_without_a_stamp(server, owup, make, tmp_path):
    """Before 0.12 a tool's stamp is lost: the local history decides, and a new machine adopts."""
    plugin = make("tool")
    edits.deploys(owup, server, plugin)
    ran = edits.deploys(owup, server, plugin.change(version="1.1.0"), env=edits.stranger(tmp_path))
    assert "was already on the server and differed; the old text is kept" in ran.err, ran
    assert_conflict(owup, server, plugin.change(version="1.2.0"), "was changed on the server")


@pytest.mark.since("0.12")
@pytest.mark.parametrize("kind", ["filter", "tool"])
def test_set_back_by_the_servers_own_history(server, owup, make, kind):
    plugin = make(kind)
    edits.deploys(owup, server, plugin)
    first = server.plugin(kind, plugin.id)["version_id"]
    with safety.database(owup) as link:
        # As if the first deploy were a minute old: stamps count seconds.
        link.execute("UPDATE version SET at = at + 60")
    edits.deploys(owup, server, plugin.change(version="1.1.0"))
    with safety.database(owup) as link:
        link.execute("UPDATE version SET at = at + 60")
    server.ask("POST", server.path(kind, plugin.id, "/update/version"), {"version_id": first})
    assert_conflict(owup, server, plugin, "was set back on the server to an older version")
    edits.deploys(owup, server, plugin, "--force")
    assert server.plugin(kind, plugin.id)["content"] == plugin.text


@pytest.mark.every_server
@pytest.mark.needs_python
@pytest.mark.parametrize("kind", ["filter", "tool"])
def test_the_web_editors_save_is_no_conflict(server, owup, make, kind):
    plugin = make(kind, end=SINGLE)
    edits.deploys(owup, server, plugin)
    formatted = server.ask("POST", "/api/v1/utils/code/format", {"code": plugin.text})["code"]
    assert formatted != plugin.text
    edits.save(server, plugin, formatted)
    plugin.change(version="1.1.0")
    ran = edits.deploys(owup, server, plugin, python=False)
    assert f"'{plugin.title}' was re-formatted by the web editor" in ran.err, ran
    assert server.plugin(kind, plugin.id)["content"] == plugin.text
    edits.save(server, plugin, formatted + "# theirs\n")
    assert_conflict(owup, server, plugin.change(version="1.2.0"), "was changed on the server")


def test_another_layout_is_no_conflict_but_comments_are(server, owup, make):
    """Another Black than the server's: python3 tells that it is the same program."""
    plugin = make(end=SINGLE + "# ours\n")
    edits.deploys(owup, server, plugin)
    text = plugin.text
    edits.save(server, plugin, text.replace("'single', 'quotes'", '("single",\n            "quotes")'))
    ran = edits.deploys(owup, server, plugin.change(version="1.1.0"))
    assert "was re-formatted" in ran.err, ran
    edits.save(server, plugin, plugin.text.replace("# ours", "# theirs"))
    assert_conflict(owup, server, plugin.change(version="1.2.0"), "was changed on the server")


@pytest.mark.since("0.12")
@pytest.mark.needs_python
def test_re_formatted_after_a_deploy_from_another_machine(server, owup, make, tmp_path):
    """The text that was sent comes from the server's own history."""
    plugin = make(end=SINGLE)
    edits.deploys(owup, server, plugin, env=edits.stranger(tmp_path))
    edits.save(server, plugin, server.ask("POST", "/api/v1/utils/code/format", {"code": plugin.text})["code"])
    ran = edits.deploys(owup, server, plugin.change(version="1.1.0"))
    assert "was re-formatted" in ran.err, ran


@pytest.mark.every_server
@pytest.mark.parametrize("kind", ["filter", "tool"])
def test_a_name_given_on_the_server_stays(server, owup, make, kind):
    plugin = make(kind)
    edits.deploys(owup, server, plugin)
    edits.save(server, plugin, name="压缩 " + plugin.id)
    for version in ("1.1.0", "1.2.0"):
        ran = edits.deploys(owup, server, plugin.change(version=version))
        assert f"   Name on the server kept: '压缩 {plugin.id}'" in ran.err.splitlines(), ran
        held = server.plugin(kind, plugin.id)
        assert (held["name"], held["content"]) == ("压缩 " + plugin.id, plugin.text)
    assert owup("deploy", "--json", plugin.file, to=server).plugin["result"] == "unchanged"
    plugin.change(title="Title of my own " + plugin.id)
    assert_conflict(owup, server, plugin, "changed its name or description both here and on the server")
    edits.deploys(owup, server, plugin, "--force")
    assert server.plugin(kind, plugin.id)["name"] == plugin.title


@pytest.mark.every_server
@pytest.mark.parametrize("kind", ["filter", "tool"])
def test_a_title_changed_in_the_file_is_sent(server, owup, make, kind):
    plugin = make(kind)
    edits.deploys(owup, server, plugin)
    edits.deploys(owup, server, plugin.change(title="Another title of " + plugin.id))
    assert server.plugin(kind, plugin.id)["name"] == plugin.title
    edits.save(server, plugin, name="Agreed " + plugin.id)
    edits.deploys(owup, server, plugin.change(title="Agreed " + plugin.id, version="1.1.0"))
    assert server.plugin(kind, plugin.id)["name"] == "Agreed " + plugin.id


def test_a_description_is_merged_by_itself(server, owup, make):
    plugin = make()
    edits.deploys(owup, server, plugin)
    meta = server.function(plugin.id)["meta"]
    edits.save(server, plugin, meta={**meta, "description": "theirs"})
    ran = edits.deploys(owup, server, plugin.change(title="New title of " + plugin.id))
    assert "   Description on the server kept: 'theirs'" in ran.err.splitlines(), ran
    held = server.function(plugin.id)
    assert (held["name"], held["meta"]["description"]) == (plugin.title, "theirs")
    plugin.change(description="ours")
    assert_conflict(owup, server, plugin, "changed its name or description both here and on the server")


def test_going_back(server, owup, make):
    plugin = make(version="1.5.0")
    edits.deploys(owup, server, plugin)
    plugin.change(version="1.4.0")
    ran = owup("deploy", "--no-downgrade", plugin.file, to=server)
    assert ran.status == 5 and "1.5.0" in ran.text and "1.4.0" in ran.text, ran
    assert "version: 1.5.0" in server.function(plugin.id)["content"]
    assert "⚠️ Going back from 1.5.0 to 1.4.0." in edits.deploys(owup, server, plugin).err.splitlines()
    assert server.function(plugin.id)["content"] == plugin.text
    assert "Going back" not in edits.deploys(owup, server, plugin.change(version="1.10.0"), "--no-downgrade").text


@pytest.mark.every_server
@pytest.mark.parametrize("kind", ["filter", "tool"])
def test_what_was_carried_over_by_hand_is_agreed_upon(server, owup, make, kind):
    """Once file and server hold the same, the next change of the file is no conflict."""
    plugin = make(kind)
    edits.deploys(owup, server, plugin)
    theirs = plugin.text + "\n\nextra = 1\n"
    edits.save(server, plugin, theirs)
    plugin.change(text=theirs)
    assert owup("deploy", "--json", plugin.file, to=server).plugin["result"] == "unchanged"
    edits.deploys(owup, server, plugin.change(text=theirs + "extra = 2\n"))
    assert server.plugin(kind, plugin.id)["content"] == theirs + "extra = 2\n"
