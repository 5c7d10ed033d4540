# SPDX-License-Identifier: MIT
"""owup valves: a plugin's settings, checked, merged, and never shown where they are secret."""

import edits
import plugins
import pytest
import safety
from fault import FaultServer, cut_after, cut_before, forward, reply

SECRET = "hush-hush-very-secret"
VALVES = (
    "    class Valves(BaseModel):\n"
    '        priority: int = Field(default=0, description="order")\n'
    "        ratio: float = 0.5\n"
    "        loud: bool = False\n"
    '        name: str = "x"\n'
    "        words: list = []\n"
    "        max_tokens: int = 4096\n"
    "        use_key: bool = True\n"
    '        api_token: str = ""\n'
    '        hidden_password: str = ""\n'
)
NEEDS = '    class Valves(BaseModel):\n        needed: str\n        count: int = 1\n        api_token: str = ""\n'


@pytest.fixture
def plugin(server, owup, make, request):
    """A deployed plugin with valves of every type."""
    return edits.deployed(owup, server, make(getattr(request, "param", "filter"), valves=VALVES))


def valves(owup, server, plugin, *words, status=0, **options):
    """`owup valves --json`; its one object."""
    ran = owup("valves", "--json", plugin.id, *words, to=server, **options)
    assert ran.status == status, ran
    told, summary = ran.json
    assert (told["type"], told["id"], summary["type"]) == ("valves", plugin.id, "summary")
    assert (summary["exit"], summary["failed"]) == (status, 1 if status else 0)
    return told


def stored(server, plugin):
    """What the server itself says is stored, without what is merely a default."""
    return {k: v for k, v in server.valves(plugin.kind, plugin.id).items() if v is not None}


@pytest.mark.every_server
@pytest.mark.parametrize("plugin", edits.KINDS, indirect=True)
def test_set_get_unset(server, owup, plugin):
    ran = owup("valves", plugin.id, "set", "priority=5", "name=Ann = 1", "loud=yes", 'words=["a", "ü"]', to=server)
    assert ran.status == 0 and f"✅ Valves of '{plugin.title}' set:" in ran.out, ran
    want = {"priority": 5, "name": "Ann = 1", "loud": True, "words": ["a", "ü"]}
    assert stored(server, plugin).items() >= want.items()
    assert valves(owup, server, plugin)["valves"].items() >= want.items()
    got = owup("valves", plugin.id, "get", "name", to=server)
    assert got.status == 0 and '"Ann = 1"' in got.out and "priority" not in got.out, got
    assert valves(owup, server, plugin, "get", "name")["valves"] == {"name": "Ann = 1"}
    assert owup("valves", plugin.id, "unset", "name", "loud", to=server).status == 0
    now = stored(server, plugin)
    assert now["priority"] == 5 and now["words"] == ["a", "ü"]
    assert now.get("name", "x") == "x" and now.get("loud", False) is False
    told = owup("valves", plugin.id, to=server)
    assert [line.split()[:2] for line in told.out.splitlines()[1:5]] == [
        ["priority", "5"], ["ratio", "0.5"], ["loud", "false"], ["name", '"x"'],
    ], told  # fmt: skip
    assert "(default)" in told.out.splitlines()[2]


OPTIONAL = (
    "    class Valves(BaseModel):\n        priority: int = 0\n"
    "        limit: Optional[int] = None\n        five: Optional[int] = 5\n"
)


@pytest.mark.every_server
@pytest.mark.parametrize("kind", edits.KINDS)
def test_null_is_unset(server, owup, make, kind):
    """Servers drop it, so that the default holds again; where that is another value, it is said."""
    plugin = edits.deployed(owup, server, make(kind, valves=OPTIONAL, top="from typing import Optional\n"))
    assert owup("valves", plugin.id, "set", "limit=3", "five=7", to=server).status == 0
    assert stored(server, plugin).items() >= {"limit": 3, "five": 7}.items()
    ran = owup("valves", plugin.id, "set", "limit=null", "five=null", to=server)
    assert ran.status == 0 and "keeps no null: five has" in ran.err and "limit has" not in ran.err, ran
    now = stored(server, plugin)
    assert now.get("limit") is None and now.get("five", 5) == 5


def test_it_says_what_was_unset(server, owup, plugin):
    ran = owup("valves", plugin.id, "unset", "name", "loud", to=server)
    assert ran.status == 0 and f"✅ Valves of '{plugin.title}' unset: name, loud" in ran.out, ran


