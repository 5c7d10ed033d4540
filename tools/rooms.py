# SPDX-License-Identifier: MIT
"""The table of rooms in doc/architecture.md."""

import re
from pathlib import Path

TABLE = Path("doc/architecture.md")


def read_table():
    """{room: rooms that it may use directly} from the lines of the table; "all below" is every room further down."""
    rooms = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        row = re.match(r"\|\s*`src/([\w/]+)/`.*\|([^|]*)\|\s*$", line)
        if row:
            rooms[row[1]] = row[2]
    names = list(rooms)
    return {
        room: names[names.index(room) + 1 :] if "all below" in uses else re.findall(r"`([\w/]+)`", uses)
        for room, uses in rooms.items()
    }


def reachable(rooms, room):
    """The room itself and everything it may use, also through others."""
    seen, ahead = set(), [room]
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            ahead += rooms[name]
    return seen
