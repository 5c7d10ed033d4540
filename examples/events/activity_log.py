"""
title: Activity Log
id: activity_log
author: The owup authors
version: 1.0.0
license: MIT
required_open_webui_version: 0.10.0
description: Writes sign-ins and changes of functions to the server's log.
"""

import logging
from fnmatch import fnmatch

from pydantic import BaseModel, Field

log = logging.getLogger(__name__)


class Event:
    class Valves(BaseModel):
        events: str = Field(
            default="auth.*, function.*",
            description="Names of events, separated by commas; * stands for anything.",
        )

    def __init__(self):
        self.valves = self.Valves()

    def event(self, event: dict, __event_name__: str = "") -> None:
        """Runs for everything that happens on the server (Open WebUI 0.10 and newer)."""
        if not any(fnmatch(__event_name__, pattern.strip()) for pattern in self.valves.events.split(",")):
            return
        actor = (event.get("actor") or {}).get("name", "nobody")
        subject = (event.get("subject") or {}).get("id", "-")
        log.warning("%s by %s on %s", __event_name__, actor, subject)
