# SPDX-License-Identifier: MIT
"""kill -9 before and after every single request of a deploy; the next deploy puts all right."""

import contextlib

import plugins
import pytest
import safety
from executioner import Executioner
from fault import FaultServer

pytestmark = pytest.mark.every_server

MORE_THAN_ANY_DEPLOY = 20


@pytest.fixture
def executioner(server, owup):
    """An Executioner in front of the server."""
    with contextlib.ExitStack() as stack:
        yield Executioner(stack.enter_context(FaultServer(server.url)), owup, server)


def made_live(server, executioner, make):
    """A function that is on for everybody, with valves; and its state."""
    plugin = make()
    killed, ran = executioner.deploy(plugin)
    assert not killed and ran.status == 0, ran
    return plugin, safety.bring_to_life(server, plugin)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_with_broken_code(server, owup, make, executioner, moment):
    plugin, before = made_live(server, executioner, make)
    plugin.change(version="1.1.0", end=plugins.BROKEN_SYNTAX)
    for at in range(1, MORE_THAN_ANY_DEPLOY):
        killed, _ = executioner.deploy(plugin, at, moment)
        _, told = executioner.deploy(plugin)
        assert told.status == 1, f"request {at}: {told}"
        assert safety.state(server, plugin) == before, f"request {at}: {told}"
        assert safety.open_writes(owup) == 0, f"request {at}: {told}"
        if not killed:
            break
    assert (1 if moment == "after" else 2) < at < MORE_THAN_ANY_DEPLOY - 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_with_good_code(server, owup, make, executioner, moment):
    plugin, before = made_live(server, executioner, make)
    for at in range(1, MORE_THAN_ANY_DEPLOY):
        plugin.change(version=f"1.{at}.0")
        killed, _ = executioner.deploy(plugin, at, moment)
        _, told = executioner.deploy(plugin)
        assert told.status == 0, f"request {at}: {told}"
        after = safety.state(server, plugin)
        assert after["content"] == plugin.text, f"request {at}: {told}"
        for kept in ("name", "is_active", "is_global", "valves"):
            assert after[kept] == before[kept], f"request {at}: {kept}: {told}"
        assert safety.open_writes(owup) == 0, f"request {at}: {told}"
        if not killed:
            break
    assert (1 if moment == "after" else 2) < at < MORE_THAN_ANY_DEPLOY - 1


@pytest.mark.parametrize("kind", ["filter", "tool"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_at_the_first_deploy(server, make, executioner, moment, kind):
    for at in range(1, MORE_THAN_ANY_DEPLOY):
        plugin = make(kind)
        killed, _ = executioner.deploy(plugin, at, moment)
        _, told = executioner.deploy(plugin)
        assert told.status == 0, f"request {at}: {told}"
        assert server.plugin(kind, plugin.id)["content"] == plugin.text, f"request {at}: {told}"
        if not killed:
            break
    assert (2 if moment == "after" else 4) < at < MORE_THAN_ANY_DEPLOY - 1
