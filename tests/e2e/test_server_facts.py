# SPDX-License-Identifier: MIT
"""What the servers themselves answer, the embedded one and the real ones alike.

No owup client is involved: these tests keep the imitation honest. Each fact holds for every real
server listed, or the test says for which generation.
"""

import http.client
import json
import time

import plugins
import pytest
import requests

pytestmark = pytest.mark.every_server

FUNCTION = plugins.source("filter", title="My Filter")
TOOL = plugins.source("tool", title="My Tool")
SOURCE = {"functions": FUNCTION, "tools": TOOL}
KIND = {"functions": "filter", "tools": "tool"}
FAMILIES = pytest.mark.parametrize("family", ["functions", "tools"])

NOT_FOUND = "We could not find what you're looking for :/"
NO_PERMISSION = "You do not have permission to access this resource. Please contact your administrator for assistance."
TAKEN = "Uh-oh! This id is already registered. Please choose another id string."
EXPIRED = "Your session has expired or the token is invalid. Please sign in again."


@pytest.fixture
def new_id(server, fresh):
    """An id that is deleted on the server afterwards, whatever it was used for."""
    given = []

    def make(stem="fact"):
        given.append(fresh(stem))
        return given[-1]

    yield make
    for one in given:
        server.delete("filter", one)
        server.delete("tool", one)


def body(plugin_id, content, name="T", **more):
    """A create or update."""
    return {"id": plugin_id, "name": name, "meta": {"description": "d"}, "content": content, **more}


def said(answer):
    """(status, detail) of an answer."""
    return answer.status_code, answer.json().get("detail")


def create(server, family, plugin_id, content, **more):
    """Sends a create; the requests.Response."""
    return server.request("POST", f"/api/v1/{family}/create", body(plugin_id, content, **more))


def update(server, family, plugin_id, content, **more):
    """Sends an update; the requests.Response."""
    path = server.path(KIND[family], plugin_id, "/update")
    return server.request("POST", path, body(plugin_id, content, **more))


def test_health_and_version(server):
    assert server.request("GET", "/health").status_code == 200
    version = server.ask("GET", "/api/version")["version"]
    assert version.startswith(".".join(map(str, server.generation)))


def test_missing(server, new_id):
    missing = new_id()
    assert said(server.request("GET", f"/api/v1/functions/id/{missing}")) == (401, NOT_FOUND)
    assert said(server.request("GET", f"/api/v1/tools/id/{missing}")) == (404, NOT_FOUND)
    wanted = {
        (0, 9): "[ERROR: 400: [ERROR: Error updating function]]",
        (0, 11): "[ERROR: Error updating function]",
        (0, 12): "Function not found",
    }[server.generation]
    assert said(update(server, "functions", missing, FUNCTION)) == (400, wanted)
    assert said(update(server, "tools", missing, TOOL)) == (401, NOT_FOUND)
    for path in ("functions", "tools"):
        answer = server.request("DELETE", f"/api/v1/{path}/id/{missing}/delete")
        if path == "functions":
            assert (answer.status_code, answer.json()) == (200, True)


@FAMILIES
def test_life_of_a_plugin(server, new_id, family):
    kind, content, plugin_id = KIND[family], SOURCE[family], new_id()
    answer = create(server, family, plugin_id, content)
    assert answer.status_code == 200
    created = answer.json()
    assert created["id"] == plugin_id
    assert "content" not in created
    assert said(create(server, family, plugin_id, content)) == (400, TAKEN)
    held = server.plugin(kind, plugin_id)
    assert (held["name"], held["content"]) == ("T", content)
    assert held["meta"]["description"] == "d"
    assert held["meta"]["manifest"] == {
        "title": f"My {kind.capitalize()}",
        "version": "1.0.0",
        "description": "Does nothing",
        "author": "Ann",
        "author_url": "https://example.com/ann",
    }
    answer = update(server, family, plugin_id, content + "# 2\n", name="N")
    assert answer.status_code == 200
    assert answer.json()["content"] == content + "# 2\n"
    held = server.plugin(kind, plugin_id)
    assert (held["name"], held["content"]) == ("N", content + "# 2\n")
    assert ("version_id" in held) == server.has_history
    server.delete(kind, plugin_id)
    assert server.plugin(kind, plugin_id) is None


