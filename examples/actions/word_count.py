"""
title: Word Count
id: word_count
author: The owup authors
version: 1.0.0
license: MIT
description: A button below an answer that says how long the answer is.
"""

import re

from pydantic import BaseModel, Field

# A Chinese, Japanese or Korean character counts as a word of its own.
CJK = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
WORD = re.compile(rf"[{CJK}]|[^\W{CJK}]+")


class Action:
    class Valves(BaseModel):
        words_per_minute: int = Field(default=200, gt=0, description="For the reading time.")

    def __init__(self):
        self.valves = self.Valves()

    async def action(self, body: dict, __event_emitter__=None) -> None:
        """Runs when the button is pressed; body holds the chat up to this answer."""
        messages = body.get("messages", [])
        text = messages[-1].get("content", "") if messages else ""
        if __event_emitter__:
            await __event_emitter__(
                {"type": "notification", "data": {"type": "info", "content": self.summary(text)}}
            )

    def summary(self, text: str) -> str:
        words = len(WORD.findall(text))
        minutes = max(1, round(words / self.valves.words_per_minute))
        return f"{words} words, {len(text)} characters, about {minutes} min to read"
