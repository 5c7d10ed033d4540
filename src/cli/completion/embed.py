# SPDX-License-Identifier: MIT
"""Writes each script as a C string: embed.py OUTPUT SCRIPT... makes completion_text_bash[] of completion.bash."""

import sys
from pathlib import Path


def literal(line):
    """A line of the script as a line of C."""
    escaped = line.replace("\\", "\\\\").replace('"', '\\"')
    return f'    "{escaped}\\n"\n'


def main():
    """The output's name is the first argument."""
    output, *scripts = map(Path, sys.argv[1:])
    text = '#include "completion_text.h"\n'
    for script in scripts:
        lines = script.read_text(encoding="utf-8").splitlines()
        text += f"\nconst char completion_text_{script.suffix[1:]}[] =\n" + "".join(map(literal, lines)) + "    ;\n"
    output.write_text(text, encoding="utf-8")


main()
