# SPDX-License-Identifier: MIT
"""What is measured: each function sets a stage, times it and returns what the report shows."""

import math
from dataclasses import dataclass, field

import material
import stage
import timing
import watching

BIG = 196 * 1024
SMALL = 20 * 1024
CONNECTIONS = 8
ELEVEN_DELAY = 200


@dataclass
class Row:
    """One figure against its goal."""

    work: str
    value: float
    unit: str
    goal: float
    detail: str = ""
    at_least: bool = False

    @property
    def reached(self):
        """As shown, so that nobody has to guess at hidden digits."""
        return self.value >= self.goal if self.at_least else self.value <= self.goal


@dataclass
class Result:
    """Rows for the table of goals, and every series for the table below it."""

    rows: list = field(default_factory=list)
    series: list = field(default_factory=list)
    curve: list = field(default_factory=list)

    def add(self, other):
        """Appends another result."""
        self.rows += other.rows
        self.series += other.series
        self.curve += other.curve


class Bench:
    """The program, where it works, and how often each thing is done."""

    def __init__(self, program, folder, quick):
        self.program = program
        self.folder = folder
        self.timer = timing.Timer(folder)
        self.quick = quick
        self.projects = 0

    def rounds(self, full, quick=2):
        """How many samples."""
        return quick if self.quick else full

    def project(self, prefix, size, count):
        """A new folder of plugins."""
        self.projects += 1
        return material.Project(self.folder / f"project-{self.projects}", prefix, size, count)

    def run(self, server, command, project):
        """A step that is not compared."""
        return self.timer.run(server, command, project.folder)


def ratio_row(work, over, under, goal, at_least=False):
    """The ratio of two series' medians."""
    detail = f"{over.wall:.1f} / {under.wall:.1f} ms"
    return Row(work, over.wall / under.wall, "×", goal, detail, at_least)


def one_plugin(bench, server, rounds):
    """{name: Series}: a 196 KB plugin changed, by everybody, each with a plugin of its own."""
    project = bench.project("big", BIG, 4)
    mine, bare, scripted, client = project.ids
    stage.fill(server, project)
    bench.run(server, [bench.program, "deploy", "--force", project.file(mine)], project)

    def change(plugin_id):
        return lambda number: project.write(number + 2, [plugin_id])

    deploy = [bench.program, "deploy", project.file(mine)]
    contenders = [
        ("owup", change(mine), server, deploy, project.folder),
        ("curl", change(bare), server, stage.curl_update(server, project, bare), project.folder),
        ("owup, unchanged", None, server, deploy, project.folder),
        ("script", change(scripted), server, stage.script(project.file(scripted)), project.folder),
        ("owui-cli", change(client), server, stage.owui_cli(project, client), project.folder),
    ]
    series = timing.alternate(bench.timer, rounds, contenders)
    for plugin_id in (mine, bare, scripted):
        stage.expect_held(server, project, plugin_id)
    return series


def many_changed(bench, server, project, rounds):
    """{name: Series}: all plugins of a project changed, by owup and by curl, in turn."""

    def mine(number):
        # What curl wrote is settled first, so that owup meets what it left itself.
        bench.run(server, [*stage.owup_all(bench.program, project), "--force"], project)
        project.write(2 * number + 3)

    contenders = [
        ("owup", mine, server, stage.owup_all(bench.program, project), project.folder),
        ("curl --parallel", lambda number: project.write(2 * number + 4), server,
         stage.curl_parallel(server, project), project.folder),
    ]  # fmt: skip
    series = timing.alternate(bench.timer, rounds, contenders)
    stage.expect_held(server, project, project.ids[-1])
    return series


