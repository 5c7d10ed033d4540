# SPDX-License-Identifier: MIT
"""Where a secret may go: a found .env names a server, and the key is not the project's own."""

import json
import os
import shutil
import stat

import pytest
from fault import FaultServer, reply
from test_cli import bash_completes

KEY = "sk-of-this-user-123456"
EVIL = "http://owui.example:8080"


class Listener:
    """Whoever reads what is sent to any host: a proxy of the environment stands in for the network."""

    def __init__(self, server, owup, make):
        self.server = server
        self.owup = owup
        self.plugin = make()
        server.on("*", "", reply(401, {"detail": "Not authenticated"}))

    def environment(self, env):
        """A key of this user's, and the network."""
        names = ("http_proxy", "https_proxy")
        return {**dict.fromkeys(names, self.server.url), "OPENWEBUI_API_KEY": KEY, **(env or {})}

    def deploy(self, *flags, env=None, cwd=None):
        """One deploy without a terminal."""
        return self.owup("deploy", *flags, self.plugin.path, env=self.environment(env), cwd=cwd)

    def terminal(self, *words, keys, env=None, cwd=None):
        """One command on a terminal, answered with `keys`."""
        return self.owup.on_terminal(
            *words, env=self.environment(env), cwd=cwd, keys=keys, prompt=b"[y/N]", width=400
        )

    def trust(self, env=None, cwd=None):
        """Somebody says yes."""
        status, shown = self.terminal("trust", keys=b"y\n", env=env, cwd=cwd)
        assert status == 0 and "Trusted" in shown, shown
        return shown

    def keys(self):
        """Every key that came."""
        sent = {request.headers.get("Authorization") for request in self.server.seen("*", "")}
        return {key.removeprefix("Bearer ") for key in sent if key}


@pytest.fixture
def network(owup, make):
    """A Listener."""
    with FaultServer() as server:
        yield Listener(server, owup, make)


def write(path, text):
    """Writes a file and what is missing above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def assert_withheld(network, ran, *said):
    """Nothing was sent to anybody, and the error says why."""
    assert (ran.status, network.server.count()) == (2, 0), ran
    assert "Nothing was sent" in ran.text and KEY not in ran.text, ran
    for words in said:
        assert words in ran.text, ran


@pytest.mark.parametrize("name", ["url", "OPENWEBUI_URL", "OWUI_URL"])
@pytest.mark.parametrize("place", [".env", "scripts/.env"])
def test_a_key_of_the_environment_is_not_sent_where_a_found_file_says(owup, network, name, place):
    write(owup.cwd / place, f"{name}={EVIL}\n")
    assert_withheld(network, network.deploy(), "url in " + place, "OPENWEBUI_API_KEY", EVIL, "owup trust")


def test_every_command_that_asks_a_server(owup, network):
    write(owup.cwd / ".env", f"url={EVIL}\n")
    name = network.plugin.id
    for words in (
        ["status"],
        ["diff", name],
        ["pull", name],
        ["history", name],
        ["rollback", name],
        ["enable", name],
        ["disable", name],
        ["valves", "get", name],
        ["delete", "--yes", name],
    ):
        ran = owup(*words, env=network.environment(None))
        assert network.server.count() == 0, (words, ran)


def test_json_and_ci_never_ask(owup, network):
    write(owup.cwd / ".env", f"url={EVIL}\n")
    ran = network.deploy("--json", env={"CI": "true"})
    assert (ran.status, network.server.count()) == (2, 0), ran
    (error,) = [line for line in ran.json if line["type"] == "error"]
    assert error["error"]["code"] == "settings", ran
    assert f"OWUP_TRUST={EVIL}" in json.dumps(error), ran
    for words, env in ((["deploy", "--json"], None), (["deploy"], {"CI": "true"})):
        status, shown = network.terminal(*words, network.plugin.path, keys=b"y\n", env=env)
        assert status == 2 and "[y/N]" not in shown and network.server.count() == 0, shown


def test_a_file_that_env_names_is_not_sent(owup, network):
    """OPENWEBUI_API_KEY_FILE in a found .env: that file's first line would be the key."""
    token = write(owup.home / ".token", KEY + "\n")
    for named in (str(token), "~/.token", "../.token"):
        write(owup.cwd / ".env", f"url={EVIL}\nOPENWEBUI_API_KEY_FILE={named}\n")
        ran = network.deploy(env={"OPENWEBUI_API_KEY": None})
        assert_withheld(network, ran, str(token))
    link = owup.cwd / "key"
    link.symlink_to(token)
    write(owup.cwd / ".env", f"url={EVIL}\nOPENWEBUI_API_KEY_FILE=key\n")
    assert_withheld(network, network.deploy(env={"OPENWEBUI_API_KEY": None}), str(token))


