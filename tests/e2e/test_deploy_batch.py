# SPDX-License-Identifier: MIT
"""Several plugins in one deploy: their order, their number of requests, and what one does to another."""

import collections
import re
import threading

import fault
import plugins
import pytest
import safety
from batch import files, newer, results
from fault import FaultServer
from program import columns

WRITES = "/(update|create)$"
KINDS = ("filter", "tool", "pipe", "action")


def requests(proxy):
    """What was sent: ("GET", "/functions/") -> how often; an id's place is *."""
    told = collections.Counter()
    for request in proxy.seen():
        path = request.path.removeprefix("/api/v1").split("?")[0]
        told[request.method, re.sub(r"(/id/)[^/]+", r"\1*", path)] += 1
    return dict(told)


class Gauge:
    """Counts the writes that are under way at one time, for each plugin and together."""

    def __init__(self, together=0):
        self.lock = threading.Lock()
        self.inside = collections.Counter()
        self.most = collections.Counter()
        # So many must be inside before the first is let on; 0: each goes on after a moment.
        self.meeting = threading.Barrier(together) if together else None

    def __call__(self, call):
        plugin = call.request.path.split("/id/")[-1].split("/")[0]
        with self.lock:
            for key in (plugin, "all"):
                self.inside[key] += 1
                self.most[key] = max(self.most[key], self.inside[key])
        try:
            if self.meeting:
                self.meeting.wait(30)
            else:
                call.server.closing.wait(0.1)
            answer = call.forward()
        finally:
            with self.lock:
                for key in (plugin, "all"):
                    self.inside[key] -= 1
        call.send(answer.raw())


@pytest.mark.since("0.12")
def test_the_output_is_in_the_order_of_the_command_line(server, owup, several):
    """The first one is answered last; the lines of the others wait for it, whole."""
    group = several(6, server, KINDS)
    newer(group)
    first, *rest = group
    written = threading.Event()
    with FaultServer(server.url) as proxy:
        proxy.on("POST", f"/id/{first.id}/update$", fault.hold(written, fault.forward()), count=1)
        running = owup.start("deploy", *files(group), to=server.through(proxy.url))
        done = safety.eventually(lambda: all(proxy.count("POST", f"/id/{p.id}/update$") for p in rest), 30)
        before = running.said("out")
        written.set()
        ran = running.finish()
    assert done, ran
    assert ran.status == 0, ran
    assert not any(plugin.title in before for plugin in rest), before
    blocks = [
        [
            f"📦 Deploying {plugin.kind} '{plugin.title}' (version 1.1.0)...",
            f"   File: {plugin.file}",
            f"✅ Successfully updated '{plugin.title}' {plugin.kind}!",
        ]
        for plugin in group
    ]
    told = [line for line in ran.out.splitlines() if line]
    assert told[: 3 * len(group)] == sum(blocks, []), ran
    assert "\r" not in ran.text


def test_a_note_names_its_plugin(server, owup, several):
    """On standard error nothing else says whose it is. With --json, its place does."""
    group = several(2, server)
    newer(group, "0.9.0")
    ran = owup("deploy", *files(group), to=server)
    assert ran.status == 0, ran
    notes = [line for line in ran.err.splitlines() if "Going back" in line]
    assert notes == [f"⚠️ '{plugin.title}': Going back from 1.0.0 to 0.9.0." for plugin in group], ran
    newer(group, "0.8.0")
    told = owup("deploy", "--json", *files(group), to=server).plugins
    assert [line["notes"] for line in told] == [["Going back from 0.9.0 to 0.8.0."]] * 2, told


def test_a_dry_run_says_what_would_be(server, owup, make, several):
    group = [*several(1, server), make(), make(end=plugins.BROKEN_SYNTAX)]
    newer(group[:1])
    ran = owup("deploy", "-n", *files(group), to=server)
    assert "3 plugins: 1 would be created, 1 would be updated, 1 invalid (" in ran.out, ran
    ran = owup("deploy", *files(group[:2]), to=server)
    assert "2 plugins: 1 created, 1 updated (" in ran.out, ran
    assert "2 plugins: 2 unchanged (" in owup("deploy", "-n", *files(group[:2]), to=server).out


