# SPDX-License-Identifier: MIT
"""The string literals of the program's sources, for the lints that look at them."""

import re
import subprocess
from pathlib import Path

# Comments, character constants and literals, so that none is taken for part of another.
TOKEN = re.compile(r"/\*.*?\*/|//[^\n]*|'(?:\\.|[^'\\\n])+'|\"((?:\\.|[^\"\\\n])*)\"", re.DOTALL)


def sources(*without):
    """Sources of the program that git knows or would take, less those of the rooms named."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "--", "src/*.c", "src/*.h"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    rooms = [Path(room) for room in without]
    return [path for path in map(Path, listed) if path.is_file() and not any(room in path.parents for room in rooms)]


def literals(path):
    """(line, source) of each string in a file; literals that follow one another are one string."""
    text = path.read_text(encoding="utf-8")
    begun, parts, end = 0, [], 0
    for found in TOKEN.finditer(text):
        apart = bool(text[end : found.start()].strip())
        if parts and (apart or found[0][0] == "'"):
            yield begun, "".join(parts)
            parts = []
        if found[1] is not None:
            begun = begun if parts else text.count("\n", 0, found.start()) + 1
            parts.append(found[1])
        end = found.end()
    if parts:
        yield begun, "".join(parts)