def test_new_functions_are_off_and_flags_flip(server, new_id):
    plugin_id = new_id()
    created = create(server, "functions", plugin_id, FUNCTION).json()
    assert (created["is_active"], created["is_global"], created["type"]) == (False, False, "filter")
    assert server.toggle(plugin_id) is True
    assert server.toggle_global(plugin_id) is True
    assert update(server, "functions", plugin_id, FUNCTION + "# 2\n").status_code == 200
    held = server.function(plugin_id)
    assert (held["is_active"], held["is_global"]) == (True, True)
    assert server.toggle(plugin_id) is False


@pytest.mark.parametrize("kind", ["filter", "pipe", "action", pytest.param("event", id="event")])
def test_type_is_the_class(server, new_id, kind):
    plugin_id = new_id()
    answer = create(server, "functions", plugin_id, plugins.source(kind))
    if kind == "event" and not server.has_event:
        assert answer.status_code == 400
        return
    assert (answer.status_code, answer.json()["type"]) == (200, kind)


def test_first_of_several_classes(server, new_id):
    plugin_id = new_id()
    text = plugins.source("action") + "\n\nclass Filter:\n    pass\n\n\nclass Pipe:\n    pass\n"
    assert create(server, "functions", plugin_id, text).json()["type"] == "pipe"
    assert update(server, "functions", plugin_id, plugins.source("action")).json()["type"] == "action"


@FAMILIES
def test_broken_code(server, new_id, family):
    """The reason on 0.9 always, on 0.12 on update only, on 0.10 and 0.11 never."""
    kind, plugin_id = KIND[family], new_id()
    broken = SOURCE[family] + plugins.BROKEN_SYNTAX
    line = plugins.line_of(broken, "def broken(:")
    word = "function" if family == "functions" else "tool"
    status, detail = said(create(server, family, plugin_id, broken))
    assert status == 400
    if server.hides_create_reason:
        assert detail.startswith(f"[ERROR: Error creating {word}"), detail
    else:
        assert f"(<string>, line {line})" in detail, detail
    assert server.plugin(kind, plugin_id) is None
    create(server, family, plugin_id, SOURCE[family])
    if family == "functions":
        server.toggle(plugin_id)
    before = server.plugin(kind, plugin_id)
    status, detail = said(update(server, family, plugin_id, broken))
    assert status == 400
    if server.hides_reason:
        assert detail.startswith(f"[ERROR: Error updating {word}"), detail
    else:
        assert f"(<string>, line {line})" in detail, detail
    after = server.plugin(kind, plugin_id)
    assert (after["content"], after["name"]) == (before["content"], before["name"])
    if family == "functions":
        assert after["is_active"] is not server.switches_off
        assert update(server, family, plugin_id, FUNCTION + "# 2\n").status_code == 200
        assert server.function(plugin_id)["is_active"] is not server.switches_off


def test_broken_code_on_a_missing_function(server, new_id):
    """0.12 and 0.9 load the code before they look for the function, and so name the reason."""
    broken = FUNCTION + plugins.BROKEN_SYNTAX
    status, detail = said(update(server, "functions", new_id(), broken))
    assert status == 400
    assert ("(<string>, line" in detail) is not server.hides_reason, detail


@FAMILIES
def test_no_class(server, new_id, family):
    plugin_id = new_id()
    text = SOURCE[family].replace("class Filter", "class Other").replace("class Tools", "class Other")
    word = "Function" if family == "functions" else "Tools"
    status, detail = said(create(server, family, plugin_id, text))
    assert status == 400
    assert (f"No {word} class found in the module" in detail) is not server.hides_create_reason, detail


@FAMILIES
@pytest.mark.parametrize("wrong", ["a-b", "a b", "1a", "a.b", "x!"])
def test_id_must_be_an_identifier(server, family, wrong):
    status, detail = said(create(server, family, wrong, SOURCE[family]))
    assert (status, detail) == (400, "Only alphanumeric characters and underscores are allowed in the id")


@FAMILIES
def test_capitals_in_an_id(server, new_id, family):
    plugin_id = new_id("low")
    assert create(server, family, plugin_id.upper(), SOURCE[family]).json()["id"] == plugin_id
    assert server.plugin(KIND[family], plugin_id.upper()) is None
    assert update(server, family, plugin_id.upper(), SOURCE[family]).status_code in (400, 401)


@FAMILIES
def test_id_beyond_ascii(server, new_id, family):
    plugin_id = new_id("精读_фильтр")
    assert create(server, family, plugin_id, SOURCE[family]).json()["id"] == plugin_id
    assert server.plugin(KIND[family], plugin_id)["content"] == SOURCE[family]


