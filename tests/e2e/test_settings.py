# SPDX-License-Identifier: MIT
"""Where the URL and the key come from, and what is done with odd ones."""

import os

import plugins
import pytest
import realserver
from fault import FaultServer, reply

OTHER_KEY = "sk-ffffffffffffffffffffffffffffffff"


def key_used(owup, make, env=None, flags=(), upstream=None, cwd=None):
    """Deploys against a server that records the key, and returns (keys it saw, the run)."""
    with FaultServer() as server:
        server.on("*", "", reply(401, {"detail": "Not authenticated"}))
        environment = {"OPENWEBUI_URL": server.url, **(env or {})}
        ran = owup("deploy", *flags, make().path, env=environment, cwd=cwd)
        keys = {r.headers.get("Authorization", "").removeprefix("Bearer ") for r in server.seen("*", "/functions/")}
    return keys, ran


def write_env(folder, text, name=".env"):
    """Writes a .env file."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / name
    target.write_bytes(text if isinstance(text, bytes) else text.encode())
    return target


@pytest.mark.parametrize(
    "name", ["OPENWEBUI_API_KEY", "OWUI_TOKEN", "OPENWEBUI_TOKEN", "api_key"]
)
def test_key_from_the_environment(owup, make, name):
    assert key_used(owup, make, {name: "sk-from-environment-1"})[0] == {"sk-from-environment-1"}


@pytest.mark.parametrize("name", ["OPENWEBUI_URL", "OPENWEBUI_BASE_URL", "OWUI_URL", "url"])
def test_url_from_the_environment(sandbox, owup, make, name):
    env = {name: sandbox.url, "OPENWEBUI_API_KEY": sandbox.key}
    ran = owup("deploy", make().file, env=env)
    assert ran.status == 0, ran


def test_key_from_a_file(owup, make):
    held = write_env(owup.home, "sk-from-a-file-123\n", "key")
    assert key_used(owup, make, {"OPENWEBUI_API_KEY_FILE": held})[0] == {"sk-from-a-file-123"}
    keys, ran = key_used(owup, make, {"OPENWEBUI_API_KEY_FILE": owup.home / "missing"})
    assert (keys, ran.status) == (set(), 2), ran
    assert "missing" in ran.text


def test_order_of_the_places(owup, make):
    """Flag file, environment, ./.env, ROOT/.env, ROOT/scripts/.env: the first hit wins."""
    below = owup.cwd / "plugins"
    write_env(owup.cwd / "scripts", "api_key=sk-in-scripts\n")
    assert key_used(owup, make, cwd=below)[0] == {"sk-in-scripts"}
    write_env(owup.cwd, "api_key=sk-in-root\n")
    assert key_used(owup, make, cwd=below)[0] == {"sk-in-root"}
    write_env(below, "api_key=sk-in-cwd\n")
    assert key_used(owup, make, cwd=below)[0] == {"sk-in-cwd"}
    env = {"OPENWEBUI_API_KEY": "sk-in-environment"}
    assert key_used(owup, make, env, cwd=below)[0] == {"sk-in-environment"}
    named = write_env(owup.home, "OPENWEBUI_API_KEY=sk-in-named-file\n", "staging.env")
    assert key_used(owup, make, env, ["--env-file", named], cwd=below)[0] == {"sk-in-named-file"}


def test_url_flag_wins(sandbox, owup, make):
    env = {"OPENWEBUI_URL": "http://127.0.0.1:1", "OPENWEBUI_API_KEY": sandbox.key}
    ran = owup("deploy", "--url", sandbox.url, make().file, env=env)
    assert ran.status == 0, ran


@pytest.mark.parametrize(
    "text",
    [
        "api_key=sk-odd-file-1234",
        "API_KEY=sk-odd-file-1234\n",
        "Api_Key = sk-odd-file-1234\n",
        "export OPENWEBUI_API_KEY=sk-odd-file-1234\n",
        'api_key="sk-odd-file-1234"\n',
        "api_key='sk-odd-file-1234'\n",
        "# a comment\r\n\r\napi_key=sk-odd-file-1234\r\nother=1\r\n",
        b"\xef\xbb\xbfapi_key=sk-odd-file-1234\n",
        "OTHER=ü\nopenwebui_api_key=sk-odd-file-1234\n",
    ],
)
def test_ways_to_write_env_files(owup, make, text):
    write_env(owup.cwd, text)
    assert key_used(owup, make)[0] == {"sk-odd-file-1234"}


def test_the_placeholder_is_no_key(owup, make):
    write_env(owup.cwd, "api_key=sk-your-api-key-here\n")
    keys, ran = key_used(owup, make)
    assert (keys, ran.status) == (set(), 3), ran
    assert "No API key" in ran.text
    write_env(owup.cwd / "scripts", "api_key=sk-the-real-one\n")
    assert key_used(owup, make)[0] == {"sk-the-real-one"}


def test_env_file_without_a_key(owup, make):
    write_env(owup.cwd, "SOMETHING=else\n")
    keys, ran = key_used(owup, make)
    assert (keys, ran.status) == (set(), 3), ran
    assert "No API key" in ran.text


def test_env_file_with_lines_of_another_form(owup, make):
    write_env(owup.cwd, "url: http://127.0.0.1:9\nAPI_KEY：sk-secret-1\n")
    keys, ran = key_used(owup, make, env={"OPENWEBUI_URL": ""})
    assert (keys, ran.status) == (set(), 3), ran
    assert '⚠️ .env:1: "url: …" is not NAME=VALUE' in ran.err and "write api_key=…" in ran.err, ran
    assert "127.0.0.1:9" not in ran.text and "secret" not in ran.text, ran


def test_env_file_that_is_a_folder(owup, make):
    (owup.cwd / ".env").mkdir()
    keys, ran = key_used(owup, make)
    assert keys == set() and ran.status in (2, 3), ran
    assert ".env" in ran.text


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_env_file_that_is_unreadable(owup, make):
    write_env(owup.cwd, "api_key=sk-1234567\n").chmod(0)
    keys, ran = key_used(owup, make)
    assert keys == set() and ran.status in (2, 3), ran
    assert ".env" in ran.text


def test_env_file_that_is_not_utf8(owup, make):
    write_env(owup.cwd, b"api_key=sk-\xff\xfe\n")
    keys, ran = key_used(owup, make)
    assert keys == set() and ran.status in (2, 3), ran
    assert ".env" in ran.text


def test_named_env_file_that_is_missing(owup, make):
    keys, ran = key_used(owup, make, flags=["--env-file", "no-such.env"])
    assert (keys, ran.status) == (set(), 2), ran
    assert "no-such.env" in ran.text


def test_two_env_files(owup, make):
    """Whoever names two means two servers; nothing is sent to either."""
    keys, ran = key_used(owup, make, flags=["--env-file", "staging.env", "--env-file", "prod.env"])
    assert keys == set() and ran.status == 2 and "twice" in ran.text, ran


def test_url_and_key_of_one_env_file(sandbox, owup, make):
    write_env(owup.cwd / "scripts", f"url={sandbox.url}\napi_key={sandbox.key}\n")
    plugin = make()
    ran = owup("deploy", plugin.file)
    assert ran.status == 0, ran
    assert sandbox.function(plugin.id)["content"] == plugin.text


def test_a_key_is_never_sent_to_another_url_than_its_file_names(owup, make):
    write_env(owup.cwd, "url=http://prod.example:8080\napi_key=sk-for-production\n")
    keys, ran = key_used(owup, make)
    assert (keys, ran.status) == (set(), 2), ran
    assert "http://prod.example:8080" in ran.text and "127.0.0.1" in ran.text
    assert "sk-for-production" not in ran.text
    with FaultServer() as server:
        env = {"OPENWEBUI_API_KEY": None, "OPENWEBUI_URL": None}
        ran = owup("deploy", "--url", server.url, make().file, env=env)
        assert (ran.status, server.count()) == (2, 0), ran


def test_the_same_url_written_otherwise_is_the_same(sandbox, owup, make):
    write_env(owup.cwd, f"url={sandbox.url}/\napi_key={sandbox.key}\n")
    ran = owup("deploy", "--url", sandbox.url.replace("http://", ""), make().file)
    assert ran.status == 0, ran


@pytest.mark.parametrize(
    "change",
    [
        lambda url: url.removeprefix("http://"),
        lambda url: url + "/",
        lambda url: url + "/api/v1",
        lambda url: url + "/api/v1/",
        lambda url: url + "/admin/functions",
        lambda url: url + "/workspace/tools",
        lambda url: url.replace("http", "HTTP"),
        lambda url: url.replace("127.0.0.1", "localhost"),
    ],
    ids=["no-scheme", "slash", "api", "api-slash", "admin", "workspace", "capitals", "localhost"],
)
def test_ways_to_write_the_url(sandbox, owup, make, change):
    plugin = make()
    ran = owup("deploy", "--url", change(sandbox.url), plugin.file, env={"OPENWEBUI_API_KEY": sandbox.key})
    assert ran.status == 0, ran
    assert "Target:" not in ran.text
    assert sandbox.function(plugin.id)["content"] == plugin.text


def test_path_prefix(sandbox, owup, make):
    plugin = make()

    def below(call):
        call.request.path = call.request.path.removeprefix("/owui")
        call.send(call.forward().raw())

    with FaultServer(sandbox.url) as proxy:
        proxy.on("*", "", reply(404, "<html></html>", "text/html"))
        proxy.on("*", "^/owui/api/", below)
        ran = owup("deploy", plugin.file, to=sandbox.through(proxy.url + "/owui/"))
    assert ran.status == 0, ran
    assert sandbox.function(plugin.id)["content"] == plugin.text


@pytest.mark.parametrize(
    "url", ["", "ftp://host", "http://", "http://ho st", "not a url", "http://host:99999", "://", "http://[::1"]
)
def test_url_that_is_none(owup, make, url):
    ran = owup("deploy", "--url", url, make().file, env={"OPENWEBUI_API_KEY": "sk-123456"})
    assert ran.status == 2, ran
    assert "❌" in ran.out
    told = owup("deploy", "--json", "--url", url, make().file, env={"OPENWEBUI_API_KEY": "sk-123456"})
    assert told.status == 2
    assert all(line["type"] in ("error", "plugin", "summary") for line in told.json), told


def test_url_with_a_full_width_character(owup, make):
    ran = owup("deploy", "--url", "http：//127.0.0.1", make().file, env={"OPENWEBUI_API_KEY": "sk-123456"})
    assert ran.status == 2 and '"："' in ran.text and '":"' in ran.text, ran


def test_default_url_is_named_as_the_default(owup, make):
    """Nothing listens on port 3000 of a test machine, or something that does not know the key."""
    plugin = make()
    ran = owup("deploy", plugin.file, env={"OPENWEBUI_API_KEY": "sk-123456"})
    if "Connection error" not in ran.text:
        pytest.skip("something listens on port 3000 here")
    assert ran.status == 4, ran
    assert "❌ Connection error: Could not reach OpenWebUI at localhost:3000" in ran.out.splitlines()
    assert "   Make sure OpenWebUI is running and accessible." in ran.out.splitlines()
    assert "http://localhost:3000 is the default" in ran.text, ran


def test_verbose_says_where_each_setting_came_from(sandbox, owup, make):
    write_env(owup.cwd / "scripts", f"api_key={sandbox.key}\n")
    ran = owup("deploy", "-v", make().file, env={"OPENWEBUI_URL": sandbox.url})
    assert ran.status == 0, ran
    assert "OPENWEBUI_URL" in ran.err and "scripts/.env" in ran.err, ran


def test_nothing_above_home_is_read(owup, make, tmp_path):
    """A .env beside the home folder is a stranger's."""
    write_env(tmp_path, f"api_key={OTHER_KEY}\n")
    (tmp_path / "plugins").mkdir()
    plain = owup.home / "elsewhere"
    plain.mkdir()
    plugin = make()
    ran = owup("deploy", plugin.path, env={"OPENWEBUI_URL": f"http://127.0.0.1:{realserver.free_port()}"}, cwd=plain)
    assert ran.status == 3, ran


