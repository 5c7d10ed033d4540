# SPDX-License-Identifier: MIT
"""The server's own trouble, most of all of many requests at once, is not the plugin's fault."""

import fault
import plugins
import pytest
from fault import FaultServer

LOCKED = "(sqlite3.OperationalError) database is locked\n[SQL: UPDATE function SET version_id=function.version_id]"
HIDDEN = "[ERROR: Error creating function]"


@pytest.mark.clock(10)
@pytest.mark.parametrize("words", [LOCKED, HIDDEN], ids=["said", "hidden"])
def test_a_locked_database_is_asked_again(server, owup, make, words):
    """As 0.12.4 does on its default SQLite."""
    some = [make() for _ in range(6)]
    there = some[0]
    server.create("filter", there.id, "# old\n" + there.text)
    with FaultServer(server.url) as proxy:
        proxy.on("POST", "/create$", fault.reply(400, {"detail": words}), count=3)
        proxy.on("POST", "/update$", fault.reply(400, {"detail": LOCKED}), count=3)
        ran = owup("deploy", "--json", *(one.file for one in some), to=server.through(proxy.url))
    assert ran.status == 0, ran
    assert sorted(one["result"] for one in ran.plugins) == ["created"] * 5 + ["updated"], ran
    assert {server.function(one.id)["content"] for one in some} == {one.text for one in some}


@pytest.mark.clock(10)
def test_trouble_that_stays_is_no_rejection(sandbox, owup, make):
    plugin = make()
    with FaultServer(sandbox.url) as proxy:
        proxy.on("POST", "/(create|update)$", fault.reply(400, {"detail": LOCKED}))
        ran = owup("deploy", "--json", plugin.file, to=sandbox.through(proxy.url))
        plain = owup("deploy", plugin.file, to=sandbox.through(proxy.url))
    assert (ran.status, ran.plugin["result"], ran.plugin["error"]["code"]) == (1, "failed", "server"), ran
    assert "database is locked" in plain.text and "no fault of the plugin" in plain.text, plain


@pytest.mark.clock(10)
def test_code_that_is_refused_is_asked_for_once_more_at_most(server, owup, make):
    """Where the reason is hidden it may be the server's trouble; alone, it is the plugin's."""
    good, broken = make(), make(end=plugins.BROKEN_SYNTAX)
    with FaultServer(server.url) as proxy:
        ran = owup("deploy", "--json", "--no-check", good.file, broken.file, to=server.through(proxy.url))
        assert proxy.count("POST", "/create$") <= 3, ran
    assert [one["result"] for one in ran.plugins] == ["created", "rejected"], ran


@pytest.mark.needs_python
@pytest.mark.since("0.12")
def test_many_at_once(server, owup, make):
    some = [make(end="# pad\n" * 200) for _ in range(150)]
    ran = owup("deploy", "--json", "--jobs", "64", *(one.file for one in some), to=server)
    results = {one["result"] for one in ran.plugins}
    assert (ran.status, results) == (0, {"created"}), ran
