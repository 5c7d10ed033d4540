"""Deploys that succeed: what is said, and what the server then holds."""

import json

import plugins
import pytest
from fault import FaultServer, reply


def missing_status(kind):
    """What the servers answer to an update of something that is not there."""
    return 401 if kind == "tool" else 400


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


@pytest.mark.parametrize("kind", ["filter", "pipe", "action", "tool"])
def test_valves_are_kept(server, owup, make, kind):
    plugin = make(kind)
    owup("deploy", plugin.file, to=server)
    server.set_valves(kind, plugin.id, {"priority": 7, "token": "secret-of-the-valves"})
    before = server.valves(kind, plugin.id)
    assert before["priority"] == 7
    plugin.change(version="1.1.0")
    ran = owup("deploy", "-v", plugin.file, to=server)
    assert ran.status == 0, ran
    assert server.valves(kind, plugin.id) == before
    assert "secret-of-the-valves" not in ran.text


def test_flags_are_kept(server, owup, make):
    plugin = make()
    owup("deploy", plugin.file, to=server)
    assert server.toggle(plugin.id) is True
    assert server.toggle_global(plugin.id) is True
    plugin.change(version="1.1.0")
    assert owup("deploy", plugin.file, to=server).status == 0
    held = server.function(plugin.id)
    assert (held["is_active"], held["is_global"]) == (True, True)
    assert held["meta"]["manifest"]["version"] == "1.1.0"


@pytest.mark.needs_python
def test_a_new_valve_is_in_the_spec(server, owup, make):
    plugin = make()
    owup("deploy", plugin.file, to=server)
    assert "colour" not in server.valves_spec("filter", plugin.id)["properties"]
    plugin.change(valves=plugins.VALVES + '        colour: str = Field(default="red")\n')
    assert owup("deploy", plugin.file, to=server).status == 0
    assert server.valves_spec("filter", plugin.id)["properties"]["colour"]["default"] == "red"


@pytest.mark.needs_python
def test_an_active_pipes_new_name_is_live_at_once(server, owup, make):
    plugin = make("pipe")
    owup("deploy", plugin.file, to=server)
    server.toggle(plugin.id)
    assert server.models()[plugin.id] == plugin.title
    plugin.change(title=f"Renamed {plugin.id}", version="1.1.0")
    ran = owup("deploy", plugin.file, to=server)
    assert ran.status == 0, ran
    assert server.models()[plugin.id] == f"Renamed {plugin.id}"


@pytest.mark.parametrize("kind", ["filter", "tool"])
def test_imports_are_rewritten_by_the_server(server, owup, make, kind):
    """What the server holds differs from the file, and that is no change."""
    plugin = make(kind, top="from utils.misc import get_last_user_message  # from config, from main\n")
    assert owup("deploy", plugin.file, to=server).status == 0
    held = server.plugin(kind, plugin.id)["content"]
    assert held == plugins.held(plugin.text)
    assert held != plugin.text
    told = owup("deploy", "--json", plugin.file, to=server).plugin
    assert told["result"] == "unchanged"


@pytest.mark.parametrize("kind", ["filter", "tool"])
def test_crlf_is_kept(server, owup, make, kind):
    plugin = make(kind)
    plugin.change(text=plugin.text.replace("\n", "\r\n"))
    ran = owup("deploy", plugin.file, to=server)
    assert ran.status == 0, ran
    held = server.plugin(kind, plugin.id)
    assert held["content"] == plugin.text
    assert held["name"] == plugin.title
    assert held["meta"]["description"] == "Does nothing"
    assert owup("deploy", "--json", plugin.file, to=server).plugin["result"] == "unchanged"


@pytest.mark.parametrize("kind", ["filter", "pipe", "tool"])
def test_title_beyond_ascii(server, owup, make, kind):
    plugin = make(kind, title="异步上下文压缩 – Überfüllt 🚀", description="Ещё один «тест»")
    ran = owup("deploy", plugin.file, to=server)
    assert ran.status == 0, ran
    assert f"✅ Successfully created '异步上下文压缩 – Überfüllt 🚀' {kind}!" in ran.out
    held = server.plugin(kind, plugin.id)
    assert held["name"] == "异步上下文压缩 – Überfüllt 🚀"
    assert held["meta"]["description"] == "Ещё один «тест»"
    assert held["content"] == plugin.text


@pytest.mark.parametrize("kind", ["filter", "tool"])
@pytest.mark.parametrize("stem", ["精读", "фильтр"])
def test_id_beyond_ascii(server, owup, make, fresh, kind, stem):
    plugin = make(kind, id=fresh(f"{stem}_{kind}"))
    ran = owup("deploy", plugin.file, to=server)
    assert ran.status == 0, ran
    assert server.plugin(kind, plugin.id)["content"] == plugin.text
    plugin.change(version="1.1.0")
    assert owup("deploy", "--json", plugin.file, to=server).plugin["result"] == "updated"
    assert server.plugin(kind, plugin.id)["content"] == plugin.text


