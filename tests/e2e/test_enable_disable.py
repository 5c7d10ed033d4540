# SPDX-License-Identifier: MIT
"""owup enable and disable: flags as something to set, over an API that can only flip them."""

import re
import threading

import edits
import pytest
import safety
from fault import FaultServer, cut_after, cut_before, forward, hold, reply

KEYS = ["type", "schema", "id", "family", "kind", "title", "server", "error", "changed", "enabled", "global", "notes"]


@pytest.fixture
def plugin(server, owup, make):
    """A deployed function: off, as new ones are."""
    return edits.deployed(owup, server, make())


def flip_requests(proxy):
    """Which switches were flipped, in order."""
    return [r.path.split("/toggle")[1] for r in proxy.seen("POST", "/toggle")]


@pytest.mark.parametrize(
    "command, option, before, after",
    [
        ("enable", None, (False, False), (True, False)),
        ("enable", None, (False, True), (True, True)),
        ("enable", None, (True, True), (True, True)),
        ("enable", "--global", (False, False), (True, True)),
        ("enable", "--global", (True, True), (True, True)),
        ("enable", "--no-global", (True, True), (True, False)),
        ("disable", None, (True, False), (False, False)),
        ("disable", None, (True, True), (False, True)),
        ("disable", None, (False, False), (False, False)),
        ("disable", "--no-global", (True, True), (False, False)),
        ("disable", "--global", (True, False), (False, True)),
    ],
)
def test_set_whatever_it_was(server, owup, plugin, command, option, before, after):
    """Exactly the flips that are needed, and none the second time."""
    if before[0]:
        server.toggle(plugin.id)
    if before[1]:
        server.toggle_global(plugin.id)
    server.set_valves("filter", plugin.id, safety.VALVES)
    rest = safety.state(server, plugin)
    words = [command, plugin.id, *([option] if option else [])]
    flips = [""] * (before[0] != after[0]) + ["/global"] * (before[1] != after[1])
    with FaultServer(server.url) as proxy:
        ran = owup(*words, to=server.through(proxy.url))
        assert ran.status == 0 and flip_requests(proxy) == flips, ran
        assert safety.flags(server, plugin) == after
        assert ("was already" in ran.out) == (not flips), ran
        again = owup(*words, to=server.through(proxy.url))
        assert again.status == 0 and "was already" in again.out, again
        assert flip_requests(proxy) == flips
        assert all(r.method == "GET" or "/toggle" in r.path for r in proxy.seen()), "code and valves are not sent"
    now = safety.state(server, plugin)
    assert (now.pop("is_active"), now.pop("is_global")) == after
    assert now == {k: v for k, v in rest.items() if k not in ("is_active", "is_global")}
    state = ("enabled" if after[0] else "disabled") + (", for every model" if after[1] else "")
    assert f"'{plugin.title}': {state}.\n" in ran.out or f"was already {state}.\n" in ran.out, ran


def test_several_names(server, owup, make):
    """One that is not there does not stop the rest; the first failure decides."""
    one, two = edits.deployed(owup, server, make()), edits.deployed(owup, server, make("pipe"))
    ran = owup("enable", one.id, "no_such_plugin", two.title, to=server)
    assert ran.status == 1, ran
    assert safety.flags(server, one)[0] and safety.flags(server, two)[0]
    lines = ran.out.splitlines()
    assert f"'{one.title}'" in lines[0] and "no_such_plugin" in lines[1] and f"'{two.title}'" in ran.out, ran
    assert owup("disable", one.file, f"pipe/{two.id}", to=server).status == 0
    assert not safety.flags(server, one)[0] and not safety.flags(server, two)[0]
    assert owup("enable", one.id, one.id, to=server).status == 0
    assert safety.flags(server, one) == (True, False), "named twice is switched once"


def test_one_that_has_no_file_here(server, owup, plugin):
    plugin.path.unlink()
    assert owup("enable", plugin.id, to=server).status == 0
    assert safety.flags(server, plugin) == (True, False)
    assert owup("disable", plugin.title, to=server).status == 0
    assert safety.flags(server, plugin) == (False, False)


def test_a_tool_has_no_switch(server, owup, make):
    tool, function = edits.deployed(owup, server, make("tool")), edits.deployed(owup, server, make())
    with FaultServer(server.url) as proxy:
        for command in ("enable", "disable"):
            ran = owup(command, tool.id, function.id, to=server.through(proxy.url))
            assert ran.status == 2 and f"'{tool.title}' is a tool; tools have no switch" in ran.out, ran
            assert "Workspace > Tools" in ran.out
        assert proxy.count("POST", "/tools/") == 0
    assert safety.flags(server, function) == (False, False), "the function was switched all the same, on and off"
    told = owup("enable", "--json", tool.id, to=server)
    assert (told.json[0]["error"]["code"], told.json[0]["kind"]) == ("usage", "tool"), told


