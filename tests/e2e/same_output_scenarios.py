# SPDX-License-Identifier: MIT
"""What same_output.py runs: the life of plugins, from deploy to delete.

A scenario gets a same_output_scene.Scene, fresh for each. Ids, texts and order are fixed, so that they
are the same on both sides.
"""

import edits
import fault
import plugins
from same_output_scene import NEWEST, say_hello, scenario

SECRET = "hush-hush-very-secret"

VALVES = (
    "    class Valves(BaseModel):\n"
    '        priority: int = Field(default=0, description="order")\n'
    "        ratio: float = 0.5\n        loud: bool = False\n        words: list = []\n"
    '        name: str = "x"\n        api_token: str = ""\n'
)
NEEDS = "    class Valves(BaseModel):\n        needed: str\n        count: int = 1\n"


def deploy_apart(s, *names):
    """Deploys them, each in a second of its own, so that a server's list of them has one order."""
    for name in names:
        s(f"deploy -q {name}")
        s.tick()


def three_versions(s, kind, plugin_id):
    """Deploys 1.0.0, 1.1.0 and 1.2.0, each with its own description and message."""
    plugin = s.write(kind, plugin_id)
    s.paced = s.server.has_history
    for version in ("1.0.0", "1.1.0", "1.2.0"):
        plugin.change(version=version, description=f"Says {version}", end=say_hello(version))
        s(f"deploy -q -m 'now {version}' {plugin_id}")
    return plugin


@scenario(serving=True)
def deploy(s):
    """Create, update, send again, dry runs, of every kind."""
    kinds = [kind for kind in plugins.METHODS if kind != "event" or s.server.has_event]
    for form, kind in zip(("", "-v", "--json", "-q", "-v --json"), kinds):
        plugin = s.write(kind, f"{kind}_one")
        s(f"deploy --dry-run {form} {plugin.id}")
        s(f"deploy {form} {plugin.id}")
        s(f"deploy {form} {plugin.file}")
        plugin.change(version="1.1.0", end=say_hello("1.1.0"))
        s.each(f"deploy -n {plugin.id}", "", "--json", "-v")
        s(f"deploy {form} -m 'why it was' {plugin.id}")
        s.tick()
        s(f"deploy --resend {form} {plugin.id}")
    s("deploy no_such_plugin")
    s("deploy filter_on")


@scenario()
def deploy_flags(s):
    """The flags of deploy."""
    plugin = s.write("filter", "f_one", title="Naïve Größe", header="required_open_webui_version: 99.0.0\n")
    s.each(f"deploy --update-only {plugin.id}", "", "--json")
    s(f"deploy --enable {plugin.id}")
    s.each(f"deploy --create-only {plugin.id}", "", "--json")
    plugin.change(end=say_hello("again"))
    s.each(f"deploy --require-bump {plugin.id}", "", "--json")
    s(f"deploy {plugin.id}")
    plugin.change(version="0.9.0")
    s.each(f"deploy --no-downgrade {plugin.id}", "", "--json")
    s(f"deploy {plugin.id}")
    s("deploy --id other_id --no-stamp f_one", "--no-history")
    s("deploy --id 'no id' f_one")
    s("deploy - --id from_stdin", stdin=plugin.text.encode())
    s("deploy -", stdin=plugin.text.encode())
    s("deploy --timeout 5 --header 'X-One: 1' f_one")
    s("deploy --header nonsense f_one")
    s("deploy --type tool --all")
    s("deploy f_one -t tool")


