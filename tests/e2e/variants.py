# SPDX-License-Identifier: MIT
"""Plugins that every server takes, written as differently as people write them.

Each is small, legal for Python 3.11, and odd in one way. `texts()` gives them by name.
"""

FILTER = "class Filter:\n    def inlet(self, body: dict) -> dict:\n        return body\n"
PIPE = "class Pipe:\n    def pipe(self, body: dict) -> str:\n        return 'x'\n"
TOOL = (
    "class Tools:\n    def add(self, a: int, b: int) -> int:\n"
    '        """\n        Adds.\n\n        :param a: one\n        :param b: other\n        """\n        return a + b\n'
)
OTHER = "class _Other:\n    def inlet(self, body):\n        return body\n\n\n"

# The lines between the docstring's quotes.
HEADS = {
    "front_tabs": "\ttitle:\ttabbed\t\n\tversion:\t1.1.1\n",
    "front_form_feed": "title: before\x0cversion: 9.9.9\nversion: 1.2.3\n",
    "front_next_line": "title: nel\x85version: 7.7.7\ndescription: a\u2028author: Bob\n",
    "front_spaces": "\u00a0title:\u00a0no break\u00a0\nversion: 1.0.0\u3000\n",
    "front_colons": "title: A: B: C\nauthor_url: https://example.com/?a=b:c\nversion: 1:2\n",
    "front_quotes": "title: \"Quoted 'Title'\"\ndescription: 'it''s'\nversion: \"1.2.3\"\n",
    "front_odd_keys": "Title: Capital\ntitle : apart\nlicense: MIT: really\nfoo-bar: x\n123: z\n",
    "front_twice": "title: first\ntitle: second one\nversion: 1\nversion: 2\n",
    "front_folded": "title: folded\ndescription: >\n  several\n  lines\nversion: 1.0.0\n",
    "front_long": "title: long one\ndescription: " + "x" * 100_000 + "\n",
    "front_dashes": "---\ntitle: dashed\nversion: 1.0.0\n---\nLong text: with a colon\n",
    "front_marks": "# title: commented\ntitle: real # x\n- version: 1.9\n",
    "front_wide_colon": "title：wide\nversion：2.0.0\n",
    "front_upper": "TITLE: upper\nVERSION: 5.5.5\n",
    "front_empty_values": "title: empty values\nversion:\ndescription:\n",
    "front_kelvin": "title: kelvin\nver\u017fion: 1.0\n\u212aey: x\n",
    "version_v": "title: version v\nversion: v1.2\n",
    "version_date": "title: version date\nversion: 2024.01\n",
    "version_suffix": "title: version suffix\nversion: 1.0.0-beta+x\n",
    "version_comment": "title: version comment\nversion: 1.2.3 # now\n",
    "version_none": "title: version none\n",
    "title_chinese": "title: 智能精读 📖 工具\n",
    "title_right_to_left": "title: מסנן \u202eevil\u202c עברית\n",
    "title_family": "title: 👩‍👩‍👧‍👦🏳️‍🌈\n",
    "title_control": "title: a\x1b[31mred\x07\n",
    "title_percent": "title: 100% %s %n \\n <b>&amp;</b>\n",
    "title_very_long": "title: " + "T" * 5000 + "\n",
    "rewritten_front": "title: Taken from main, from config\nauthor: from utils\ndescription: from apps\n",
    "requirements_list": "title: req list\nrequirements: requests>=2.0, pydantic , \n",
    "requirements_lines": "title: req lines\nrequirements:\n  - requests\n",
}

