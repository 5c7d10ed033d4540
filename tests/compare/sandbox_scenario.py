# SPDX-License-Identifier: MIT
"""The requests that both servers get; see sandbox_compare.py. Only ids that begin with ID are touched."""

import itertools
import os
import re

ID = f"cmp{os.getpid()}_"
F = "/api/v1/functions"
T = "/api/v1/tools"

VALVES = (
    "    class Valves(BaseModel):\n"
    '        priority: int = Field(default=0, description="which first")\n'
    '        token: str = ""\n'
    "        ratio: float = 0.5\n"
    "        loud: bool = False\n"
    "        note: Optional[str] = None\n"
)
HEAD = '"""\ntitle: My {kind}\nversion: 1.0.0\n"""\nfrom typing import Optional\nfrom pydantic import BaseModel, Field\n\n'
BODY = "class {kind}:\n{valves}\n    def __init__(self):\n        pass\n"


def code(kind="Filter", valves=VALVES, head=HEAD, end=""):
    """The text of a plugin whose class is `kind`."""
    return head.format(kind=kind) + BODY.format(kind=kind, valves=valves) + end


def form(plugin_id, content, name="N", **fields):
    """The body of a create or update."""
    return {"id": plugin_id, "name": name, "meta": {"description": "d"}, "content": content, **fields}


def ours(listed):
    """What of a list is of this run."""
    if not isinstance(listed, list):
        return listed
    return sorted((x for x in listed if x["id"].startswith(ID)), key=lambda x: x["id"])


def no_specs(plugin):
    """A tool without what only a running Python can describe."""
    if isinstance(plugin, list):
        return [no_specs(x) for x in ours(plugin)]
    if isinstance(plugin, dict) and "specs" in plugin:
        plugin["specs"] = [spec["name"] for spec in plugin["specs"]]
    return plugin


def in_page(answer):
    """The models that are ours."""
    return [m for m in answer["data"] if m["id"].startswith(ID)]


def no_manifest_detail(answer):
    """A 422 without the parser's own words and place."""
    for one in answer["detail"]:
        one.pop("ctx", None)
        one.pop("loc", None)
    return answer


def no_reason(answer):
    """A refusal without what Python or the scan says."""
    if not isinstance(answer, dict) or "detail" not in answer:
        return answer
    return re.sub(r"[^\[\]:]*\(<string>, line \d+\)", "<reason>", answer["detail"])


def site(c):
    """What is no plugin's."""
    for path in ("/health", "/api/version", "/", "/nope", "/api/nope", "/x.js", "//api/v1/functions/", F, F + "/id/"):
        for key in ("admin", "nobody"):
            c.ask("GET", path, key=key)
    for path in ("/nope", F, "//api/v1/functions/create", F + "/export", F + "/create/", F + "/id/x"):
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
            c.ask(method, path)
    for path in (F + "/create", F + "/id/x/update", F + "/id/x/toggle", T + "/id/x/valves/update", F + "/id/x/nope"):
        c.ask("GET", path)
    c.ask("GET", "/api/v1/auths/")
    c.ask("GET", "/api/v1/auths/", key="nobody")
    c.ask("GET", "/api/v1/auths/", key="unknown")
    with c.only(lambda me: {k: me[k] for k in me if k in ("detail", "role", "token_type")}):
        c.ask("GET", "/api/v1/auths/", key="user")