def odd_plugins(s):
    """Plugins that are broken in one way each."""
    for kind in ("filter", "pipe", "tool"):
        s.write(kind, f"{kind}_syntax", end=plugins.BROKEN_SYNTAX)
        s.write(kind, f"{kind}_import", top=plugins.IMPORT_ERROR)
        s.write(kind, f"{kind}_constructor", constructor=plugins.CONSTRUCTOR_RAISES)
        s.write(kind, f"{kind}_untitled", title="", version="", description="")
    s.write("filter", "no_class", text='"""\ntitle: No class\nversion: 1.0.0\n"""\n\nx = 1\n')
    s.write("filter", "requires", header="requirements: no-such-package-of-owup\n")
    s.write("filter", "moved", top="from utils.misc import get_last_user_message\n")
    s.write("filter", "bom", text="\ufeff" + plugins.source("filter"))
    s.write("filter", "nul", end="# \0\n")
    s.write("filter", "crlf", text=plugins.source("filter").replace("\n", "\r\n"))
    s.write("filter", "latin", text="# caf\xe9\n".encode("latin1") + plugins.source("filter").encode())
    s.write("filter", "empty", text="")
    s.write("filter", "indented", end="\n\ndef f():\n\tif 1:\n        pass\n")
    s.write("filter", "unclosed", end="\n\nx = (1,\n")
    s.write("filter", "Not-An-Id", title="Odd\tname")


ODD = (
    "filter_syntax filter_import filter_constructor pipe_syntax pipe_constructor tool_syntax tool_import"
    " tool_constructor tool_untitled filter_untitled no_class requires moved bom nul crlf latin empty indented"
    " unclosed Not-An-Id"
).split()


@scenario(serving=True)
def broken(s):
    """What is refused, here or by the server."""
    odd_plugins(s)
    for plugin_id in ODD:
        s.each(f"deploy {plugin_id}", "", "--json")
    for plugin_id in ODD:
        s(f"deploy --no-check {plugin_id}")
    s("deploy --no-check --json tool_syntax")
    s("status")


@scenario(generations=NEWEST)
def check(s):
    """The same without a server."""
    odd_plugins(s)
    for plugin_id in ODD:
        s.each(f"check {plugin_id}", "", "--json")
    s.each("check --all")
    s("check --all plugins/tools -t tool --exclude '*_import*'")
    s("check filter_import", python=False)
    s("check filter_syntax", python=False)
    s("check - --id from_stdin", stdin=plugins.source("pipe").encode())
    s("check -", stdin=b"x")
    s("check no_such_plugin")
    s("check", cwd=s.cwd / "plugins/filters/moved")
    s("check", cwd=s.home)


@scenario()
def live_broken(s):
    """What was good is not any more: the server keeps the old text, or is mended."""
    for kind in ("filter", "tool"):
        plugin = s.write(kind, f"{kind}_one")
        s(f"deploy {plugin.id}")
        s(f"enable {plugin.id}")
        s.paced = True
        plugin.change(version="1.1.0", end=plugins.BROKEN_SYNTAX)
        s.each(f"deploy {plugin.id}", "", "--json")
        s.each(f"deploy --no-check {plugin.id}", "", "--json", "-v")
        s("status")
        plugin.change(version="1.2.0", end="")
        s(f"deploy {plugin.id}")


@scenario(serving=True)
def batch(s):
    """Many at once, among them broken ones and copies with one id."""
    for number in range(3):
        s.write("filter", f"f_{number}")
    tool = s.write("tool", "t_0")
    s.each("deploy --all --dry-run", "", "--json", "-q", "-v --jobs 1")
    s("deploy --all")
    s.each("deploy --all", "--json", "-q", "-v --jobs 1")
    s.write("filter", "f_1", end=plugins.BROKEN_SYNTAX)
    s.write("filter", "f_2", version="1.1.0")
    tool.change(version="1.1.0")
    s("deploy --all --json --jobs 1")
    s.write("filter", "f_0", path="plugins/filters/copy/f_0.py", title="The copy")
    s.write("filter", "f_0", path="plugins/filters/f_0/f_0_cn.py", title="单元")
    s.each("deploy --all", "", "--json", "--localized", "--atomic")
    s.each("deploy f_0", "", "--json")
    s("deploy f_1 f_2 t_0 no_such")
    s("deploy --all plugins/tools --jobs 2")
    s("deploy --all --exclude '*copy*' -t filter")
    s("deploy plugins/filters plugins/tools/t_0")
    s("deploy --all no/such/folder")
    s("deploy --all plugins/tools/t_0 more")
    s("deploy --jobs 0 --all")


