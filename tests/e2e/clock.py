# SPDX-License-Identifier: MIT
"""owup's own time. A test that waits for a time-out, a pause or a period of owup's lets it pass faster:

    @pytest.mark.clock(10)
    def test_it(owup): ...      # here a second of owup's takes a tenth of a second

This needs a program that was built with -Dtest_clock=true; any other takes its time. What a test itself
lets pass of owup's time it gets from `owup.seconds()`. Servers and files keep the real time. On a machine that
is slow OWUP_TEST_FASTEST=N holds every test down to N; 1 is real time.
"""

import functools
import os
import subprocess

VARIABLE = "OWUP_TEST_CLOCK"


@functools.cache
def can_be_set(program):
    """Whether the program takes its clock from the environment: then it refuses what is no number."""
    env = {"PATH": "/nonexistent", VARIABLE: "no number"}
    return subprocess.run([program, "version"], env=env, capture_output=True, check=False).returncode != 0


class Clock:
    """The time of the programs that one test runs, `times` as fast as the real one."""

    def __init__(self, program, times=1):
        times = min(times, int(os.environ.get("OWUP_TEST_FASTEST") or times))
        self.times = times if times != 1 and can_be_set(program) else 1

    @property
    def env(self):
        """What a program that runs by this clock finds in its environment."""
        return {VARIABLE: str(self.times)} if self.times != 1 else {}

    def seconds(self, owups):
        """How many real seconds so many of owup's take."""
        return owups / self.times
