# SPDX-License-Identifier: MIT
"""Measures, prints the table, and writes doc/performance.md and doc/performance.svg.

    tests/bench/run             everything, about eight minutes
    tests/bench/run --quick     few rounds, nothing written: is the bench itself in order?
    tests/bench/run --only bulk [--write]
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import chart
import measures
import realserver
import report
import stage
import timing

DOC = Path(__file__).resolve().parent.parent.parent / "doc"

CHART = "![Bars: owup beside curl, a Python script and owui-cli](performance.svg)\n\n"


def parse():
    """The options."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few rounds, to try the bench")
    parser.add_argument("--only", action="append", choices=measures.ALL, help="only this measure; may be repeated")
    parser.add_argument("--write", action="store_true", help="write the files below doc/ even so")
    return parser.parse_args()


def has_watch(program):
    """Whether this owup has the command."""
    return subprocess.run([program, "watch", "--help"], capture_output=True, check=False).returncode == 0


def measure(bench, names):
    """The result of each measure, and those that failed."""
    result, failed = measures.Result(), []
    for name in names:
        begin = time.monotonic()
        print(f"{name} ...", end=" ", file=sys.stderr, flush=True)
        try:
            result.add(measures.ALL[name](bench))
        except (timing.Failed, AssertionError, OSError, realserver.Unavailable) as error:
            failed.append(f"{name}: {error}")
        print(f"{time.monotonic() - begin:.0f} s", file=sys.stderr)
    return result, failed


def main():
    """Exit status 1 where something could not be measured; a goal that is missed is only told."""
    options = parse()
    program = os.environ["OWUP_BIN"]
    if not stage.CURL:
        sys.exit("bench: no curl in /usr/bin to compare with (Debian: apt install curl)")
    names = options.only or list(measures.ALL)
    if "watch" in names and not has_watch(program):
        print("watch: this owup has no such command", file=sys.stderr)
        names.remove("watch")
    where = report.machine(program)
    with tempfile.TemporaryDirectory(prefix="owup-bench-") as folder:
        result, failed = measure(measures.Bench(program, Path(folder), options.quick), names)
    text = report.markdown(result, where)
    print(text)
    for line in failed:
        print(f"not measured: {line}", file=sys.stderr)
    if options.write or not (options.quick or options.only or failed):
        report.write_between(DOC / "performance.md", CHART + text)
        (DOC / "performance.svg").write_text(chart.draw(chart.groups_of(result.series)), encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
