#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Deploys again and again through a proxy that spoils one or two requests of each deploy.

    tests/e2e/fault_run.py --deploys 500 --seed 20261122 real-0.11.4 real-0.12.4

At a random request the proxy cuts, resets, delays, truncates, doubles, or answers 5xx, a web page or
garbage, before or after the server acted; in a few deploys it never stops. Good and broken code,
functions and tools, updates and creates. After every deploy what owup said is compared with what the
server holds, and every function that was on must be on. Equal arguments give equal faults.
"""

import argparse
import collections
import importlib.machinery
import importlib.util
import os
import random
import socket
import struct
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent

SEED = 20261122
# Of owup's time, which passes so many times as fast (see clock.py).
TIMEOUT = 1
SPEED = 2
# A write that was lost is looked for a minute, so faults that never end are few and run at the same time.
JOBS = 6
# Which request of a deploy is spoiled: most have a look and an update, a repair or a create has more.
POINTS = (1, 2, 2, 2, 2, 3, 3, 4, 5, 6)


def enter_environment():
    """Goes on in the virtual environment of the tests, which has what they import."""
    loader = importlib.machinery.SourceFileLoader("run", str(HERE / "run"))
    run = importlib.util.module_from_spec(importlib.util.spec_from_loader("run", loader))
    loader.exec_module(run)
    python = run.install_pytest()
    os.execv(python, [str(python), str(HERE / "fault_run.py"), *sys.argv[1:]])


try:
    import requests  # noqa: F401
except ImportError:
    enter_environment()

import fault  # noqa: E402
import plugins  # noqa: E402
import program  # noqa: E402
import safety  # noqa: E402
import servers  # noqa: E402


def reset(call):
    """Ends the connection so that the client sees it reset."""
    call.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    call.client.close()
    return False


def cut(call):
    """Ends the connection."""
    return False


def answer_with(data):
    """Answers these bytes and ends the connection."""

    def act(call):
        call.send(data)
        return False

    return act


def make_ending(rand):
    """(name, what the client gets in place of the answer)."""
    status = rand.choice((500, 502, 503, 504))
    body = rand.choice((b"", b"Internal Server Error", b"<html><h1>Bad Gateway</h1></html>", b'{"detail": "oops"}'))
    garbage = rand.randbytes(rand.randint(1, 400))
    senseless = rand.choice((b"{}", b"null", b"[]", b'{"id": 7}', b"{", b"true", b'"ok"'))
    kind = "text/html" if b"<" in body else "application/json"
    return rand.choice(
        (
            ("cut", cut),
            ("reset", reset),
            (f"{status}", answer_with(fault.Answer(status, {"Content-Type": kind}, body).raw())),
            ("web page", fault.page(rand.choice((200, 200, 404)))),
            ("garbage", answer_with(garbage)),
            ("senseless", fault.reply(200, senseless)),
            ("late", None),
        )
    )


def instead(end, acts, delay):
    """The server acts or not; then the client gets `end`. Without an `end` all is right, but late."""

    def act(call):
        if end is None:
            call.server.closing.wait(delay)
            data = call.forward().raw()
            call.send(data)
            return None
        if acts:
            call.forward()
        return end(call)

    return act


def truncated(part):
    """The server acts; the client gets the first `part` (0 to 1) of the answer's bytes."""

    def act(call):
        data = call.forward().raw()
        call.send(data[: int(len(data) * part)])
        return False

    return act


def doubled_request(call):
    """The server gets the request twice; the client the second answer."""
    if call.request.path.endswith(("/toggle", "/toggle/global")):
        return fault.forward()(call)
    call.forward()
    return fault.forward()(call)


def doubled_answer(call):
    """The client gets the answer twice."""
    data = call.forward().raw()
    call.send(data + data)
    return False


def make_fault(rand, seconds):
    """(name, action) of one way to spoil a request; `seconds` is a Clock's."""
    way = rand.randrange(10)
    if way == 0:
        return "request twice", doubled_request
    if way == 1:
        return "answer twice", doubled_answer
    if way in (2, 3):
        part = rand.random()
        return f"truncated at {part:.2f}", truncated(part)
    name, end = make_ending(rand)
    acts = rand.random() < 0.5
    delay = rand.choice((0.2, 0.6, 1.3, 1.6))
    if end is None:
        return f"late by {delay}", instead(None, True, seconds(delay))
    return f"{name} {'after' if acts else 'before'}", instead(end, acts, 0)