@scenario(serving=True)
def atomic(s):
    """All or nothing."""
    one, two, tool = s.write("filter", "f_1"), s.write("filter", "f_2"), s.write("tool", "t_1")
    s("deploy --all --atomic -n")
    s("deploy --all --atomic")
    for plugin in (one, two, tool):
        plugin.change(version="1.1.0", end=say_hello("1.1.0"))
    s.tick()
    s.server.update("tool", "t_1", tool.text + "# theirs\n")
    s.each("deploy --all --atomic", "", "--json", "-v")
    with s.spoiled("POST", "/f_2/update$", fault.reply(400, {"detail": "Not today"})) as to:
        s.each("deploy --atomic f_1 f_2", "", "--json", to=to)
    s.write("filter", "f_3", end=plugins.BROKEN_SYNTAX)
    s("deploy --all --atomic --force")
    s("deploy --all --atomic --force --no-check")
    s("history f_1")
    s("deploy --atomic --force f_1 f_2 t_1")
    s("status")


@scenario(serving=True)
def conflict(s):
    """An admin's edit behind owup's back."""
    s.paced = s.server.has_history
    for kind, other in (("filter", "f_one"), ("tool", "t_one")):
        plugin = s.write(kind, other)
        s(f"deploy -q {other}")
        s.tick()
        edits.save(s.server, plugin, edits.theirs(plugin))
        s("status")
        s.each(f"deploy {other}", "", "--json", "-v")
        plugin.change(version="1.1.0")
        s.each(f"deploy {other}")
        s.each(f"deploy -n {other}", "", "--json")
        s.each(f"diff {other}", "", "--json", "--stat")
        s.each(f"pull {other}", "-n", "", "--json", "-v")
        s(f"deploy --force {other}")
        s.tick()
        edits.describe(s.server, plugin, "What Ann wrote")
        plugin.change(version="1.2.0")
        s.each(f"deploy {other}", "", "--json")
        s("status --json")
        s(f"history {other}")
        s.server.delete(kind, other)
        s.each(f"deploy {other}", "-n", "", "--json")


@scenario()
def status_and_diff(s):
    """All states that a plugin can be in."""
    for form in ("", "--json"):
        s(f"status {form}")
        s(f"diff --all {form}")
    same, ours, unbumped = (s.write("filter", name) for name in ("same", "ours", "unbumped"))
    for plugin in (same, ours, unbumped):
        s(f"deploy -q {plugin.id}")
        s.tick()
    ours.change(version="1.1.0", end=say_hello("1.1.0"))
    unbumped.change(end=say_hello("1.1.0"))
    s.write("tool", "only_here", description="A long description " * 12)
    s.server.create("pipe", "only_there", plugins.source("pipe"))
    s.tick()
    s.server.create("tool", "only_there_tool", plugins.source("tool"))
    s.each("status")
    s.each("status --exit-code", "", "-q")
    s.each("status ours only_there no_such", "", "--json")
    s("status --type tool --no-history --exclude '*here*'")
    s("st Title of ours")
    s.each("diff --all", "", "--json", "--stat", "-q", "--stat --json", "-v")
    for name in ("same", "ours", "only_here", "only_there", "no_such"):
        s.each(f"diff {name}", "", "--json")
    s("diff ours", env={"OWUP_DIFF": "/bin/echo"})
    s("diff ours", env={"OWUP_DIFF": "/no/such/program"})
    s("diff")
    s("diff", cwd=ours.path.parent)


