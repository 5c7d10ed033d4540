# SPDX-License-Identifier: MIT
"""doc/performance.svg: a few bars, readable on a light and on a dark page."""

from html import escape

WIDTH = 640
LABEL = 190
BAR = 300
LINE = 24

STYLE = """
text { font: 13px system-ui, sans-serif; fill: #24292f }
.head { font-weight: 600 }
.owup { fill: #1a7f37 }
.other { fill: #8c959f }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .owup { fill: #3fb950 }
  .other { fill: #6e7681 }
}
"""


def group(top, title, bars):
    """(lines of SVG, next top): one title and its bars, each (name, ms)."""
    lines = [f'<text class="head" x="0" y="{top + 14}">{escape(title)}</text>']
    top += LINE
    longest = max(value for _, value in bars)
    for name, value in bars:
        length = max(2, round(BAR * value / longest))
        kind = "owup" if name.startswith("owup") else "other"
        lines += [
            f'<text x="{LABEL - 8}" y="{top + 14}" text-anchor="end">{escape(name)}</text>',
            f'<rect class="{kind}" x="{LABEL}" y="{top + 3}" width="{length}" height="15" rx="2"/>',
            f'<text x="{LABEL + length + 6}" y="{top + 14}">{shown(value)}</text>',
        ]
        top += LINE
    return lines, top + LINE // 2


def shown(milliseconds):
    """As a person says it."""
    return f"{milliseconds / 1000:.2f} s" if milliseconds >= 1000 else f"{milliseconds:.0f} ms"


def draw(groups):
    """The whole picture of [(title, [(name, ms)])]."""
    lines, top = [], 0
    for title, bars in groups:
        drawn, top = group(top, title, bars)
        lines += drawn
    names = "; ".join(f"{title}: " + ", ".join(f"{n} {shown(v)}" for n, v in bars) for title, bars in groups)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" height="{top}" '
        f'role="img" aria-label="{escape(names)}">'
    )
    return "\n".join([head, f"<style>{STYLE}</style>", *lines, "</svg>", ""])


def groups_of(series):
    """What the picture shows of everything that was timed; empty where that was not measured."""
    wanted = (
        ("196 KB plugin, Open WebUI", "A changed plugin of 196 KB on Open WebUI"),
        ("11 new plugins", "11 new plugins, the server 200 ms away"),
        ("100 plugins of 20 KB changed, Open WebUI", "100 changed plugins of 20 KB on Open WebUI"),
    )
    groups = []
    for start, title in wanted:
        bars = [(one.name, one.wall) for work, one in series if work.startswith(start)]
        if bars:
            groups.append((title, bars))
    return groups
