# SPDX-License-Identifier: MIT
"""Keys and permissions: each kind of "no" is told apart, and nothing is written."""

import pytest
from fault import FaultServer


@pytest.mark.parametrize("kind", ["filter", "tool"])
def test_bad_key(server, owup, make, kind):
    plugin = make(kind)
    with FaultServer(server.url) as proxy:
        to = server.through(proxy.url)
        ran = owup("deploy", plugin.file, to=to, env={"OPENWEBUI_API_KEY": "sk-0123456789abcdef0123456789abcdef"})
        assert proxy.count("POST") == 0
    assert ran.status == 3, ran
    lines = ran.out.splitlines()
    assert "❌ Failed to update or create. Status: 401" in lines, ran
    assert "   Error: Your session has expired or the token is invalid. Please sign in again." in lines, ran
    assert "OPENWEBUI_API_KEY" in ran.text, ran
    assert "0123456789abcdef" not in ran.text
    assert server.plugin(kind, plugin.id) is None


def test_bad_key_names_the_file_that_holds_it(server, owup, make):
    plugin = make()
    (owup.cwd / "scripts").mkdir()
    (owup.cwd / "scripts/.env").write_text("api_key=sk-00000000000000000000000000000000\n")
    ran = owup("deploy", plugin.file, env={"OPENWEBUI_URL": server.url})
    assert ran.status == 3, ran
    assert "scripts/.env" in ran.text and server.host in ran.text, ran


def test_bad_key_in_json(server, owup, make):
    ran = owup("deploy", "--json", make().file, to=server, env={"OPENWEBUI_API_KEY": "sk-00000000000000000000"})
    assert ran.status == 3, ran
    told = ran.plugin
    assert (told["result"], told["http_status"], told["error"]["code"]) == ("failed", 401, "key_bad")
    assert "expired" in told["error"]["detail"]
    assert told["error"]["hint"]


def test_bad_session_token(server, owup, make):
    token = "eyJhbGciOiJIUzI1NiJ9.eyJpZCI6IjEifQ.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    ran = owup("deploy", "--json", make().file, to=server, env={"OPENWEBUI_API_KEY": token})
    assert (ran.status, ran.plugin["error"]["code"]) == (3, "key_bad"), ran


def test_non_admin_function(server, owup, make):
    plugin = make()
    with FaultServer(server.url) as proxy:
        to = server.through(proxy.url)
        ran = owup("deploy", plugin.file, to=to, env={"OPENWEBUI_API_KEY": server.user_key})
        assert proxy.count("POST") == 0
    assert ran.status == 3, ran
    assert "Failed to update or create. Status: 401" in ran.out
    assert "You do not have permission to access this resource" in ran.text
    assert "no admin" in ran.text or "not an admin" in ran.text, ran
    told = owup("deploy", "--json", plugin.file, to=server, env={"OPENWEBUI_API_KEY": server.user_key}).plugin
    assert told["error"]["code"] == "not_admin"
    assert server.function(plugin.id) is None


def test_non_admin_function_that_exists(server, owup, make):
    plugin = make()
    server.create("filter", plugin.id, plugin.text)
    before = server.function(plugin.id)
    plugin.change(version="1.1.0")
    ran = owup("deploy", plugin.file, to=server, env={"OPENWEBUI_API_KEY": server.user_key})
    assert ran.status == 3, ran
    assert server.function(plugin.id) == before


@pytest.mark.every_server
def test_non_admin_tool(server, owup, make):
    """The create's answer is the very text of a bad session token, yet the key is fine."""
    plugin = make("tool")
    ran = owup("deploy", "--json", plugin.file, to=server, env={"OPENWEBUI_API_KEY": server.user_key})
    assert ran.status == 3, ran
    assert (ran.plugin["result"], ran.plugin["http_status"]) == ("failed", 401)
    assert ran.plugin["error"]["code"] in ("key_bad", "not_admin")
    assert server.tool(plugin.id) is None


@pytest.mark.every_server
@pytest.mark.parametrize("kind", ["filter", "tool"])
def test_keys_off(server, owup, make, kind):
    plugin = make(kind)
    with server.keys_off() as off:
        ran = owup("deploy", plugin.file, to=off)
        in_json = owup("deploy", "--json", plugin.file, to=off)
    assert ran.status == 3, ran
    assert "Failed to update or create. Status: 403" in ran.out
    assert "Use of API key is not enabled in the environment." in ran.text
    assert "Admin Panel > Settings > " in ran.text, ran
    assert "Authentication" in ran.text, ran
    assert in_json.plugin["error"]["code"] == "key_off"
    assert server.plugin(kind, plugin.id) is None


