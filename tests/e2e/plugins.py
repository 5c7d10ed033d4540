# SPDX-License-Identifier: MIT
"""Small plugins for the tests, and the folder they are written to."""

import re
from dataclasses import dataclass
from pathlib import Path

KINDS = ("filter", "pipe", "action", "tool")

METHODS = {
    "filter": '    def inlet(self, body: dict) -> dict:\n        return body\n',
    "pipe": '    def pipe(self, body: dict) -> str:\n        return "pong"\n',
    "action": '    async def action(self, body: dict) -> dict:\n        return body\n',
    "event": '    async def event(self, event: dict) -> None:\n        return None\n',
    "tool": '    def add(self, a: int, b: int) -> int:\n        """\n        Adds two numbers.\n\n'
    "        :param a: one\n        :param b: the other\n        \"\"\"\n        return a + b\n",
}  # fmt: skip

CLASSES = {"filter": "Filter", "pipe": "Pipe", "action": "Action", "event": "Event", "tool": "Tools"}

VALVES = (
    "    class Valves(BaseModel):\n"
    '        priority: int = Field(default=0, description="order")\n'
    '        token: str = Field(default="", description="a secret")\n'
)


def source(
    kind,
    title="T",
    version="1.0.0",
    description="Does nothing",
    header="",
    top="",
    valves=VALVES,
    constructor="",
    end="",
):
    """The text of a plugin. None for title, version or description leaves that line out."""
    lines = [f"{k}: {v}\n" for k, v in (("title", title), ("version", version), ("description", description)) if v]
    return (
        f'"""\n{"".join(lines)}author: Ann\nauthor_url: https://example.com/ann\n{header}"""\n\n'
        f"from pydantic import BaseModel, Field\n{top}\n\n"
        f"class {CLASSES[kind]}:\n{valves}\n"
        f"    def __init__(self):\n        self.valves = self.Valves()\n{constructor}\n"
        f"{METHODS[kind]}{end}"
    )


BROKEN_SYNTAX = "\n\ndef broken(:\n    pass\n"
IMPORT_ERROR = "import no_such_module_for_owup\n"
CONSTRUCTOR_RAISES = "        self.n = 1 / 0\n"


def slow(seconds):
    """Top-level code that takes its time."""
    return f"import time\n\ntime.sleep({seconds})\n"


def line_of(text, part):
    """The number, from 1, of the first line that has `part`."""
    return next(n for n, line in enumerate(text.split("\n"), 1) if part in line)


def held(text):
    """The text as a server stores it."""
    return re.sub(r"from (utils|apps|main|config)", r"from open_webui.\1", text)


@dataclass
class Plugin:
    """One plugin file."""

    kind: str
    id: str
    path: Path
    folder: Path
    options: dict

    @property
    def text(self):
        """The file's text as it is now, with its line ends."""
        return self.path.read_bytes().decode("utf-8")

    @property
    def title(self):
        """The title in the frontmatter."""
        return self.options["title"]

    @property
    def version(self):
        """The version in the frontmatter."""
        return self.options.get("version", "1.0.0")

    @property
    def file(self):
        """The path below the project's folder."""
        return str(self.path.relative_to(self.folder))

    def change(self, **options):
        """Writes the file anew with other options of `source`, or another `text`."""
        text = options.pop("text", None)
        self.options.update(options)
        if text is None:
            text = source(self.kind, **self.options)
        self.path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return self


class Project:
    """A folder with plugins/."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "plugins").mkdir(parents=True, exist_ok=True)

    def write(self, kind, plugin_id, path=None, text=None, **options):
        """Writes plugins/KINDs/ID/ID.py, or `path`."""
        target = self.folder / (path or f"plugins/{kind}s/{plugin_id}/{plugin_id}.py")
        target.parent.mkdir(parents=True, exist_ok=True)
        options.setdefault("title", f"Title of {plugin_id}")
        plugin = Plugin(kind, plugin_id, target, self.folder, options)
        return plugin.change() if text is None else plugin.change(text=text)


def files_below(folder):
    """Every file below, as paths."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() or path.is_symlink()}
