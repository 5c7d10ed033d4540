# SPDX-License-Identifier: MIT
"""What people do on the server behind owup's back, and what owup is asked afterwards."""

import hashlib

import plugins

KINDS = ("filter", "tool")


def digest_of(text):
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def deploys(owup, server, plugin, *words, **options):
    """A deploy that succeeds; its program.Result."""
    ran = owup("deploy", *words, plugin.file, to=server, **options)
    assert ran.status == 0, ran
    return ran


def deployed(owup, server, plugin, *words, **options):
    """A deploy that succeeds; the plugin."""
    deploys(owup, server, plugin, *words, **options)
    return plugin


def save(server, plugin, content=None, **fields):
    """What the web editor's Save does: sends everything back, with the new text."""
    held = server.plugin(plugin.kind, plugin.id)
    body = {"name": held["name"], "meta": held["meta"], **fields}
    return server.update(plugin.kind, plugin.id, held["content"] if content is None else content, **body)


def describe(server, plugin, description):
    """Somebody writes another description in the browser."""
    meta = server.plugin(plugin.kind, plugin.id)["meta"]
    save(server, plugin, meta={**meta, "description": description})


def content(server, plugin):
    """The text that the server holds, or None."""
    held = server.plugin(plugin.kind, plugin.id)
    return held and held["content"]


def theirs(plugin):
    """The file's text as the server would hold it, gone on with by somebody else."""
    return plugins.held(plugin.text) + "# theirs\n"


def conflicting(owup, server, make, kind="filter", **options):
    """Deployed; then another end on the server, and another head here."""
    plugin = deployed(owup, server, make(kind, **options))
    save(server, plugin, theirs(plugin))
    return plugin.change(version="1.1.0")


def stranger(tmp_path):
    """The environment of an owup that has never seen this server."""
    return {"OWUP_HISTORY": tmp_path / "other"}