def test_an_unset_that_did_not_arrive(server, owup, plugin):
    server.set_valves(plugin.kind, plugin.id, {"priority": 7})
    with FaultServer(server.url) as proxy:
        proxy.on("POST", "/valves/update", cut_before())
        ran = owup("valves", plugin.id, "unset", "priority", to=server.through(proxy.url))
    assert ran.status == 4 and stored(server, plugin)["priority"] == 7, ran


@pytest.mark.every_server
@pytest.mark.parametrize("plugin", edits.KINDS, indirect=True)
def test_only_the_named_ones_change(server, owup, plugin):
    """What others stored meanwhile stays; nothing else of the plugin moves."""
    before = {"priority": 7, "name": "kept", "api_token": SECRET, "words": [1, {"deep": None}], "ratio": 0.25}
    server.set_valves(plugin.kind, plugin.id, before)
    rest = safety.state(server, plugin)
    assert owup("valves", plugin.id, "set", "loud=true", to=server).status == 0
    assert stored(server, plugin).items() >= {**before, "loud": True}.items()
    now = safety.state(server, plugin)
    assert {k: v for k, v in now.items() if k != "valves"} == {k: v for k, v in rest.items() if k != "valves"}


@pytest.mark.parametrize(
    "word, why",
    [
        ("priority=many", "priority should be of type integer"),
        ("priority=1.5", "priority should be of type integer"),
        ("priority=", "priority should be of type integer"),
        ("ratio=x", "ratio should be of type number"),
        ("loud=maybe", "loud should be of type boolean"),
        ("words=a", "words should be of type array"),
        ("no_such=1", "There is no valve no_such; there are: priority, ratio, loud, name"),
        ("Priority=1", "There is no valve Priority; there are: priority"),
        ("priority", "A valve is set as NAME=VALUE"),
        ("=1", "A valve is set as NAME=VALUE"),
        ("name=env:OWUP_NO_SUCH_VARIABLE", "There is no environment variable OWUP_NO_SUCH_VARIABLE"),
    ],
)
def test_what_does_not_fit_is_not_sent(server, owup, plugin, word, why):
    server.set_valves(plugin.kind, plugin.id, {"priority": 7, "api_token": SECRET})
    before = stored(server, plugin)
    with FaultServer(server.url) as proxy:
        ran = owup("valves", plugin.id, "set", "name=sent-with-it", word, to=server.through(proxy.url))
        assert proxy.count("POST") == 0
    assert ran.status == 2 and why in ran.text, ran
    assert stored(server, plugin) == before
    told = owup("valves", "--json", plugin.id, "set", word, to=server)
    assert told.status == 2 and told.json[0]["error"]["code"] == "usage", told


@pytest.mark.parametrize(
    "words, why",
    [
        (["unset", "no_such"], "There is no valve no_such; there are: priority"),
        (["get", "no_such"], "There is no valve no_such; there are: priority"),
        (["get", "priority", "ratio"], "takes one valve"),
        (["set"], "Which valve?"),
        (["unset"], "Which valve?"),
        (["show"], "takes get, set VALVE=VALUE or unset VALVE"),
        (["set", "name=-", "api_token=-"], "one value"),
    ],
)
def test_wrong_words(server, owup, plugin, words, why):
    before = stored(server, plugin)
    ran = owup("valves", plugin.id, *words, to=server, stdin=b"x")
    assert ran.status == 2 and why in ran.text, ran
    assert stored(server, plugin) == before


def test_values_keep_the_type_of_the_valve(server, owup, plugin):
    """A text stays one although it looks like JSON; a number may be written in any way."""
    for word in ("name=5", 'name={"a": 1}', "name=true", "name=null", "name= spaced ", 'name="quoted"', "name="):
        assert owup("valves", plugin.id, "set", word, to=server).status == 0
        assert stored(server, plugin)["name"] == word.removeprefix("name="), word
    for word, value in (("priority=-3", -3), ("loud=1", True), ("loud=off", False), ("ratio=2", 2.0)):
        assert owup("valves", plugin.id, "set", word, to=server).status == 0
        assert stored(server, plugin)[word.split("=")[0]] == value, word