# What comes behind a usual docstring.
BODIES = {
    "import_before": "from __future__ import annotations\n" + FILTER,
    "form_feeds": "\x0c\nimport os\n\x0c\n" + FILTER,
    "tabs": FILTER.replace("    ", "\t"),
    "no_last_line_end": FILTER.rstrip("\n"),
    "blanks_at_the_end": FILTER + "   \n\t\n\n\n   ",
    "control_z": FILTER + "# \x1a\n",
    "imported": "from collections import OrderedDict as Filter\n",
    "assigned": OTHER + "Filter = _Other\n",
    "made": "Filter = type('Filter', (), {'inlet': lambda self, body: body})\n",
    "chosen": "import sys\nif sys.version_info > (3,):\n    class Filter:\n        pass\nelse:\n    Filter = None\n",
    "tried": "try:\n    class Filter:\n        pass\nexcept Exception:\n    raise\n",
    "decorated": "import dataclasses\n\n@dataclasses.dataclass\nclass Filter:\n    x: int = 0\n",
    "inherited": "class Base:\n    pass\n\nclass Filter(Base, metaclass=type): pass\n",
    "generic": "from typing import Generic, TypeVar\nT = TypeVar('T')\nclass Pipe(Generic[T]):\n"
    "    def pipe(self, body): return 'x'\n",
    "looped": OTHER + "for Filter in (_Other,):\n    pass\n",
    "walrus": OTHER + "if (Filter := _Other):\n    pass\n",
    "with_as": "import contextlib\n" + OTHER + "with contextlib.nullcontext(_Other) as Filter:\n    pass\n",
    "unpacked": OTHER + "x, (Filter, *y) = 1, (_Other, 2)\n",
    "global_in_a_function": "def make():\n    global Filter\n    class Filter:\n        pass\nmake()\n",
    "through_globals": OTHER + "globals()['Filter'] = _Other\n",
    "through_exec": "exec('class Filter:\\n  def inlet(self, body): return body')\n",
    "through_getattr": OTHER + "def __getattr__(name):\n    if name == 'Filter':\n        return _Other\n"
    "    raise AttributeError(name)\n",
    "a_function": "def Filter():\n    class X:\n        pass\n    return X()\n",
    "annotated_only": "Pipe: type\n" + FILTER,
    "branch_not_taken": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n"
    "    from multiprocessing import Pipe\n" + FILTER,
    "try_that_fails": "try:\n    import no_such_module_for_owup\n    class Pipe:\n        pass\n"
    "except ImportError:\n    pass\n" + FILTER,
    "helper_named_event": "from enum import Enum\nclass Event(Enum):\n    A = 1\n" + TOOL,
    "helper_imported": "from logging import Filter\nfrom threading import Event\n" + TOOL,
    "pipe_imported": "from multiprocessing import Pipe\n" + FILTER,
    "in_a_string": 'S = """\nclass Pipe:\n    def pipe(self): pass\n"""\n# class Tools:\n' + FILTER,
    "nested": "class Outer:\n    class Pipe:\n        def pipe(self): pass\n" + FILTER,
    "one_line": "class Filter: x: int = 1; y = 2\n",
    "continued": "class \\\n  Filter \\\n  : \\\n  pass\n",
    "unicode_names": "переменная = 1\n变量 = 2\nﬁ = 4\nclass Filter:\n    def inlet(self, тело): return тело\n",
    "soft_keywords": "match, case, type = 1, 2, 3\nmatch = (type)\ntype: int = 3\n_ = match * case\n" + FILTER,
    "match": "def m(x):\n    match x:\n        case {'a': [1, *r], **k} if (n := len(r)) > 0: return n\n"
    "        case str() | int() as y: return y\n        case -1 | 1+2j | 'a' 'b' | None: pass\n"
    "        case _: return 0\n" + FILTER,
    "except_star": "try:\n    pass\nexcept* (ValueError, TypeError) as eg:\n    pass\n" + FILTER,
    "with_parentheses": "import contextlib as c\nwith (c.nullcontext() as a, c.nullcontext() as b,):\n    pass\n"
    + FILTER,
    "stars": "a, *b = *range(3), 4\nx = {**{}, 'a': 1}\ndef f(a, /, b, *, c, **d): return *b, c\n"
    "for q in *b, 1: pass\nx: tuple[int, *tuple[int, ...]]\n" + FILTER,
    "decorators": "ds = [lambda f: f]\n@ds[0]\n@(lambda f: f)\n@(d := ds[0])\ndef g(): pass\n" + FILTER,
    "f_strings": "a = 1\nx = f'{a!r:>{10}} {a=} {{{a}}}' f\"{a if a else 'b'}\" rf'\\{a}\\d'\n"
    "y = f'''{a\n}'''\nz = f'\\N{SNOWMAN} {(lambda: 1)()} {a:,}'\n" + FILTER,
    "escapes": "x = '\\N{SNOWMAN} \\ud83d\\ude00 \\d \\8'\ny = b'\\N{x}'\nz = r'\\N{nope}'\n" + FILTER,
    "numbers": "x = 0xFF_FF, 0b1_0, 0o7_7, 1_000.5e-3j, .5, 5., 00, 1if 1else 2\n" + FILTER,
    "async": "async def g():\n    async with x as y, z:\n        async for i in y:\n            yield i\n"
    "    r = [i async for i in g() if await i]\n" + FILTER,
    "deep": "x = " + "(" * 150 + "1" + ")" * 150 + "\n" + "".join(" " * i + "if 1:\n" for i in range(99))
    + " " * 99 + "pass\n" + FILTER,
    "wide": "D = {\n" + "".join(f"    'k{i}': [{i}, ({i},)],\n" for i in range(20_000)) + "}\n" + FILTER,
    "long_line": "X = '" + "y" * 900_000 + "'\n" + FILTER,
    "invisible": "#\u00a0nbsp\u200b zero\ufeffwidth\nx = '\ufeff'\n" + FILTER,
    "manifold": "class Pipe:\n    def __init__(self):\n        self.type = 'manifold'\n        self.name = 'm/'\n"
    "    def pipes(self):\n        return [{'id': 'a', 'name': 'A'}]\n    async def pipe(self, body):\n        yield 'x'\n",
    "rewritten": "# from utils.x import y ; from apps import main ; from main import app; from config import z\n"
    "S = 'from utils.misc import *'\nS2 = 'xfrom utilsy from mainly from configuration'\n" + FILTER,
    "rewritten_import": "from utils.misc import get_last_user_message\n" + FILTER,
    "tool_without_methods": "class Tools:\n    pass\n",
}  # fmt: skip

