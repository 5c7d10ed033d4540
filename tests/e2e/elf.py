# SPDX-License-Identifier: MIT
"""What a program's own file says about the libraries that it uses, read without any tool."""

import json
import struct
from pathlib import Path

DLOPEN = 0x407C0C0A  # "ELF dlopen metadata" of the UAPI group


def sections(path):
    """{name: content} of a 64-bit little-endian ELF file."""
    data = Path(path).read_bytes()
    assert data[:6] == b"\x7fELF\x02\x01", path
    (table,) = struct.unpack_from("<Q", data, 0x28)
    size, count, names = struct.unpack_from("<HHH", data, 0x3A)
    headers = [struct.unpack_from("<IIQQQQIIQQ", data, table + size * i) for i in range(count)]
    texts = headers[names][4]
    return {
        data[texts + name : data.index(b"\0", texts + name)].decode(): data[offset : offset + length]
        for name, _, _, _, offset, length, _, _, _, _ in headers
    }


def dlopen_notes(path):
    """The objects of the notes about libraries that it loads while it runs."""
    notes, at = sections(path).get(".note.dlopen", b""), 0
    found = []
    while at < len(notes):
        name_size, text_size, kind = struct.unpack_from("<III", notes, at)
        text_at = at + 12 + (name_size + 3) // 4 * 4
        assert (kind, notes[at + 12 : at + 12 + name_size]) == (DLOPEN, b"FDO\0"), notes[at:]
        found += json.loads(notes[text_at : text_at + text_size].rstrip(b"\0"))
        at = text_at + (text_size + 3) // 4 * 4
    return found


def is_linked_with(path, soname):
    """Does the loader have to find `soname` before the program runs?"""
    return soname.encode() in sections(path)[".dynstr"].split(b"\0")
