# SPDX-License-Identifier: MIT
"""How editors save: each writes `text` to `path` in one of the ways that are in use."""

import os
import shutil
import time

QUIET = 0.05  # what owup takes for the end of a save


def in_place(path, text):
    """nano, and VS Code as it is set up: the same file is emptied and written."""
    path.write_text(text)


def in_two_writes(path, text):
    """Written twice: first what the editor has, then what a formatter makes of it."""
    path.write_text(text + "# not yet formatted\n")
    time.sleep(QUIET / 4)
    path.write_text(text)


def in_pieces(path, text):
    """A slow writer."""
    with path.open("w") as file:
        for start in range(0, len(text), 100):
            file.write(text[start : start + 100])
            file.flush()
            time.sleep(0.002)


def stalled(path, text):
    """A busy machine: the editor loses the processor between emptying the file and writing it."""
    with path.open("w") as file:
        time.sleep(4 * QUIET)
        file.write(text[: len(text) // 2])
        file.flush()
        time.sleep(4 * QUIET)
        file.write(text[len(text) // 2 :])


def rename_over(path, text):
    """mv over, JetBrains, GNOME, `sed -i`: a new file takes the place."""
    new = path.with_name(f"{path.name}___new___")
    new.write_text(text)
    new.rename(path)


def vim(path, text):
    """vim: a swap file, a test file, the old one is renamed, a new one written, the old one deleted."""
    swap = path.with_name(f".{path.name}.swp")
    swap.write_bytes(b"b0VIM")
    probe = path.with_name("4913")
    probe.touch()
    probe.unlink()
    backup = path.with_name(f"{path.name}~")
    path.rename(backup)
    path.write_text(text)
    backup.unlink()
    swap.unlink()


def emacs(path, text):
    """emacs: a lock that is a dangling link, an auto-save file, a backup that stays."""
    lock = path.with_name(f".#{path.name}")
    lock.symlink_to("ann@host.1:2")
    auto = path.with_name(f"#{path.name}#")
    auto.write_text(text + "# half a thought")
    time.sleep(4 * QUIET)
    auto.unlink()
    shutil.copy(path, f"{path}~")
    path.write_text(text)
    lock.unlink()


def deleted_first(path, text):
    """Deleted, and written anew after a while."""
    path.unlink()
    time.sleep(4 * QUIET)
    path.write_text(text)


def touched_after(path, text):
    """Written, then given its old times and mode, as a copy tool does."""
    before = path.stat()
    path.write_text(text)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    path.chmod(before.st_mode)


ALL = (in_place, in_two_writes, in_pieces, stalled, rename_over, vim, emacs, deleted_first, touched_after)