@scenario()
def pull(s):
    """Fresh files, changed ones, copies."""
    for name in ("one", "two"):
        s.server.create("filter", name, plugins.source("filter", title=name))
        s.tick()
    s.server.create("tool", "kit", plugins.source("tool", title="kit", valves=VALVES))
    s.server.set_valves("tool", "kit", {"priority": 4, "api_token": SECRET})
    s("pull")
    s.each("pull --all -n", "", "--json")
    s("pull --all --valves")
    s.each("pull --all", "", "--json", "-q", "-v")
    s("pull --all -o copy --valves")
    s.each("pull no_such", "", "--json")
    file = s.cwd / "plugins/filters/one/one.py"
    file.write_text(file.read_text() + "# ours\n")
    s.each("pull one", "", "--json")
    s.tick()
    s.server.update("filter", "one", plugins.source("filter", title="one") + "# theirs\n")
    s.each("pull one", "-n", "", "--json")
    s.each("pull --force one", "-n", "")
    s("pull --all -t tool --no-history")
    s("status")


@scenario()
def flags(s):
    """enable and disable."""
    for name in ("f_one", "f_two"):
        s.write("filter", name)
    s.write("tool", "t_one")
    deploy_apart(s, "f_one", "f_two", "t_one")
    s.each("enable f_one", "", "", "--json", "-v", "-q")
    s.each("enable --global f_one f_two", "", "--json")
    s.each("disable --no-global f_one", "", "--json", "-v")
    s.each("enable t_one", "", "--json")
    s.each("disable no_such f_two", "", "--json")
    s("enable --global --no-global f_one")
    s("enable")


@scenario(serving=True)
def valves(s):
    """Shown, set, refused; secrets stay hidden."""
    s.write("filter", "f_one", valves=VALVES)
    s.write("tool", "t_one", valves=NEEDS)
    s.write("pipe", "p_one", valves="", title="No valves")
    deploy_apart(s, "f_one", "t_one", "p_one")
    for name in ("f_one", "t_one", "p_one", "no_such"):
        s.each(f"valves {name}")
    s("valves f_one set priority=5 name='Ann = 1' loud=yes words='[\"a\", \"ü\"]'")
    s.each(f"valves f_one set api_token={SECRET}", "", "--json", "-v")
    s.each("valves f_one")
    s.each("valves f_one get", "", "name", "api_token", "none", "--json name")
    s("valves f_one set api_token=-", stdin=SECRET.encode() + b"\n")
    s("valves f_one set api_token=env:TOKEN name=env:NONE", env={"TOKEN": SECRET})
    s("valves f_one set api_token=env:TOKEN", env={"TOKEN": SECRET})
    for wrong in ("priority=high", "ratio=x", "loud=perhaps", "words=1", "prioritty=1", "priority", "=1", "words=["):
        s.each(f"valves f_one set {wrong}", "", "--json")
    s.each("valves t_one set count=2", "", "--json")
    s("valves t_one set needed=yes count=null")
    s.each("valves f_one unset name loud none", "", "--json")
    s("valves f_one unset name loud")
    s("valves f_one unsett name")
    s("valves f_one set")


@scenario()
def history(s):
    """Listed, shown, forgotten."""
    for kind, name in (("filter", "f_one"), ("tool", "t_one")):
        plugin = three_versions(s, kind, name)
        s.each(f"history {name}")
        s.each(f"history {name} --limit 2", "", "--json")
        for shown in ("0", "1.0.0", "2", "9", edits.digest_of(plugin.text)[:8], "nonsense"):
            s(f"history {name} --show {shown}")
        s(f"history {name} --show 1 --json")
        s.tick()
        edits.save(s.server, plugin, edits.theirs(plugin))
        s(f"history {name}")
        s(f"history {name} --purge")
        s.each(f"history {name} --purge -y", "", "--json")
        s.each(f"history {name}", "", "--json")
    s.each("history no_such", "", "--json")
    s("history f_one --limit x")
    s("history f_one", env={"OWUP_HISTORY": s.folder / "elsewhere"})
    s("history f_one", env={"OWUP_HISTORY_VERSIONS": "x"})


