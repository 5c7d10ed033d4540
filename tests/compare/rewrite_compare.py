#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Does owup know what the servers make of a plugin's imports? rewrite_compare.py DUMP [FILE...]

DUMP is the built compare_dump; the FILEs are texts to compare besides the generated ones.
"""

import random
import sys
from pathlib import Path

import compare

PIECES = ["from", " ", "from ", "utils", "apps", "main", "config", "open_webui.", "open_webui", ".misc"]
PIECES += ["import x", "\n", "\r\n", "#", "'", "f", "From ", "from  ", "from\t", "util", "con", "fig", "ma", "in"]
PIECES += ["from utils", "from apps", "from main", "from config", "精", "", "\u2028", "x" * 50]


def main():
    """Compares; the exit status is 1 where something differs."""
    rng = random.Random(compare.SEED)
    texts = ["".join(rng.choice(PIECES) for _ in range(rng.randrange(25))) for _ in range(60000)]
    texts += [Path(name).read_bytes().decode() for name in sys.argv[2:]]
    functions = compare.server_functions("replace_imports")
    ours = compare.ask(sys.argv[1], "rewrite", texts)
    differ = sum(compare.compare(version, texts, ours, f) for version, f in functions.items())
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
