# SPDX-License-Identifier: MIT
"""Deploys that succeed: what is said, and what the server then holds."""

import json

import plugins
import pytest
from fault import FaultServer, reply


def missing_status(kind):
    """What the servers answer to an update of something that is not there."""
    return 401 if kind == "tool" else 400


@pytest.mark.every_server
@pytest.mark.parametrize("kind", ["filter", "pipe", "action", "tool"])
def test_first_deploy(server, owup, make, kind):
    plugin = make(kind)
    ran = owup("deploy", plugin.file, to=server)
    assert ran.status == 0, ran
    lines = ran.out.splitlines()
    assert lines[:2] == [
        f"📦 Deploying {kind} '{plugin.title}' (version 1.0.0)...",
        f"   File: {plugin.file}",
    ]
    warning = f"⚠️ Update failed with status {missing_status(kind)}, attempting to create instead..."
    success = f"✅ Successfully created '{plugin.title}' {kind}!"
    assert warning in ran.text.splitlines(), ran
    assert success in lines, ran
    held = server.plugin(kind, plugin.id)
    assert held["content"] == plugin.text
    assert held["name"] == plugin.title
    assert held["meta"]["description"] == "Does nothing"
    manifest = held["meta"]["manifest"]
    assert manifest["version"] == "1.0.0"
    assert manifest["title"] == plugin.title
    assert manifest["author"] == "Ann"
    assert manifest["author_url"] == "https://example.com/ann"
    if kind != "tool":
        assert held["type"] == kind
        assert (held["is_active"], held["is_global"]) == (False, False)


@pytest.mark.since("0.10")
def test_first_deploy_of_an_event(server, owup, make):
    plugin = make("event")
    ran = owup("deploy", plugin.file, to=server)
    assert ran.status == 0, ran
    assert f"📦 Deploying event '{plugin.title}' (version 1.0.0)..." in ran.out
    assert f"✅ Successfully created '{plugin.title}' event!" in ran.out
    held = server.function(plugin.id)
    assert (held["type"], held["content"]) == ("event", plugin.text)


@pytest.mark.until("0.9")
def test_event_is_refused_by_servers_without_events(server, owup, make):
    plugin = make("event")
    ran = owup("deploy", plugin.file, to=server)
    assert ran.status == 1, ran
    assert "No Function class found in the module" in ran.text
    assert "need Open WebUI 0.10" in ran.text
    assert server.function(plugin.id) is None


def test_says_what_is_true_after_a_create(server, owup, make):
    """New functions are off, a filter then wants a model, a tool is private."""
    ran = owup("deploy", make("filter").file, to=server)
    assert "disabled" in ran.text or "enable" in ran.text.lower(), ran
    assert "global" in ran.text, ran
    ran = owup("deploy", make("pipe").file, to=server)
    assert "disabled" in ran.text or "enable" in ran.text.lower(), ran
    assert "global" not in ran.text, ran
    ran = owup("deploy", make("tool").file, to=server)
    assert "private" in ran.text, ran
    assert "401" in ran.text and "key" in ran.text, ran


@pytest.mark.every_server
@pytest.mark.parametrize("kind", ["filter", "pipe", "action", "tool"])
def test_redeploy_of_a_new_version(server, owup, make, kind):
    plugin = make(kind, version="1.3.0")
    assert owup("deploy", plugin.file, to=server).status == 0
    plugin.change(version="1.3.1", description="Does more", end="# changed\n")
    ran = owup("deploy", plugin.file, to=server)
    assert ran.status == 0, ran
    assert ran.out.splitlines() == [
        f"📦 Deploying {kind} '{plugin.title}' (version 1.3.1)...",
        f"   File: {plugin.file}",
        f"✅ Successfully updated '{plugin.title}' {kind}!",
    ]
    held = server.plugin(kind, plugin.id)
    assert held["content"] == plugin.text
    assert held["meta"]["manifest"]["version"] == "1.3.1"
    assert held["meta"]["description"] == "Does more"


@pytest.mark.every_server
@pytest.mark.parametrize("kind", ["filter", "pipe", "action", "tool"])
def test_unchanged_sends_nothing(server, owup, make, kind):
    plugin = make(kind, version="2.0.1")
    assert owup("deploy", plugin.file, to=server).status == 0
    before = server.plugin(kind, plugin.id)
    with FaultServer(server.url) as proxy:
        ran = owup("deploy", plugin.file, to=server.through(proxy.url))
        assert proxy.count("POST") == 0
        assert proxy.count("GET", f"/id/{plugin.id}$") == 1
    assert ran.status == 0, ran
    assert f"✅ '{plugin.title}' is up to date (version 2.0.1)." in ran.out.splitlines(), ran
    assert server.plugin(kind, plugin.id) == before


def test_resend_sends_the_same_again(server, owup, make):
    plugin = make()
    owup("deploy", plugin.file, to=server)
    with FaultServer(server.url) as proxy:
        ran = owup("deploy", "--resend", plugin.file, to=server.through(proxy.url))
        assert proxy.count("POST", f"/id/{plugin.id}/update$") == 1
    assert ran.status == 0, ran
    assert f"✅ Successfully updated '{plugin.title}' filter!" in ran.out


