# SPDX-License-Identifier: MIT
"""Plugins that are written in many ways: owup takes what servers take, as they take it.

The embedded server and owup share the code that reads Python and could be wrong alike, so plugins and
generated texts are put before the real servers, before their own functions and before Python's compiler.
The seeds are fixed.
"""

import ast
import hashlib
import json
import random
import subprocess
import sysconfig
import warnings
from pathlib import Path

import plugins
import pytest
import realserver
import variants
from conftest import or_skip
from fault import FaultServer, reply


def as_the_server_sees_it(server, name, text):
    """(kind, manifest) of a text that the server is given without owup."""
    kind = "tool" if name in variants.TOOLS else "filter"
    server.create(kind, "odd_probe", text, name="Probe")
    held = server.plugin(kind, "odd_probe")
    server.delete(kind, "odd_probe")
    return held.get("type", "tool"), held["meta"].get("manifest") or {}


@pytest.mark.every_server
@pytest.mark.needs_python
@pytest.mark.slow
def test_plugins_as_others_write_them(server, owup, project):
    made = {}
    for name, text in variants.texts().items():
        made[f"odd_{name}"] = project.write("filter", f"odd_{name}", path=f"plugins/odd_{name}.py", text=text.encode())
    try:
        checked = owup("check", "--all", "--json", python=False)
        assert [line["file"] for line in checked.plugins if line["result"] == "invalid"] == []
        deployed = {line["id"]: line for line in owup("deploy", "--all", "--json", to=server).plugins}
        assert [name for name in made if deployed.get(name, {}).get("result") != "created"] == []
        for name, plugin in made.items():
            kind, manifest = as_the_server_sees_it(server, name, plugin.text)
            line = deployed[name]
            held = server.plugin(kind, name)
            assert held["content"] == plugins.held(plugin.text), name
            assert line["kind"] == kind, name
            assert (held["meta"].get("manifest") or {}) == manifest, name
            if "title" in manifest and "from " not in manifest["title"]:
                assert held["name"] == line["title"] == manifest["title"], name
        again = owup("deploy", "--all", "--json", to=server)
        assert [line["id"] for line in again.plugins if line["result"] != "unchanged"] == []
        assert {line["id"]: line["kind"] for line in again.plugins} == {name: deployed[name]["kind"] for name in made}
        status = {line["id"]: line for line in owup("status", "--json", to=server).json if line["type"] == "status"}
        assert [name for name in made if status[name]["state"] != "same"] == []
        assert {name: status[name]["kind"] for name in made} == {name: deployed[name]["kind"] for name in made}
    finally:
        for name in made:
            server.delete("filter", name)
            server.delete("tool", name)