@scenario(serving=True)
def rollback(s):
    """Back, further back, undone, refused."""
    for kind, name in (("filter", "f_one"), ("tool", "t_one")):
        plugin = three_versions(s, kind, name)
        s.each(f"rollback {name} -n", "", "--json", "-v")
        s(f"rollback {name}")
        s(f"history {name}")
        s.each(f"deploy {name}", "", "--json")
        s(f"rollback {name} --json")
        s.each(f"rollback {name}", "", "--json")
        s.each(f"rollback {name} --undo", "", "--json", "-v", "")
        s(f"rollback {name} --to 1.0.0 -v")
        s.each(f"rollback {name} --to 7.0.0", "", "--json")
        s.each(f"rollback {name} --to 1.0.0", "", "--json")
        s.tick()
        edits.save(s.server, plugin, edits.theirs(plugin))
        s.each(f"rollback {name} --to 1.1.0", "", "--json", "-n", "--force")
        s(f"rollback {name} --undo --to 1.0.0")
    s.each("rollback no_such", "", "--json")


@scenario(serving=True)
def delete(s):
    """And brought back."""
    for kind, name in (("filter", "f_one"), ("tool", "t_one"), ("pipe", "p_one")):
        s.write(kind, name)
        s(f"deploy -q --enable {name}")
    s("valves f_one set priority=3")
    s("delete f_one")
    s("delete f_one -y")
    s.each("delete -y f_one", "", "--json")
    s.each("history f_one", "", "--json")
    s("status")
    s("rollback -n f_one")
    s("rollback f_one")
    s("valves f_one")
    s("delete -y --json f_one t_one no_such")
    s("delete -y -v --no-valves p_one")
    s("rollback t_one -v")
    s("rollback p_one --json")
    s("delete -y -q --no-history t_one")
    s("rollback t_one")
    s("delete")


@scenario(generations=NEWEST)
def handed_over(s):
    """What OLD kept is read by NEW, and the other way round."""
    plugin = s.write("filter", "f_one")
    for number, old in enumerate((True, False, True, False)):
        plugin.change(version=f"1.{number}.0", end=say_hello(number))
        s("deploy f_one", old=old)
    for old in (True, False):
        s("history f_one --json", old=old)
        s("rollback f_one", old=old)
        s("delete -y f_one", old=old)
        s("rollback f_one", old=not old)
        s("status --json", old=not old)


@scenario(serving=True)
def requests_alone(s):
    """What the sandbox answers where owup would not have asked."""
    for family, kind in (("functions", "filter"), ("tools", "tool")):
        top, text = f"/api/v1/{family}", plugins.source(kind)
        form = {"id": "one", "name": "One", "meta": {"description": "d"}, "content": text}
        forms = ({}, {**form, "id": "no id"}, {**form, "content": text + plugins.BROKEN_SYNTAX}, form, form)
        for body in forms:
            s.request("POST", f"{top}/create", body)
        for name in ("one", "none"):
            for body in ({}, {**form, "content": "x = 1\n"}, {**form, "name": "Two"}):
                s.tick()
                s.request("POST", f"{top}/id/{name}/update", body)
            for rest in ("/toggle", "/toggle/global", "/valves/update"):
                s.request("POST", f"{top}/id/{name}{rest}", {"priority": "x"})
            for rest in ("", "/valves", "/valves/spec", "/history", "/history?page=0", "/nothing"):
                s.request("GET", f"{top}/id/{name}{rest}")
        for path in ("/", "/list", "/export"):
            s.request("GET", top + path)
        for key in ("sk-wrong", "a.b.c", s.server.user_key):
            s.request("GET", f"{top}/", key=key)
            s.request("POST", f"{top}/create", form, key=key)
        s.request("DELETE", f"{top}/id/none/delete")
    for path in ("/health", "/api/version", "/api/config", "/api/v1/auths/", "/api/v1/nothing", "/"):
        s.request("GET", path)
