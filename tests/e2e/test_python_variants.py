"""Real servers take plugins that are written in many ways; owup takes what they take, as they take it."""

import odd
import plugins
import pytest

pytestmark = pytest.mark.every_server


def as_the_server_sees_it(server, name, text):
    """(kind, manifest) of a text that the server is given without owup."""
    kind = "tool" if name in odd.TOOLS else "filter"
    server.create(kind, "odd_probe", text, name="Probe")
    held = server.plugin(kind, "odd_probe")
    server.delete(kind, "odd_probe")
    return held.get("type", "tool"), held["meta"].get("manifest") or {}


@pytest.mark.needs_python
@pytest.mark.slow
def test_plugins_as_others_write_them(server, owup, project):
    made = {}
    for name, text in odd.texts().items():
        made[f"odd_{name}"] = project.write("filter", f"odd_{name}", path=f"plugins/odd_{name}.py", text=text.encode())
    try:
        checked = owup("check", "--all", "--json", python=False)
        assert [line["file"] for line in checked.plugins if line["result"] == "invalid"] == []
        deployed = {line["id"]: line for line in owup("deploy", "--all", "--json", to=server).plugins}
        assert [name for name in made if deployed.get(name, {}).get("result") != "created"] == []
        for name, plugin in made.items():
            kind, manifest = as_the_server_sees_it(server, name, plugin.text)
            line = deployed[name]
            held = server.plugin(kind, name)
            assert held["content"] == plugins.held(plugin.text), name
            assert line["kind"] == kind, name
            assert (held["meta"].get("manifest") or {}) == manifest, name
            if "title" in manifest and "from " not in manifest["title"]:
                assert held["name"] == line["title"] == manifest["title"], name
        again = owup("deploy", "--all", "--json", to=server)
        assert [line["id"] for line in again.plugins if line["result"] != "unchanged"] == []
        assert {line["id"]: line["kind"] for line in again.plugins} == {name: deployed[name]["kind"] for name in made}
        status = {line["id"]: line for line in owup("status", "--json", to=server).json if line["type"] == "status"}
        assert [name for name in made if status[name]["state"] != "same"] == []
        assert {name: status[name]["kind"] for name in made} == {name: deployed[name]["kind"] for name in made}
    finally:
        for name in made:
            server.delete("filter", name)
            server.delete("tool", name)