@pytest.mark.since("0.12")
def test_the_number_of_jobs_changes_no_word(server, owup, make, several):
    def said(jobs):
        """A batch in which one of each happens; the words without the ids."""
        unchanged, updated, conflict = several(3, server)
        newer([updated, conflict])
        server.update("filter", conflict.id, conflict.text + "# theirs\n", name=conflict.title)
        created, tool, bad, refused = make("pipe"), make("tool"), make(end=plugins.BROKEN_SYNTAX), make("action")
        refused.change(constructor=plugins.CONSTRUCTOR_RAISES, top="from utils import nothing\n")
        twins = [make(id=created.id + "_twin", path=f"plugins/{name}_{created.id}.py") for name in ("x", "y")]
        for twin in twins:
            twin.change(header=f"id: {created.id}_twin\n")
        group = [created, bad, unchanged, twins[0], updated, tool, conflict, twins[1]]
        words = files(group)
        words.insert(2, "no_such_plugin_here")
        ran = owup("deploy", "--jobs", jobs, *words, to=server)
        assert ran.status != 0
        text = ran.out + "\n--\n" + ran.err
        for number, plugin in enumerate(group):
            text = re.sub(rf"(?<![a-z0-9]){plugin.id}(?!\d)", f"ID{number}", text)
        return re.sub(r"\d+(\.\d+)? m?s\b|\d\d:\d\d(:\d\d)?", "TIME", text)

    one = said(1)
    assert all(word in one for word in ("created", "updated", "up to date", "same id")), one
    assert said(8) == one


@pytest.mark.parametrize("jobs", [1, 8])
@pytest.mark.since("0.12")
def test_the_rest_goes_on_where_one_fails(server, owup, make, jobs):
    group = [make(kind) for kind in KINDS * 2]
    broken, refused, fine_too, taken, *fine = group
    fine.append(fine_too)
    broken.change(end=plugins.BROKEN_SYNTAX)
    taken.change(title=f"Somebody's {taken.id}")
    server.create("action", taken.id + "_x", taken.text, name=taken.title)
    with FaultServer(server.url) as proxy:
        proxy.on("*", f"/id/{refused.id}(/|$)", fault.reply(403, {"detail": "no"}))
        words = [*files(group), "no_such_plugin_here"]
        ran = owup("deploy", "--json", "--jobs", jobs, *words, to=server.through(proxy.url))
    server.delete("action", taken.id + "_x")
    told = results(ran)
    assert told[broken.id] == "invalid", ran
    assert told[taken.id] == "conflict", ran
    assert told[refused.id] in ("rejected", "failed"), ran
    assert {told[plugin.id] for plugin in fine} == {"created"}, ran
    assert ran.status != 0
    assert [line["id"] for line in ran.plugins[: len(group)]] == [plugin.id for plugin in group], ran
    assert ran.plugins[-1]["result"] == "failed", ran
    for plugin in fine:
        assert server.plugin(plugin.kind, plugin.id)["content"] == plugin.text


@pytest.mark.since("0.12")
def test_of_two_files_with_one_id_neither_is_sent(server, owup, make, fresh):
    shared = fresh("twin")
    twins = [make(id=shared, path=f"plugins/{name}_{shared}.py", header=f"id: {shared}\n") for name in "ab"]
    tool = make("tool", id=shared, path=f"plugins/t_{shared}.py", header=f"id: {shared}\n", title=f"Tool {shared}")
    others = [make() for _ in range(4)]
    words = files([twins[0], *others[:2], tool, *others[2:], twins[1]])
    with FaultServer(server.url) as proxy:
        ran = owup("deploy", "--json", *words, to=server.through(proxy.url))
        assert proxy.count("*", f"/functions/id/{shared}") == 0
    told = [line["result"] for line in ran.plugins]
    assert told == ["invalid", "created", "created", "created", "created", "created", "invalid"], ran
    assert ran.status == 5, ran
    assert twins[1].file in ran.plugins[0]["error"]["message"], ran
    assert server.function(shared) is None
    assert server.tool(shared)["content"] == tool.text


@pytest.mark.since("0.12")
def test_plugins_with_requirements_go_one_at_a_time(server, owup, several):
    group = several(4, server, KINDS, header="requirements: requests\n")
    newer(group)
    with FaultServer(server.url) as proxy:
        gauge = Gauge()
        proxy.on("POST", WRITES, gauge)
        ran = owup("deploy", "--json", *files(group), to=server.through(proxy.url))
    assert set(results(ran).values()) == {"updated"}, ran
    assert gauge.most["all"] == 1


