# SPDX-License-Identifier: MIT
"""What a deploy keeps of the file and of the server: bytes, names, valves, flags, meta."""

import plugins
import pytest
from fault import FaultServer


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


@pytest.mark.every_server
@pytest.mark.needs_python
def test_a_new_valve_is_in_the_spec(server, owup, make):
    plugin = make()
    owup("deploy", plugin.file, to=server)
    assert "colour" not in server.valves_spec("filter", plugin.id)["properties"]
    plugin.change(valves=plugins.VALVES + '        colour: str = Field(default="red")\n')
    assert owup("deploy", plugin.file, to=server).status == 0
    assert server.valves_spec("filter", plugin.id)["properties"]["colour"]["default"] == "red"


@pytest.mark.every_server
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


def test_a_change_of_kind_is_said(server, owup, make):
    plugin = make("filter")
    assert owup("deploy", plugin.file, to=server).status == 0
    assert "of the kind" not in owup("deploy", plugin.change(version="1.1.0").file, to=server).text
    plugin.change(text=plugins.source("pipe", title=plugin.title, version="1.2.0"))
    ran = owup("deploy", plugin.file, to=server)
    assert ran.status == 0, ran
    assert "was of the kind filter on the server; now it is of the kind pipe" in ran.err, ran
    assert server.function(plugin.id)["type"] == "pipe"


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


@pytest.mark.every_server
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


@pytest.mark.every_server
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


@pytest.mark.every_server
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
