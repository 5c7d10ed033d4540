#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Does owup read a docstring's metadata as the servers do? frontmatter_compare.py DUMP [FILE...]

DUMP is the built compare_dump; the FILEs are texts to compare besides the generated ones.
"""

import random
import sys
from pathlib import Path

import compare

# Everything that some part of Python takes for a blank or a line break, or might.
BLANKS = [chr(c) for c in [*range(9, 14), *range(28, 33), 0x85, 0xA0, 0x1680, 0x180E, 0x200B, 0x2028]]
BLANKS += ["\u2000", "\u200a", "\u2029", "\u202f", "\u205f", "\u3000", "\ufeff", "\r\n"]
KEYS = ["title", "version", "Description", "description", "author_url", "_", "a", "REQUIREMENTS"]
KEYS += ["t\u0131tle", "t\u0130tle", "de\u017fc", "\u212aey", "t\u00eftle", "key2", "a-b", "精"]
VALUES = ["", "x", "1.0.0", "a: b", "|", ">-", "精读 📂", "'q'", "https://x/y", '""', "e\u0301"]
FENCES = ['"""', '""""', '""', "'''", ' """', '""" ', '"""x', 'x """ y', '\u3000"""\u3000', '\ufeff"""']


def line(rng):
    """One line, more or less of the form that is read."""
    blank = rng.choice(["", "", "", " ", *BLANKS])
    colon = rng.choice([":", ":", ":", ": ", ": ", " :", "::", "", "："])
    parts = [blank, rng.choice(KEYS), colon, rng.choice(["", "", " ", *BLANKS]), rng.choice(VALUES)]
    return "".join(parts) + rng.choice(["", "", *BLANKS])


def document(rng):
    """A text with frontmatter, or nearly."""
    first = rng.choice(['"""', '"""', '"""', '"""', '"""', *FENCES])
    lines = [first] + [line(rng) for _ in range(rng.randrange(8))]
    if rng.random() < 0.7:
        lines.append(rng.choice(['"""', *FENCES]))
        lines += [line(rng) for _ in range(rng.randrange(3))]
    return "".join(one + rng.choice(["\n", "\n", "\n", "\r\n", *BLANKS]) for one in lines)


def noise(rng):
    """Pieces in any order."""
    pieces = [*BLANKS, *KEYS, *VALUES, *FENCES, ":", "\n", '"']
    return '"""\n' + "".join(rng.choice(pieces) for _ in range(rng.randrange(30)))


def every_character():
    """Each code point as part of a key, before and after a key and a value, and inside a value."""
    for code in [*range(1, 0x3400), *range(0xF900, 0x10000), *range(0x1F000, 0x1F100), 0x10FFFF]:
        c = chr(code)
        yield f'"""\n{c}a: 1\nb{c}: 2\nc:{c}3{c}\nd: 4{c}e: 5\n"""'
        yield f'{c}"""{c}\na: 1'


def main():
    """Compares; the exit status is 1 where something differs."""
    rng = random.Random(compare.SEED)
    texts = ["", "\n", '"""', '"""\n', '"""\na: 1']
    texts += [document(rng) for _ in range(40000)]
    texts += [noise(rng) for _ in range(20000)]
    texts += every_character()
    texts += [Path(name).read_bytes().decode() for name in sys.argv[2:]]
    functions = compare.server_functions("extract_frontmatter")
    ours = compare.ask(sys.argv[1], "frontmatter", texts)
    differ = 0
    for version, function in functions.items():
        differ += compare.compare(version, texts, ours, lambda text, f=function: pairs(f(text)))
    sys.exit(1 if differ else 0)


def pairs(values):
    """The dictionary as compare_dump shows it."""
    return [[key, value] for key, value in values.items()]


if __name__ == "__main__":
    main()