def test_a_name_given_on_the_server_stays(server, owup, make):
    """Changed there and not in the file: the server's name and description win, and are named."""
    plugin = make()
    assert owup("deploy", plugin.file, to=server).status == 0
    meta = {**server.function(plugin.id)["meta"], "description": "Written by hand"}
    server.update("filter", plugin.id, plugin.text, name="By hand", meta=meta)
    assert owup("deploy", "--json", plugin.file, to=server).plugin["result"] == "unchanged"
    plugin.change(version="1.1.0")
    ran = owup("deploy", plugin.file, to=server)
    assert ran.status == 0, ran
    assert "Name on the server kept: 'By hand'" in ran.text, ran
    held = server.function(plugin.id)
    assert held["content"] == plugin.text
    assert (held["name"], held["meta"]["description"]) == ("By hand", "Written by hand")


def test_json(server, owup, make):
    plugin = make(version="1.0.1")
    ran = owup("deploy", "--json", plugin.file, to=server)
    assert ran.status == 0, ran
    told = ran.plugin
    assert told["id"] == plugin.id
    assert told["kind"] == "filter"
    assert told["title"] == plugin.title
    assert told["version"] == "1.0.1"
    assert told["file"] == plugin.file
    assert told["server"] == server.url
    assert told["result"] == "created"
    assert told["http_status"] == 200
    assert not told.get("error")
    assert told["diagnostics"] == []
    assert told["dry_run"] is False
    assert len(told["sha256"]) == 64
    assert isinstance(told["ms"], (int, float))
    summary = ran.summary
    assert (summary["total"], summary["ok"], summary["failed"], summary["exit"]) == (1, 1, 0, 0)
    plugin.change(version="1.0.2")
    told = owup("deploy", "--json", plugin.file, to=server).plugin
    assert (told["result"], told["version"], told["server_version"]) == ("updated", "1.0.2", "1.0.1")
    told = owup("deploy", "--json", plugin.file, to=server).plugin
    assert (told["result"], told["server_version"]) == ("unchanged", "1.0.2")


def test_requirements_are_announced(server, owup, make):
    plugin = make(header="requirements: wheel\n")
    ran = owup("deploy", plugin.file, to=server)
    assert ran.status == 0, ran
    assert "install" in ran.text and "wheel" in ran.text, ran
    assert ran.text.count("requirements now") == 1, ran
    assert server.function(plugin.id)["content"] == plugin.text


@pytest.mark.parametrize("kind", ["filter", "tool"])
def test_dry_run(server, owup, make, kind):
    plugin = make(kind, version="1.3.0")
    with FaultServer(server.url) as proxy:
        to = server.through(proxy.url)
        ran = owup("deploy", "--dry-run", plugin.file, to=to)
        assert ran.status == 0, ran
        assert f"Would create {kind} '{plugin.title}' (1.3.0)" in ran.out, ran
        assert server.plugin(kind, plugin.id) is None
        server.create(kind, plugin.id, plugin.text, name=plugin.title)
        before = server.plugin(kind, plugin.id)
        plugin.change(version="1.3.1")
        ran = owup("deploy", "-n", plugin.file, to=to)
        assert f"Would update {kind} '{plugin.title}' (1.3.0 -> 1.3.1)" in ran.out, ran
        told = owup("deploy", "-n", "--json", plugin.file, to=to).plugin
        assert (told["result"], told["dry_run"]) == ("updated", True)
        assert proxy.count("POST") == 0
    assert server.plugin(kind, plugin.id) == before


@pytest.mark.every_server
@pytest.mark.parametrize("kind", ["filter", "tool"])
def test_update_only(server, owup, make, kind):
    plugin = make(kind)
    ran = owup("deploy", "--update-only", plugin.file, to=server)
    assert ran.status == 1, ran
    assert server.plugin(kind, plugin.id) is None
    server.create(kind, plugin.id, "# old\n" + plugin.text)
    ran = owup("deploy", "--update-only", plugin.file, to=server)
    assert ran.status == 0, ran
    assert server.plugin(kind, plugin.id)["content"] == plugin.text


@pytest.mark.parametrize("kind", ["filter", "tool"])
def test_create_only(server, owup, make, kind):
    plugin = make(kind)
    with FaultServer(server.url) as proxy:
        ran = owup("deploy", "--create-only", plugin.file, to=server.through(proxy.url))
        assert proxy.count("POST", "/update$") == 0
    assert ran.status == 0, ran
    before = server.plugin(kind, plugin.id)
    assert before["content"] == plugin.text
    plugin.change(version="1.1.0")
    ran = owup("deploy", "--create-only", "--json", plugin.file, to=server)
    assert ran.status == 1, ran
    assert ran.plugin["error"]["code"] == "id_taken"
    assert server.plugin(kind, plugin.id) == before


