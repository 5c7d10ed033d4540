# SPDX-License-Identifier: MIT
"""What a failed deploy must leave as it was, and the ways in which a deploy is made to fail."""

import contextlib
import sqlite3
import time

import fault

VALVES = {"priority": 3, "token": "word"}
# What the server changes by itself, or tells about something else than the plugin.
PASSING = ("updated_at", "created_at", "user", "user_id", "write_access")


def state(server, plugin):
    """All that a person set or sees of a plugin, read from the server itself; None: not there."""
    held = server.plugin(plugin.kind, plugin.id)
    if held is None:
        return None
    kept = {key: value for key, value in held.items() if key not in PASSING}
    return {**kept, "valves": server.valves(plugin.kind, plugin.id)}


def without_version(found):
    """The same without 0.12's version, which moves when an old text is put back."""
    return {key: value for key, value in found.items() if key not in ("version_id", "parent_id")}


def flags(server, plugin):
    """(is_active, is_global)."""
    held = server.function(plugin.id)
    return held["is_active"], held["is_global"]


def bring_to_life(server, plugin):
    """Makes a function active and global and gives it valves; its state."""
    server.toggle(plugin.id)
    server.toggle_global(plugin.id)
    server.set_valves(plugin.kind, plugin.id, VALVES)
    return state(server, plugin)


def eventually(question, seconds=10):
    """Asks until the answer is true; returns the last answer."""
    deadline = time.monotonic() + seconds
    while not (answer := question()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return answer


def interrupt_held(proxy, gate, running):
    """Ctrl-C while the proxy holds a request, which then goes on; what owup ended with."""
    assert proxy.held.wait(30)
    running.interrupt()
    running.wait_for("Interrupted")
    gate.set()
    return running.finish()


@contextlib.contextmanager
def database(owup):
    """The history that this program writes."""
    link = sqlite3.connect(owup.home / ".local/state/owup/history.db", timeout=10)
    try:
        yield link
        link.commit()
    finally:
        link.close()


def open_writes(owup):
    """How many writes the journal says are open."""
    with database(owup) as link:
        return link.execute("SELECT count(*) FROM open_write").fetchone()[0]


def let_time_pass(owup, seconds):
    """Moves what the journal knows into the past."""
    with database(owup) as link:
        link.execute(
            "UPDATE open_write SET started_at = started_at - ?1, server_date = server_date - ?1, "
            "updated_at = updated_at - ?1",
            (seconds,),
        )


def internal_error(answer):
    """The server acted, and then says 500."""
    return fault.Answer(500, answer.headers, b"Internal Server Error")


LOST = {
    "cut-before": fault.cut_before(),
    "cut-after": fault.cut_after(),
    "half": fault.truncate_after(30),
    "500": fault.reply(500, "Internal Server Error", "text/plain"),
    "500-after": fault.rewritten(internal_error),
    "page": fault.page(),
}
