# SPDX-License-Identifier: MIT
"""Times one process: python3 -I -S spawn.py FOLDER OUTPUT PROGRAM [ARGUMENT...]

Prints: exit status, wall time in ns, user and system time in µs, peak memory in KiB. It imports next
to nothing, because Linux counts the memory of whoever starts a program as the program's own peak: a
figure below this one's own 8 MB can't be seen.
"""

import os
import sys
import time


def main():
    """Runs the program in FOLDER; all that it says goes to OUTPUT."""
    folder, output, *command = sys.argv[1:]
    os.chdir(folder)
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    begin = time.monotonic_ns()
    process = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
    _, status, usage = os.wait4(process, 0)
    wall = time.monotonic_ns() - begin
    cpu = [round(seconds * 1e6) for seconds in (usage.ru_utime, usage.ru_stime)]
    print(os.waitstatus_to_exitcode(status), wall, *cpu, usage.ru_maxrss)


main()
