# SPDX-License-Identifier: MIT
"""A user who is no admin and may write tools: what such a key sees is told, and a good key is never called unknown."""

import base64
import contextlib
import json
import os
import time

import pytest

pytestmark = pytest.mark.every_server


@contextlib.contextmanager
def writers(server, **more):
    """Every user may write tools meanwhile, but not export them; in the sandbox they may only read."""
    if not server.is_real:
        yield {"OPENWEBUI_API_KEY": server.user_key}
        return
    path = "/api/v1/users/default/permissions"
    kept = server.ask("GET", path)
    changed = json.loads(json.dumps(kept))
    changed["workspace"].update({"tools": True, "tools_export": False}, **more)
    server.ask("POST", path, changed)
    try:
        yield {"OPENWEBUI_API_KEY": server.user_key}
    finally:
        server.ask("POST", path, kept)


def share(server, plugin_id, *rights):
    """Everybody may do that with it."""
    grants = [{"principal_type": "user", "principal_id": "*", "permission": right} for right in rights]
    server.ask("POST", f"/api/v1/tools/id/{plugin_id}/access/update", {"access_grants": grants})


def test_tools_of_a_user_without_the_right_to_export(server, owup, make):
    own, private = make("tool"), make("tool")
    server.create("tool", private.id, private.text, name=private.title)
    os.unlink(owup.cwd / private.file)
    with writers(server) as env:
        if server.is_real:
            made = owup("deploy", "--json", own.file, to=server, env=env)
            assert (made.status, made.plugin["result"]) == (0, "created"), made
        else:
            server.create("tool", own.id, own.text, name=own.title)
            share(server, own.id, "read", "write")
        ran = owup("status", "--json", to=server, env=env)
        rows = [row["id"] for row in ran.json if row["type"] == "status"]
        assert (ran.status, rows) == (0, [own.id]), ran
        own.change(version="1.0.1")
        ran = owup("diff", own.id, to=server, env=env)
        assert ran.status in (0, 1) and "1.0.1" in ran.out, ran
        ran = owup("pull", "--all", "--type", "tool", "-o", "got", to=server, env=env)
        assert ran.status == 0, ran
        pulled = list((owup.cwd / "got").rglob("*.py"))
        assert [file.stem for file in pulled] == [own.id], ran
        if server.is_real:
            ran = owup("deploy", "--json", "--all", to=server, env=env)
            assert ran.plugin["result"] == "updated", ran
            assert server.tool(own.id)["content"] == own.text
        os.unlink(owup.cwd / own.file)
        ran = owup("pull", own.id, "-o", "again", to=server, env=env)
        assert ran.status == 0, ran


def test_somebody_elses_private_tool(server, owup, make):
    plugin = make("tool")
    server.create("tool", plugin.id, "# theirs\n" + plugin.text)
    with writers(server) as env:
        ran = owup("deploy", plugin.file, to=server, env=env)
        told = owup("deploy", "--json", plugin.file, to=server, env=env).plugin
    assert ran.status == 3 and f"'{plugin.id}' is taken by a tool that is not shared with this key" in ran.out, ran
    assert (told["result"], told["error"]["code"]) == ("failed", "not_admin"), told
    assert "--id" in ran.out and "unknown" not in ran.text, ran


def test_a_tool_that_may_be_used_and_not_read(server, owup, make):
    """From 0.10 on it comes without its code; before, it is refused when it is written."""
    plugin = make("tool")
    server.create("tool", plugin.id, "# theirs\n" + plugin.text)
    share(server, plugin.id, "read")
    with writers(server) as env:
        ran = owup("deploy", plugin.file, to=server, env=env)
        listed = owup("status", "--json", to=server, env=env)
    assert ran.status in (1, 3) and "unknown" not in ran.text, ran
    assert listed.status == 0, listed
    if server.generation >= (0, 10):
        assert f"'{plugin.id}' is a tool whose code is not shared with this key" in ran.out, ran


def token(claims):
    """A session token as servers make them, signed by nobody."""
    parts = ({"alg": "HS256", "typ": "JWT"}, claims)
    head = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*head, "A" * 43])


@pytest.mark.parametrize("command", ["deploy", "status"])
def test_an_expired_session_token_is_named(server, owup, make, command):
    plugin = make("tool")
    words = [plugin.file] if command == "deploy" else []
    for claims, named in (({"id": "1", "exp": 1700000000}, True), ({"id": "1", "exp": int(time.time()) + 9000}, False)):
        ran = owup(command, *words, to=server, env={"OPENWEBUI_API_KEY": token(claims), "TZ": "UTC"})
        assert ran.status == 3, ran
        assert ("The session token (OPENWEBUI_API_KEY) expired at 2023-11-14 22:13." in ran.text) == named, ran
        assert ("is unknown to" in ran.text) != named, ran