def keys(c):
    """Who may ask."""
    for key in ("nobody", "unknown", "jwt", "user"):
        for path in ("/", "/list", "/export", f"/id/{ID}x", f"/id/{ID}x/valves", f"/id/{ID}x/valves/user"):
            for family in (F, T):
                with c.only(ours):
                    c.ask("GET", family + path, key=key)
        for path in ("/create", f"/id/{ID}x/update"):
            for family in (F, T):
                c.ask("POST", family + path, form(ID + "x", code()), key=key)
        for family in (F, T):
            c.ask("POST", f"{family}/id/{ID}x/valves/update", {}, key=key)
            c.ask("DELETE", f"{family}/id/{ID}x/delete", key=key)
        c.ask("POST", f"{F}/id/{ID}x/toggle", key=key)
        c.ask("POST", "/api/v1/utils/code/format", {"code": 5}, key=key)
    path = F + f"/id/{ID}x"
    for header in ("bearer {admin}", "Bearer  {admin}", "Bearer", "Basic abc", "{admin}", "Basic {admin}"):
        c.ask("GET", path, key="nobody", Authorization=header)
    c.ask("GET", path, key="nobody", x_api_key="{admin}")
    c.ask("GET", path, key="nobody", x_api_key="{unknown}")
    c.ask("GET", path, key="nobody", x_api_key="{admin}", Authorization="Basic abc")
    c.ask("GET", path, key="unknown", x_api_key="{admin}")
    c.ask("GET", path, key="admin", x_api_key="{unknown}")


def bodies(c):
    """What is no form."""
    whole = form(ID + "x", code())
    broken = [b"{bad", b"\xff\xfe", b'{"a":}', b"[1,"]
    for body, family, key in itertools.product(broken, (F, T), ("admin", "nobody")):
        with c.only(no_manifest_detail):
            c.ask("POST", family + "/create", body, key=key)
    odd = [b"", b"null", b"[]", b'"x"', b"5", {}, {"id": 5, "name": None, "content": [], "meta": []}]
    odd += [{k: v for k, v in whole.items() if k != left_out} for left_out in whole]
    odd += [{**whole, "meta": meta} for meta in (None, 5, {"description": 5}, {"manifest": 5})]
    odd += [{**whole, "commit_message": 5, "id": "a b"}, {**whole, "access_grants": 5, "id": "a b"}]
    for body in odd:
        for family in (F, T):
            c.ask("POST", family + "/create", body)
            c.ask("POST", f"{family}/id/{ID}x/update", body, key="admin")
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-8", "a/b+json"):
        c.ask("POST", F + "/create", b'{"id": "a b"}', Content_Type=content_type)
    c.ask("POST", F + "/create", b'{"id": "a b"}', Content_Type="")
    for bad_id in ("a b", "1a", "", "a-b", "a.b", "ä b", "x/y"):
        for family in (F, T):
            c.ask("POST", family + "/create", form(bad_id, code()))
    for value in ("true", "1", "banana", "ON"):
        with c.only(ours):
            c.ask("GET", f"{F}/export?include_valves={value}")


def refusals(c, family, kind):
    """Code that does not load, on a missing and on a live plugin."""
    missing, live = ID + "missing", ID + "live"
    path = f"{family}/id/{live}"
    c.ask("POST", family + "/create", form(live, code(kind)))
    if family == F:
        c.ask("POST", path + "/toggle")
        c.ask("POST", path + "/toggle/global")
    with c.only(no_specs):
        for content in (code("Nothing"), code(kind) + "\0", "\ufeff" + code(kind), "", "class Tools2:\n  pass\n"):
            c.ask("POST", family + "/create", form(missing, content))
            c.ask("POST", f"{family}/id/{missing}/update", form(missing, content))
            c.ask("POST", path + "/update", form(live, content))
            c.ask("GET", path)
            if family == F:
                c.ask("POST", path + "/toggle")
        # What is wrong with the syntax says Python in its own words; what stands round them must be the same.
        for content in ("def f(:\n", code(kind) + "\n\nx = (\n", code(kind) + "\n'abc\n", code(kind) + "\n  y = 1\n"):
            with c.only(no_reason):
                c.ask("POST", family + "/create", form(missing, content))
                c.ask("POST", f"{family}/id/{missing}/update", form(missing, content))
                c.ask("POST", path + "/update", form(live, content))
            c.ask("GET", path)
        c.ask("POST", f"{family}/id/{missing}/update", form(missing, code(kind)))
        c.ask("POST", path + "/update", form(live, code(kind)))
        c.ask("GET", path)
    c.ask("DELETE", path + "/delete")