def test_root_is_found_from_below(sandbox, owup, make):
    """The project's root is the folder with plugins/; names and .env work from any folder in it."""
    plugin = make()
    write_env(owup.cwd, f"url={sandbox.url}\napi_key={sandbox.key}\n")
    ran = owup("deploy", plugin.id, cwd=plugin.path.parent)
    assert ran.status == 0, ran
    assert sandbox.function(plugin.id)["content"] == plugin.text


@pytest.mark.parametrize("flags", [["--header", "no colon"], ["--timeout", "abc"], ["--timeout", "-1"], ["--type", "x"]])
def test_flags_that_make_no_sense(owup, make, flags):
    ran = owup("deploy", *flags, make().file, env={"OPENWEBUI_API_KEY": "sk-123456"})
    assert ran.status == 2, ran


def test_key_is_no_flag(owup, make):
    ran = owup("deploy", "--api-key", "sk-123456", make().file)
    assert ran.status == 2, ran


def test_key_never_in_a_message_of_an_odd_key(owup, make):
    """A key with a line break cannot be sent, and is not shown."""
    write_env(owup.cwd, b'api_key="sk-with a space"\n')
    ran = owup("deploy", make().file, env={"OPENWEBUI_URL": "http://127.0.0.1:1"})
    assert "sk-with" not in ran.text


def test_the_home_folder_may_be_missing(sandbox, owup, make):
    plugin = make()
    ran = owup("deploy", plugin.file, to=sandbox, env={"HOME": None, "XDG_CACHE_HOME": "/nonexistent/x"})
    assert ran.status == 0, ran


def test_held_matches_the_servers_rewriting():
    """The tests' own idea of it."""
    assert plugins.held("from utils.x import y") == "from open_webui.utils.x import y"