def test_unknown_name(server, owup, plugin, make):
    for command in ("enable", "disable"):
        ran = owup(command, plugin.id + "x", to=server)
        assert ran.status == 1 and f"Did you mean {plugin.id}?" in ran.text, ran
        assert owup(command, to=server).status == 2
    ran = owup("enable", make().file, to=server)
    assert ran.status == 1 and "is not on the server" in ran.text and "owup deploy" in ran.text, ran


def test_a_title_that_two_have(server, owup, make, fresh):
    """Nothing is switched; each command that is named picks one when typed."""
    title = f"Same {fresh('title')}"
    one, two = edits.deployed(owup, server, make(title=title)), edits.deployed(owup, server, make("pipe", title=title))
    for plugin in (one, two):
        plugin.path.unlink()
    ran = owup("enable", title, to=server)
    assert ran.status == 2 and not safety.flags(server, one)[0] and not safety.flags(server, two)[0], ran
    commands = re.findall(r"^ +owup (enable \S+)", ran.out, re.M)
    assert sorted(commands) == [f"enable filter/{one.id}", f"enable pipe/{two.id}"], ran
    assert owup(*commands[0].split(), to=server).status == 0
    assert safety.flags(server, one)[0] != safety.flags(server, two)[0]


def test_global_and_no_global(server, owup, plugin):
    ran = owup("enable", "--global", "--no-global", plugin.id, to=server)
    assert ran.status == 2 and "exclude each other" in ran.text, ran
    assert safety.flags(server, plugin) == (False, False)


def test_json(server, owup, plugin):
    ran = owup("enable", "--json", "--global", plugin.id, "no_such_plugin", plugin.id, to=server)
    one, none, again, summary = ran.json
    assert all(list(line) == KEYS for line in (one, none, again)), ran
    assert (one["type"], one["id"], one["family"], one["kind"]) == ("flags", plugin.id, "functions", "filter")
    assert (one["title"], one["server"], one["error"]) == (plugin.title, server.url, None)
    assert [(line["changed"], line["enabled"], line["global"]) for line in (one, none, again)] == [
        (True, True, True), (False, None, None), (False, True, True),
    ]  # fmt: skip
    assert none["error"]["code"] == "not_found"
    assert [summary[key] for key in ("type", "total", "ok", "failed", "exit")] == ["summary", 3, 2, 1, 1]
    assert ran.status == 1


@pytest.mark.clock(5)
@pytest.mark.parametrize("how", [cut_before(), cut_after()], ids=["lost", "done-but-unsaid"])
def test_a_lost_answer(server, owup, plugin, how):
    """A flip is sent again only where the server shows that it did not act."""
    with FaultServer(server.url) as proxy:
        proxy.on("POST", "/toggle$", how, count=1)
        ran = owup("enable", plugin.id, to=server.through(proxy.url))
    assert ran.status == 0 and safety.flags(server, plugin) == (True, False), ran


def test_the_second_flag_fails(server, owup, plugin):
    """What was done is said, what was not too."""
    with FaultServer(server.url) as proxy:
        proxy.on(
            "POST", "/toggle/global$", reply(403, {"detail": "You do not have permission to access this resource."})
        )
        for more in ((), ("--json",)):
            ran = owup("enable", *more, "--global", plugin.id, to=server.through(proxy.url))
            assert ran.status == 3, ran
            assert safety.flags(server, plugin) == (True, False)
            if more:
                assert (ran.json[0]["enabled"], ran.json[0]["global"], ran.json[0]["changed"]) == (True, None, True)
            else:
                assert "It is enabled now all the same." in ran.out, ran
            server.toggle(plugin.id)


def test_somebody_flips_at_the_same_moment(server, owup, plugin):
    """It is switched once more; what is wished is what the last look showed."""
    gate = threading.Event()
    with FaultServer(server.url) as proxy:
        proxy.on("POST", "/toggle$", hold(gate, forward()), count=1)
        running = owup.start("enable", plugin.id, to=server.through(proxy.url))
        assert proxy.held.wait(30)
        server.toggle(plugin.id)
        gate.set()
        ran = running.finish()
        assert ran.status == 0 and safety.flags(server, plugin) == (True, False), ran
        assert proxy.count("POST", "/toggle$") == 2