def single_on_real(bench):
    """The 196 KB plugin on the real server."""
    with stage.real(stage.REAL) as server:
        series = one_plugin(bench, server, bench.rounds(31, 3))
    owup, bare = series["owup"], series["curl"]
    same = series["owup, unchanged"]
    where = f"Open WebUI {stage.REAL}"
    rows = [
        ratio_row(f"196 KB plugin changed, {where}: × bare curl", owup, bare, 1.45),
        ratio_row("the same, the limit set at first", owup, bare, 1.6),
        ratio_row(f"196 KB plugin unchanged, {where}: × bare curl of the update", same, bare, 0.45),
        ratio_row("the same, the limit set at first", same, bare, 0.5),
        ratio_row("196 KB plugin changed: times faster than the Python script", series["script"], owup, 3.5, True),
        Row("196 KB plugin changed: user and system time", owup.cpu, "ms", 25, f"curl {bare.cpu:.1f} ms"),
        Row("196 KB plugin changed: peak memory", owup.memory, "MB", 20, f"curl {bare.memory:.1f} MB"),
    ]
    listed = [(f"196 KB plugin, {where}", one) for one in series.values()]
    return Result(rows, listed)


def bulk_on_real(bench):
    """100 plugins on servers that hold nothing else, then among 400."""
    with stage.real(stage.REAL) as server:
        project = bench.project("small", SMALL, 100)
        stage.fill(server, project)
        changed = many_changed(bench, server, project, bench.rounds(9))
        result = unchanged_among_400(bench, server, project, stage.REAL, 1.2)
    work = f"100 plugins of 20 KB changed, Open WebUI {stage.REAL}"
    row = ratio_row(f"{work}: × curl --parallel of the updates", *changed.values(), 1.15)
    return Result([row, *result.rows], [*((work, one) for one in changed.values()), *result.series])


def bulk_on_older(bench):
    """The same look on a server that says of no plugin which version it has."""
    with stage.real(stage.OLDER) as server:
        project = bench.project("small", SMALL, 100)
        return unchanged_among_400(bench, server, project, stage.OLDER, 4.5)


def unchanged_among_400(bench, server, project, version, goal):
    """100 plugins that are up to date, on a server that holds 300 others as well."""
    stage.fill(server, bench.project("other", SMALL, 300))
    everything = stage.owup_all(bench.program, project)
    bench.run(server, [*everything, "--force"], project)
    contenders = [
        ("owup", None, server, everything, project.folder),
        ("curl, export", None, server, stage.curl_export(server), project.folder),
    ]
    series = timing.alternate(bench.timer, bench.rounds(15), contenders)
    work = f"100 unchanged among 400, Open WebUI {version}"
    row = ratio_row(f"{work}: × curl of the export", *series.values(), goal)
    return Result([row], [(work, one) for one in series.values()])


def ideal_schedule(plugins):
    """Requests that have to follow each other: one look, then three for each plugin over the connections."""
    return 1 + max(3, math.ceil(3 * plugins / CONNECTIONS))


def eleven_new(bench):
    """A first deploy of eleven plugins, far from the server."""
    owup, scripted = timing.Series("owup"), timing.Series("script")
    for number in range(bench.rounds(5, 1)):
        for series in (owup, scripted):
            with stage.sandbox(bench.program, ELEVEN_DELAY) as server:
                project = bench.project(f"new_{number}_{series.name}", SMALL, 11)
                files = [project.file(plugin_id) for plugin_id in project.ids]
                command = stage.owup_all(bench.program, project) if series is owup else stage.script(*files)
                series.samples.append(bench.run(server, command, project))
                stage.expect_held(server, project, project.ids[-1])
    steps = ideal_schedule(11)
    ideal = steps * ELEVEN_DELAY
    work = f"11 new plugins, {ELEVEN_DELAY} ms a request"
    detail = f"{owup.wall:.0f} / {ideal} ms ({steps} requests in a row); script {scripted.wall:.0f} ms"
    row = Row(f"{work}: × the ideal schedule", owup.wall / ideal, "×", 1.15, detail)
    return Result([row], [(work, owup), (work, scripted)])