@pytest.mark.since("0.12")
def test_others_go_side_by_side_each_in_its_own_order(server, owup, several):
    """The server answers only when four writes are there at once."""
    group = several(4, server, KINDS)
    newer(group)
    with FaultServer(server.url) as proxy:
        gauge = Gauge(together=4)
        proxy.on("POST", WRITES, gauge)
        ran = owup("deploy", "--json", "--jobs", 4, *files(group), to=server.through(proxy.url))
        assert proxy.connections <= 4 + 1
    assert set(results(ran).values()) == {"updated"}, ran
    assert gauge.most["all"] == 4
    assert all(gauge.most[plugin.id] == 1 for plugin in group)


@pytest.fixture
def interrupted(server, owup, several):
    """Starts eight updates on three lanes and returns once three writes are held by the server."""
    gate = threading.Event()
    with FaultServer(server.url) as proxy:
        group = several(8, server.through(proxy.url), KINDS)
        before = {plugin.id: plugin.text for plugin in group}
        newer(group)
        proxy.requests.clear()
        proxy.on("POST", WRITES, fault.hold(gate, fault.forward()))
        running = owup.start("deploy", "--jobs", 3, *files(group), to=server.through(proxy.url))
        assert safety.eventually(lambda: proxy.count("POST", WRITES) == 3, 30)
        running.interrupt()
        running.wait_for("Interrupted")
        yield group, before, running, gate, proxy
        gate.set()


def begun(proxy):
    """The ids of the writes that reached the server."""
    return {request.path.split("/id/")[1].split("/")[0] for request in proxy.seen("POST", WRITES)}


@pytest.mark.since("0.12")
def test_ctrl_c_lets_the_running_writes_end_and_skips_the_rest(server, interrupted):
    group, before, running, gate, proxy = interrupted
    gate.set()
    ran = running.finish()
    assert proxy.count("POST", WRITES) == 3
    assert ran.status == 130, ran
    assert ran.out.count("✅ Successfully updated") == 3, ran
    assert "3 updated" in ran.out and "5 skipped" in ran.out, ran
    for plugin in group:
        held = server.plugin(plugin.kind, plugin.id)["content"]
        assert held == (plugin.text if plugin.id in begun(proxy) else before[plugin.id])


@pytest.mark.since("0.12")
def test_ctrl_c_twice_stops_at_once(server, owup, interrupted):
    group, before, running, gate, proxy = interrupted
    running.interrupt()
    ran = running.finish(10)
    assert ran.status == 130, ran
    assert "5 skipped" in ran.out and "updated" not in ran.out, ran
    assert ran.text.count("may still finish") >= 3, ran
    gate.set()
    sent = [plugin for plugin in group if plugin.id in begun(proxy)]
    assert len(sent) == 3
    assert safety.eventually(lambda: all(server.plugin(p.kind, p.id)["content"] == p.text for p in sent))
    again = owup("deploy", "--json", *files(group), to=server.through(proxy.url))
    assert again.status == 0, again
    assert results(again) == {p.id: "unchanged" if p in sent else "updated" for p in group}, again
    assert safety.open_writes(owup) == 0


@pytest.mark.every_server
def test_an_unchanged_batch_is_one_look(server, owup, several, tmp_path):
    with FaultServer(server.url) as proxy:
        through = server.through(proxy.url)
        group = several(6, through)
        proxy.requests.clear()
        ran = owup("deploy", "--json", *files(group), to=through)
        known = requests(proxy)
        proxy.requests.clear()
        other = owup("deploy", "--json", *files(group), to=through, env={"OWUP_HISTORY": tmp_path / "other"})
        unknown = requests(proxy)
    assert set(results(ran).values()) == set(results(other).values()) == {"unchanged"}, ran
    names, contents = {("GET", "/functions/"): 1}, {("GET", "/functions/export"): 1}
    # What is known of an older server: its list would tell nothing.
    assert known in ([names] if server.has_history else [contents, {**names, **contents}])
    assert unknown == {**names, **contents}


@pytest.mark.since("0.12")
def test_a_few_are_read_one_by_one(server, owup, several):
    group = several(3, server, ("filter", "tool", "pipe"))
    with FaultServer(server.url) as proxy:
        ran = owup("deploy", "--json", *files(group), to=server.through(proxy.url))
        assert requests(proxy) == {("GET", "/functions/id/*"): 2, ("GET", "/tools/id/*"): 1}, ran