@pytest.mark.parametrize("command", ["enable", "disable"])
def test_an_admin_is_not_fought(server, owup, plugin, command):
    """Two flips, and then the word of the last look."""
    if command == "disable":
        server.toggle(plugin.id)

    def undone(call):
        answer = call.forward().raw()
        server.toggle(plugin.id)
        call.send(answer)

    with FaultServer(server.url) as proxy:
        proxy.on("POST", "/toggle$", undone)
        for more in ((), ("--json",)):
            ran = owup(command, *more, plugin.id, to=server.through(proxy.url))
            assert ran.status == 1, ran
            seen = "it is switched off now" if command == "enable" else "it is switched on now"
            assert f"by somebody else at the same time; {seen}" in ran.text, ran
            assert "all the same" not in ran.text, ran
            if more:
                assert (ran.json[0]["changed"], ran.json[0]["enabled"]) == (False, None), ran
        assert proxy.count("POST", "/toggle$") == 4
    assert safety.flags(server, plugin) == (command == "disable", False)


def test_during_a_deploy(server, owup, plugin):
    """Whether it is for every model is what an admin made of it while owup waited."""
    plugin.change(version="1.1.0")
    gate = threading.Event()
    with FaultServer(server.url) as proxy:
        through = server.through(proxy.url)
        proxy.on("POST", "/update$", hold(gate, forward()), count=1)
        deploy = owup.start("deploy", plugin.file, to=through)
        assert proxy.held.wait(30)
        enable = owup.start("enable", plugin.id, to=through)
        enable.wait_for("Waiting for another owup")
        server.toggle_global(plugin.id)
        gate.set()
        assert deploy.finish().status == 0
        ran = enable.finish()
    assert ran.status == 0 and "enabled, for every model" in ran.out, ran
    assert safety.flags(server, plugin) == (True, True)


def test_ctrl_c_starts_no_other(server, owup, make):
    one, two = edits.deployed(owup, server, make()), edits.deployed(owup, server, make())
    gate = threading.Event()
    with FaultServer(server.url) as proxy:
        proxy.on("POST", "/toggle$", hold(gate, forward()), count=1)
        ran = safety.interrupt_held(proxy, gate, owup.start("enable", one.id, two.id, to=server.through(proxy.url)))
    assert ran.status == 130, ran
    assert safety.flags(server, one) == (True, False), "the running one was let end"
    assert safety.flags(server, two) == (False, False)
    assert f"✅ '{one.title}': enabled." in ran.out and f"'{two.id}'" in ran.out, ran


def test_without_permission(server, owup, plugin):
    ran = owup("enable", plugin.id, to=server, env={"OPENWEBUI_API_KEY": server.user_key})
    assert ran.status == 3 and safety.flags(server, plugin) == (False, False), ran


def test_quiet(server, owup, plugin):
    ran = owup("enable", "-q", plugin.id, to=server)
    assert (ran.status, ran.text) == (0, ""), ran
    assert safety.flags(server, plugin) == (True, False)


def test_deploy_enable_is_for_what_it_creates(server, owup, make):
    """What is there and off stays off, and that is said: unchanged, would-be, updated."""
    plugin = make()
    ran = owup("deploy", "--enable", plugin.file, to=server)
    assert ran.status == 0 and "Switched on." in ran.out and server.function(plugin.id)["is_active"], ran
    assert "still disabled" not in owup("deploy", "--enable", plugin.file, to=server).text
    server.toggle(plugin.id)
    note = f"It is still disabled: --enable is for what this run creates. To switch it on: owup enable {plugin.id}"
    assert note in owup("deploy", "--enable", plugin.file, to=server).err
    plugin.change(version="1.1.0")
    assert note in owup("deploy", "--enable", "--dry-run", plugin.file, to=server).err
    told = owup("deploy", "--enable", "--json", plugin.file, to=server)
    assert told.plugin["result"] == "updated" and note in " ".join(told.plugin["notes"]), told
    assert server.function(plugin.id)["is_active"] is False
    assert "still disabled" not in owup("deploy", plugin.change(version="1.2.0").file, to=server).text


def test_deploy_all_enable_tells_of_what_is_off(server, owup, make):
    """Also where several are looked at together."""
    one, two = make(), make()
    for plugin in (one, two):
        assert owup("deploy", plugin.file, to=server).status == 0
    server.toggle(two.id)
    ran = owup("deploy", "--enable", one.file, two.file, to=server)
    assert f"owup enable {one.id}" in ran.err and f"owup enable {two.id}" not in ran.err, ran
