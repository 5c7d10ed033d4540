# SPDX-License-Identifier: MIT
"""What same_output.py runs: words, settings, keys, networks, terminals, and what needs no server."""

import fault
import plugins
from same_output_scene import NEWEST, say_hello, scenario

COMMANDS = (
    "deploy watch check list history rollback bump status diff pull enable disable valves delete sandbox completion"
    " help version"
).split()
BAD_KEY = {"OPENWEBUI_API_KEY": "sk-00000000000000000000000000000000"}


@scenario(generations=NEWEST)
def help_screens(s):
    """Every help screen, version, and the scripts for shells."""
    s.each("help")
    s.each("version")
    for line in ("", "-h", "--help", "-V", "--version", "help no_such", "help deplyo", "help deploy more", "help st"):
        s(line)
    for command in COMMANDS:
        s(f"help {command}")
        s(f"{command} --help")
    for shell in ("bash", "zsh", "fish", "tcsh", "", "bash more", "--json bash"):
        s(f"completion {shell}")


@scenario(generations=NEWEST)
def wrong_words(s):
    """Typos, unknown flags, missing and bad values."""
    s.write("filter", "my_filter")
    for line in ("deplyo x", "stauts", "push my_filter", "update", "create x", "my_filter", "my_filte", "rm x", "ls", "--jsn"):
        s(line)
    for command in COMMANDS:
        s(f"{command} --no-such-flag")
        s(f"{command} --jso")
        s(f"{command} --url")
        s(f"{command} --json --no-such-flag")
        s(f"{command} -Z", "one", "two", "three")
    for line in (
        "bump", "bump sideways my_filter", "bump patch no_such", "bump patch a b", "list no/such", "list a b",
        "list --type shrub", "deploy --type shrub --all", "deploy --timeout x my_filter", "deploy --timeout 0 my_filter",
        "deploy --jobs many --all", "deploy --all=1", "deploy --quiet=yes my_filter", "deploy --atomic --jobs",
        "deploy --create-only --update-only my_filter", "deploy --url nonsense my_filter", "deploy -nq my_filter",
        "history", "history a b", "history a --limit -1", "rollback", "rollback a b", "rollback a --to ''", "enable",
        "valves", "valves a frobnicate", "delete", "pull", "pull --all one", "diff --all one two", "status --exit-code=2",
        "sandbox --port x", "sandbox --port 70000", "sandbox --imitate 0.7", "sandbox --cut sometime:1", "sandbox --delay -3",
        "sandbox --data /no/such/folder/x.db -- true", "sandbox -- /no/such/program", "sandbox stray", "sandbox --cut before:0",
        "watch --run", "watch --type shrub", "completion", "deploy -m", "deploy --exclude", "check --id 'x y' my_filter",
    ):  # fmt: skip
        s(line)


@scenario(generations=NEWEST)
def settings(s):
    """Where URL and key come from, and what is wrong with them."""
    plugin = s.write("filter", "f_one")
    url, key = s.server.url, s.server.key
    none = {"OPENWEBUI_URL": None, "OPENWEBUI_API_KEY": None}
    s.each("deploy f_one", env={**none, "OPENWEBUI_URL": url})
    s.each("status", "", "--json", env=none)
    for bad in ("http://127.0.0.1:1", "https://127.0.0.1:1", "ftp://x", "127.0.0.1", "http://", "http://a b", "http://u:p@x/",
                "http://no-such-host.invalid", url + "/api/v1", url + "/", url + "/sub", url.upper()):  # fmt: skip
        for line in ("deploy f_one", "deploy --json f_one", "status"):
            s(f"{line} --timeout 2", "--url", bad)
    for line in ("status -v", "status -v --json"):
        s(line, env={"OWUI_URL": url, "api_key": key, **none})
    for name, text in (
        ("good", f"url={url}\napi_key={key}\n"),
        ("quoted", f"export OPENWEBUI_URL='{url}'\nOPENWEBUI_API_KEY=\"{key}\"\n"),
        ("yaml", f"url: {url}\napi_key: {key}\n"),
        ("placeholder", f"url={url}\napi_key=sk-your-api-key-here\n"),
        ("typo", f"url={url}\napi_kye={key}\nOPENWEBUI_APIKEY={key}\n"),
        ("other", f"url=http://127.0.0.1:1\napi_key={key}\n"),
        ("twice", f"url={url}\nurl=http://127.0.0.1:1\napi_key=sk-one\napi_key={key}\n"),
        ("only_key", f"api_key={key}\n"),
        ("nothing", "SOMETHING=else\n"),
        ("wide", f"url={url}\nAPI_KEY：{key}\n"),
    ):
        file = s.file(f"../{name}.env", text)
        s(f"status -v --env-file ../{name}.env", env=none)
        s(f"status --env-file ../{name}.env --json")
        s.file(".env", file.read_text())
        s.each("status", "", "-v", env=none)
        s("status", env={"OPENWEBUI_URL": url, "OPENWEBUI_API_KEY": None})
        s("deploy --json --dry-run f_one", env=none)
        s("status --url http://127.0.0.1:1", env=none)
        s("status -v", env=none, cwd=plugin.path.parent)
        (s.cwd / ".env").unlink()
    s.file("scripts/.env", f"api_key={key}\n")
    s("status -v", env={**none, "OPENWEBUI_URL": url})
    (s.cwd / ".env").mkdir()
    s("status", env=none)
    s("status --env-file ../no_such.env")
    s("status --env-file ..")
    s.file("../key", key + "\n")
    s("status -v", env={**none, "OPENWEBUI_URL": url, "OPENWEBUI_API_KEY_FILE": s.home / "key"})
    s("status", env={**none, "OPENWEBUI_URL": url, "OPENWEBUI_API_KEY_FILE": s.home / "no_such"})
    s("status --cacert /no/such.pem")
    s("status --insecure")
    s("status -v --header 'X-Secret: 12345678' --header 'Authorization: Bearer x'")
    s("status", env={"http_proxy": "http://127.0.0.1:1", "no_proxy": ""})


