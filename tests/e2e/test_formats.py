# SPDX-License-Identifier: MIT
"""The formats that doc/formats.md promises: a change here breaks somebody's script, or an older owup."""

import hashlib

import plugins
import safety

# SHA-256 of what SQLite keeps of the database's tables and indexes.
DATABASE = "1157587d2e3ac1b48e2f43483e7124beac25797e77446a993dbab6422061610c"


def test_each_json_object_has_the_schema(sandbox, owup, make):
    plugin = make()
    for command in (
        ["deploy", plugin.file],
        ["status"],
        ["list"],
        ["check", plugin.file],
        ["history", plugin.id],
        ["history", "--check"],
        ["version"],
        ["enable", plugin.id],
        ["no-such-command"],
    ):
        ran = owup(*command, "--json", to=sandbox)
        assert ran.json and {line["schema"] for line in ran.json} == {1}, ran
        assert all(next(iter(line)) == "type" for line in ran.json), ran


def test_exit_statuses(sandbox, owup, make):
    plugin, broken = make(), make(end=plugins.BROKEN_SYNTAX)
    assert owup("deploy", plugin.file, to=sandbox).status == 0
    assert owup("diff", plugin.change(version="1.0.1").file, to=sandbox).status == 1
    assert owup("deploy", "--no-such-option").status == 2
    assert owup("deploy", plugin.file, to=sandbox, env={"OPENWEBUI_API_KEY": "sk-wrong"}).status == 3
    assert owup("deploy", plugin.file, to=sandbox, env={"OPENWEBUI_URL": "http://127.0.0.1:1"}).status == 4
    assert owup("deploy", broken.file, to=sandbox).status == 5


def test_the_database(sandbox, owup, make):
    assert owup("deploy", make().file, to=sandbox).status == 0
    with safety.database(owup) as link:
        assert link.execute("PRAGMA user_version").fetchone() == (1,)
        made = [row[0] or "" for row in link.execute("SELECT sql FROM sqlite_master ORDER BY name")]
    assert hashlib.sha256("\n".join(made).encode()).hexdigest() == DATABASE, made
