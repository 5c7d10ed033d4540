#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds owup's Python scan against Python itself.

    tests/compare/scan_compare.py build/tests/compare/scan_driver
    tests/compare/scan_compare.py DRIVER -p python3.12 -p python3.13 --mutants 20000 DIR...

Without DIR: the standard library of this Python. Three comparisons:

- Files. A file is good when this Python or one named by -p compiles it; the scan must then pass it,
  and find the same plugin classes at top level as `ast`.
- Texts made by a grammar, good ones: the same.
- Mutants: files with a token or a character deleted, doubled, swapped or put in. What any Python
  compiles must pass; of what none compiles, the share that the scan catches is printed, and how often
  it names the same line and says the same.

Exit status: 1 when good code was called bad or a class was missed or invented, or when the scan
catches less than --catch percent of the mutants.
"""

import argparse
import ast
import base64
import json
import random
import re
import subprocess
import sys
import sysconfig
import warnings
from pathlib import Path

CLASSES = ("Pipe", "Filter", "Action", "Event", "Tools")
SIZE_LIMIT = 3_000_000
MUTANT_SIZE = 24_000

TOKEN = re.compile(
    r"[rRbBfFuU]{0,2}(?:\"\"\".*?\"\"\"|'''.*?'''|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*')"
    r"|\#[^\n]*|\w+|\n[ \t]*|[ \t]+|\*\*=?|//=?|>>=?|<<=?|->|:=|[-+*/%@&|^=!<>]=|\.\.\.|.",
    re.DOTALL,
)
WORDS = """( ) [ ] { } , : ; . = == := -> + - * ** / @ ~ | & % < != ... ! ' " ''' \"\"\" \\ # $ ? 0x 1_ 1.5j 09
    False None True and as assert async await break class continue def del elif else except finally for from
    global if import in is lambda nonlocal not or pass raise return try while with yield match case type print
    x Pipe self f'{x}' f'{ b'' u'\\u1' '\\x' \uff0c \uff08 \u201c \u00a0 \u7cbe \n \t \r \f @ += **=""".split(" ")


def judge(text):
    """None where this Python compiles it, else its error as a list: line, column, message."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "-", "exec", dont_inherit=True)
    except SyntaxError as error:
        return [error.lineno or 0, error.offset or 0, str(error.msg)]
    except UnicodeError as error:
        return [0, 0, str(error)]
    except (ValueError, OverflowError, MemoryError, RecursionError):
        return None  # it could not tell
    return None


def serve():
    """Judges texts for another Python's run of this file."""
    sys.set_int_max_str_digits(0)
    for line in sys.stdin.buffer:
        text = base64.b64decode(line).decode()
        print(json.dumps(judge(text)), flush=True)