@FAMILIES
def test_the_id_in_the_path_decides(server, new_id, family):
    plugin_id = new_id()
    create(server, family, plugin_id, SOURCE[family])
    path = server.path(KIND[family], plugin_id, "/update")
    answer = server.ask("POST", path, body("another_id", SOURCE[family]))
    assert answer["id"] == plugin_id
    assert server.plugin(KIND[family], "another_id") is None


@FAMILIES
def test_meta_is_required(server, new_id, family):
    plugin_id = new_id()
    create(server, family, plugin_id, SOURCE[family])
    incomplete = body(plugin_id, SOURCE[family])
    del incomplete["meta"]
    answer = server.request("POST", server.path(KIND[family], plugin_id, "/update"), incomplete)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "meta"]


@FAMILIES
def test_meta_is_replaced_and_the_manifest_rebuilt(server, new_id, family):
    plugin_id = new_id()
    create(server, family, plugin_id, SOURCE[family])
    meta = {"description": "e", "x_ours": {"a": [1]}, "manifest": {"title": "a lie"}}
    assert update(server, family, plugin_id, SOURCE[family], meta=meta).status_code == 200
    held = server.plugin(KIND[family], plugin_id)["meta"]
    assert held["description"] == "e"
    assert held["manifest"]["title"].startswith("My ")
    assert ("x_ours" in held) == (family == "functions" or server.keeps_tool_meta)
    assert update(server, family, plugin_id, SOURCE[family]).status_code == 200
    assert "x_ours" not in server.plugin(KIND[family], plugin_id)["meta"]


@pytest.mark.parametrize(
    ("text", "manifest"),
    [
        ('"""\ntitle: A\n"""\n', {"title": "A"}),
        ('  """  \n title :x\ntitle: B\n"""\n', {"title": "B"}),
        ('"""\nDescription: one\ndescription: two\n"""\n', {"Description": "one", "description": "two"}),
        ('"""\ntitle: first\ntitle: last\n"""\n', {"title": "last"}),
        ('"""\ndescription: |\n  text: here\n"""\n', {"description": "|", "text": "here"}),
        ('"""title: A\n"""\n', {}),
        ('\n"""\ntitle: A\n"""\n', {}),
        ("'''\ntitle: A\n'''\n", {}),
        ('"""\r\ntitle: A\r\nversion: 2\r\n"""\r\n', {"title": "A", "version": "2"}),
        ('"""\ntitle: A\u2028version: 3\n"""\n', {"title": "A", "version": "3"}),
        ('"""\ntitle: A\x0cauthor: b\x1cversion: 3\n"""\n', {"title": "A", "author": "b", "version": "3"}),
        ('"""\ntitle:\nversion:   \nauthor: x """\nid: y\n', {"title": "version:", "x": None}),
        ('"""\nk1: no\nfunding-url: no\n_: yes\nA_b: c:d\n"""\n', {"_": "yes", "A_b": "c:d"}),
        ('"""\n\ttitle:\t精读\u3000\n"""\n', {"title": "精读"}),
    ],
)
def test_frontmatter(server, new_id, text, manifest):
    plugin_id = new_id()
    if text.startswith("  "):
        text = text.strip(" ")
    answer = create(server, "functions", plugin_id, text + "\n\nclass Filter:\n    pass\n")
    assert answer.status_code == 200, answer.text
    got = answer.json()["meta"]["manifest"]
    if "x" in manifest:
        # Whatever Python's pattern makes of it: the same everywhere.
        assert got == {"title": "", "version": ""}
    else:
        assert got == manifest


@FAMILIES
def test_imports_are_rewritten(server, new_id, family):
    plugin_id = new_id()
    text = SOURCE[family] + "# from utils, from apps.x, from main and from config; 'from configuration'\n"
    assert create(server, family, plugin_id, text).status_code == 200
    held = server.plugin(KIND[family], plugin_id)["content"]
    assert held == plugins.held(text)
    assert held.endswith("'from open_webui.configuration'\n")
    answer = update(server, family, plugin_id, text + "# from main\n")
    assert answer.json()["content"] == plugins.held(text + "# from main\n")


@FAMILIES
def test_bytes_are_kept(server, new_id, family):
    plugin_id = new_id()
    text = (SOURCE[family] + "# \u2028 ü 精 \U0001f600 e\u0301 \x0c\n").replace("\n", "\r\n")
    assert create(server, family, plugin_id, text).status_code == 200
    assert server.plugin(KIND[family], plugin_id)["content"] == text