def test_a_key_file_of_the_project_needs_nothing(owup, network):
    write(owup.cwd / "key", "sk-of-the-project\n")
    write(owup.cwd / ".env", f"url={EVIL}\nOPENWEBUI_API_KEY_FILE=key\n")
    network.deploy(env={"OPENWEBUI_API_KEY": None})
    assert network.keys() == {"sk-of-the-project"}


def test_a_key_file_that_the_environment_names(owup, network):
    token = write(owup.home / ".token", KEY + "\n")
    write(owup.cwd / ".env", f"url={EVIL}\n")
    env = {"OPENWEBUI_API_KEY": None, "OPENWEBUI_API_KEY_FILE": token}
    assert_withheld(network, network.deploy(env=env), "OPENWEBUI_API_KEY_FILE")


def test_a_link_to_another_env(owup, network):
    """scripts/.env is a link to a file of this user's; ./.env says where its key is to go."""
    mine = write(owup.home / "mine" / "env", f"api_key={KEY}\n")
    (owup.cwd / "scripts").mkdir()
    (owup.cwd / "scripts" / ".env").symlink_to(mine)
    write(owup.cwd / ".env", f"url={EVIL}\n")
    assert_withheld(network, network.deploy(env={"OPENWEBUI_API_KEY": None}), str(mine))


def test_a_linked_env_that_names_the_server_is_still_found(owup, network):
    (owup.cwd / ".env").symlink_to(write(owup.home / "elsewhere", f"url={EVIL}\n"))
    assert_withheld(network, network.deploy(), "url in .env")


def test_an_env_above_is_found_too(owup, network):
    below = owup.cwd / "a" / "b"
    below.mkdir(parents=True)
    write(owup.cwd / ".env", f"url={EVIL}\n")
    assert_withheld(network, network.deploy(cwd=below), "url in ../../.env")


def test_the_home_folder_is_no_project(owup, network):
    """With dotfiles in git, everything below home would be the project's own."""
    (owup.home / ".git").mkdir()
    token = write(owup.home / ".token", KEY + "\n")
    folder = owup.home / "Downloads" / "thing"
    write(folder / ".env", f"url={EVIL}\nOPENWEBUI_API_KEY_FILE=../../.token\n")
    ran = network.deploy(env={"OPENWEBUI_API_KEY": None}, cwd=folder)
    assert_withheld(network, ran, str(token))


def test_what_stands_together_needs_nothing(owup, network):
    write(owup.cwd / ".env", f"url={EVIL}\napi_key=sk-in-the-file\n")
    network.deploy(env={"OPENWEBUI_API_KEY": None})
    assert network.keys() == {"sk-in-the-file"}
    (owup.cwd / ".env").unlink()
    network.deploy(env={"OPENWEBUI_URL": EVIL})
    assert network.keys() == {"sk-in-the-file", KEY}


def test_what_the_command_line_says_needs_nothing(owup, network):
    network.deploy("--url", EVIL)
    assert network.keys() == {KEY}
    named = write(owup.home / "staging.env", "url=http://staging.example\n")
    network.deploy("--env-file", named)
    assert network.server.count("*", "^http://staging.example/") > 0