def test_created_meanwhile_by_somebody_else(server, owup, make):
    plugin = make()
    server.create("filter", plugin.id, "# theirs\n" + plugin.text)
    with FaultServer(server.url) as proxy:
        missing = {"detail": "We could not find what you're looking for :/"}
        proxy.on("GET", f"/functions/id/{plugin.id}$", reply(401, missing), count=1)
        ran = owup("deploy", plugin.file, to=server.through(proxy.url))
        assert proxy.count("POST", "/create$") == 0
    assert ran.status == 0, ran
    assert "meanwhile" in ran.text or "in between" in ran.text, ran
    assert server.function(plugin.id)["content"] == plugin.text


def test_from_standard_input(server, owup, make):
    plugin = make()
    ran = owup("deploy", "-", "--id", plugin.id, to=server, stdin=plugin.text.encode())
    assert ran.status == 0, ran
    assert server.function(plugin.id)["content"] == plugin.text


def test_several_go_on_after_a_failure(server, owup, make):
    first, broken, last = make(), make("action"), make("tool")
    broken.change(end=plugins.BROKEN_SYNTAX)
    ran = owup("deploy", first.file, broken.file, last.file, to=server)
    assert ran.status == 5, ran
    assert server.function(first.id)["content"] == first.text
    assert server.function(broken.id) is None
    assert server.tool(last.id)["content"] == last.text
    text = ran.text
    assert text.index(first.title) < text.index(broken.file) < text.index(last.title)
    ran = owup("deploy", "--json", first.file, broken.file, last.file, to=server)
    assert [told["result"] for told in ran.plugins] == ["unchanged", "invalid", "unchanged"]
    summary = ran.summary
    assert (summary["total"], summary["ok"], summary["failed"], summary["exit"]) == (3, 2, 1, 5)


def test_the_first_failure_decides_the_exit_status(server, owup, make):
    refused, broken = make("filter"), make("filter")
    server.create("filter", refused.id, refused.text)
    broken.change(end=plugins.BROKEN_SYNTAX)
    ran = owup("deploy", "--create-only", refused.file, broken.file, to=server)
    assert ran.status == 1, ran
    ran = owup("deploy", "--create-only", broken.file, refused.file, to=server)
    assert ran.status == 5, ran


def test_all(server, owup, make):
    made = [make(kind) for kind in plugins.KINDS]
    ran = owup("deploy", "--all", "--json", to=server)
    assert ran.status == 0, ran
    assert {told["id"]: told["result"] for told in ran.plugins} == {p.id: "created" for p in made}
    for plugin in made:
        assert server.plugin(plugin.kind, plugin.id)["content"] == plugin.text
    only = made[1].change(version="9.0.0")
    made[0].change(version="9.0.0")
    ran = owup("deploy", "--all", "--type", "pipe", "--json", to=server)
    assert [(told["id"], told["result"]) for told in ran.plugins] == [(only.id, "updated")], ran
    assert server.function(made[0].id)["content"] != made[0].text


def test_quiet(server, owup, make):
    plugin = make()
    ran = owup("deploy", "-q", plugin.file, to=server)
    assert (ran.status, ran.text) == (0, ""), ran
    assert server.function(plugin.id)["content"] == plugin.text
    plugin.change(end=plugins.BROKEN_SYNTAX)
    ran = owup("deploy", "-q", plugin.file, to=server)
    assert ran.status == 5
    assert plugin.file in ran.text


def test_the_key_is_never_shown(server, owup, make):
    plugin = make()
    for flags in (["-v"], ["-v", "--json"], ["-v", "--dry-run"]):
        plugin.change(version=plugin.version + "1")
        ran = owup("deploy", *flags, plugin.file, to=server)
        assert ran.status == 0, ran
        assert server.key not in ran.text
        assert server.key[3:20] not in ran.text


@pytest.mark.every_server
def test_the_requests_of_a_deploy(server, owup, make):
    """One look and one write. Before a create, one cheap list (the same plugin under another id?);
    after it, a read, since its answer carries no content."""
    plugin = make()
    with FaultServer(server.url) as proxy:
        to = server.through(proxy.url)
        owup("deploy", plugin.file, to=to)
        created = [(r.method, r.path) for r in proxy.seen("*", "/functions/")]
        plugin.change(version="1.1.0")
        owup("deploy", plugin.file, to=to)
        updated = [(r.method, r.path) for r in proxy.seen("*", "/functions/")][len(created) :]
    one = f"/api/v1/functions/id/{plugin.id}"
    assert created == [
        ("GET", one),
        ("GET", "/api/v1/functions/"),
        ("POST", one + "/update"),
        ("POST", "/api/v1/functions/create"),
        ("GET", one),
    ]
    assert updated == [("GET", one), ("POST", one + "/update")]


def test_the_body_is_the_file_byte_for_byte(server, owup, make):
    plugin = make(end='# \u2028 \u0085 \x0c \x7f "quoted" \\ \U0001f600 e\u0301\n')
    with FaultServer(server.url) as proxy:
        ran = owup("deploy", plugin.file, to=server.through(proxy.url))
        assert ran.status == 0, ran
        (sent,) = proxy.seen("POST", "/create$")
    assert json.loads(sent.body)["content"] == plugin.text
    assert server.function(plugin.id)["content"] == plugin.text
