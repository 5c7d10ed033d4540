#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Are owup's ids what Python calls identifiers, in lower case? identifier_compare.py DUMP

Every code point that this Python's Unicode knows is tried as the first and as a later character.
"""

import sys
import unicodedata

import compare

# From this version on (Python 3.13) some characters are identifiers that GLib's Unicode 15 does not know.
NEWER_UNICODE = (15, 1)


def kept(text):
    """What a server takes, and finds again under the same id."""
    return text.isidentifier() and text.lower() == text


def known(code):
    """A character that both sides know: assigned, and no surrogate."""
    return unicodedata.category(chr(code)) not in ("Cn", "Cs")


def main():
    """Compares; the exit status is 1 where something differs."""
    version = tuple(int(part) for part in unicodedata.unidata_version.split(".")[:2])
    if version >= NEWER_UNICODE:
        print(f"skipped: this Python has Unicode {unicodedata.unidata_version}, GLib 2.74 has 15.0")
        sys.exit(compare.SKIP)
    texts = ["class", "None", "a b", "_", "__a1"]
    for code in range(1, 0x110000):
        if known(code):
            texts += [chr(code), "a" + chr(code)]
    ours = compare.ask(sys.argv[1], "identifier", texts)
    sys.exit(1 if compare.compare("Python", texts, ours, kept) else 0)


if __name__ == "__main__":
    main()
