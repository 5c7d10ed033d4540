# SPDX-License-Identifier: MIT
"""Times `owup watch`: from the file being closed to the line that says that the server holds it."""

import http.client
import os
import statistics
import subprocess
import threading
import time
import urllib.parse

import timing

QUIET_MS = 50
IDLE = 0.2
PATIENCE = 20


class Watch:
    """A running watch, and the lines that it says."""

    def __init__(self, bench, server, project, plugin_id):
        self.lines = []
        self.news = threading.Condition()
        self.process = subprocess.Popen(
            [bench.program, "watch", project.file(plugin_id)],
            cwd=project.folder,
            env=bench.timer.environment(server),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        """Keeps each line with the moment at which it came."""
        for line in self.process.stdout:
            with self.news:
                self.lines.append((time.monotonic(), line.decode()))
                self.news.notify_all()

    def wait_for(self, word, after):
        """The moment of the first line, from number `after` on, that has `word`."""

        def found():
            return next((moment for moment, line in self.lines[after:] if word in line), None)

        with self.news:
            if not self.news.wait_for(found, PATIENCE):
                said = "".join(line for _, line in self.lines)
                raise timing.Failed(f"owup watch did not say {word!r} in {PATIENCE} s:\n{said}")
            return found()

    def stop(self):
        """Ctrl-C."""
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)


class Plain:
    """One kept connection that does nothing but a request: the server's own time."""

    def __init__(self, server, project, plugin_id):
        self.headers = {"Authorization": f"Bearer {server.key}", "Content-Type": "application/json"}
        self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(server.url).netloc, timeout=PATIENCE)
        self.path = server.path("filter", plugin_id)
        self.body = project.body(plugin_id)

    def ask(self, method, path, body=None):
        """Milliseconds from the request to the end of its answer."""
        begin = time.monotonic()
        self.connection.request(method, path, body, self.headers)
        answer = self.connection.getresponse()
        answer.read()
        took = time.monotonic() - begin
        if answer.status != 200:
            raise timing.Failed(f"{method} {path}: {answer.status}")
        return took * 1000

    def look(self):
        """A read of the plugin."""
        return self.ask("GET", self.path)

    def update(self):
        """The update that curl would send."""
        return self.ask("POST", self.path + "/update", self.body.read_bytes())


def save(path, content):
    """Writes as an editor does that keeps the file; the moment at which it was closed."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(content)
    return time.monotonic()


def like_a_watch(plain):
    """Milliseconds of the server's look and update, asked with the pauses of a watch after a save.

    A server that idles between requests answers slower than one that is asked without a pause.
    """
    time.sleep(IDLE)
    begin = time.monotonic()
    look = plain.look()
    time.sleep(max(0, begin + QUIET_MS / 1000 - time.monotonic()))
    return look, plain.update()


def measure(bench, server, project, rounds):
    """Series of saves, of updates and of looks; a save of one plugin, then plain requests for the other."""
    mine, bare = project.ids
    plain = Plain(server, project, bare)
    samples = {name: [] for name in ("owup watch, save to live", "the server's update", "the server's look")}
    watch = Watch(bench, server, project, mine)
    try:
        watch.wait_for("", 0)
        for number in range(rounds + 1):
            os.sync()
            time.sleep(IDLE)
            said = len(watch.lines)
            closed = save(project.file(mine), project.content(mine, number + 2))
            saved = (watch.wait_for("updated", said) - closed) * 1000
            project.write(number + 2, [bare])
            os.sync()
            look, update = like_a_watch(plain)
            if number > 0:
                for kept, figure in zip(samples.values(), (saved, update, look), strict=True):
                    kept.append(timing.Sample(figure, 0, 0))
    finally:
        watch.stop()
        plain.connection.close()
    return [timing.Series(name, kept) for name, kept in samples.items()]


def beyond(saves, updates, looks):
    """Milliseconds that a save takes more than the quiet time and the server: the median over the rounds."""
    return statistics.median(
        saved.wall - QUIET_MS - update.wall - max(0, look.wall - QUIET_MS)
        for saved, update, look in zip(saves.samples, updates.samples, looks.samples, strict=True)
    )