def life(c, family, kind):
    """A plugin's whole life."""
    name = ID + kind.lower()
    path = f"{family}/id/{name}"
    with c.only(no_specs if family == T else None):
        c.ask("GET", path)
        c.ask("GET", path + "/valves")
        c.ask("GET", path + "/valves/spec")
        c.ask("POST", path + "/valves/update", {})
        c.ask("POST", path + "/toggle")
        c.ask("POST", family + "/create", form(name.upper(), code(kind), meta={"x_key": {"a": [1]}, "type": "zz"}))
        c.ask("POST", family + "/create", form(name, code(kind)))
        c.ask("GET", path)
        c.ask("GET", f"{family}/id/{name.upper()}")
        for change in ({"name": "Ä 中"}, {"meta": {"description": None, "manifest": {"a": 1}, "toggle": True}}, {"id": "zz"},
                       {"content": code(kind, head='"""\nTitle: B\ntitle: C\nversion:\n"""\n' + HEAD)},
                       {"content": code(kind).replace("\n", "\r\n")}, {"meta": {"has_user_valves": True, "i18n": None}},
                       {"content": code(kind) + "# from utils import x, from apps, from main, from configs\n"},
                       {"content": code(kind) + "# ä 中 🙂 \x0b \x85\n"}):  # fmt: skip
            c.ask("POST", path + "/update", {**form(name, code(kind)), **change})
            c.ask("GET", path)
        if family == F:
            for flag in ("toggle", "toggle/global", "toggle", "toggle"):
                c.ask("POST", f"{path}/{flag}")
    with c.only(no_specs if family == T else ours):
        for which in ("/", "/list", "/export", "/export?include_valves=true", "/?query=MY", "/?query=n"):
            c.ask("GET", family + which)
    valves(c, family, kind)
    c.ask("DELETE", path + "/delete")
    c.ask("DELETE", path + "/delete")


def valves(c, family, kind):
    """Settings, of the plugin of `life`."""
    path = f"{family}/id/{ID}{kind.lower()}"
    specs = [VALVES, "    class Valves(BaseModel):\n        a: int\n        b: list = []\n", "    x = 1\n",
             "    class Valves(BaseModel):\n        pass\n"]  # fmt: skip
    values = [{}, {"priority": 7, "token": "t"}, {"priority": "9", "ratio": 1, "loud": "yes", "zz": 1, "note": None},
              {"priority": "abc"}, {"token": 5, "loud": 7}, {"a": 1}, {"a": 1.5}, {"a": None, "b": "x"}]  # fmt: skip
    for spec in specs:
        with c.only(no_specs if family == T else None):
            c.ask("POST", path + "/update", form("x", code(kind, spec)))
        c.ask("GET", path + "/valves/spec")
        for value in values:
            # The text of a refusal is pydantic's own, down to its version.
            with c.only(lambda x: x if "detail" not in x else x["detail"][:60]):
                c.ask("POST", path + "/valves/update", value)
            c.ask("GET", path + "/valves")
    for body in (b"[]", b"null", b"", b'"x"'):
        c.ask("POST", path + "/valves/update", body)
    user = VALVES + "    class UserValves(BaseModel):\n        mine: int = 1\n"
    with c.only(no_specs if family == T else None):
        c.ask("POST", path + "/update", form("x", code(kind, user)))
        c.ask("POST", path + "/update", form("x", code(kind, user)))
    for _ in range(2):
        for key in ("admin", "user"):
            c.ask("POST", path + "/valves/user/update", {"mine": 3, "x": 1}, key=key)
            c.ask("GET", path + "/valves/user", key=key)
            c.ask("GET", path + "/valves/user/spec", key=key)
        if family == F:
            c.ask("POST", path + "/toggle")


