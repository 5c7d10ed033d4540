"""owup bump: the version in a file, without a server."""


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