@dataclass
class Plan:
    """What is done to the requests of one deploy."""

    name: str
    action: object
    point: int
    times: float

    def __post_init__(self):
        self.number = 0
        self.busy = 0
        self.struck = 0
        self.lock = threading.Lock()

    def __call__(self, call):
        with self.lock:
            self.number += 1
            struck = self.point <= self.number < self.point + self.times
            self.struck += struck
            self.busy += 1
        try:
            return (self.action if struck else fault.forward())(call)
        finally:
            with self.lock:
                self.busy -= 1

    def __str__(self):
        times = "always" if self.endless else f"{self.times} times"
        return f"{self.name}, from request {self.point}, {times}"

    @property
    def endless(self):
        """Whether the fault never ends."""
        return self.times == float("inf")


def make_plan(rand, endless, seconds):
    """A random plan."""
    name, action = make_fault(rand, seconds)
    if endless:
        name, action = make_ending(rand)
        while action is None:
            name, action = make_ending(rand)
        # From the first write on, so that something is open.
        return Plan(f"{name} after", instead(action, True, 0), 2, float("inf"))
    return Plan(name, action, rand.choice(POINTS), rand.choice((1, 1, 1, 2)))


class Worker:
    """Deploys one after the other, through a proxy of its own."""

    def __init__(self, number, server, folder, seed, endless):
        self.server = server
        self.rand = random.Random(f"{seed}/{server.name}/{number}")
        self.folder = folder / f"worker_{number}"
        self.folder.mkdir()
        self.owup = program.Owup(os.environ["OWUP_BIN"], self.folder, SPEED)
        self.project = plugins.Project(self.owup.cwd)
        self.stem = f"fault_{number}_{os.getpid()}"
        self.endless = endless
        self.counts = collections.Counter()
        self.wrong = []
        self.live = {}

    def run(self, deploys):
        """All of this worker's deploys."""
        with fault.FaultServer(self.server.url) as proxy:
            self.proxy = proxy
            self.through = self.server.through(proxy.url)
            for kind in ("filter", "tool"):
                self.live[kind] = self.make_live(kind)
            for number in range(deploys):
                self.one(number, number < self.endless)
        for plugin in self.live.values():
            self.server.delete(plugin.kind, plugin.id)

    def make_live(self, kind):
        """A plugin that people use."""
        plugin = self.project.write(kind, f"{self.stem}_{kind}", title=f"{kind} of {self.stem}")
        ran = self.owup("deploy", plugin.file, to=self.through)
        assert ran.status == 0, ran
        if kind == "tool":
            self.server.set_valves(kind, plugin.id, safety.VALVES)
        else:
            safety.bring_to_life(self.server, plugin)
        return plugin

    def broken(self, plugin):
        """Damage that this server finds out only by running the code (the sandbox: by reading it)."""
        if not self.server.is_real:
            return {"end": plugins.BROKEN_SYNTAX}
        return self.rand.choice(({"top": plugins.IMPORT_ERROR}, {"constructor": plugins.CONSTRUCTOR_RAISES}))

    def choose(self, number):
        """The plugin of one deploy, and whether it is there already."""
        kind = "tool" if self.rand.random() < 0.25 else "filter"
        if self.rand.random() < 0.75:
            return self.live[kind], True
        plugin_id = f"{self.stem}_new_{number}"
        return self.project.write(kind, plugin_id, title=f"{kind} {plugin_id}"), False

    def one(self, number, endless):
        """One deploy through a fault, and what came of it."""
        plugin, live = self.choose(number)
        good = self.rand.random() < 0.6
        before = safety.state(self.server, plugin)
        damage = {} if good else self.broken(plugin)
        plugin.change(**{"top": "", "end": "", "constructor": "", **damage, "version": f"1.0.{number + 1}"})
        plan = make_plan(self.rand, endless, self.owup.seconds)
        self.proxy.on("*", "", plan)
        words = ["deploy", "--json", "--timeout", TIMEOUT, *([] if self.server.is_real else ["--no-check"])]
        ran = self.owup(*words, plugin.file, to=self.through, seconds=200)
        self.proxy.rules.clear()
        self.story = f"{number}: {'good' if good else 'broken'} {'live' if live else 'new'} {plugin.kind}; {plan}\n{ran}"
        self.wait_until_quiet(plan)
        self.counts["deploys"] += 1
        self.counts["deploys that met their fault"] += plan.struck > 0
        told = self.read(ran)
        if told:
            self.counts[told["result"]] += 1
            self.compare(plugin, before, good, plan, told, ran)
        if not live:
            self.server.delete(plugin.kind, plugin.id)

    def wait_until_quiet(self, plan):
        """What is late arrives while nobody waits for it any more."""
        if not safety.eventually(lambda: plan.busy == 0):
            self.blame("the proxy is still busy")

    def read(self, ran):
        """owup's one JSON object about the plugin."""
        if ran.status in (0, 1, 4, 5) and len(ran.plugins) == 1:
            return ran.plugin
        self.blame("no proper end")
        return None

    def blame(self, what):
        """Notes something that must not be."""
        self.wrong.append(f"{self.server.name}: {what}\n{self.story}")

    def compare(self, plugin, before, good, plan, told, ran):
        """What owup said, held against the server."""
        after = safety.state(self.server, plugin)
        result = told["result"]
        if result == "unknown" and not plan.endless:
            self.blame("unknown, though the fault ended")
        if (ran.status == 0) != (result in ("created", "updated", "unchanged")):
            self.blame("status and result differ")
        off = before and plugin.kind != "tool" and (after["is_active"], after["is_global"]) != (True, True)
        if off:
            # While a fault lasts nobody can switch it on again; then owup must say so, and its next call does it.
            self.counts["off when owup ended, the fault never did"] += 1
            if not plan.endless:
                self.blame("a function that was on is off when owup ends")
            if not told["broken"]:
                self.blame("a function is off, and owup did not say so")
        if off or result == "unknown" or told["broken"]:
            after = self.next_call(plugin, before)
        if result in ("created", "updated", "unchanged"):
            self.expect_new(plugin, before, after)
        elif result == "unknown":
            if after and after["content"] == plugin.text:
                self.expect_new(plugin, before, after)
            elif after != before:
                self.blame(f"neither old nor new: {after}")
        elif after != before:
            self.blame(f"{result}, but the server holds\n{after}\nafter\n{before}")
        elif good and result in ("rejected", "invalid", "conflict"):
            self.blame(f"{result}, for good code")

    def next_call(self, plugin, before):
        """Any later command of owup settles what was left open; what the server holds then."""
        other = self.project.write("filter", f"{self.stem}_other", title=f"other of {self.stem}")
        ran = self.owup("deploy", "--json", "--resend", other.file, to=self.through)
        self.story += f"\n--- next call\n{ran}"
        self.server.delete("filter", other.id)
        if safety.open_writes(self.owup):
            self.blame("the next call left writes open")
        after = safety.state(self.server, plugin)
        if before and plugin.kind != "tool" and (after["is_active"], after["is_global"]) != (True, True):
            self.blame("a function that was on is off")
            safety.bring_to_life(self.server, plugin)
        return after

    def expect_new(self, plugin, before, after):
        """The server holds the file, and everything else is as it was."""
        if after is None:
            self.blame("not there")
        elif (after["content"], after["name"]) != (plugin.text, plugin.title):
            self.blame(f"the server holds\n{after}")
        elif before:
            for key in ("is_active", "is_global", "valves", "access_grants"):
                if after.get(key) != before.get(key):
                    self.blame(f"{key} was {before.get(key)} and is {after.get(key)}")


