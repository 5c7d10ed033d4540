# SPDX-License-Identifier: MIT
"""owup bump: the version in a file and nothing else, without a server; nothing where it can't."""

import pytest


def test_bump_changes_the_version_and_nothing_else(owup, make):
    plugin = make(version="1.3.0")
    before, old = plugin.path.read_bytes(), "1.3.0"
    for part, version in (("patch", "1.3.1"), ("minor", "1.4.0"), ("major", "2.0.0")):
        ran = owup("bump", part, plugin.id)
        assert ran.status == 0, ran
        assert ran.out == f"{plugin.file}: {old} -> {version}\n", ran
        old = version
        assert plugin.path.read_bytes() == before.replace(b"1.3.0", version.encode())


def test_bump_as_json(owup, make):
    plugin = make(version="1.3.0")
    ran = owup("bump", "minor", plugin.id, "--json")
    (line,) = ran.json
    assert {key: line[key] for key in ("type", "id", "from", "to")} == {
        "type": "bump",
        "id": plugin.id,
        "from": "1.3.0",
        "to": "1.4.0",
    }


def test_bump_offers_what_can_be_typed(owup, make):
    plugins = [make(), make()]
    ran = owup("bump", "patch")
    assert ran.status == 2, ran
    for plugin in plugins:
        assert f"owup bump patch {plugin.id}" in ran.text, ran
    assert "--all" not in ran.text, ran


def test_bump_needs_a_part(owup, make):
    plugin = make(version="1.3.0")
    before = plugin.path.read_bytes()
    for words in ((), (plugin.id,), ("ptach", plugin.id)):
        ran = owup("bump", *words)
        assert ran.status == 2, ran
        assert "owup bump patch|minor|major NAME" in ran.text, ran
        assert ("Did you mean patch?" in ran.text) == (words[:1] == ("ptach",)), ran
    ran = owup("bump", plugin.id, "minor")
    assert ran.status == 2 and f"The part comes first: owup bump minor {plugin.id}" in ran.text, ran
    assert plugin.path.read_bytes() == before


TEXTS = {
    "plain": lambda text: text,
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "bom": lambda text: "\ufeff" + text,
    "beyond-ascii": lambda text: text.replace("Does nothing", "什么也不做 🚀 «тест» e\u0301"),
    "no-newline-at-the-end": lambda text: text.rstrip("\n"),
    "blanks-around": lambda text: text.replace("version: 1.3.9", "  version:\t 1.3.9 \t"),
    "twice": lambda text: text.replace("version: 1.3.9", "version: 0.0.1\nversion: 1.3.9"),
    "elsewhere-too": lambda text: text + 'VERSION = "1.3.9"\n# version: 1.3.9\n',
}


def expected(text, version):
    """The last version line of the docstring is the one that counts."""
    head, end, rest = text.partition('"""\n\nfrom') if '"""\n\nfrom' in text else text.partition('"""\r\n\r\nfrom')
    start = head.rindex("1.3.9")
    return head[:start] + version + head[start + 5 :] + end + rest


@pytest.mark.parametrize("way", TEXTS)
@pytest.mark.parametrize(("part", "version"), [("patch", "1.3.10"), ("minor", "1.4.0"), ("major", "2.0.0")])
def test_bytes(owup, make, way, part, version):
    plugin = make(version="1.3.9")
    text = TEXTS[way](plugin.text)
    plugin.change(text=text)
    ran = owup("bump", part, plugin.file)
    assert (ran.status, ran.out) == (0, f"{plugin.file}: 1.3.9 -> {version}\n"), ran
    assert plugin.path.read_bytes() == expected(text, version).encode()


@pytest.mark.parametrize("version", ["1.3", "1", "v1.3.0", "1.3.0-beta", "1.3.0.1", "latest", "1.3.x", None])
def test_a_version_that_is_none(owup, make, version):
    plugin = make(version=version)
    before = plugin.path.read_bytes()
    for flags in ([], ["--json"]):
        ran = owup("bump", "patch", *flags, plugin.file)
        assert ran.status == 5, ran
        assert (version or "version: 1.0.0") in ran.out, ran
    assert ran.json[0]["error"]["code"] == "local_plugin", ran
    assert plugin.path.read_bytes() == before


def test_what_cannot_be_bumped(owup, make, fresh):
    plugin = make(version="1.3.0")
    before = plugin.path.read_bytes()
    for words in (("patch", "-"), ("patch", fresh("nobody")), ("patch", plugin.file, plugin.file)):
        ran = owup("bump", *words)
        assert ran.status == 2 and "❌" in ran.out, ran
    plugin.path.write_bytes(before + b"\xff\xfe")
    ran = owup("bump", "patch", plugin.file)
    assert ran.status == 5 and plugin.path.read_bytes() == before + b"\xff\xfe", ran


def test_a_link_stays_one(owup, make, project):
    """The file behind it is the plugin; its mode stays."""
    plugin = make(version="1.3.0")
    plugin.path.chmod(0o640)
    link = project.folder / "plugins" / "link.py"
    link.symlink_to(plugin.path)
    assert owup("bump", "patch", "plugins/link.py").status == 0
    assert link.is_symlink() and "version: 1.3.1\n" in plugin.text
    assert plugin.path.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in plugin.path.parent.iterdir()] == [plugin.path.name]


def test_then_deployed(server, owup, make):
    """Needs no server itself; the next deploy shows it."""
    plugin = make(version="1.3.0")
    assert owup("deploy", plugin.file, to=server).status == 0
    plugin.change(end="# changed\n")
    refused = owup("deploy", "--require-bump", plugin.file, to=server)
    assert refused.status == 5, refused
    assert "# changed" not in server.function(plugin.id)["content"]
    assert owup("bump", "minor", plugin.id, env={"OPENWEBUI_URL": "http://127.0.0.1:1"}).status == 0
    ran = owup("deploy", "--require-bump", "--json", plugin.file, to=server)
    assert (ran.plugin["result"], ran.plugin["version"], ran.plugin["server_version"]) == ("updated", "1.4.0", "1.3.0")
    assert server.function(plugin.id)["meta"]["manifest"]["version"] == "1.4.0"