class Judge:
    """Another Python."""

    def __init__(self, python):
        self.process = subprocess.Popen([python, __file__, "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __call__(self, text):
        self.process.stdin.write(base64.b64encode(text.encode()) + b"\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        """Ends it."""
        self.process.stdin.close()
        self.process.wait()


class Found:
    """What the scan found in a text."""

    def __init__(self, line):
        head, _, self.message = line.rstrip("\n").partition("\t")
        word, *numbers = head.split(" ")
        numbers = [int(number) for number in numbers]
        self.fine = word == "ok"
        self.line, self.col = numbers[:2]
        self.bound = {name: at for name, at in zip(CLASSES, numbers[2:7], strict=True) if at}
        self.star = bool(numbers[7])


class Scan:
    """The driver around python_scan()."""

    def __init__(self, driver):
        self.process = subprocess.Popen([driver], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __call__(self, text):
        data = text.encode()
        self.process.stdin.write(b"%d\n" % len(data) + data)
        self.process.stdin.flush()
        return Found(self.process.stdout.readline().decode())


class Bindings(ast.NodeVisitor):
    """The names that a module binds at top level, by statement or expression, and from which line on."""

    def __init__(self):
        self.bound = {}
        self.star = False

    def bind(self, name, line):
        """Notes it."""
        if name in CLASSES:
            self.bound[name] = min(line, self.bound.get(name, line))

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Store):
            self.bind(node.id, node.lineno)

    def visit_all(self, *parts):
        """Those of them that are there."""
        for part in parts:
            if part is not None:
                self.visit(part)

    def visit_ClassDef(self, node):
        self.bind(node.name, node.lineno)
        self.visit_all(*node.decorator_list, *node.bases, *node.keywords)

    def visit_FunctionDef(self, node):
        self.bind(node.name, node.lineno)
        self.visit_all(*node.decorator_list, node.args, node.returns)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node):
        self.visit(node.args)

    def visit_AnnAssign(self, node):
        self.visit_all(node.annotation, node.value, node.target if node.value is not None else None)

    def visit_comprehension(self, node):
        self.visit_all(node.iter, *node.ifs)

    def visit_Import(self, node):
        for alias in node.names:
            self.bind(alias.asname or alias.name.partition(".")[0], alias.lineno)

    def visit_ImportFrom(self, node):
        for alias in node.names:
            self.star = self.star or alias.name == "*"
            self.bind(alias.asname or alias.name, alias.lineno)

    def visit_ExceptHandler(self, node):
        if node.type is not None:
            self.bind(node.name, node.type.end_lineno)
        self.generic_visit(node)

    def visit_MatchAs(self, node):
        self.bind(node.name, node.lineno)
        self.generic_visit(node)

    def visit_MatchStar(self, node):
        self.bind(node.name, node.lineno)

    def visit_MatchMapping(self, node):
        self.bind(node.rest, node.lineno)
        self.generic_visit(node)


def bindings(text):
    """What `ast` says is bound, or None where this Python does not parse the text."""
    found = Bindings()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found.visit(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return found


def texts_below(folders, limit, rand):
    """(path, text) of the .py files, in an order by chance."""
    paths = sorted({path for folder in folders for path in Path(folder).rglob("*.py") if path.is_file()})
    rand.shuffle(paths)
    for path in paths[:limit]:
        if path.stat().st_size > SIZE_LIMIT:
            continue
        try:
            text = path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        if "\0" not in text:
            yield path, text


class Generator:
    """Good modules by chance, rich in ways to bind a name."""

    def __init__(self, rand):
        self.rand = rand
        self.blanks = ""

    def name(self):
        """A name, often a plugin class."""
        return self.rand.choice((*CLASSES, "x", "y", "\uff30ipe", "match", "type", "case", "_"))

    def pick(self, *makers):
        """One of them, made."""
        return self.rand.choice(makers)()

    def target(self, depth=0):
        """What may stand left of =."""
        name = self.name
        if depth > 2:
            return name()
        inner = lambda: self.target(depth + 1)
        return self.pick(
            name,
            name,
            lambda: f"({inner()})",
            lambda: f"{inner()}, {inner()}",
            lambda: f"[{inner()}, *{name()}]",
            lambda: f"({inner()}, ({inner()}, *{name()}), {name()}.{name()}, {name()}[{name()}])",
            lambda: f"{name()}.{name()}",
            lambda: f"{name()}[{name()}:{name()}, ...]",
        )

    def value(self, depth=0):
        """An expression."""
        name = self.name
        if depth > 2:
            return name()
        inner = lambda: self.value(depth + 1)
        return self.pick(
            name,
            lambda: f"({name()} := {inner()})",
            lambda: f"(lambda {name()}={inner()}, /, *a, k=({name()} := 1), **kw: {inner()})",
            lambda: f"[{inner()} for {name()}_ in {name()} if {inner()}]",
            lambda: f"{{{inner()}: {inner()}, **{name()}}}",
            lambda: f"{{{inner()}, *{inner()}}}",
            lambda: f"{name()}({inner()}, *{inner()}, k={inner()}, **{inner()})",
            lambda: f"{name()}({inner()} for {name()}_, in [{name()}])",
            lambda: f"({inner()} if {inner()} else {inner()})",
            lambda: f"({inner()} not in {inner()} is not {inner()} ** -{inner()})",
            lambda: f"{name()}[{inner()}, *{inner()}, *{name()} or {inner()}]",
            lambda: f"-{inner()} + not_{name()}.{name()}[{inner()}:, ::2]",
            lambda: f"({inner()}\n  ,  # ')\n)",
            lambda: f"f'{{{name()}!r:>{{{name()}}}}} {{{{}}}}' '''\n{name()} = 1'''",
            lambda: "rb'\\\\\\'' b\"\\x00\" [0]",
            lambda: self.rand.choice(("(1if 0else 2)", "0x_ff", "1_0.5e-3j", "...", "(not None)", "-1")),
        )

    def simple(self):
        """A simple statement."""
        name, value, target = self.name, self.value, self.target
        return self.pick(
            lambda: f"{target()} = {value()}",
            lambda: f"{target()} = {target()} = {value()}, *{value()}",
            lambda: f"{name()}: {name()} = {value()}",
            lambda: f"{name()}: {name()}",
            lambda: f"({name()}): {name()}",
            lambda: f"{name()} {self.rand.choice(('+=', '@=', '//=', '>>='))} {value()}",
            lambda: f"import {name()}.{name()}, {name()} as {name()}",
            lambda: f"from .{name()} import ({name()}, {name()} as {name()},)",
            lambda: f"from ... import {name()}",
            lambda: f"print({value()}); {target()} = {value()};",
            lambda: f"assert {value()}, {value()}",
            lambda: f"del {name()}, ({name()})",
            lambda: value(),
            lambda: f"x = \\\n {value()}",
            lambda: "pass  # class Pipe:",
        )

    def block(self, depth):
        """Indented statements."""
        text = "\n".join(self.statement(depth + 1) for _ in range(self.rand.randint(1, 3)))
        # Lines within brackets and strings may stand anywhere; more blanks do no harm there either.
        return "\n" + "\n".join(self.blanks + line for line in text.split("\n")) + "\n"

    def statement(self, depth=0):
        """Any statement."""
        name, value, target = self.name, self.value, self.target
        if depth > 2 or self.rand.random() < 0.5:
            return self.simple()
        block = lambda: self.block(depth)
        case = lambda: self.block(depth).replace("\n", "\n" + self.blanks)
        return self.pick(
            lambda: f"class {name()}:{block()}",
            lambda: f"@{value()}\nclass {name()}({name()}, metaclass={value()}): {self.simple()}",
            lambda: f"def {name()}({name()}_, /, b={value()}, *, c: {name()} = 1) -> {value()}:{block()}",
            lambda: f"async def {name()}(*a: 'x', **k):{block()}  ",
            lambda: f"if {value()}:{block()}elif {value()}:{block()}else:{block()}",
            lambda: f"for {target()} in {value()}, *{name()}:{block()}else:{block()}",
            lambda: f"while {value()}: {self.simple()}",
            lambda: f"try:{block()}except {name()}:{block()}except ({name()}, x) as {name()}:{block()}finally:{block()}",
            lambda: f"try:{block()}except* {value()} as {name()}:{block()}",
            lambda: f"with {value()} as ({target()}), {value()}:{block()}",
            lambda: f"with ({value()} as {name()}, {value()} as {name()},):{block()}",
            lambda: f"with ({value()}, {value()}) as {name()}:{block()}",
            lambda: f"match {value()}, {value()}:\n{self.blanks}case {{'k': Pipe, **rest}} if {value()}:{case()}",
            lambda: f"match({value()}):\n{self.blanks}case [1, *Filter] | A(x=2, Filter=[*Filter]):{case()}",
            lambda: f"match ({value()})[{value()}]:\n{self.blanks}case -1+2j | None | a.b | 'x' 'y' as Tools: {self.simple()}",
        )

    def module(self):
        """A module; not every one is good: the same name twice in an argument list, say."""
        self.blanks = self.rand.choice(("  ", "    ", "\t"))
        return "\n".join(self.statement() for _ in range(self.rand.randint(1, 6)))


def shown(text, line):
    """The line before and the line."""
    return re.split(r"\r\n|\r|\n", text)[max(line - 2, 0) : line]


def mutate(text, rand):
    """The text with one or two small damages."""
    for _ in range(rand.choice((1, 1, 1, 2))):
        what = rand.randrange(8)
        if what < 5:
            tokens = TOKEN.findall(text)
            at = rand.randrange(len(tokens))
            if what == 0:
                del tokens[at]
            elif what == 1:
                tokens.insert(at, tokens[at])
            elif what == 2:
                tokens.insert(at, rand.choice(WORDS))
            elif what == 3:
                tokens[at] = rand.choice(WORDS)
            else:
                other = min(at + rand.randint(1, 6), len(tokens) - 1)
                tokens[at], tokens[other] = tokens[other], tokens[at]
            text = "".join(tokens)
        else:
            at = rand.randrange(len(text))
            if what == 5:
                text = text[:at] + text[at + rand.choice((1, 1, 1, 2, 9)) :]
            elif what == 6:
                text = text[:at] + text[at] + text[at:]
            else:
                text = text[:at] + rand.choice(WORDS)[:1] + text[at:]
        text = text or "("
    return text


class Comparison:
    """The counts, and what is wrong."""

    def __init__(self, options):
        self.options = options
        self.scan = Scan(options.driver)
        self.judges = [judge, *(Judge(python) for python in options.python)]
        self.wrong = []
        self.seen = 0

    def fault(self, what, where, text):
        """Notes something wrong, and keeps the text for who looks into it."""
        self.wrong.append(what)
        print(f"WRONG: {what}: {where}")
        if self.options.keep and len(self.wrong) <= 200:
            Path(self.options.keep, f"{len(self.wrong)}.py").write_bytes(text.encode())

    def errors(self, text):
        """The judges' errors; empty where one of them compiles it."""
        errors = []
        for ask in self.judges:
            error = ask(text)
            if error is None:
                return []
            errors.append(error)
        return errors

    def bindings(self, text, found, where):
        """Compares the classes of a good text."""
        told = bindings(text)
        if told is None:
            return
        if found.bound != told.bound or found.star != told.star:
            self.fault("classes", f"{where}: {found.bound} {found.star}, ast: {told.bound} {told.star}", text)

    def good_or_bad(self, where, text):
        """One text; the errors where it is bad."""
        found, errors = self.scan(text), self.errors(text)
        if not errors and not found.fine:
            self.fault("false alarm", f"{where}:{found.line}:{found.col}: {found.message}", text)
        if not errors:
            self.bindings(text, found, where)
        return found, errors

    def files(self, files):
        """The files as they are; gives the good ones that are small enough to be mutated."""
        good, bad, missed, small = 0, 0, 0, []
        for path, text in files:
            found, errors = self.good_or_bad(path, text)
            good += not errors
            bad += bool(errors)
            missed += bool(errors) and found.fine
            if errors and found.fine and self.options.verbose:
                print(f"missed: {path}:{errors[-1][0]}: {errors[-1][2]}")
            if not errors and 200 < len(text) < MUTANT_SIZE:
                small.append(text)
        print(f"files: {good} good, {bad} broken, of these {missed} not seen")
        return small

    def generated(self, count, rand):
        """Texts made by the grammar."""
        generator, good = Generator(rand), 0
        for number in range(count):
            _, errors = self.good_or_bad(f"generated {number}", generator.module())
            good += not errors
        print(f"generated: {good} good of {count}")

    def mutants(self, sources, count, rand):
        """Damaged copies until `count` of them are broken."""
        broken = fine = caught = lines = messages = 0
        while broken < count:
            text = mutate(rand.choice(sources), rand)
            if "\0" in text:
                continue
            found, errors = self.good_or_bad(f"mutant {broken + fine}", text)
            if not errors:
                fine += 1
                continue
            broken += 1
            if not found.fine:
                caught += 1
                lines += any(found.line == error[0] for error in errors)
                messages += any(found.message == error[2] for error in errors)
            elif self.options.verbose:
                print(f"missed: {errors[0]} | {shown(text, errors[0][0])}")
            if self.options.verbose and not found.fine and all(found.line != error[0] for error in errors):
                print(f"line: {found.line}: {found.message} | {errors[0]} | {shown(text, errors[0][0])}")
            elif self.options.verbose and not found.fine and all(found.message != error[2] for error in errors):
                print(f"message: {found.message} | {errors[0]} | {shown(text, errors[0][0])}")
        share = 100 * caught / broken
        print(f"mutants: {fine} still good, {broken} broken: {share:.2f} % caught", end="")
        print(f", {100 * lines / max(caught, 1):.1f} % at the same line, {100 * messages / max(caught, 1):.1f} % in the same words")
        if share < self.options.catch:
            self.wrong.append("too few caught")


def main():
    """Runs the comparisons."""
    if sys.argv[1:] == ["--serve"]:
        return serve()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("driver", help="the program scan_driver")
    parser.add_argument("folder", nargs="*", metavar="DIR", help="where .py files are (this Python's standard library)")
    parser.add_argument("-p", "--python", action="append", default=[], help="one more Python that may compile a text")
    parser.add_argument("--files", type=int, help="at most so many files")
    parser.add_argument("--generated", type=int, default=1000, help="so many made texts (1000)")
    parser.add_argument("--mutants", type=int, default=1000, help="so many broken mutants (1000)")
    parser.add_argument("--catch", type=float, default=90, help="percent of the mutants to be caught (90)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", help="folder for the texts that went wrong")
    parser.add_argument("-v", "--verbose", action="store_true", help="show what is missed or named otherwise")
    options = parser.parse_args()
    if sys.version_info < (3, 11):
        print("skipped: needs Python 3.11")
        return 77
    sys.set_int_max_str_digits(0)
    rand = random.Random(options.seed)
    comparison = Comparison(options)
    small = comparison.files(texts_below(options.folder or [sysconfig.get_path("stdlib")], options.files, rand))
    comparison.generated(options.generated, rand)
    if options.mutants:
        comparison.mutants(small, options.mutants, rand)
    print(f"wrong: {len(comparison.wrong)}")
    return 1 if comparison.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
