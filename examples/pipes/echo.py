"""
title: Echo
id: echo
author: The owup authors
version: 1.0.0
license: MIT
description: A model that repeats what it was told: tries filters and actions without spending a token.
"""

from typing import Iterator, Union

from pydantic import BaseModel, Field


class Pipe:
    class Valves(BaseModel):
        prefix: str = Field(default="", description="Put before every answer.")
        show_system: bool = Field(default=False, description="Show the system message as well.")

    def __init__(self):
        # The name in the list of models.
        self.name = "Echo"
        self.valves = self.Valves()

    def pipe(self, body: dict) -> Union[str, Iterator[str]]:
        """Answers a chat: a string, or an iterator of its parts where the browser asks for a stream."""
        parts = list(self.answer(body.get("messages", [])))
        return iter(parts) if body.get("stream") else "".join(parts)

    def answer(self, messages: list) -> Iterator[str]:
        if self.valves.prefix:
            yield self.valves.prefix + " "
        for message in messages:
            if message.get("role") == "system" and self.valves.show_system:
                yield f"> {self.text(message)}\n\n"
        if messages:
            yield self.text(messages[-1])

    def text(self, message: dict) -> str:
        """A message is a string or, with pictures in it, a list of parts."""
        content = message.get("content", "")
        if isinstance(content, str):
            return content
        return "\n".join(part["text"] for part in content if part.get("type") == "text")