CLASS = "\n\nclass Filter:\n    pass\n"
ASK = """
import json, sys
from open_webui.utils.plugin import extract_frontmatter, replace_imports
texts = json.load(sys.stdin)
json.dump([[extract_frontmatter(t), replace_imports(t)] for t in texts], sys.stdout)
"""
LINES = (
    "title: A title", "Title: Other", "title : no", "title:tight", "  title:   spaced   ", "\ttitle:\ttabs\t",
    "version: 1.2.3", "version:", "version: v", "author: Ann: and Bob", "author_url: https://x.example/y?z=1",
    "funding_url: http://f", "openwebui_id: 12-34", "description: plain", "requirements: a, b",
    "description: ends \"\"\"", "no colon here", "key-with-dash: x", "k9: x", "_: under", ": empty", "", "   ",
    "license: MIT \u3000", "title: 精读", "title: \u00a0nbsp\u00a0", "a:b:c", "''' not the end", '""', "# comment: x",
    "from utils: rewritten", "title: from utils import", "version: from main",
)  # fmt: skip
SEPARATORS = ("\n", "\n", "\n", "\n", "\r\n", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")
OPENINGS = ('"""\n', '"""\n', '"""\n', '"""\n', '"""\r\n', '""" \t\n', '"""x\n', "'''\n", '\n"""\n', 'r"""\n', '"""\x0c')
MANIFEST = ("title", "author", "author_url", "funding_url", "version", "openwebui_id")


def frontmatter_texts(count):
    """Generated heads of plugins, good and odd ones, each with a class below."""
    rand = random.Random(20261122)
    texts = []
    for _ in range(count):
        body = "".join(
            rand.choice(LINES) + rand.choice(SEPARATORS) for _ in range(rand.randint(0, 9))
        )
        texts.append(rand.choice(OPENINGS) + body + rand.choice(('"""', '"""', '  """ # x', "")) + CLASS)
    return texts


@pytest.mark.parametrize("version", realserver.VERSIONS)
def test_frontmatter_and_rewriting_are_read_as_the_server_reads_them(owup, project, tmp_path, version):
    texts = frontmatter_texts(250)
    try:
        python = realserver.install(version)
    except realserver.Unavailable as reason:
        or_skip(str(reason))
    asked = subprocess.run(
        [python, "-c", ASK],
        input=json.dumps(texts),
        env=realserver.server_environment(tmp_path, {}),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    truth = json.loads(asked.stdout[asked.stdout.index("[[") :])
    files = []
    for number, text in enumerate(texts):
        files.append(project.folder / f"plugins/case_{number}.py")
        files[-1].write_bytes(text.encode())

    def accept(call):
        sent = call.request.json
        answer = {**sent, "type": "filter", "content": plugins.held(sent["content"]), "is_active": False}
        reply(200, answer)(call)

    with FaultServer() as server:
        server.on("*", "", reply(404, {"detail": "Not Found"}))
        server.on("GET", "/functions/$", reply(200, []))
        server.on("GET", "/functions/id/", reply(401, {"detail": "We could not find what you're looking for :/"}))
        server.on("POST", "/update$", accept)
        env = {"OPENWEBUI_URL": server.url, "OPENWEBUI_API_KEY": "sk-1234567890"}
        ran = owup("deploy", "--json", "--no-check", *files, env=env)
        sent = {r.path.split("/")[-2]: r.json for r in server.seen("POST", "/update$")}
    told = {Path(line["file"]).name: line for line in ran.plugins}
    assert len(told) == len(texts)
    for number, (manifest, held) in enumerate(truth):
        line = told[f"case_{number}.py"]
        assert line["result"] == "updated", (texts[number], line)
        assert line["sha256"] == hashlib.sha256(held.encode()).hexdigest(), texts[number]
        assert line["version"] == (manifest.get("version") or None), (texts[number], manifest)
        body = sent[line["id"]]
        assert body["content"] == texts[number]
        if manifest.get("title"):
            assert body["name"] == manifest["title"], (texts[number], manifest)
        for key in MANIFEST:
            if manifest.get(key):
                assert body["meta"]["manifest"].get(key) == manifest[key], (key, texts[number])


SAMPLE = r'''
import asyncio
from typing import (
    Any,
    Optional,
)

TABLE = {"a": [1, 2, (3, 4)], 'b': {**{}}, "c": r"\d+", "d": b"\x00", "e": """three
lines "quoted" and 'more'
"""}


def decorated(function):
    return function


@decorated
async def walk(a, /, b: int = 1, *args, key="x", **kwargs) -> Optional[Any]:
    if (n := len(args)) > 1 and not kwargs: return n
    async with asyncio.timeout(1) as t, asyncio.timeout(2):
        pass
    match args:
        case [1, *rest] if rest:
            return f"{rest!r:>{n}} {{literal}} {a + b:.2f} {'nested' + 'x'}"
        case {"k": v, **other} | {"l": v, **other}:
            return (yield_ := v)
        case _:
            lambda *x, y=1: (x, y)
    try:
        x = [i async for i in a if i] + [*args]
    except (ValueError, TypeError) as error:
        raise RuntimeError(f'{error=}') from error
    else:
        del x
    finally:
        global TABLE; TABLE = \
            None
    while True:
        if n: break
        continue
    else: pass
    return a if b else -a @ b ** 2 // 3 << 1


class Filter:
    """A class."""

    class Valves: priority: int = 0

    def __init__(self):
        self.x: int = 1; self.y = ...
        print(f"""{
            self.x
        }""", end='')

    def inlet(self, body): return body  # comment with ' and "
'''


def mutations(count):
    """SAMPLE and a test plugin with small damage; about half still compiles."""
    rand = random.Random(4711)
    bits = ["(", ")", "[", "]", "{", "}", '"', "'", '"""', "'''", "\\", "\n", " ", "    ", ":", ",", "=", "#", "f'", "\t"]
    bits += ["if ", "def ", "return", "x", "1", ".", "@", "*", "\r\n", "lambda: ", "not ", "é", "$", "?", "0x", "1_", "\x0c"]
    for _ in range(count):
        text = rand.choice((SAMPLE, plugins.source("filter", end=CLASS)))
        for _ in range(rand.randint(1, 2)):
            at = rand.randrange(len(text))
            what = rand.randrange(4)
            if what == 0:
                text = text[:at] + text[at + rand.randint(1, 3) :]
            elif what == 1:
                text = text[:at] + rand.choice(bits) + text[at:]
            elif what == 2:
                lines = text.split("\n")
                line = rand.randrange(len(lines))
                lines[line] = rand.choice(("", " ", "    ", "\t")) + lines[line].lstrip()
                text = "\n".join(lines)
            else:
                lines = text.split("\n")
                del lines[rand.randrange(len(lines))]
                text = "\n".join(lines)
        yield text


def compiles(text):
    """What the compiler of this very Python says."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "x", "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            return False
    return True


def has_class(text):
    """Whether a plugin class is certainly bound."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text)
    return any(isinstance(node, ast.ClassDef) and node.name == "Filter" for node in tree.body)


def check_all(owup, folder, texts, python):
    """`owup check` of all texts at once: for each the list of diagnostics."""
    for number, text in enumerate(texts):
        (folder / f"plugins/case_{number}.py").write_bytes(text.encode())
    files = [f"plugins/case_{number}.py" for number in range(len(texts))]
    ran = owup("check", "--json", *files, cwd=folder, python=python, seconds=300)
    told = {line["file"]: line["diagnostics"] for line in ran.json if "diagnostics" in line}
    assert set(told) == set(files)
    return [told[file] for file in files]


def test_the_scan_never_calls_good_code_bad(owup, project):
    texts = [text for text in mutations(3000) if compiles(text) and has_class(text)]
    assert len(texts) > 500
    found = check_all(owup, project.folder, texts, python=False)
    wrong = [(text, diagnostics) for text, diagnostics in zip(texts, found, strict=True) if diagnostics]
    assert not wrong, f"{len(wrong)} of {len(texts)}, the first:\n{wrong[0][0]}\n{wrong[0][1]}"


def test_check_agrees_with_the_compiler(owup, project):
    texts = [text for text in mutations(300) if not compiles(text) or has_class(text)]
    found = check_all(owup, project.folder, texts, python=True)
    for text, diagnostics in zip(texts, found, strict=True):
        assert bool(diagnostics) != compiles(text), (text, diagnostics)


def test_the_scan_finds_most_of_what_is_broken(owup, project):
    """Without an interpreter: everything lexical, that is, most small damage."""
    texts = [text for text in mutations(1000) if not compiles(text)]
    found = check_all(owup, project.folder, texts, python=False)
    caught = sum(bool(diagnostics) for diagnostics in found)
    print(f"found without an interpreter: {caught} of {len(texts)}")
    assert caught * 2 > len(texts)


def test_the_standard_library_holds_together(owup, project):
    """Every module of Python's own, with a plugin class at its end."""
    library = Path(sysconfig.get_path("stdlib"))
    texts = []
    for path in sorted(library.rglob("*.py")):
        if {"site-packages", "test", "tests", "lib2to3"} & set(path.relative_to(library).parts):
            continue
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            continue
        text += "\n\nclass Filter:\n    pass\n"
        if compiles(text) and "\0" not in text and not text.startswith("\ufeff"):
            texts.append(text)
    assert len(texts) > 300
    found = check_all(owup, project.folder, texts, python=False)
    wrong = [(text, diagnostics) for text, diagnostics in zip(texts, found, strict=True) if diagnostics]
    assert not wrong, f"{len(wrong)} of {len(texts)}, the first:\n{wrong[0][0][:300]}\n{wrong[0][1]}"
