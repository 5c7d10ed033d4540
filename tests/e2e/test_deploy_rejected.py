# SPDX-License-Identifier: MIT
"""Code that does not hold together, found here or refused by the server."""

import plugins
import pytest
from fault import FaultServer


def held_line(ran, plugin, part):
    """FILE:LINE of the line that has `part`, as owup must name it."""
    return f"{plugin.file}:{plugins.line_of(plugin.text, part)}"


def assert_undone(server, before, ran):
    """A failed deploy changes nothing; where the server had switched the function off, owup says so."""
    after = server.function(before["id"])
    assert {**after, "updated_at": 0} == {**before, "updated_at": 0}
    assert ("switched on again" in ran.text) == (server.switches_off and before["is_active"]), ran


@pytest.mark.parametrize("kind", ["filter", "pipe", "action", "tool"])
def test_broken_code_on_a_new_plugin_is_found_here(server, owup, make, kind):
    plugin = make(kind, end=plugins.BROKEN_SYNTAX)
    with FaultServer(server.url) as proxy:
        ran = owup("deploy", plugin.file, to=server.through(proxy.url))
        assert proxy.count("POST") == 0
    assert ran.status == 5, ran
    place = held_line(ran, plugin, "def broken(:")
    lines = ran.text.splitlines()
    (at,) = [n for n, line in enumerate(lines) if line.startswith(place + ":")]
    column = int(lines[at].split(":")[2])
    assert 1 <= column <= len("def broken(:") + 1
    assert lines[at].split(":", 3)[3].strip()
    assert "def broken(:" in lines[at + 1]
    assert lines[at + 2].strip() == "^" or lines[at + 2].strip().endswith("^"), ran
    assert server.plugin(kind, plugin.id) is None


@pytest.mark.parametrize("kind", ["filter", "tool"])
def test_broken_code_on_a_live_plugin_is_found_here(server, owup, make, kind):
    plugin = make(kind)
    owup("deploy", plugin.file, to=server)
    if kind == "filter":
        server.toggle(plugin.id)
        server.toggle_global(plugin.id)
    before = server.plugin(kind, plugin.id)
    plugin.change(version="1.1.0", end=plugins.BROKEN_SYNTAX)
    with FaultServer(server.url) as proxy:
        ran = owup("deploy", plugin.file, to=server.through(proxy.url))
        assert proxy.count("POST") == 0
    assert ran.status == 5, ran
    assert held_line(ran, plugin, "def broken(:") in ran.text
    assert server.plugin(kind, plugin.id) == before


@pytest.mark.every_server
def test_a_compilers_error_is_found_before_a_live_function_is_switched_off(server, owup, make):
    """Nothing lexical; servers before 0.12 would switch the function off, so nothing may be sent there."""
    plugin = make()
    owup("deploy", plugin.file, to=server)
    server.toggle(plugin.id)
    before = server.function(plugin.id)
    plugin.change(end="\n\ndef outer():\n    nonlocal missing\n")
    with FaultServer(server.url) as proxy:
        ran = owup("deploy", "--json", plugin.file, to=server.through(proxy.url))
        if server.switches_off:
            assert proxy.count("POST", "/update$") == 0
    if server.is_real or server.switches_off:
        assert ran.status in (1, 5), ran
        assert ran.plugin["result"] in (["invalid"] if server.switches_off else ["invalid", "rejected"])
        assert ran.plugin["diagnostics"][0]["line"] == plugins.line_of(plugin.text, "nonlocal missing")
        assert server.function(plugin.id) == before


@pytest.mark.every_server
@pytest.mark.parametrize("kind", ["filter", "tool"])
def test_broken_code_sent_all_the_same_to_a_live_plugin(server, owup, make, kind):
    plugin = make(kind)
    owup("deploy", plugin.file, to=server)
    if kind == "filter":
        server.toggle(plugin.id)
    before = server.plugin(kind, plugin.id)
    plugin.change(version="1.1.0", end=plugins.BROKEN_SYNTAX)
    with FaultServer(server.url) as proxy:
        ran = owup("deploy", "--no-check", plugin.file, to=server.through(proxy.url))
        assert proxy.count("POST", "/update$") == 1
        assert proxy.count("POST", "/create$") == 0
    assert ran.status == 1, ran
    assert "Failed to update or create. Status: 400" in ran.text
    assert "[ERROR" not in ran.text
    assert held_line(ran, plugin, "def broken(:") in ran.text, ran
    after = server.plugin(kind, plugin.id)
    assert (after["content"], after["name"]) == (before["content"], before["name"])
    if kind == "filter":
        assert_undone(server, before, ran)