def test_this_machine_needs_nothing(sandbox, owup, make):
    write(owup.cwd / ".env", f"url={sandbox.url}\n")
    ran = owup("deploy", make().file, env={"OPENWEBUI_API_KEY": sandbox.key})
    assert ran.status == 0, ran


@pytest.mark.parametrize(
    ("listed", "url"),
    [
        ("owui.example", "https://owui.example"),
        ("OWUI.Example", "https://owui.example"),
        ("a.example, owui.example", "https://owui.example/prefix"),
        ("http://owui.example", "http://owui.example"),
        ("http://owui.example:8080", EVIL),
        ("10.0.0.9:3000", "http://10.0.0.9:3000"),
    ],
)
def test_hosts_that_the_environment_trusts(owup, network, listed, url):
    write(owup.cwd / ".env", f"url={url}\n")
    ran = network.deploy(env={"OWUP_TRUST": listed})
    assert network.server.count() > 0, ran


@pytest.mark.parametrize(
    ("listed", "url"),
    [
        ("", "https://owui.example"),
        ("*", "https://owui.example"),
        ("example", "https://owui.example"),
        ("owui.example", "http://owui.example"),
        ("owui.example", "https://owui.example:8443"),
        ("owui.example", "https://owui.example."),
        ("owui.example", "https://owui.example.evil.test"),
        ("owui.example", "https://evilowui.example"),
        ("owui.example", "https://\u043ewui.example"),
        ("owui.example", "https://owui.example@evil.test"),
        ("owui.example", "https://evil.test/owui.example"),
        ("https://owui.example/a", "https://owui.example/b"),
        ("localhost", "http://localhost.evil.test"),
    ],
)
def test_hosts_that_only_look_like_it(owup, network, listed, url):
    write(owup.cwd / ".env", f"url={url}\n")
    ran = network.deploy(env={"OWUP_TRUST": listed})
    assert (ran.status, network.server.count()) == (2, 0), ran


def test_a_look_alike_is_shown_as_one(owup, network):
    write(owup.cwd / ".env", "url=https://\u043ewui.example\n")
    assert_withheld(network, network.deploy(), "https://xn--")


def test_a_found_file_cannot_trust_itself(owup, network):
    write(owup.cwd / ".env", f"url={EVIL}\nOWUP_TRUST={EVIL}\n")
    assert_withheld(network, network.deploy())


def test_a_project_cannot_bring_its_own_state(owup, network):
    """$OWUP_HISTORY=.owup, in a project whose archive holds one."""
    where = {"project": os.path.realpath(owup.cwd), "destination": EVIL, "secret": "OPENWEBUI_API_KEY"}
    folder = owup.cwd / ".owup"
    write(folder / "trust.json", json.dumps({"schema": 1, "trusted": [where]}))
    folder.chmod(0o700)
    write(owup.cwd / ".env", f"url={EVIL}\n")
    assert_withheld(network, network.deploy(env={"OWUP_HISTORY": ".owup"}))


def state(owup):
    """The file that remembers."""
    return owup.home / ".local/state/owup/trust.json"


def test_trust_is_asked_for_and_remembered(owup, network):
    write(owup.cwd / ".env", f"url={EVIL}\n")
    status, shown = network.terminal("trust", keys=b"n\n")
    assert status == 2 and not state(owup).exists(), shown
    shown = network.trust()
    for words in ("url in .env", "OPENWEBUI_API_KEY", EVIL, str(owup.cwd)):
        assert words in shown, shown
    assert stat.S_IMODE(state(owup).stat().st_mode) == 0o600
    assert KEY not in state(owup).read_text()
    network.deploy()
    assert network.keys() == {KEY}
    (line,) = owup("trust", "--list", "--json").json
    assert line == {
        "type": "trust",
        "schema": 1,
        "project": os.path.realpath(owup.cwd),
        "server": EVIL,
        "secret": "OPENWEBUI_API_KEY",
    }
    assert "Already" in owup("trust", env=network.environment(None)).out


