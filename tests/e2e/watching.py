# SPDX-License-Identifier: MIT
"""A watch that runs, for the tests of it."""

import time

import realserver
from editors import QUIET
from fault import FaultServer

# However fast owup's time passes, the machine needs its own.
SHORTEST = 0.15


class Watching:
    """A watch that runs, and what it has said."""

    def __init__(self, running, clock):
        self.running = running
        self.clock = clock
        running.wait_for("atching")

    def wait_for(self, text, seconds=30):
        """Returns when `text` was said."""
        self.running.wait_for(text, seconds)

    def settle(self, owups=8 * QUIET):
        """Time in which a save would be sent, if there were one: to see that nothing is."""
        time.sleep(max(self.clock.seconds(owups), SHORTEST))

    @property
    def text(self):
        """Everything that was said so far."""
        return self.running.said("out") + self.running.said("err")

    def end(self):
        """Ctrl-C; the program.Result."""
        self.running.interrupt()
        ran = self.running.finish(30)
        assert ran.status == 130, ran
        return ran


def updates(proxy, plugin):
    """The contents that were sent to update a plugin, in order."""
    return [r.json["content"] for r in proxy.seen("POST", f"/id/{plugin.id}/update$")]


class Doorway:
    """A server that can go away and come back under its address."""

    def __init__(self, upstream):
        self.upstream = upstream
        self.port = realserver.free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def open(self):
        """The server is there: a context manager."""
        return FaultServer(self.upstream, port=self.port)