@pytest.mark.parametrize("kind", ["filter", "tool"])
def test_id_with_a_capital(server, owup, make, project, fresh, kind):
    """Servers create it once under its small letters and never find it again as written."""
    stem = fresh("Capital_Id")
    plugin = make(kind, id=stem.lower(), path=f"plugins/{kind}s/{stem}.py")
    ran = owup("deploy", "--json", plugin.file, to=server)
    assert (ran.plugin["result"], ran.plugin["id"]) == ("created", stem.lower()), ran
    plugin.change(version="1.1.0")
    ran = owup("deploy", "--json", plugin.file, to=server)
    assert ran.plugin["result"] == "updated", ran
    assert server.plugin(kind, stem.lower())["content"] == plugin.text


def test_id_from_the_command_line(server, owup, make, fresh):
    plugin = make(path="plugins/filters/anything.py")
    ran = owup("deploy", "--id", plugin.id, plugin.file, to=server)
    assert ran.status == 0, ran
    assert server.function(plugin.id)["content"] == plugin.text


def test_large_file(server, owup, make):
    plugin = make(end="".join(f"# {n:5} {'ж' * 40}\n" for n in range(5200)))
    assert len(plugin.text.encode()) > 450_000
    ran = owup("deploy", plugin.file, to=server)
    assert ran.status == 0, ran
    assert server.function(plugin.id)["content"] == plugin.text


def test_description_of_several_lines(server, owup, make):
    """The server stores "|" in the manifest; the description becomes one line of text."""
    plugin = make(description=None, header="description: |\n  First part,\n  second part.\nlicense: MIT\n")
    ran = owup("deploy", plugin.file, to=server)
    assert ran.status == 0, ran
    held = server.function(plugin.id)
    assert held["meta"]["description"] == "First part, second part."
    assert held["content"] == plugin.text


def test_defaults_apply_to_a_create(server, owup, make):
    plugin = make(title=None, version=None, description=None)
    ran = owup("deploy", plugin.file, to=server)
    assert ran.status == 0, ran
    assert "(version 1.0.0)" in ran.out
    held = server.function(plugin.id)
    assert held["name"]
    assert held["meta"]["description"] == f"Filter plugin: {held['name']}"


def test_defaults_do_not_overwrite_on_update(server, owup, make):
    plugin = make()
    server.create("filter", plugin.id, plugin.text, name="Chosen by an admin", description="Written by an admin")
    plugin.change(title=None, description=None, end="# changed\n")
    ran = owup("deploy", plugin.file, to=server)
    assert ran.status == 0, ran
    held = server.function(plugin.id)
    assert held["content"] == plugin.text
    assert (held["name"], held["meta"]["description"]) == ("Chosen by an admin", "Written by an admin")


@pytest.mark.parametrize("kind", ["filter", "tool"])
def test_other_keys_in_meta_are_kept(server, owup, make, kind):
    if kind == "tool" and not server.keeps_tool_meta:
        kind = "action"
    plugin = make(kind)
    server.create(kind, plugin.id, plugin.text, name=plugin.title)
    meta = {"description": "Does nothing", "x_other": {"deep": [1, "ü"]}}
    server.update(kind, plugin.id, plugin.text, name=plugin.title, meta=meta)
    assert server.plugin(kind, plugin.id)["meta"]["x_other"] == {"deep": [1, "ü"]}
    plugin.change(version="1.1.0")
    assert owup("deploy", plugin.file, to=server).status == 0
    held = server.plugin(kind, plugin.id)
    assert held["meta"]["x_other"] == {"deep": [1, "ü"]}
    assert held["meta"]["manifest"]["version"] == "1.1.0"


def test_what_is_sent(server, owup, make):
    """Never access_grants, nor what the server computes by itself."""
    for kind in ("filter", "tool"):
        plugin = make(kind, header="funding_url: https://example.com/fund\nopenwebui_id: 1234\n")
        with FaultServer(server.url) as proxy:
            to = server.through(proxy.url)
            assert owup("deploy", plugin.file, to=to).status == 0
            plugin.change(version="1.1.0")
            assert owup("deploy", plugin.file, to=to).status == 0
            sent = [request.json for request in proxy.seen("POST")]
        assert len(sent) == 3
        for body in sent:
            assert "access_grants" not in body
            assert "toggle" not in body["meta"]
            assert "has_user_valves" not in body["meta"]
            assert body["id"] == plugin.id
            assert body["meta"]["manifest"]["openwebui_id"] == "1234"
            assert body["meta"]["manifest"]["funding_url"] == "https://example.com/fund"


@pytest.mark.needs_python
def test_sharing_of_a_tool_is_kept(server, owup, make):
    plugin = make("tool")
    owup("deploy", plugin.file, to=server)
    everyone = [{"principal_type": "user", "principal_id": "*", "permission": "read"}]
    server.ask("POST", server.path("tool", plugin.id, "/access/update"), {"access_grants": everyone})
    before = server.tool(plugin.id)["access_grants"]
    assert len(before) == 1
    plugin.change(version="1.1.0")
    assert owup("deploy", plugin.file, to=server).status == 0
    assert server.tool(plugin.id)["access_grants"] == before


def test_requirements_are_announced(server, owup, make):
    plugin = make(header="requirements: wheel\n")
    ran = owup("deploy", plugin.file, to=server)
    assert ran.status == 0, ran
    assert "install" in ran.text and "wheel" in ran.text, ran
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