def test_a_secret_from_standard_input_and_the_environment(server, owup, plugin):
    ran = owup("valves", plugin.id, "set", "api_token=-", to=server, stdin=f"{SECRET}\n".encode())
    assert ran.status == 0 and stored(server, plugin)["api_token"] == SECRET, ran
    ran = owup("valves", plugin.id, "set", "hidden_password=env:MINE", to=server, env={"MINE": f"env-{SECRET}"})
    assert ran.status == 0 and stored(server, plugin)["hidden_password"] == f"env-{SECRET}", ran
    ran = owup("valves", plugin.id, "set", "name=env:MINE", to=server, env={"MINE": "-"}, stdin=b"not this")
    assert ran.status == 0 and stored(server, plugin)["name"] == "-", ran
    ran = owup("valves", plugin.id, "set", "name=-", to=server, stdin=b"\xff\xfe")
    assert ran.status == 2 and "UTF-8" in ran.text, ran
    ran = owup("valves", plugin.id, "set", "name=-", to=server, stdin=b"x" * (2 << 20))
    assert ran.status != 0 and stored(server, plugin)["name"] == "-", ran


@pytest.mark.parametrize("plugin", edits.KINDS, indirect=True)
def test_secrets_are_never_shown(server, owup, plugin):
    ran = owup(
        "valves", "-v", plugin.id, "set", f"api_token={SECRET}", f"hidden_password={SECRET}", "priority=3", to=server
    )
    runs = [ran]
    for words in ((), ("get",), ("get", "api_token"), ("get", "hidden_password"), ("unset", "priority")):
        runs += [owup("valves", *more, plugin.id, *words, to=server) for more in ((), ("-v",), ("--json",))]
    for ran in runs:
        assert ran.status == 0 and SECRET not in ran.text and server.key not in ran.text, ran
    shown = valves(owup, server, plugin)["valves"]
    assert (shown["api_token"], shown["hidden_password"]) == ("********", "********")
    assert stored(server, plugin)["api_token"] == SECRET, "the mask is never stored"
    ran = owup("valves", plugin.id, to=server)
    assert "4096" in ran.out and "use_key          true" in ran.out, ran


@pytest.mark.every_server
@pytest.mark.needs_python
def test_secrets_by_the_schema(server, owup, make):
    """Marked themselves, or one choice of several."""
    plugin = edits.deployed(owup, server, make(top="from typing import Annotated, Optional\nfrom pydantic import WithJsonSchema\n", valves=(
        '    Secret = Annotated[str, WithJsonSchema({"type": "string", "format": "password", "writeOnly": True})]\n\n'
        "    class Valves(BaseModel):\n"
        '        pin: int = Field(default=0, json_schema_extra={"format": "password"})\n'
        f'        word: "Filter.Secret" = "{SECRET}"\n'
        '        maybe: Optional[str] = Field(default=None, json_schema_extra={"writeOnly": True})\n'
    )))  # fmt: skip
    server.set_valves("filter", plugin.id, {"pin": 47114711, "maybe": SECRET})
    for more in ((), ("--json",), ("-v",)):
        ran = owup("valves", *more, plugin.id, to=server)
        assert ran.status == 0 and SECRET not in ran.text and "47114711" not in ran.text, ran


def test_secrets_by_name_and_by_looks(server, owup, make):
    """Nested, in lists, as a default, or a key under an innocent name."""
    plugin = edits.deployed(owup, server, make(valves=(
        "    class Valves(BaseModel):\n"
        "        table: dict = {}\n"
        "        openai_keys: list = []\n"
        '        plain: str = "p"\n'
        f'        default_password: str = "{SECRET}"\n'
    )))  # fmt: skip
    looks = "sk-" + "0123456789abcdef" * 2
    values = {
        "table": {"inner": {"password": SECRET, "pin_secret": 4711}, "open": "seen"},
        "openai_keys": [SECRET],
        "plain": looks,
    }
    server.set_valves("filter", plugin.id, values)
    for ran in (owup("valves", plugin.id, to=server), owup("valves", "--json", plugin.id, to=server)):
        assert ran.status == 0 and "seen" in ran.out, ran
        for secret in (SECRET, looks, "4711"):
            assert secret not in ran.text, ran


def needing(make):
    """A plugin with a valve that has no default, and so none when it is made."""
    plugin = make(valves=NEEDS)
    return plugin.change(text=plugin.text.replace("self.Valves()", "None"))