@pytest.mark.needs_python
def test_a_session_token_works_where_keys_are_off(server, owup, make):
    plugin = make()
    with server.keys_off():
        ran = owup("deploy", plugin.file, to=server, env={"OPENWEBUI_API_KEY": server.token})
    assert ran.status == 0, ran
    assert server.token not in ran.text
    assert server.function(plugin.id)["content"] == plugin.text


@pytest.mark.every_server
@pytest.mark.needs_python
def test_key_restricted_to_other_paths(server, owup, make):
    plugin = make()
    with server.keys_restricted():
        ran = owup("deploy", plugin.file, to=server)
        in_json = owup("deploy", "--json", plugin.file, to=server)
    assert ran.status == 3, ran
    assert "Status: 403" in ran.text
    assert "no admin" not in ran.text, ran
    assert in_json.plugin["error"]["code"] == "key_restricted"
    assert server.function(plugin.id) is None


@pytest.mark.since("0.12")
def test_plugins_off(server, owup, make):
    """0.12 says so on update; its create would hide it, so create is not tried."""
    plugin = make()
    with server.plugins_off() as off, FaultServer(off.url) as proxy:
        ran = owup("deploy", plugin.file, to=off.through(proxy.url))
        assert proxy.count("POST", "/create$") == 0
        in_json = owup("deploy", "--json", plugin.file, to=off)
        assert off.function(plugin.id) is None
    assert ran.status == 1, ran
    assert "Status: 400" in ran.text
    assert "ENABLE_PLUGINS" in ran.text
    assert in_json.plugin["error"]["code"] == "plugins_off"


@pytest.mark.since("0.10")
@pytest.mark.parametrize("kind", ["filter", "tool"])
def test_plugins_off_is_a_failure_even_where_it_is_hidden(server, owup, make, kind):
    plugin = make(kind)
    with server.plugins_off() as off:
        ran = owup("deploy", plugin.file, to=off)
        assert off.plugin(kind, plugin.id) is None
    assert ran.status != 0, ran
    assert "❌" in ran.out
    assert "✅" not in ran.text


@pytest.mark.needs_python
@pytest.mark.since("0.10")
def test_plugins_off_with_a_live_plugin(server, owup, make):
    plugin = make()
    with server.plugins_off() as off:
        server.create("filter", plugin.id, plugin.text, name=plugin.title)
        before = off.function(plugin.id)
        plugin.change(version="1.1.0")
        ran = owup("deploy", plugin.file, to=off)
        after = off.function(plugin.id)
    assert ran.status != 0, ran
    assert after["content"] == before["content"]


def test_no_key(sandbox, owup, make):
    ran = owup("deploy", make().file, cwd=owup.cwd, env={"OPENWEBUI_URL": sandbox.url})
    assert ran.status == 3, ran
    assert "❌ No API key." in ran.out
    assert "OPENWEBUI_API_KEY" in ran.text
    assert ".env" in ran.text
    assert "Settings > Account" in ran.text
    told = owup("deploy", "--json", make().file, env={"OPENWEBUI_URL": sandbox.url})
    assert told.status == 3
    errors = [line["error"] if line["type"] == "plugin" else line for line in told.json if line["type"] != "summary"]
    assert "no_key" in str(errors), told


def test_the_key_can_move_to_another_header(sandbox, owup, make):
    """A proxy that wants an Authorization of its own, and keeps it: the key goes as x-api-key."""
    plugin = make()
    with FaultServer(sandbox.url) as proxy:

        def gate(call):
            names = {name.lower(): name for name in call.request.headers}
            assert call.request.headers.pop(names["authorization"]) == "Basic dXNlcjpwYXNz"
            assert call.request.headers[names["x-api-key"]] == sandbox.key
            call.send(call.forward().raw())

        proxy.on("*", "/functions/", gate)
        to = sandbox.through(proxy.url)
        ran = owup("deploy", "--header", "Authorization: Basic dXNlcjpwYXNz", plugin.file, to=to)
        assert proxy.count("*", "/functions/") >= 4
    assert ran.status == 0, ran
    assert sandbox.function(plugin.id)["content"] == plugin.text


def test_other_headers_are_sent(sandbox, owup, make):
    with FaultServer(sandbox.url) as proxy:
        ran = owup("deploy", "--header", "X-Gate: open", make().file, to=sandbox.through(proxy.url))
        assert ran.status == 0, ran
        for request in proxy.seen("*", "/functions/"):
            headers = {name.lower(): value for name, value in request.headers.items()}
            assert headers["x-gate"] == "open"
            assert headers["authorization"] == f"Bearer {sandbox.key}"