def misfit(c, family, kind):
    """New code that no longer takes the stored valves."""
    path = f"{family}/id/{ID}misfit"
    with c.only(no_specs if family == T else None):
        c.ask("POST", family + "/create", form(ID + "misfit", code(kind)))
        c.ask("POST", path + "/valves/update", {"priority": 1, "token": "abc"})
        for field in ("token: int = 0", "token: bool", "token: float = 1.0", "other: int", "token: str"):
            spec = f"    class Valves(BaseModel):\n        {field}\n        priority: str = ''\n"
            c.ask("POST", path + "/update", form("x", code(kind, spec)))
            spec = f"    class Valves(BaseModel):\n        {field}\n"
            c.ask("POST", path + "/update", form("x", code(kind, spec)))
            c.ask("GET", path + "/valves")
    c.ask("DELETE", path + "/delete")


def classes(c):
    """Which class decides."""
    names = itertools.count()
    texts = ["class Event:\n  pass\n", "class Pipe:\n  pass\nclass Filter:\n  pass\n", "class Filter:\n  pass\nPipe = Filter\n",
             "class Action:\n  pass\nclass Event:\n  pass\nclass Tools:\n  pass\n", "from enum import Enum as Pipe\nclass Filter:\n  pass\n",
             "try:\n  class Filter:\n    toggle = True\nexcept ValueError:\n  pass\n", "def f():\n  class Filter:\n    pass\n",
             "class Filter:\n  def __init__(self):\n    self.toggle = True\n", "class Pipe:\n  toggle = True\n", "x = 'class Pipe:'\n"]  # fmt: skip
    for text in texts:
        # An enumeration's base can't be made: only the kind would be right.
        for family in (F, T):
            name = f"{ID}class{next(names)}"
            with c.only("status" if "Enum" in text else no_specs):
                if "Enum" not in text:
                    c.ask("POST", family + "/create", form(name, text))
                    c.ask("GET", f"{family}/id/{name}")
                    c.ask("POST", f"{family}/id/{name}/update", form(name, text))
                    c.ask("GET", f"{family}/id/{name}")
                    c.ask("POST", f"{family}/id/{name}/update", form(name, text, meta={"toggle": True}))
                    c.ask("POST", f"{family}/id/{name}/update", form(name, text.replace("toggle", "t")))
                    c.ask("GET", f"{family}/id/{name}")
            c.ask("DELETE", f"{family}/id/{name}/delete")
    for name in (ID + "精读", ID + "ärger", ID + "фильтр"):
        c.ask("POST", F + "/create", form(name, code()))
        c.ask("GET", f"{F}/id/{name}")
        c.ask("POST", f"{F}/id/{name}/update", form(name, code(), name="neu"))
        c.ask("DELETE", f"{F}/id/{name}/delete")


def models(c):
    """An active pipe is a model at once, under its new name."""
    path = f"{F}/id/{ID}model"
    c.ask("POST", F + "/create", form(ID + "model", code("Pipe", end="    def pipe(self, body):\n        return 'x'\n")))
    with c.only(in_page):
        c.ask("GET", "/api/models")
    c.ask("POST", path + "/toggle")
    with c.only(in_page):
        c.ask("GET", "/api/models")
        c.ask("GET", "/api/models", key="user")
    c.ask("POST", path + "/update", form("x", code("Pipe", end="    def pipe(self, body):\n        return 'x'\n"), name="New"))
    with c.only(in_page):
        c.ask("GET", "/api/models")
    c.ask("DELETE", path + "/delete")
    c.ask("GET", "/api/models", key="nobody")


def sharing(c):
    """A tool that its maker shares."""
    path = f"{T}/id/{ID}shared"
    everybody = {"principal_type": "user", "principal_id": "*"}
    steps = [None, [{**everybody, "permission": "read"}], [{**everybody, "permission": "write"}], []]
    with c.only(no_specs):
        c.ask("POST", T + "/create", form(ID + "shared", code("Tools")))
        for grants in steps:
            if grants is not None:
                c.ask("POST", path + "/access/update", {"access_grants": grants})
            for place in ("", "/valves", "/valves/user", "/valves/spec"):
                c.ask("GET", path + place, key="user")
            for place in ("/", "/list", "/export"):
                c.ask("GET", T + place, key="user")
            for body in (form("x", code("Tools")), form("x", code("Tools"), access_grants=steps[1])):
                c.ask("POST", path + "/update", body)
            c.ask("GET", path)
            c.ask("POST", path + "/update", form("x", code("Tools", end="\n")), key="user")
            c.ask("POST", path + "/valves/update", {"priority": 1}, key="user")
            c.ask("POST", path + "/access/update", {"access_grants": 5}, key="user")
        c.ask("POST", path + "/access/update", {})
        c.ask("POST", path + "/access/update", {"access_grants": []}, key="user")
        c.ask("DELETE", path + "/delete", key="user")
    c.ask("DELETE", path + "/delete")