@pytest.mark.every_server
def test_a_refusal_tells_no_value(server, owup, make):
    """Pydantic puts what it was given into its message; so may a validator."""
    plugin = edits.deployed(owup, server, needing(make))
    assert "(no value)" in owup("valves", plugin.id, to=server).out
    for words in (["count=3", f"api_token={SECRET}"], [f"api_token={SECRET}"]):
        for more in ((), ("--json",), ("-v",)):
            ran = owup("valves", *more, plugin.id, "set", *words, to=server)
            assert ran.status == 1 and SECRET not in ran.text, ran
            assert "needed is required and has no value" in ran.text and "\ufffd" not in ran.text, ran
    ran = owup("valves", plugin.id, "set", "needed=x", f"api_token={SECRET}", to=server)
    assert ran.status == 0 and stored(server, plugin)["needed"] == "x", ran
    told = owup("valves", plugin.id, "unset", "needed", to=server)
    assert told.status == 1 and SECRET not in told.text, told
    assert stored(server, plugin)["needed"] == "x"


@pytest.mark.every_server
@pytest.mark.needs_python
def test_a_validator_that_tells_the_value(server, owup, make):
    plugin = edits.deployed(owup, server, make(top="from pydantic import field_validator\n", valves=(
        "    class Valves(BaseModel):\n"
        '        api_token: str = Field(default="long enough", min_length=5)\n'
        '        picky: str = ""\n'
        '        @field_validator("picky")\n'
        "        def check(cls, v):\n"
        '            if v:\n                raise ValueError(f"{v} is none")\n'
        "            return v\n"
    )))  # fmt: skip
    before = stored(server, plugin)
    for word in ("api_token=abcd", "picky=env:MINE", "picky=-"):
        for more in ((), ("--json",), ("-v",)):
            ran = owup("valves", *more, plugin.id, "set", word, to=server, env={"MINE": SECRET}, stdin=SECRET.encode())
            assert ran.status == 1 and "abcd" not in ran.text and SECRET not in ran.text, ran
    assert stored(server, plugin) == before


CHANGED = plugins.VALVES.replace("priority: int = Field(default=0", "priority: list = Field(default=[]")


@pytest.mark.until("0.11")
def test_a_stored_value_that_fits_no_more(server, owup, make):
    """The code went on, the value stayed: it is named, and unset mends it."""
    plugin = edits.deployed(owup, server, make())
    server.set_valves("filter", plugin.id, {"priority": 3})
    edits.deployed(owup, server, plugin.change(version="2.0.0", valves=CHANGED))
    ran = owup("valves", plugin.id, "set", f"token={SECRET}", to=server)
    assert ran.status == 1 and "priority should be of type array" in ran.text and SECRET not in ran.text, ran
    assert owup("valves", plugin.id, "unset", "priority", to=server).status == 0
    ran = owup("valves", plugin.id, "set", f"token={SECRET}", to=server)
    assert ran.status == 0 and stored(server, plugin)["token"] == SECRET, ran


@pytest.mark.since("0.12")
def test_a_value_that_the_new_code_refuses(server, owup, make):
    """The deploy is rejected and says where to go; there it is mended."""
    plugin = edits.deployed(owup, server, make())
    server.set_valves("filter", plugin.id, {"priority": 3, "token": SECRET})
    ran = owup("deploy", plugin.change(version="2.0.0", valves=CHANGED).file, to=server)
    assert ran.status == 1 and f"owup valves {plugin.id}" in ran.text and SECRET not in ran.text, ran
    assert owup("valves", plugin.id, "unset", "priority", to=server).status == 0
    edits.deployed(owup, server, plugin)
    assert stored(server, plugin)["token"] == SECRET


@pytest.mark.every_server
def test_a_plugin_without_valves(server, owup, make):
    plugin = edits.deployed(
        owup,
        server,
        make(valves="", constructor="", text=None).change(
            text='"""\ntitle: Bare\nversion: 1.0.0\n"""\n\n\nclass Filter:\n    def inlet(self, body):\n        return body\n'
        ),
    )
    plugin.options["title"] = "Bare"
    ran = owup("valves", plugin.id, to=server)
    assert ran.status == 0 and "'Bare' has no valves" in ran.out, ran
    ran = owup("valves", plugin.id, "set", "a=1", to=server)
    assert ran.status == 2 and "no valves" in ran.text, ran
    assert valves(owup, server, plugin)["valves"] == {}