@FAMILIES
@pytest.mark.parametrize("odd", ["\ufeff", "\0"], ids=["bom", "nul"])
def test_bom_and_nul_are_refused(server, new_id, family, odd):
    plugin_id = new_id()
    text = odd + SOURCE[family] if odd == "\ufeff" else SOURCE[family] + "# \0\n"
    assert create(server, family, plugin_id, text).status_code == 400
    assert server.plugin(KIND[family], plugin_id) is None


@FAMILIES
def test_kinds_of_401(server, family):
    path = f"/api/v1/{family}/id/whatever"
    assert said(server.request("GET", path, key="sk-00000000000000000000000000000000")) == (401, EXPIRED)
    assert said(server.request("GET", path, key="eyJhbGciOiJIUzI1NiJ9.eyJpZCI6IjEifQ.AAAA")) == (401, "401 Unauthorized")
    answer = requests.get(server.url + path, timeout=30)
    assert said(answer) == (401, "Not authenticated")


@FAMILIES
def test_key_in_another_header(server, family):
    answer = requests.get(server.url + f"/api/v1/{family}/", headers={"x-api-key": server.key}, timeout=30)
    assert answer.status_code == 200
    assert isinstance(answer.json(), list)


def test_non_admin(server, new_id):
    plugin_id, key = new_id(), server.user_key
    one = f"/api/v1/functions/id/{plugin_id}"
    for method, path in (("GET", one), ("POST", one + "/update"), ("POST", "/api/v1/functions/create")):
        sent = body(plugin_id, FUNCTION) if method == "POST" else None
        assert said(server.request(method, path, sent, key)) == (401, NO_PERMISSION), path
    one = f"/api/v1/tools/id/{plugin_id}"
    assert said(server.request("GET", one, key=key)) == (404, NOT_FOUND)
    assert said(server.request("POST", one + "/update", body(plugin_id, TOOL), key)) == (401, NOT_FOUND)
    assert said(server.request("POST", "/api/v1/tools/create", body(plugin_id, TOOL), key)) == (401, "401 Unauthorized")
    assert server.request("GET", "/api/v1/functions/", key=key).status_code == 200


def test_who_am_i(server):
    answer = server.request("GET", "/api/v1/auths/")
    if server.has_history:
        assert said(answer) == (403, "A human session is required.")
    else:
        assert (answer.status_code, answer.json()["role"]) == (200, "admin")


@FAMILIES
def test_keys_off(server, family):
    with server.keys_off() as off:
        for path in ("/", "/id/x", "/export"):
            answer = off.request("GET", f"/api/v1/{family}{path}")
            assert said(answer) == (403, "Use of API key is not enabled in the environment.")


@pytest.mark.since("0.10")
def test_plugins_off(server, new_id):
    with server.plugins_off() as off:
        plugin_id = new_id()
        assert off.ask("GET", "/api/v1/functions/") == []
        assert off.ask("GET", "/api/v1/functions/export") == []
        assert said(off.request("GET", f"/api/v1/functions/id/{plugin_id}")) == (401, NOT_FOUND)
        told = {
            (0, 11): "[ERROR: Error updating function]",
            (0, 12): "Functions are disabled by ENABLE_PLUGINS or ENABLE_FUNCTIONS",
        }[server.generation]
        assert said(update(off, "functions", plugin_id, FUNCTION)) == (400, told)
        assert said(create(off, "functions", plugin_id, FUNCTION)) == (400, "[ERROR: Error creating function]")
        assert said(update(off, "tools", plugin_id, TOOL)) == (401, NOT_FOUND)
        assert said(create(off, "tools", plugin_id, TOOL)) == (400, "[ERROR: Error creating tool]")


@FAMILIES
def test_get_on_a_path_that_has_only_post_is_the_web_page(server, family):
    answer = server.request("GET", f"/api/v1/{family}/id/x/update")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.text.lstrip().lower().startswith("<!doctype html>")
    assert server.request("GET", "/admin/functions").headers["Content-Type"].startswith("text/html")


def test_double_slash(server):
    """A URL with a slash too many; `requests` would mend it."""
    link = http.client.HTTPConnection(server.host, timeout=30)
    headers = {"Authorization": f"Bearer {server.key}", "Content-Type": "application/json"}
    link.request("POST", "//api/v1/functions/create", json.dumps(body("x_y", FUNCTION)), headers)
    assert link.getresponse().status == 405
    link.close()


