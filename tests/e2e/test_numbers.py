# SPDX-License-Identifier: MIT
"""Numbers that a double or 64 bits cannot hold: read, shown, merged and written back digit for digit."""

import json
import re

import pytest

SEED = 2**64 - 1
TOOL = f'''"""
title: {{title}}
version: 1.0.0
"""


class Tools:
    def paint(self, prompt: str, seed: int = {SEED}, share: float = 0.1) -> str:
        """
        Paint a nice picture.
        :param prompt: what to paint
        :param seed: the seed
        """
        return prompt
'''
VALVES = (
    "    class Valves(BaseModel):\n"
    f"        max_seed: int = {SEED}\n"
    "        ratio: float = 0.1\n"
    '        note: str = ""\n'
)


def raw_valves(server, plugin):
    """The stored valves, as the server writes them."""
    return server.request("GET", server.path(plugin.kind, plugin.id, "/valves")).text


@pytest.mark.every_server
def test_a_tool_with_a_seed_disturbs_nothing(server, owup, make):
    """The server puts the default into the specs of every answer about tools."""
    tool, other = make("tool"), make("tool")
    tool.change(text=TOOL.format(title=tool.id))
    ran = owup("deploy", tool.file, to=server)
    assert ran.status == 0 and "Successfully created" in ran.out, ran
    if server.is_real:
        specs = server.request("GET", server.path("tool", tool.id)).text
        assert re.search(r"18446744073709551615|1\.8446744073709552e\+19", specs), specs
    ran = owup("deploy", other.file, to=server)
    assert ran.status == 0 and "Successfully created" in ran.out, ran
    for command in (("status", tool.id, other.id), ("diff", tool.id), ("pull", tool.id), ("deploy", tool.file)):
        ran = owup(*command, to=server)
        assert ran.status == 0, ran
    assert server.tool(tool.id)["content"] == tool.text


@pytest.mark.every_server
def test_valves_keep_their_digits(server, owup, make):
    """Setting one valve sends the others back as they were read."""
    plugin = make("filter", valves=VALVES)
    assert owup("deploy", plugin.file, to=server).status == 0
    big = SEED - 1
    server.set_valves("filter", plugin.id, {"max_seed": big, "ratio": 0.1, "note": "n"})
    ran = owup("valves", plugin.id, "set", "note=x", to=server)
    assert ran.status == 0, ran
    stored = raw_valves(server, plugin)
    assert f'"max_seed":{big}' in stored and '"ratio":0.1' in stored and '"note":"x"' in stored, stored
    ran = owup("valves", plugin.id, to=server)
    assert re.search(rf"max_seed +{big}\b", ran.out) and re.search(r"ratio +0\.1(\s|$)", ran.out), ran
    ran = owup("valves", "--json", plugin.id, to=server)
    assert ran.json[0]["valves"]["max_seed"] == big and '"ratio":0.1' in ran.out, ran
    ran = owup("valves", plugin.id, "set", f"max_seed={SEED}", "ratio=0.30", to=server)
    assert ran.status == 0, ran
    stored = raw_valves(server, plugin)
    assert f'"max_seed":{SEED}' in stored and '"ratio":0.3' in stored, stored


@pytest.mark.every_server
def test_valves_keep_their_digits_through_delete_and_rollback(server, owup, make):
    """The history holds them, too."""
    plugin = make("filter", valves=VALVES)
    assert owup("deploy", plugin.file, to=server).status == 0
    values = {"max_seed": SEED - 1, "ratio": 0.1, "note": "n"}
    server.set_valves("filter", plugin.id, values)
    before = json.loads(raw_valves(server, plugin))
    assert owup("delete", "--yes", plugin.id, to=server).status == 0
    ran = owup("rollback", plugin.id, to=server)
    assert ran.status == 0, ran
    assert json.loads(raw_valves(server, plugin)) == before
    assert f'"max_seed":{SEED - 1}' in raw_valves(server, plugin)


def test_a_pulled_file_of_valves_keeps_them(sandbox, owup, make):
    """--valves writes a file that people read."""
    plugin = make("filter", valves=VALVES)
    assert owup("deploy", plugin.file, to=sandbox).status == 0
    sandbox.set_valves("filter", plugin.id, {"max_seed": SEED, "ratio": 0.1})
    assert owup("pull", "--valves", plugin.id, to=sandbox).status == 0
    text = next(plugin.folder.rglob("*.valves.json")).read_text(encoding="utf-8")
    assert f'"max_seed": {SEED}' in text and re.search(r'"ratio": 0\.1\b', text), text