@scenario(generations=NEWEST)
def project(s):
    """list, bump and check on files of every kind."""
    s.each("list")
    for kind in plugins.METHODS:
        s.write(kind, f"{kind}_one", title=f"A {kind} with a name that is rather long, so that a table has to cut it")
    s.write("filter", "filter_one", path="plugins/filters/filter_one/filter_one_cn.py", title="单元")
    s.write("filter", "filter_one", path="copies/filter_one.py", title="The copy")
    s.write("filter", "plain", version="", title="")
    s.write("filter", "words", version="v1.2-beta+7")
    s.file("plugins/readme.py", "x = 1\n")
    s.each("list")
    for line in ("list -t tool", "list plugins/pipes", "ls -q", "list copies --json", "list plugins/readme.py"):
        s(line)
    s("list", cwd=s.home)
    s("list", cwd=s.cwd / "plugins/tools")
    for part in ("patch", "minor", "major"):
        s.each(f"bump {part} tool_one")
    for name in ("plain", "words", "filter_one", "plugins/readme.py", "copies/filter_one.py"):
        s.each(f"bump patch {name}", "", "--json")
    s("bump minor", cwd=s.cwd / "plugins/pipes/pipe_one")
    for name in ("filter_one", "A pipe", "pipe_on", "readme", "plugins/tools", "copies"):
        s.each(f"check {name}", "", "--json")
    s("check --all --localized")
    s.file("owup.yaml", "x: 1\n")
    s("list -v", cwd=s.cwd / "copies")


@scenario()
def access(s):
    """Wrong keys, no admin, keys or plugins off."""
    s.write("filter", "f_one")
    s.write("tool", "t_one")
    for env in (BAD_KEY, {"OPENWEBUI_API_KEY": s.server.user_key}):
        for name in ("f_one", "t_one"):
            s.each(f"deploy {name}", "", "--json", "-v", env=env)
        for line in ("status", "pull --all", "enable f_one", "valves f_one", "history f_one", "delete -y f_one", "diff f_one"):
            s.each(line, "", "--json", env=env)
    for other in (s.server.keys_off, s.server.plugins_off):
        with other() as to:
            for line in ("deploy f_one", "deploy t_one", "status", "rollback f_one"):
                s.each(line, "", "--json", to=to)


@scenario()
def network(s):
    """Servers that fail, redirect, garble, cut, hang."""
    plugin = s.write("filter", "f_one")
    s("deploy -q f_one")
    spoilt = (
        fault.reply(500, "Internal Server Error", "text/plain"),
        fault.page(),
        fault.redirect("http://elsewhere.example/"),
        fault.reply(429, {"detail": "Slow down"}),
        fault.reply(413, "<html>Too large</html>", "text/html"),
        fault.raw(b"\x00\x01garbage\r\n\r\n"),
    )
    for number, action in enumerate(spoilt):
        plugin.change(version=f"1.{number}.1")
        with s.spoiled("*", "", action) as to:
            for line in ("status", "pull f_one", "enable f_one", "valves f_one", "diff f_one"):
                s.each(line, "", "--json", to=to)
        with s.spoiled("POST", "", action, 1) as to:
            s.each("deploy f_one", "", "--json", to=to)
    for number, action in enumerate((fault.cut_before(), fault.cut_after(), fault.truncate_after(40))):
        for form in ("", "--json"):
            plugin.change(version=f"2.{number}.{len(form)}")
            with s.spoiled("POST", "/update$", action, 1) as to:
                s(f"deploy {form} f_one", to=to)
    with s.spoiled("*", "", fault.hang()) as to:
        s.each("status --timeout 1", "", "--json", to=to)