def test_lists(server, new_id):
    function_id, tool_id = new_id(), new_id()
    create(server, "functions", function_id, FUNCTION)
    create(server, "tools", tool_id, TOOL)
    for path, wanted, content in (
        ("/api/v1/functions/", function_id, False),
        ("/api/v1/functions/export", function_id, True),
        ("/api/v1/tools/", tool_id, server.generation < (0, 10)),
        ("/api/v1/tools/export", tool_id, True),
    ):
        (row,) = [one for one in server.ask("GET", path) if one["id"] == wanted]
        assert bool(row.get("content")) == content, path
        assert row["name"] == "T"
        assert row["meta"]["manifest"]["title"].startswith("My ")
    server.set_valves("filter", function_id, {"priority": 5})
    exported = server.ask("GET", "/api/v1/functions/export?include_valves=true")
    (row,) = [one for one in exported if one["id"] == function_id]
    assert row["valves"]["priority"] == 5


@FAMILIES
def test_valves_survive_updates_and_are_replaced_as_a_whole(server, new_id, family):
    kind, plugin_id = KIND[family], new_id()
    create(server, family, plugin_id, SOURCE[family])
    assert not server.valves(kind, plugin_id)
    server.set_valves(kind, plugin_id, {"priority": 7, "token": "x"})
    assert server.valves(kind, plugin_id) == {"priority": 7, "token": "x"}
    update(server, family, plugin_id, SOURCE[family] + "# 2\n")
    assert server.valves(kind, plugin_id) == {"priority": 7, "token": "x"}
    server.set_valves(kind, plugin_id, {"priority": 8, "token": None})
    assert server.valves(kind, plugin_id)["priority"] == 8
    assert server.valves(kind, plugin_id).get("token") in (None, "")


@FAMILIES
def test_times_move(server, new_id, family):
    kind, plugin_id = KIND[family], new_id()
    create(server, family, plugin_id, SOURCE[family])
    before = server.plugin(kind, plugin_id)
    assert abs(before["created_at"] - time.time()) < 120
    # The server counts seconds: the next one.
    time.sleep(1.02 - time.time() % 1)
    update(server, family, plugin_id, SOURCE[family] + "# 2\n")
    after = server.plugin(kind, plugin_id)
    assert after["created_at"] == before["created_at"]
    assert after["updated_at"] > before["updated_at"]


@pytest.mark.since("0.12")
@FAMILIES
def test_history(server, new_id, family):
    kind, plugin_id = KIND[family], new_id()
    first = create(server, family, plugin_id, SOURCE[family], commit_message="one").json()
    second = update(server, family, plugin_id, SOURCE[family] + "# 2\n", commit_message="two").json()
    assert first["version_id"] != second["version_id"]
    entries = server.ask("GET", server.path(kind, plugin_id, "/history"))
    by_id = {entry["id"]: entry for entry in entries}
    assert len(entries) == 2
    assert by_id[second["version_id"]]["parent_id"] == first["version_id"]
    assert by_id[first["version_id"]]["parent_id"] is None
    assert by_id[second["version_id"]]["commit_message"] == "two"
    entry = server.ask("GET", server.path(kind, plugin_id, f"/history/{first['version_id']}"))
    assert entry["snapshot"]["content"] == SOURCE[family]
    path = server.path(kind, plugin_id, "/update/version")
    back = server.ask("POST", path, {"version_id": first["version_id"]})
    assert back["version_id"] == first["version_id"]
    assert server.plugin(kind, plugin_id)["content"] == SOURCE[family]
    assert len(server.ask("GET", server.path(kind, plugin_id, "/history"))) == 2


@pytest.mark.since("0.12")
def test_version_id_moves_with_content_and_not_with_flags(server, new_id):
    plugin_id = new_id()
    create(server, "functions", plugin_id, FUNCTION)
    before = server.function(plugin_id)["version_id"]
    server.toggle(plugin_id)
    server.set_valves("filter", plugin_id, {"priority": 1})
    assert server.function(plugin_id)["version_id"] == before
    update(server, "functions", plugin_id, FUNCTION, name="Other")
    assert server.function(plugin_id)["version_id"] != before


@pytest.mark.until("0.11")
def test_no_history(server, new_id):
    plugin_id = new_id()
    create(server, "functions", plugin_id, FUNCTION)
    answer = server.request("GET", server.path("filter", plugin_id, "/history"))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "version_id" not in server.function(plugin_id)