def test_a_change_asks_again(owup, network):
    write(owup.cwd / ".env", f"url={EVIL}\n")
    network.trust()
    write(owup.cwd / ".env", "url=http://other.example:8080\n")
    assert_withheld(network, network.deploy(), "other.example")
    write(owup.cwd / ".env", "url=http://owui.example:8081\n")
    assert_withheld(network, network.deploy(), ":8081")
    write(owup.cwd / ".env", f"url={EVIL}\n")
    token = write(owup.home / ".token", KEY + "\n")
    env = {"OPENWEBUI_API_KEY": None, "OPENWEBUI_API_KEY_FILE": token}
    assert_withheld(network, network.deploy(env=env), "OPENWEBUI_API_KEY_FILE")


def test_a_project_that_moves_is_another(owup, network):
    write(owup.cwd / ".env", f"url={EVIL}\n")
    network.trust()
    moved = owup.home / "moved"
    shutil.copytree(owup.cwd, moved)
    assert_withheld(network, network.deploy(cwd=moved))


def test_forget(owup, network):
    write(owup.cwd / ".env", f"url={EVIL}\n")
    network.trust()
    (owup.cwd / "below").mkdir()
    assert owup("trust", "--forget", cwd=owup.cwd / "below").status == 0
    assert_withheld(network, network.deploy())
    network.trust()
    assert owup("trust", "--forget", owup.cwd, cwd=owup.home).status == 0
    assert_withheld(network, network.deploy())


def test_a_first_deploy_asks_on_a_terminal(owup, network):
    write(owup.cwd / ".env", f"url={EVIL}\n")
    status, shown = network.terminal("deploy", network.plugin.path, keys=b"\n")
    assert status == 2 and "Nothing was sent" in shown and network.server.count() == 0, shown
    network.terminal("deploy", network.plugin.path, keys=b"y\n")
    assert network.keys() == {KEY} and state(owup).exists()


def test_trust_without_a_terminal_names_the_variable(owup, network):
    write(owup.cwd / ".env", "url=https://owui.example\n")
    ran = owup("trust", env=network.environment(None))
    assert ran.status == 2 and "OWUP_TRUST=owui.example" in ran.text, ran


def test_trust_where_there_is_nothing_to_ask(sandbox, owup):
    ran = owup("trust", env=sandbox.env)
    assert ran.status == 0 and "Nothing to ask" in ran.out, ran


@pytest.mark.parametrize("harm", ["writable", "link", "folder"])
def test_what_others_may_write_is_not_trusted(owup, network, harm):
    write(owup.cwd / ".env", f"url={EVIL}\n")
    network.trust()
    if harm == "writable":
        state(owup).chmod(0o666)
    elif harm == "folder":
        state(owup).parent.chmod(0o777)
    else:
        state(owup).rename(owup.home / "elsewhere.json")
        state(owup).symlink_to(owup.home / "elsewhere.json")
    assert_withheld(network, network.deploy(), "trust.json" if harm != "folder" else "state/owup")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema":2,"trusted":[]}', '{"schema":1,"trusted":[{}]}'])
def test_a_damaged_file_trusts_nothing(owup, network, text):
    write(owup.cwd / ".env", f"url={EVIL}\n")
    network.trust()
    state(owup).write_text(text)
    assert_withheld(network, network.deploy(), "trust.json")


def test_completion_asks_no_server(owup, network):
    """Nor does anything that it runs; today it asks none at all."""
    write(owup.cwd / ".env", f"url={EVIL}\napi_key=sk-in-the-file\n")
    network.plugin.path.rename(owup.cwd / "plugins" / "zz.py")
    for command in ("deploy", "status", "pull", "valves", "enable", "delete", "rollback", "history"):
        bash_completes(owup, ["owup", command, ""], env=network.environment(None))
    assert network.server.count() == 0
