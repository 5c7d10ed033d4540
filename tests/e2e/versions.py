# SPDX-License-Identifier: MIT
"""What the tests of history and rollback ask of versions."""

from edits import digest_of


def short(text):
    """As owup shows it."""
    return digest_of(text)[:12]


def shows(server, plugin, text, version):
    """Whether the server holds this text with its name, description and manifest."""
    held = server.plugin(plugin.kind, plugin.id)
    meta = held["meta"]
    return (
        held["content"] == text
        and held["name"] == f"{plugin.id} at {version}"
        and meta["description"] == f"Says {version}"
        and meta["manifest"]["version"] == version
    )


def chain(server, plugin):
    """The server's own versions (0.12), newest first, as the parents tell."""
    entries, page = {}, 1
    while True:
        found = server.ask("GET", server.path(plugin.kind, plugin.id, f"/history?page={page}"))
        new = [entry for entry in found if entry["id"] not in entries]
        if not new:
            break
        entries.update((entry["id"], entry) for entry in new)
        page += 1
    at = server.plugin(plugin.kind, plugin.id)["version_id"]
    ordered = []
    while at in entries:
        ordered.append(entries[at])
        at = entries[at]["parent_id"]
    assert len(ordered) == len(entries)
    return ordered