def history(c, family, kind):
    """The versions; a web page before 0.12."""
    name = ID + "versions"
    path = f"{family}/id/{name}"
    part = no_specs if family == T else None
    c.ask("GET", path + "/history")
    c.ask("POST", path + "/update/version", {"version_id": "x"})
    with c.only(part):
        made = [c.ask("POST", family + "/create", form(name, code(kind), commit_message="first"))]
        for change in ({"commit_message": "same"}, {"name": "M"}, {"meta": {"description": "e", "k": 1}, "commit_message": "m"},
                       {"content": code(kind, end="\n# new\n")}, {"meta": {"description": "d", "toggle": True, "i18n": {}}},
                       {"content": code(kind).replace("\n", "\r\n")}):  # fmt: skip
            made.append(c.ask("POST", path + "/update", {**form(name, code(kind)), **change}))
    if c.generation < (0, 12):
        c.ask("DELETE", path + "/delete")
        return
    versions = [tuple(a.json["version_id"] for a in pair) for pair in made]

    def ordered(page):
        return sorted(page, key=lambda v: (v["commit_message"] or "", v["parent_id"] is None)) if isinstance(page, list) else page

    count = [len(a.json) for a in c.ask("GET", path + "/history?page=9")]
    assert count == [0, 0], count
    with c.only(lambda page: len(page) if isinstance(page, list) else page):
        for page in ("", "?page=0", "?page=-1", "?page=2", "?page=x"):
            c.ask("GET", path + "/history" + page)
        c.ask("GET", path + "/history", key="user")
        c.ask("GET", path + "/history", key="nobody")
    chain(c, path, versions)
    for number in (0, 2, 4):
        c.ask("GET", tuple(f"{path}/history/{v}" for v in versions[number]))
    for first, second in ((0, 2), (2, 3), (0, 6), (3, 3)):
        pairs = zip(versions[first], versions[second])
        c.ask("GET", tuple(f"{path}/history/diff?from_id={a}&to_id={b}" for a, b in pairs))
    c.ask("GET", path + "/history/diff?from_id=x&to_id=y")
    c.ask("GET", path + "/history/diff?from_id=x")
    c.ask("GET", path + "/history/diff")
    c.ask("GET", path + "/history/nope")
    c.ask("GET", f"{family}/id/{ID}none/history/nope")
    c.ask("GET", f"{family}/id/{ID}none/history")
    with c.only(part):
        for body in (versions[3], versions[0]):
            c.ask("POST", path + "/update/version", tuple({"version_id": v} for v in body))
            c.ask("GET", path)
        c.ask("POST", path + "/update", form(name, code(kind, end="\n# after\n")))
    for body in ({}, {"version_id": 5}, {"version_id": "x"}, b"[]"):
        c.ask("POST", path + "/update/version", body)
    c.ask("POST", path + "/update/version", {"version_id": "x"}, key="user")
    c.ask("DELETE", path + "/history/nope")
    live = tuple(a.json["version_id"] for a in c_read(c, path, part))
    c.ask("DELETE", tuple(f"{path}/history/{v}" for v in live))
    c.ask("DELETE", tuple(f"{path}/history/{v}" for v in versions[2]))
    c.ask("DELETE", tuple(f"{path}/history/{v}" for v in versions[2]))
    c.ask("GET", tuple(f"{path}/history/{v}" for v in versions[3]))
    many(c, path, name, kind, part)
    c.ask("DELETE", path + "/delete")
    c.ask("GET", path + "/history")
    with c.only(part):
        c.ask("POST", family + "/create", form(name, code(kind)))
    with c.only(len):
        c.ask("GET", path + "/history")
    c.ask("DELETE", path + "/delete")


