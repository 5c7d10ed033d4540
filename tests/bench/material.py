# SPDX-License-Identifier: MIT
"""The plugins that are deployed: made here, the same ones in every run."""

import json

HEADER = '''"""
title: {title}
author: Ann Author
author_url: https://example.com/ann
version: 1.0.{revision}
description: Looks at each turn of a chat and notes what it was about (整理对话要点).
"""

import logging
import re
from typing import Any, Optional

from pydantic import BaseModel, Field

log = logging.getLogger(__name__)
REVISION = {revision}


class Filter:
    class Valves(BaseModel):
        priority: int = Field(default=0, description="Order among the filters")
        limit: int = Field(default=40, description="Words to keep of one turn")
        language: str = Field(default="en", description="Language of the notes")

    def __init__(self):
        self.valves = self.Valves()

    def inlet(self, body: dict, __user__: Optional[dict] = None) -> dict:
        turns = body.get("messages", [])
        for turn in turns[-1:]:
            log.debug("turn of %s: %d characters", turn.get("role"), len(str(turn.get("content", ""))))
        return body

'''

METHOD = '''    def note_{number:04d}(self, text: str, weight: float = {weight}, limit: int = {limit}) -> dict[str, Any]:
        """Notes what a turn says in its part {number}.

        Words shorter than {short} letters say little and are left out; the rest is counted, and the
        most frequent ones are returned with their share of the whole. A part that holds nothing
        else than such words gives an empty note, which the next filter is free to leave out.

        Args:
            text: the part, as the browser sent it; markup is not removed, since code is content too.
            weight: how much this part counts within its turn (1.0 is the beginning of the turn).
            limit: the number of words that are kept, the most frequent ones first.

        Returns:
            The number of the part, a line for the reader, and the words with their shares.
        """
        words = [word.strip(".,;:!?").lower() for word in re.split(r"\\s+", text) if len(word) > {short}]
        counts: dict[str, int] = {{}}
        for word in words:
            counts[word] = counts.get(word, 0) + 1
        # The most frequent words first; those of one frequency in the order of the alphabet, so that
        # the same turn always gives the same note and the reader's cache is of some use.
        ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]
        total = sum(counts.values()) or 1
        if not ranked and self.valves.language == "zh":
            return {{"part": {number}, "note": "这一部分没有可以整理的内容", "words": []}}
        # The weight is the part's own: later parts of a turn matter less than its beginning.
        share = {{word: round(weight * count / total, 4) for word, count in ranked}}
        return {{"part": {number}, "note": f"{{len(words)}} words, {{len(share)}} kept", "words": share}}

'''


def filter_source(title, size, revision=0):
    """A filter of exactly `size` bytes; another `revision` is another content of that size."""
    text = HEADER.format(title=title, revision=100000 + revision)
    number = 0
    while True:
        method = METHOD.format(
            number=number, weight=round(1 / (1 + number % 7), 3), limit=20 + number % 31, short=3 + number % 5
        )
        if len((text + method).encode()) > size:
            break
        text += method
        number += 1
    rest = size - len(text.encode())
    return text + "#" * (rest - 1) + "\n" if rest else text


def update_body(plugin_id, title, content):
    """The body of the update that bare curl sends, ready as bytes."""
    manifest = {"title": title, "author": "Ann Author", "version": "1.0.0"}
    meta = {"description": "Looks at each turn of a chat", "manifest": manifest, "type": "filter"}
    body = {"id": plugin_id, "name": title, "meta": meta, "content": content}
    return json.dumps(body, ensure_ascii=False).encode()


class Project:
    """A folder of plugins of one size, with the files that curl needs for the same ones."""

    def __init__(self, folder, prefix, size, count):
        self.folder = folder
        self.size = size
        self.ids = [f"{prefix}_{number:04d}" for number in range(count)]
        (folder / "plugins").mkdir(parents=True)
        (folder / "bodies").mkdir()
        self.write(1)

    def file(self, plugin_id):
        """Where a plugin lies."""
        return self.folder / "plugins" / f"{plugin_id}.py"

    def body(self, plugin_id):
        """Where the body of its update lies."""
        return self.folder / "bodies" / f"{plugin_id}.json"

    def content(self, plugin_id, revision):
        """What a plugin says in one revision."""
        return filter_source(f"Notes of {plugin_id}", self.size, revision)

    def write(self, revision, ids=None):
        """Writes one revision of all plugins (or of `ids`), and the bodies of their updates."""
        for plugin_id in ids or self.ids:
            content = self.content(plugin_id, revision)
            self.file(plugin_id).write_text(content, encoding="utf-8")
            self.body(plugin_id).write_bytes(update_body(plugin_id, f"Notes of {plugin_id}", content))