def delays(bench):
    """The same work with 0, 50 and 200 ms to each answer; no goals, for comparison."""
    result = Result()
    for delay in (0, 50, 200):
        with stage.sandbox(bench.program, delay) as server:
            single = one_plugin(bench, server, bench.rounds(9 if delay < 200 else 5, 1))
            stage.clear(server)
            project = bench.project("small", SMALL, 100)
            bench.run(server, stage.owup_all(bench.program, project), project)
            many = many_changed(bench, server, project, bench.rounds(3 if delay < 200 else 2, 1))
        where = f"sandbox, {delay} ms"
        result.series += [(f"196 KB plugin, {where}", one) for one in single.values()]
        result.series += [(f"100 plugins of 20 KB changed, {where}", one) for one in many.values()]
    return result


def growth(bench):
    """10 to 1,000 plugins: created, changed, looked at."""
    curve = []
    for count in (10, 30, 100, 300, 500, 1000):
        with stage.sandbox(bench.program) as server:
            project = bench.project("grown", SMALL, count)
            everything = stage.owup_all(bench.program, project)
            created, changed, same = (timing.Series(name) for name in ("created", "changed", "unchanged"))
            created.samples.append(bench.run(server, everything, project))
            for number in range(bench.rounds(3 if count <= 300 else 1, 1)):
                project.write(number + 2)
                changed.samples.append(bench.run(server, everything, project))
                same.samples.append(bench.run(server, everything, project))
            stage.expect_held(server, project, project.ids[-1])
        curve.append((count, created, changed, same))
    peak = {count: max(one.memory for one in series) for count, *series in curve}
    changed = {count: (series[1].wall, peak[count]) for count, *series in curve}
    rows = [
        Row("500 plugins of 20 KB: peak memory", peak[500], "MB", 64, "created, changed, unchanged: the highest"),
        bend_row("time", {count: figures[0] for count, figures in changed.items()}, "ms"),
        bend_row("memory", peak, "MB"),
    ]
    return Result(rows, [], curve)


def bend_row(what, figures, unit):
    """What one more plugin costs between 100 and 1,000, against between 10 and 100: 1 is a straight line."""
    early = (figures[100] - figures[10]) / 90
    late = (figures[1000] - figures[100]) / 900
    detail = f"{late:.3f} / {early:.3f} {unit} for one more plugin"
    return Row(f"growth of {what}: slope 100 to 1,000 × slope 10 to 100", late / early, "×", 1.25, detail)


def watch(bench):
    """Save to live, on loopback and at a distance."""
    result = Result()
    with stage.real(stage.REAL) as server:
        result.add(watch_on(bench, server, f"Open WebUI {stage.REAL}"))
    for delay in (50, 200):
        with stage.sandbox(bench.program, delay) as server:
            result.add(watch_on(bench, server, f"sandbox, {delay} ms"))
    return result


def watch_on(bench, server, where):
    """One server: what is left when the quiet time and the server's own time are taken off."""
    project = bench.project("watched", BIG, 2)
    stage.fill(server, project)
    bench.run(server, [bench.program, "deploy", "--force", project.file(project.ids[0])], project)
    saves, updates, looks = series = watching.measure(bench, server, project, bench.rounds(31, 3))
    beyond = watching.beyond(*series)
    detail = f"{saves.wall:.1f} ms in all; server: look {looks.wall:.1f}, update {updates.wall:.1f} ms"
    row = Row(f"watch, {where}: beyond the server's time and {watching.QUIET_MS} ms", beyond, "ms", 5, detail)
    work = f"save of a watched 196 KB plugin, {where}"
    return Result([row], [(work, one) for one in series])


ALL = {
    "single": single_on_real,
    "bulk": bulk_on_real,
    "older": bulk_on_older,
    "eleven": eleven_new,
    "watch": watch,
    "delays": delays,
    "growth": growth,
}