def c_read(c, path, part):
    """Both plugins as they are."""
    with c.only(part):
        return c.ask("GET", path)


def chain(c, path, versions):
    """Walks from the live version to the first by parent."""
    live = versions[-1]
    for _ in range(20):
        pair = c.ask("GET", tuple(f"{path}/history/{v}" for v in live))
        live = tuple(a.json["parent_id"] for a in pair)
        if None in live:
            break


def many(c, path, name, kind, part):
    """More than a page of versions."""
    with c.only(part):
        for number in range(20):
            c.ask("POST", path + "/update", form(name, code(kind), name=f"N{number}"))
    with c.only(len):
        c.ask("GET", path + "/history")
        c.ask("GET", path + "/history?page=2")


def before_off(c):
    """What is there when something is switched off: an active function, its valves, a tool."""
    for family, kind in ((F, "Pipe"), (T, "Tools")):
        with c.only(no_specs if family == T else None):
            c.ask("POST", family + "/create", form(ID + "off", code(kind)))
        c.ask("POST", f"{family}/id/{ID}off/valves/update", {"priority": 3})
    c.ask("POST", f"{F}/id/{ID}off/toggle")


def keys_off(c):
    """API keys are not enabled."""
    for key in ("admin", "user", "nobody", "unknown", "jwt"):
        for path in ("/health", "/api/version", "/api/models", F + "/", T + "/", f"{F}/id/{ID}off", "/nope"):
            c.ask("GET", path, key=key)
        c.ask("POST", f"{F}/id/{ID}off/update", form("x", code()), key=key)
        c.ask("POST", f"{F}/create", b"{}", key=key)
        c.ask("POST", f"{F}/create", b"{", key="nobody", Content_Type="text/plain")


def plugins_off(c):
    """ENABLE_PLUGINS=false, which 0.9 does not know."""
    with c.only(in_page):
        c.ask("GET", "/api/models")
    for family, kind in ((F, "Pipe"), (T, "Tools")):
        path = f"{family}/id/{ID}off"
        for which in ("/", "/list", "/export", "/export?include_valves=true"):
            with c.only(no_specs if family == T else ours):
                c.ask("GET", family + which)
        with c.only(no_specs if family == T else None):
            for name, content in itertools.product(("off", "none"), (code(kind), "def f(:")):
                # Where nothing is off, Python's own words for an error of syntax.
                with c.only(no_reason if c.generation < (0, 10) and "def f(" in content else c.part):
                    c.ask("POST", family + "/create", form(ID + name, content))
                    c.ask("POST", f"{family}/id/{ID}{name}/update", form(ID + name, content))
                    if name == "none":
                        c.ask("DELETE", f"{family}/id/{ID}{name}/delete")
            c.ask("GET", path)
            c.ask("POST", path + "/toggle")
            c.ask("GET", path + "/valves")
            c.ask("GET", path + "/valves/spec")
            c.ask("POST", path + "/valves/update", {"priority": 4})
            c.ask("GET", path + "/valves/user")
            c.ask("GET", path + "/valves/user/spec")
            c.ask("POST", path + "/valves/user/update", {})
            with c.only("type"):
                c.ask("GET", path + "/history")
        c.ask("POST", "/api/v1/utils/code/format", {})
        c.ask("DELETE", path + "/delete")


def run(c):
    """Everything."""
    site(c)
    keys(c)
    bodies(c)
    for kind in ("Pipe", "Filter", "Action") + (("Event",) if c.generation >= (0, 10) else ()):
        life(c, F, kind)
    life(c, T, "Tools")
    refusals(c, F, "Filter")
    refusals(c, T, "Tools")
    misfit(c, F, "Filter")
    misfit(c, T, "Tools")
    classes(c)
    models(c)
    sharing(c)
    history(c, F, "Filter")
    history(c, T, "Tools")