# The whole file; {head} stands for a usual docstring.
WHOLE = {
    "no_docstring": FILTER,
    "comments_first": "# hi\n\n{head}" + FILTER,
    "shebang": "#!/usr/bin/env python3\n# -*- coding: utf-8 -*-\n{head}" + FILTER,
    "coding_of_others": "# -*- coding: latin-1 -*-\nx = 'é'\n" + FILTER,
    "blank_lines_first": "\n\n{head}" + FILTER,
    "title_on_the_first_line": '"""title: too early\nversion: 3.0.0\n"""\n' + FILTER,
    "one_line_docstring": '"""A line."""\n' + FILTER,
    "single_quotes": "'''\ntitle: single\nversion: 1.0.0\n'''\n" + FILTER,
    "raw_docstring": 'r"""\ntitle: raw\nversion: 1.0.0\n"""\n' + FILTER,
    "formatted_docstring": 'f"""\ntitle: formatted\n"""\n' + FILTER,
    "blanks_behind_the_quotes": '"""   \ntitle: trailing blanks\nversion: 2\n"""   \n' + FILTER,
    "joined_docstring": '"""\ntitle: joined\nversion: 1.0.0\n""" "more"\n' + FILTER,
    "ends_in_a_value": '"""\ntitle: ends in a value\nversion: 1.0.0 """\n' + FILTER,
    "empty_docstring": '"""\n"""\n' + FILTER,
    "docstring_of_the_class": 'class Filter:\n    """\n    title: not this\n    version: 9\n    """\n    def inlet(self, body): return body\n',
}


# Meant as tools, by ids as in the test; a server would take the helpers' names for functions.
TOOLS = {"odd_helper_named_event", "odd_helper_imported", "odd_tool_without_methods"}


def texts():
    """Every plugin by its name; titles are distinct."""
    made = {}
    for name, lines in HEADS.items():
        made[name] = f'"""\n{lines}"""\n{FILTER}'
    for name, body in BODIES.items():
        made[name] = f'"""\ntitle: The {name}\nversion: 1.0.0\n"""\n{body}'
    for name, whole in WHOLE.items():
        made[name] = whole.replace("{head}", f'"""\ntitle: The {name}\nversion: 1.0.0\n"""\n')
    usual = made["match"]
    made["line_ends_of_windows"] = usual.replace("The match", "CRLF").replace("\n", "\r\n")
    made["line_ends_of_old"] = usual.replace("The match", "CR").replace("\n", "\r")
    made["line_ends_mixed"] = usual.replace("The match", "mixed").replace("\n", "\r\n", 7)
    return made
