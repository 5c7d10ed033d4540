# SPDX-License-Identifier: MIT
"""The figures as text: on the terminal and in doc/performance.md."""

import datetime
import platform
import re
import subprocess
from pathlib import Path

BEGIN = "<!-- figures: written by `make bench` -->"
END = "<!-- end of figures -->"


def number(value, unit):
    """2 digits for ratios, 1 for what is measured in units."""
    return f"{value:.2f} ×" if unit == "×" else f"{value:.1f} {unit}"


def goals(rows):
    """The table of goals."""
    lines = ["| work | measured | goal | reached | |", "| --- | ---: | ---: | --- | --- |"]
    for row in rows:
        bound = "at least" if row.at_least else "at most"
        verdict = "yes" if row.reached else "**no**"
        goal = f"{bound} {row.goal:g} {row.unit}"
        lines.append(f"| {row.work} | {number(row.value, row.unit)} | {goal} | {verdict} | {row.detail} |")
    return lines


def all_series(series):
    """The table of everything that was timed."""
    lines = ["| work | by | median | quartiles | user and system | peak | runs |",
             "| --- | --- | ---: | ---: | ---: | ---: | ---: |"]  # fmt: skip
    for work, one in series:
        low, high = one.spread
        cpu = f"{one.cpu:.1f} ms" if one.cpu else ""
        memory = f"{one.memory:.1f} MB" if one.memory else ""
        lines.append(
            f"| {work} | {one.name} | {one.wall:.1f} ms | {low:.1f} to {high:.1f} | {cpu} | {memory} |"
            f" {len(one.samples)} |"
        )
    return lines


def growth(curve):
    """The table of the curve."""
    lines = ["| plugins | created | changed | unchanged | changed: user and system | peak |",
             "| ---: | ---: | ---: | ---: | ---: | ---: |"]  # fmt: skip
    for count, created, changed, same in curve:
        peak = max(one.memory for one in (created, changed, same))
        walls = " | ".join(f"{one.wall:.0f} ms" for one in (created, changed, same))
        lines.append(f"| {count} | {walls} | {changed.cpu:.0f} ms | {peak:.1f} MB |")
    return lines


def machine(program):
    """What it was measured on."""
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    memory = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text(encoding="utf-8"))
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    cores = len(re.findall(r"^processor", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE))
    owup = subprocess.run([program, "version"], capture_output=True, text=True, check=True).stdout.split("\n")[0]
    curl = subprocess.run(["curl", "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    load = Path("/proc/loadavg").read_text(encoding="utf-8").split()[0]
    return (
        f"{datetime.date.today().isoformat()}; {cpu[1] if cpu else platform.machine()}, {cores} processors, "
        f"{int(memory[1]) >> 20} GB; {system}, Linux {platform.release()}; {owup}, curl {curl}, "
        f"Python {platform.python_version()}; load before the run {load}."
    )


def markdown(result, where):
    """The generated part of doc/performance.md."""
    parts = [where]
    if result.rows:
        parts += ["", "### Goals", "", *goals(result.rows)]
    if result.curve:
        parts += ["", "### From 10 to 1,000 plugins of 20 KB, on the sandbox", "", *growth(result.curve)]
    if result.series:
        parts += ["", "### Everything that was timed", "", *all_series(result.series)]
    return "\n".join(parts)


def write_between(path, text):
    """Replaces what stands between the two marks."""
    whole = path.read_text(encoding="utf-8")
    before, rest = whole.split(BEGIN, 1)
    _, after = rest.split(END, 1)
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