@pytest.mark.since("0.12")
def test_a_mixed_batch_looks_once_at_functions_and_once_at_tools(server, owup, several):
    with FaultServer(server.url) as proxy:
        through = server.through(proxy.url)
        group = several(8, through, ("filter", "tool"))
        proxy.requests.clear()
        ran = owup("deploy", "--json", *files(group), to=through)
        assert requests(proxy) == {("GET", "/functions/"): 1, ("GET", "/tools/"): 1}, ran
        proxy.requests.clear()
        newer(group[:2])
        ran = owup("deploy", "--atomic", "--json", *files(group), to=through)
        assert list(results(ran).values()) == ["updated"] * 2 + ["unchanged"] * 6, ran
        told = requests(proxy)
    assert told.pop(("POST", "/functions/id/*/update")) == told.pop(("POST", "/tools/id/*/update")) == 1
    assert (told[("GET", "/functions/")], told[("GET", "/tools/")]) == (1, 1), told
    assert ("GET", "/functions/export") not in told and ("GET", "/tools/export") not in told


@pytest.mark.every_server
def test_a_new_batch_takes_three_requests_a_plugin(server, owup, make):
    group = [make() for _ in range(5)]
    with FaultServer(server.url) as proxy:
        ran = owup("deploy", "--json", *files(group), to=server.through(proxy.url))
        told = requests(proxy)
    assert set(results(ran).values()) == {"created"}, ran
    assert told.pop(("GET", "/functions/")) == 1
    assert told.pop(("POST", "/functions/create")) == 5
    assert sum(told.values()) <= 10, told


@pytest.mark.clock(10)
def test_an_old_look_is_renewed(sandbox, owup, make):
    """While the first one's update takes its time, somebody edits the last one."""
    group = [make() for _ in range(4)]
    first, second, *_, last = group

    def edit(call):
        sandbox.update("filter", last.id, last.text + "# theirs\n", name=last.title)
        return fault.after(owup.seconds(5.2), fault.forward())(call)

    with FaultServer(sandbox.url) as proxy:
        through = sandbox.through(proxy.url)
        assert owup("deploy", *files(group), to=through).status == 0
        newer(group)
        proxy.requests.clear()
        proxy.on("POST", f"/id/{first.id}/update$", edit, count=1)
        ran = owup("deploy", "--json", "--jobs", 1, *files(group), to=through)
        order = [r.method for r in proxy.seen("*", f"/id/{second.id}(/update)?$")]
        assert order[:2] == ["GET", "POST"], order
    assert list(results(ran).values()) == ["updated", "updated", "updated", "conflict"], ran
    assert sandbox.function(last.id)["content"].endswith("# theirs\n")


@pytest.mark.parametrize("more", [0, 4], ids=["few", "many"])
@pytest.mark.since("0.12")
def test_two_files_never_go_to_one_place(server, owup, make, fresh, more):
    """By its openwebui_id a file would move in where another file is at home."""
    mark = fresh("mark")
    owner = make(header=f"openwebui_id: {mark}\n")
    assert owup("deploy", owner.file, to=server).status == 0
    owner.change(version="1.1.0")
    guest = make(header=f"openwebui_id: {mark}\n")
    group = [guest, *(make() for _ in range(more)), owner]
    ran = owup("deploy", "--json", *files(group), to=server)
    told = results(ran)
    assert ran.plugins[0]["result"] == "conflict", ran
    assert told[owner.id] == "updated", ran
    assert server.function(owner.id)["content"] == owner.text
    assert server.function(guest.id) is None


@pytest.mark.parametrize("more", [0, 4], ids=["few", "many"])
@pytest.mark.since("0.12")
def test_two_files_do_not_both_move_into_a_third_place(server, owup, make, fresh, more):
    mark = fresh("mark")
    home = make(header=f"openwebui_id: {mark}\n")
    assert owup("deploy", home.file, to=server).status == 0
    text = home.text
    guests = [make(header=f"openwebui_id: {mark}\n", version=f"1.{n}.0") for n in (1, 2)]
    group = [*guests, *(make() for _ in range(more))]
    ran = owup("deploy", "--json", *files(group), to=server)
    assert [line["result"] for line in ran.plugins] == ["conflict"] * 2 + ["created"] * more, ran
    assert server.function(home.id)["content"] == text