@pytest.mark.every_server
@pytest.mark.parametrize("kind", ["filter", "tool"])
def test_broken_code_sent_all_the_same_to_a_new_plugin(server, owup, make, kind):
    """The update's error is the one shown: the create's would hide the reason."""
    plugin = make(kind, end=plugins.BROKEN_SYNTAX)
    ran = owup("deploy", "--no-check", "--json", plugin.file, to=server)
    assert ran.status == 1, ran
    told = ran.plugin
    assert told["result"] == "rejected"
    assert told["http_status"] == 400
    assert told["diagnostics"][0]["line"] == plugins.line_of(plugin.text, "def broken(:")
    assert told["diagnostics"][0]["file"] == plugin.file
    assert "[ERROR" not in (told["error"]["detail"] or "")
    assert server.plugin(kind, plugin.id) is None


@pytest.mark.every_server
@pytest.mark.needs_python
@pytest.mark.parametrize("kind", ["filter", "pipe", "tool"])
@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ({"top": plugins.IMPORT_ERROR}, "No module named 'no_such_module_for_owup'"),
        ({"constructor": plugins.CONSTRUCTOR_RAISES}, "division by zero"),
    ],
    ids=["import", "constructor"],
)
@pytest.mark.parametrize("live", [False, True], ids=["new", "live"])
def test_code_that_does_not_load_there(server, owup, make, kind, broken, words, live):
    plugin = make(kind)
    before = None
    if live:
        owup("deploy", plugin.file, to=server)
        if kind != "tool":
            server.toggle(plugin.id)
        before = server.plugin(kind, plugin.id)
    plugin.change(version="1.1.0", **broken)
    ran = owup("deploy", plugin.file, to=server)
    assert ran.status == 1, ran
    assert "❌ Failed to update or create. Status: 400" in ran.out
    assert "[ERROR" not in ran.text
    hidden = server.hides_reason if live else server.hides_create_reason
    if kind != "tool" and server.generation >= (0, 12):
        hidden = False
    if hidden:
        version = server.name.split("-")[1]
        assert f"Open WebUI {version}" in ran.text, ran
        assert "hides" in ran.text and "syntax is fine" in ran.text, ran
        assert "log" in ran.text
    else:
        assert f"Error: {words}" in ran.text, ran
    if not live:
        assert server.plugin(kind, plugin.id) is None
        return
    after = server.plugin(kind, plugin.id)
    assert after["content"] == before["content"]
    if kind != "tool":
        assert_undone(server, before, ran)


@pytest.mark.every_server
def test_a_function_that_was_switched_off_by_a_person_stays_unmentioned(server, owup, make):
    plugin = make()
    owup("deploy", plugin.file, to=server)
    plugin.change(end=plugins.BROKEN_SYNTAX)
    ran = owup("deploy", "--no-check", plugin.file, to=server)
    assert ran.status == 1, ran
    assert "switched off" not in ran.text, ran
    assert server.function(plugin.id)["is_active"] is False


@pytest.mark.parametrize("family", ["function", "tool"])
def test_no_class(server, owup, make, family):
    plugin = make("tool" if family == "tool" else "filter")
    plugin.change(text=plugin.text.replace("class Filter", "class Other").replace("class Tools", "class Other"))
    ran = owup("deploy", plugin.file, to=server)
    assert ran.status == 5, ran
    assert "class" in ran.text and plugin.file in ran.text, ran
    assert server.plugin(plugin.kind, plugin.id) is None


@pytest.mark.every_server
def test_no_class_sent_all_the_same(server, owup, make):
    plugin = make()
    plugin.change(text=plugin.text.replace("class Filter", "class Other"))
    ran = owup("deploy", "--no-check", plugin.file, to=server)
    assert ran.status == 1, ran
    assert server.function(plugin.id) is None
    if not server.hides_reason:
        assert "No Function class found in the module" in ran.text, ran


@pytest.mark.needs_python
@pytest.mark.since("0.12")
def test_valves_that_no_longer_fit(server, owup, make):
    plugin = make()
    owup("deploy", plugin.file, to=server)
    server.set_valves("filter", plugin.id, {"priority": 3, "token": "word"})
    before = server.function(plugin.id)
    plugin.change(valves=plugins.VALVES.replace("token: str = Field(default=\"\"", "token: int = Field(default=0"))
    ran = owup("deploy", plugin.file, to=server)
    assert ran.status == 1, ran
    assert "incompatible" in ran.text and "token" in ran.text, ran
    told = owup("deploy", "--json", plugin.file, to=server).plugin
    assert (told["result"], told["error"]["code"]) == ("rejected", "valves_misfit")
    assert server.function(plugin.id) == before


def test_check_needs_no_server(server, owup, make):
    """What `check` finds is what a deploy finds."""
    plugin = make(end=plugins.BROKEN_SYNTAX)
    checked = owup("check", plugin.file)
    assert checked.status == 5, checked
    assert held_line(checked, plugin, "def broken(:") in checked.text
    plugin.change(end="")
    assert owup("check", plugin.file).status == 0
