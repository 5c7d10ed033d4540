# SPDX-License-Identifier: MIT
"""The libraries that only some commands need: the program's file names them, whoever loads them."""

import ctypes
import os

import elf
import pytest

LOADED = {"libcurl.so.4": "required", "libmicrohttpd.so.12": "recommended", "libgio-2.0.so.0": "recommended"}


def test_the_program_names_what_it_loads():
    path = os.environ["OWUP_BIN"]
    notes = elf.dlopen_notes(path)
    if elf.is_linked_with(path, "libcurl.so.4"):
        assert all(elf.is_linked_with(path, soname) for soname in LOADED)
        assert not notes
        pytest.skip("built with -Dlibraries=linked")
    assert not any(elf.is_linked_with(path, soname) for soname in LOADED)
    assert {soname: note["priority"] for note in notes for soname in note["soname"]} == LOADED
    assert all(note["feature"] and note["description"] for note in notes)
    for soname in LOADED:
        ctypes.CDLL(soname)