@pytest.mark.since("0.12")
def test_never_more_requests_at_one_time_than_jobs(server, owup, make):
    """More plugins are under way than that; each keeps its own order."""
    group = [make() for _ in range(8)]
    with FaultServer(server.url) as proxy:
        gauge = Gauge()
        proxy.on("*", "/functions/(id|create)", gauge)
        ran = owup("deploy", "--json", "--jobs", 2, *files(group), to=server.through(proxy.url))
        told = [(r.method, r.path) for r in proxy.seen()]
    assert set(results(ran).values()) == {"created"}, ran
    assert gauge.most["all"] == 2
    for plugin in group:
        mine = [method for method, path in told if f"/id/{plugin.id}" in path]
        assert mine == ["POST", "GET"], told


@pytest.mark.since("0.12")
def test_the_rest_goes_on_while_one_stays_unclear(server, owup, several):
    """A server that answers 500 for one plugin, to reads as well, is not down."""
    healed = threading.Event()

    def answer(call):
        held = call.forward()
        if healed.is_set():
            call.send(held.raw())
        else:
            fault.reply(500, {"detail": "boom"})(call)

    with FaultServer(server.url) as proxy:
        through = server.through(proxy.url)
        group = several(8, through, KINDS)
        newer(group)
        unclear, *rest = group
        proxy.on("*", f"/id/{unclear.id}(/|$)", answer)
        running = owup.start("deploy", "--json", "--jobs", 2, *files(group), to=through)
        done = safety.eventually(lambda: all(server.plugin(p.kind, p.id)["content"] == p.text for p in rest), 30)
        before = running.said("out")
        healed.set()
        ran = running.finish()
    assert done, ran
    assert before == "", before
    assert set(results(ran).values()) == {"updated"}, ran


@pytest.mark.since("0.12")
def test_that_new_plugins_start_disabled_is_said_once(server, owup, make):
    group = [make(KINDS[n % 4]) for n in range(8)]
    first = owup("deploy", *files(group), to=server)
    assert first.status == 0, first
    assert first.err.count("disabled") == first.err.count("private") == 1, first
    newer(group)
    assert "disabled" not in owup("deploy", *files(group), to=server).text
    alone = owup("deploy", make().file, to=server)
    assert alone.err.count("It starts disabled") == 1, alone


@pytest.mark.clock(4)
def test_a_progress_line_on_a_terminal_only(sandbox, owup, make):
    group = [make() for _ in range(4)]
    with FaultServer(sandbox.url) as proxy:
        through = sandbox.through(proxy.url)
        proxy.on("POST", "/create$", fault.after(owup.seconds(1.2), fault.forward()))
        status, shown = owup.on_terminal("deploy", "--jobs", 2, *files(group), to=through)
        assert status == 0, shown
        newer(group)
        proxy.on("POST", "/update$", fault.after(owup.seconds(0.9), fault.forward()))
        piped = owup("deploy", *files(group), to=through)
    assert " of 4 done, " in shown and " left" in shown and "\r" in shown, shown
    assert "of 4 done" not in piped.text and "\r" not in piped.text, piped


@pytest.mark.clock(4)
def test_the_progress_line_fits_and_names_what_is_slow(sandbox, owup, make):
    """Events that come often do not keep it away."""
    group = [make(title=f"{'精读整理对话要点' * 8} {number}") for number in range(12)]
    slow, *quick = group
    with FaultServer(sandbox.url) as proxy:
        proxy.on("POST", f"/id/{slow.id}/update$", fault.after(owup.seconds(4.5), fault.forward()), count=1)
        proxy.on("POST", "/create$", fault.after(owup.seconds(0.2), fault.forward()))
        words = ["--jobs", 2, *files(group)]
        status, shown = owup.on_terminal("deploy", *words, to=sandbox.through(proxy.url))
    assert status == 0, shown
    drawn = [line for line in re.findall(r"\r\x1b\[K([^\r\n\x1b]*)", shown) if " of 12 done" in line]
    assert any(re.search(r"[1-9]\d* of 12 done, \d+ left$", line) for line in drawn), shown
    assert any(re.search(r"left; \d s for '精读", line) for line in drawn), shown
    assert all(columns(line) < 100 for line in drawn), drawn
