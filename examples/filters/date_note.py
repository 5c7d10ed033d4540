"""
title: Date Note
id: date_note
author: The owup authors
version: 1.0.0
license: MIT
description: Tells the model what day it is, since it cannot know.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field


class Filter:
    class Valves(BaseModel):
        """Set by an admin; a deploy leaves them as they are."""

        priority: int = Field(default=0, description="Filters run in this order, lowest first.")
        timezone: str = Field(default="UTC", description="Time zone, e.g. Asia/Shanghai.")
        with_time: bool = Field(default=False, description="Hours and minutes, too.")

    def __init__(self):
        self.valves = self.Valves()

    def inlet(self, body: dict) -> dict:
        """Runs before the model sees the conversation."""
        note = "Today is " + self.now() + "."
        messages = body.setdefault("messages", [])
        if messages and messages[0].get("role") == "system":
            messages[0]["content"] = f"{messages[0]['content']}\n\n{note}"
        else:
            messages.insert(0, {"role": "system", "content": note})
        return body

    def now(self) -> str:
        moment = datetime.now(ZoneInfo(self.valves.timezone))
        return moment.strftime("%A, %Y-%m-%d %H:%M" if self.valves.with_time else "%A, %Y-%m-%d")