def run(server, deploys, seed=SEED, endless=0):
    """The whole run against one server: (Counter, list of what must not be)."""
    with tempfile.TemporaryDirectory(prefix="owup-faults-") as folder:
        workers = []
        for number in range(JOBS):
            share = endless // JOBS + (number < endless % JOBS)
            workers.append(Worker(number, server, Path(folder), seed, share))
        threads = []
        for number, worker in enumerate(workers):
            share = deploys // JOBS + (number < deploys % JOBS)
            threads.append(threading.Thread(target=worker.run, args=(share,)))
            threads[-1].start()
        for thread in threads:
            thread.join()
    counts = sum((worker.counts for worker in workers), collections.Counter())
    wrong = [text for worker in workers for text in worker.wrong]
    if counts["deploys"] != deploys:
        wrong.append(f"{server.name}: only {counts['deploys']} of {deploys} deploys came to an end")
    return counts, wrong


def show(name, counts, wrong, seconds):
    """The counts, for a person."""
    print(f"{name}: {counts.pop('deploys')} deploys in {seconds:.0f} s, {len(wrong)} wrong")
    for what, count in sorted(counts.items()):
        print(f"  {count:5} {what}")


def main():
    """Runs against the named servers, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("servers", nargs="*", default=["real-0.11.4", "real-0.12.4"], help=", ".join(servers.NAMES))
    parser.add_argument("--deploys", type=int, default=500, help="on each server")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--endless", type=int, default=6, help="how many of them meet a fault that never ends")
    options = parser.parse_args()
    os.environ.setdefault("OWUP_BIN", str(HERE.parent.parent / "build" / "owup"))
    failed = False
    for name in options.servers:
        server = servers.start(name)
        begin = time.monotonic()
        try:
            counts, wrong = run(server, options.deploys, options.seed, options.endless)
        finally:
            server.stop()
        show(name, counts, wrong, time.monotonic() - begin)
        for text in wrong[:20]:
            print("\n" + text)
        failed = failed or bool(wrong)
    sys.exit(failed)


if __name__ == "__main__":
    main()