def shown(s, env):
    """Commands whose wording, signs or colours depend on where they are shown."""
    s.terminal("help", env=env)
    s.terminal("help deploy", env=env)
    s.terminal("deploy f_one", env=env)
    s.terminal("deploy f_one", env=env)
    s.terminal("deploy --all --jobs 1", env=env)
    s.terminal("deploy --json t_one", env=env)
    s.terminal("list", env=env)
    s.terminal("status", env=env)
    s.terminal("check --all", env=env)
    s.write("filter", "f_one", title="Grüße 异步", version="1.1.0", end=say_hello("Grüße " * 30))
    s.terminal("diff f_one", env=env)
    s.terminal("diff f_one", env={**env, "PAGER": "/bin/sed s/^/PAGED:/"})
    s.terminal("deploy -v f_one", env=env)
    s.terminal("history f_one", env=env)
    s.terminal("rollback f_one", env=env)
    s.terminal("pull -f f_one", env=env)
    s.terminal("valves f_one", env=env)
    s.terminal("delete f_one", keys=b"n\n", env=env)
    s.terminal("delete f_one", keys=b"y\n", env=env)
    s.terminal("history f_one --purge", keys=b"n\n", env=env)
    s.terminal("deplyo f_one", env=env)


def odd_project(s):
    """Two good ones, two broken ones."""
    s.write("filter", "f_one", title="Grüße 异步")
    s.write("tool", "t_one", description="A long description that does not fit into one line " * 3)
    s.write("pipe", "p_one", end=plugins.BROKEN_SYNTAX)
    s.write("action", "a_one", top=plugins.IMPORT_ERROR)


@scenario(generations=("0.11", "0.12"))
def terminal(s):
    """In colour."""
    odd_project(s)
    shown(s, {})


@scenario(generations=NEWEST)
def terminal_plain(s):
    """Without UTF-8, or colour."""
    odd_project(s)
    shown(s, {"LANG": "C", "LC_ALL": "C"})
    s.terminal("check --all", env={"NO_COLOR": "1"})
    s.terminal("check --all", env={"TERM": "dumb"})


@scenario(generations=NEWEST)
def terminal_progress(s):
    """What is drawn while something lasts."""
    s.write("filter", "f_one")
    s.write("filter", "f_two")
    with s.spoiled("POST", "/create$", fault.after(1.3, fault.forward())) as to:
        s.terminal("deploy --jobs 1 f_one f_two", to=to, drawn=True)
    s.write("filter", "f_one", version="1.1.0")
    with s.spoiled("POST", "/update$", fault.after(1.3, fault.forward())) as to:
        s.terminal("deploy f_one", to=to, drawn=True)


@scenario(generations=NEWEST)
def language(s):
    """Locales."""
    for env in ({"LANG": "C"}, {"LC_ALL": "C"}, {"LANG": None}, {"LANG": "de_DE.UTF-8"}, {"LANG": "C.UTF-8"}):
        s.write("filter", "f_one", title="Grüße 异步")
        s.write("pipe", "p_one", title="Größe", end=plugins.BROKEN_SYNTAX)
        for line in ("deploy f_one", "deploy f_one", "deploy p_one", "check p_one", "list", "status", "no_such"):
            s.each(line, "", "--json", env=env)
        s("delete -y f_one", env=env)


@scenario(generations=NEWEST)
def watch(s):
    """Its first lines, a save, mistakes."""
    plugin = s.write("filter", "f_one")
    s.until(
        "watch f_one",
        ("created", lambda: plugin.change(version="1.1.0")),
        ("updated", lambda: None),
    )
    s("watch no_such")
    s("watch --jobs 3 f_one")
    s.until("watch f_one", ("keeps the key", lambda: None), env=BAD_KEY)


@scenario()
def sandbox(s):
    """The client's own sandbox."""
    s.write("filter", "f_one")
    generation = ".".join(map(str, s.server.generation))
    env = {"PATH": f"{s.owup.bin}:/usr/bin:/bin"}
    for line in ("deploy f_one", "status --json", "version", "no_such"):
        s(f"sandbox --imitate {generation} -- owup {line}", env=env)
    s.until(f"sandbox --imitate {generation}", ("USER_API_KEY=", lambda: None))
    for flags_of in ("--keys-off", "--plugins-off", "--cut before:1", "--cut after:1", "--delay 5 --data x.db"):
        s(f"sandbox -q --imitate {generation} {flags_of} -- owup deploy --timeout 2 f_one", env=env)
    (s.cwd / "x.db").unlink(missing_ok=True)
