# SPDX-License-Identifier: MIT
"""Kills owup at a request of one's choice."""

import signal
import threading


class Executioner:
    """A proxy that kills a run at its N-th request before the server acts on it, or at its N-th write
    after that: of a request that only reads the server knows nothing, so for it both are one."""

    def __init__(self, proxy, owup, server):
        self.owup, self.to = owup, server.through(proxy.url)
        self.running, self.started = None, threading.Event()
        self.left, self.moment = 0, None
        proxy.on("*", "", self.act)

    def act(self, call):
        """Passes on what is not the request to die at."""
        counts = self.moment != "after" or call.request.method == "POST"
        self.left -= counts
        if not counts or self.left != 0:
            call.send(call.forward().raw())
            return None
        if self.moment == "after":
            call.forward()
        self.started.wait(30)
        self.running.process.kill()
        return False

    def run(self, *words, at=0, moment=None):
        """Runs owup; whether it was killed, and its result."""
        self.left, self.moment = at, moment
        self.started.clear()
        self.running = self.owup.start(*words, to=self.to)
        self.started.set()
        ran = self.running.finish()
        return ran.status == -signal.SIGKILL, ran

    def deploy(self, plugin, at=0, moment=None):
        """Deploys, as `run` does."""
        return self.run("deploy", "--no-check", plugin.file, at=at, moment=moment)
