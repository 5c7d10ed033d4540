# SPDX-License-Identifier: MIT
"""A pipe that is on answers in a chat, and one that is off does not: chat goes by the model list."""

import contextlib

import edits
import pytest
import safety
from fault import FaultServer, hang, reply

MANIFOLD = (
    "\n    def pipes(self):\n"
    '        return [{{"id": name, "name": name}} for name in ({})]\n'
)  # fmt: skip


def chat(server, model):
    """What people get who chat with it: the pipe's word, or why not."""
    body = {"model": model, "messages": [{"role": "user", "content": "ping"}], "stream": False}
    answer = server.request("POST", "/api/chat/completions", body)
    if answer.status_code == 200:
        return answer.json()["choices"][0]["message"]["content"]
    return answer.json()["detail"]


@contextlib.contextmanager
def another_model(server, make):
    """A pipe that is on and listed, so that another one is not the last model."""
    pipe = make("pipe")
    server.create("pipe", pipe.id, pipe.text, name=pipe.title)
    server.toggle(pipe.id)
    server.models()
    try:
        yield pipe
    finally:
        server.delete("pipe", pipe.id)


def lists(proxy):
    """The model lists that were asked for."""
    return [request.path for request in proxy.seen("GET", "/api/models")]


@pytest.mark.every_server
@pytest.mark.needs_python


def test_enable_and_disable(server, owup, make):
    with another_model(server, make):
        pipe = edits.deployed(owup, server, make("pipe"))
        assert "not found" in chat(server, pipe.id)
        for _ in range(2):
            ran = owup("enable", pipe.id, to=server)
            assert ran.status == 0 and "list" not in ran.text and chat(server, pipe.id) == "pong", ran
            ran = owup("disable", pipe.id, to=server)
            assert ran.status == 0 and "goes on" not in ran.text and "with several workers" in ran.err, ran
            assert "not found" in chat(server, pipe.id)


@pytest.mark.every_server
@pytest.mark.needs_python


def test_deploy_delete_rollback(server, owup, make):
    with another_model(server, make):
        pipe = make("pipe")
        assert owup("deploy", "--enable", pipe.file, to=server).status == 0
        assert chat(server, pipe.id) == "pong"
        assert owup("delete", "--yes", pipe.id, to=server).status == 0
        listed = {model["id"] for model in server.ask("GET", "/api/v1/models")["data"]}
        assert "not found" in chat(server, pipe.id) and pipe.id not in listed
        assert owup("rollback", pipe.id, to=server).status == 0
        assert chat(server, pipe.id) == "pong"


@pytest.mark.every_server
@pytest.mark.needs_python


def test_new_models_of_a_manifold(server, owup, make):
    with another_model(server, make):
        pipe = make("pipe", end=MANIFOLD.format("'one',"))
        assert owup("deploy", "--enable", pipe.file, to=server).status == 0
        assert chat(server, f"{pipe.id}.one") == "pong"
        assert "not found" in chat(server, f"{pipe.id}.two")
        assert owup("deploy", pipe.change(version="1.1.0", end=MANIFOLD.format("'one', 'two'")).file, to=server).status == 0
        assert chat(server, f"{pipe.id}.two") == "pong"
        assert owup("rollback", pipe.id, to=server).status == 0
        assert "not found" in chat(server, f"{pipe.id}.two") and chat(server, f"{pipe.id}.one") == "pong"


@pytest.mark.every_server
@pytest.mark.needs_python


def test_the_last_model(server, owup, make):
    """It goes on answering, which is said; another one ends that."""
    pipe = edits.deployed(owup, server, make("pipe"))
    assert owup("enable", pipe.id, to=server).status == 0 and chat(server, pipe.id) == "pong"
    for more in ((), ("--json",)):
        ran = owup("disable", *more, pipe.id, to=server)
        assert ran.status == 0 and "goes on answering: it was the last model" in ran.text, ran
    assert chat(server, pipe.id) == "pong"
    with another_model(server, make):
        assert "not found" in chat(server, pipe.id)


def test_how_many_requests(sandbox, owup, make):
    """One for what makes a pipe come or go; none for a filter, a tool, or the code of a live pipe."""
    with another_model(sandbox, make), FaultServer(sandbox.url) as proxy:
        through = sandbox.through(proxy.url)
        others = [edits.deployed(owup, through, make(kind)) for kind in ("filter", "action", "tool", "pipe")]
        for plugin in others[:2]:
            owup("enable", plugin.id, to=through)
        for plugin in others:
            edits.deployed(owup, through, plugin.change(version="1.1.0"))
            assert owup("rollback", plugin.id, to=through).status == 0
        for plugin in others[:3]:
            assert owup("delete", "--yes", plugin.id, to=through).status == 0
        assert lists(proxy) == []
        pipe = others[3]
        for words in (("enable",), ("disable",), ("enable",), ("delete", "--yes"), ("rollback",)):
            before = len(lists(proxy))
            assert owup(*words, pipe.id, to=through).status == 0
            assert lists(proxy)[before:] == ["/api/models"], words
        before = len(lists(proxy))
        edits.deployed(owup, through, pipe.change(version="1.2.0"), "--force")
        assert lists(proxy)[before:] == [] and sandbox.function(pipe.id)["is_active"]
        edits.deployed(owup, through, pipe.change(version="1.3.0", end=MANIFOLD.format("'one',")))
        assert lists(proxy)[before:] == ["/api/models?refresh=true"]


def test_a_list_that_is_kept(sandbox, owup, make):
    """ENABLE_BASE_MODELS_CACHE: the plain list is an old one, so it is asked to be made anew."""
    pipe = edits.deployed(owup, sandbox, make("pipe"))
    with another_model(sandbox, make), FaultServer(sandbox.url) as proxy:
        proxy.on("GET", "/api/models$", reply(200, sandbox.ask("GET", "/api/models")))
        ran = owup("enable", pipe.id, to=sandbox.through(proxy.url))
        assert ran.status == 0 and "list" not in ran.text, ran
        assert lists(proxy) == ["/api/models", "/api/models?refresh=true"]


@pytest.mark.clock(5)
@pytest.mark.parametrize(
    "how, word",
    [
        (reply(500, "Internal Server Error", "text/plain"), "failed here"),
        (reply(403, {"detail": "You do not have permission to access this resource."}), "failed here"),
        (reply(200, {"data": []}), "does not show it"),
        (reply(200, ["nonsense"]), "failed here"),
        (hang(), "failed here"),
    ],
    ids=["500", "403", "without", "nonsense", "silent"],
)


def test_a_list_that_does_not_show_it(sandbox, owup, make, how, word):
    """Two seconds at most; said, and no failure."""
    pipe = edits.deployed(owup, sandbox, make("pipe"))
    with FaultServer(sandbox.url) as proxy:
        proxy.on("GET", "/api/models", how)
        ran = owup("enable", pipe.id, to=sandbox.through(proxy.url))
        assert ran.status == 0 and f"'{pipe.title}': enabled." in ran.out and word in ran.err, ran
        told = owup("enable", "--json", pipe.id, to=sandbox.through(proxy.url))
        assert told.status == 0 and word in told.json[0]["notes"][0], told
        new = make("pipe")
        ran = owup("deploy", "--enable", "--json", new.file, to=sandbox.through(proxy.url))
        assert ran.status == 0 and word in " ".join(ran.plugin["notes"]), ran
        ran = owup("delete", "--yes", pipe.id, to=sandbox.through(proxy.url))
        assert ran.status == 0 and "list" not in ran.text, ran
    assert safety.flags(sandbox, new) == (True, False)
