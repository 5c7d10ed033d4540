# SPDX-License-Identifier: MIT
"""Something in front of Open WebUI takes a request for itself: nothing is open then, and who it was is named."""

import fault
import pytest
from fault import FaultServer


def refuse(status, said="Blocked"):
    """A proxy's page for a request that it did not pass on."""
    body = f"<html><head><title>{status} {said}</title></head></html>"
    return fault.reply(status, body, "text/html", Server="nginx/1.25.3")


@pytest.mark.clock(5)
@pytest.mark.parametrize("status", [400, 403, 405, 406, 411, 413, 414, 415, 431])
@pytest.mark.parametrize("there", [True, False], ids=["update", "create"])
def test_a_write_that_is_not_passed_on_fails_at_once(sandbox, owup, make, status, there):
    plugin = make()
    if there:
        sandbox.create("filter", plugin.id, "# old\n" + plugin.text)
    with FaultServer(sandbox.url) as proxy:
        proxy.on("POST", "/(update|create)$", refuse(status))
        ran = owup("deploy", "--json", plugin.file, to=sandbox.through(proxy.url))
        assert (proxy.count("POST"), proxy.count("GET", "/id/")) == (1, 1), ran
        told = owup("deploy", plugin.file, to=sandbox.through(proxy.url))
    assert (ran.status, ran.plugin["result"], ran.plugin["http_status"]) == (4, "failed", status), ran
    assert ran.plugin["error"]["code"] == ("too_big" if status == 413 else "blocked"), ran
    assert f"nginx/1.25.3 in front of {proxy.url}" in told.text and f"{status} Blocked" in told.text, told
    assert "may have been" not in told.text and "unknown" not in told.text, told
    done = owup("deploy", "--json", plugin.file, to=sandbox)
    assert (done.status, done.plugin["result"]) == (0, "updated" if there else "created"), done


@pytest.mark.clock(5)
def test_a_batch_names_who_refused(sandbox, owup, make):
    """Each lane knows that reads go through, whoever made them."""
    some = [make() for _ in range(5)]
    with FaultServer(sandbox.url) as proxy:
        proxy.on("POST", "", refuse(403))
        ran = owup("deploy", "--json", *(one.file for one in some), to=sandbox.through(proxy.url))
        assert proxy.count("POST") == len(some), ran
    assert {one["error"]["code"] for one in ran.plugins} == {"blocked"}, ran


@pytest.mark.clock(5)
def test_a_page_that_also_meets_the_reads_is_a_login(sandbox, owup, make):
    with FaultServer(sandbox.url) as proxy:
        proxy.on("*", "", refuse(403, "Sign in"))
        ran = owup("deploy", "--json", make().file, to=sandbox.through(proxy.url))
        assert proxy.count() == 1
    assert ran.plugin["error"]["code"] == "not_openwebui" and "login page" in ran.plugin["error"]["message"], ran


@pytest.mark.clock(20)
@pytest.mark.parametrize("headers", [{"Retry_After": "3"}, {}], ids=["told", "untold"])
def test_too_many_requests_are_waited_for(server, owup, make, headers):
    plugin, other = make(), make()
    server.create("filter", plugin.id, "# old\n" + plugin.text)
    with FaultServer(server.url) as proxy:
        proxy.on("*", "", fault.reply(429, {"detail": "Too many requests"}, **headers), count=1)
        proxy.on("POST", "/(update|create)$", fault.reply(429, "slow down", "text/plain", **headers), count=3)
        ran = owup("deploy", "--json", plugin.file, other.file, to=server.through(proxy.url))
    assert (ran.status, [one["result"] for one in ran.plugins]) == (0, ["updated", "created"]), ran
    assert server.function(plugin.id)["content"] == plugin.text


@pytest.mark.clock(20)
def test_too_many_for_too_long_is_told(sandbox, owup, make):
    plugin = make()
    with FaultServer(sandbox.url) as proxy:
        proxy.on("*", "", fault.reply(429, {"detail": "Too many requests"}, Retry_After="3600"))
        ran = owup("deploy", "--json", plugin.file, to=sandbox.through(proxy.url))
        assert proxy.count() == 1, ran
    assert (ran.plugin["result"], ran.plugin["http_status"]) == ("failed", 429), ran


@pytest.mark.clock(20)
def test_a_watch_waits_through_too_many_requests(sandbox, watch, make):
    plugin = make()
    with FaultServer(sandbox.url) as proxy:
        watching = watch(plugin.id, to=sandbox.through(proxy.url))
        watching.wait_for(f"created '{plugin.title}'")
        busy = fault.reply(429, "slow down", "text/plain", Retry_After="3600")
        proxy.on("*", "", busy, count=2)
        plugin.change(version="1.0.1")
        watching.wait_for("waits, and what is saved from now on")
        watching.wait_for(f"'{plugin.title}' 1.0.1")
        ran = watching.end()
    assert sandbox.function(plugin.id)["content"] == plugin.text, ran