@pytest.mark.every_server
@pytest.mark.parametrize("plugin", edits.KINDS, indirect=True)
def test_they_survive(server, owup, plugin):
    """A deploy, a rollback, flags: none writes valves."""
    assert owup("valves", plugin.id, "set", "priority=9", f"api_token={SECRET}", to=server).status == 0
    before = server.valves(plugin.kind, plugin.id)
    edits.deployed(owup, server, plugin.change(version="1.1.0"))
    assert owup("rollback", plugin.id, to=server).status == 0
    if plugin.kind == "filter":
        assert owup("enable", "--global", plugin.id, to=server).status == 0
    assert server.valves(plugin.kind, plugin.id) == before
    for path in (owup.home / ".local/state/owup").rglob("*"):
        assert path.is_dir() or SECRET.encode() not in path.read_bytes(), path


@pytest.mark.every_server
def test_the_users_own_valves_stay(server, owup, make):
    """UserValves belong to who set them."""
    own = '    class UserValves(BaseModel):\n        tone: str = "calm"\n'
    plugin = edits.deployed(owup, server, make(valves=plugins.VALVES + own))
    server.toggle(plugin.id)
    path = server.path("filter", plugin.id, "/valves/user")
    server.ask("POST", path + "/update", {"tone": "shrill"})
    assert server.ask("GET", path) == {"tone": "shrill"}
    assert owup("valves", plugin.id, "set", "priority=2", to=server).status == 0
    edits.deployed(owup, server, plugin.change(version="1.1.0"))
    assert owup("valves", plugin.id, "set", "tone=loud", to=server).status == 2
    assert server.ask("GET", path) == {"tone": "shrill"}
    assert "tone" not in stored(server, plugin)


def test_a_lost_answer_is_read_back(server, owup, plugin):
    with FaultServer(server.url) as proxy:
        proxy.on("POST", "/valves/update$", cut_after(), count=1)
        ran = owup("valves", plugin.id, "set", "priority=5", to=server.through(proxy.url))
        assert ran.status == 0 and stored(server, plugin)["priority"] == 5, ran
        proxy.on("POST", "/valves/update$", cut_before(), count=1)
        ran = owup("valves", plugin.id, "set", "priority=6", to=server.through(proxy.url))
        assert ran.status == 4 and stored(server, plugin)["priority"] == 5, ran
        assert proxy.count("POST", "/valves/update$") == 2


def test_an_answer_that_is_believed_only_when_read(server, owup, plugin):
    """Says 200, stores nothing: that is no success."""
    with FaultServer(server.url) as proxy:
        proxy.on("POST", "/valves/update$", reply(200, {"priority": 5}))
        ran = owup("valves", plugin.id, "set", "priority=5", to=server.through(proxy.url))
    assert ran.status == 1 and "holds others" in ran.text, ran


def test_without_permission(server, owup, plugin):
    ran = owup("valves", plugin.id, "set", "priority=5", to=server, env={"OPENWEBUI_API_KEY": server.user_key})
    assert ran.status == 3 and stored(server, plugin).get("priority", 0) == 0, ran


def test_unknown_name(server, owup, plugin):
    ran = owup("valves", "no_such_plugin", to=server)
    assert ran.status == 1 and 'called "no_such_plugin"' in ran.text, ran
    near = owup("valves", plugin.id + "x", to=server)
    assert near.status == 1 and f"Did you mean {plugin.id}?" in near.text, near
    told = owup("valves", "--json", "no_such_plugin", to=server)
    assert [line["type"] for line in told.json] == ["valves", "summary"], told
    assert (told.json[0]["error"]["code"], told.json[0]["valves"]) == ("not_found", None)
    assert owup("valves", to=server).status == 2


def test_json_keys(server, owup, plugin):
    keys = ["type", "schema", "id", "family", "kind", "title", "server", "error", "valves"]
    for told in (valves(owup, server, plugin), valves(owup, server, plugin, "set", "a=1", status=2)):
        assert list(told) == keys
        assert (told["family"], told["kind"], told["title"]) == ("functions", "filter", plugin.title)
        assert told["server"] == server.url


def test_what_was_set_and_read_back_is_said_whatever_comes_after(server, owup, make):
    """The schema is asked for once, before; that it cannot be had later is no failure of the edit."""
    plugin = make()
    assert owup("deploy", plugin.file, to=server).status == 0
    with FaultServer(server.url) as proxy:
        proxy.on("GET", "/valves/spec", reply(500, b"{}"))
        proxy.on("GET", "/valves/spec", forward(), count=1)
        ran = owup("valves", plugin.id, "set", "priority=5", to=server.through(proxy.url))
    assert server.valves(plugin.kind, plugin.id)["priority"] == 5
    assert ran.status == 0 and "priority  5" in ran.out, ran
