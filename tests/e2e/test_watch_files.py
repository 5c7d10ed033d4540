"""owup watch: files that come, go, move and change their plugin, and what is said of it."""

from fault import FaultServer
from watching import live, settle, updates


def test_what_is_said_once_is_said_once_a_plugin(sandbox, watch, make):
    plugin = make(header="id: once_one\n")
    watching = watch(plugin.file, to=sandbox)
    watching.wait_for("created")
    plugin.change(title="Two", header="id: once_two\n")
    watching.wait_for("created 'Two'")
    sandbox.update("filter", "once_two", plugin.text + "\n\nX = 1\n", "Two")
    plugin.change(version="1.0.1")
    watching.wait_for("conflict 'Two'")
    plugin.change(title="Three", header="id: once_three\n")
    watching.wait_for("created 'Three'")
    plugin.change(title="Two", header="id: once_two\n")
    settle()
    ran = watching.end()
    assert ran.text.count("It starts ") == 3, ran
    assert ran.text.count("conflict 'Two'") == 2, ran
    for plugin_id in ("once_one", "once_two", "once_three"):
        sandbox.delete("filter", plugin_id)


def test_with_json_each_conflict_is_an_object(sandbox, watch, make):
    plugin = make()
    watching = watch("--json", plugin.id, to=sandbox)
    watching.wait_for('"created"')
    sandbox.update("filter", plugin.id, plugin.text + "\n\nX = 1\n", plugin.title)
    for n in (1, 2, 3):
        plugin.change(version=f"1.0.{n}")
        watching.wait_for(f'"version":"1.0.{n}"')
    ran = watching.end()
    assert [p["result"] for p in ran.plugins] == ["created"] + ["conflict"] * 3, ran
