# SPDX-License-Identifier: MIT
"""Bad input: a clear error, nothing sent, nothing lost."""

import os

import plugins
import pytest
from fault import FaultServer

KEY = {"OPENWEBUI_API_KEY": "sk-1234567890abcdef"}


@pytest.fixture
def recorder():
    """A server that must not be asked to write anything."""
    with FaultServer() as server:
        yield server
        assert server.count("POST") == 0


def refused(owup, recorder, *arguments, statuses=(5,)):
    """Deploys, and expects an error that says something."""
    ran = owup("deploy", *arguments, env={**KEY, "OPENWEBUI_URL": recorder.url})
    assert ran.status in statuses, ran
    assert "❌" in ran.out or ": " in ran.text, ran
    assert ran.text.strip(), ran
    told = owup("deploy", "--json", *arguments, env={**KEY, "OPENWEBUI_URL": recorder.url})
    assert told.status == ran.status, told
    assert told.json, told
    return ran


def test_missing_file(owup, recorder):
    ran = refused(owup, recorder, "plugins/no_such.py", statuses=(2, 5))
    assert "plugins/no_such.py" in ran.text


def test_folder_without_a_plugin(owup, recorder, project):
    (project.folder / "plugins/empty").mkdir()
    (project.folder / "plugins/empty/helper.py").write_text("x = 1\n")
    ran = refused(owup, recorder, "plugins/empty", statuses=(2, 5))
    assert "plugins/empty" in ran.text


def test_a_file_that_is_no_python(owup, recorder, project):
    (project.folder / "README.md").write_text("# Hello\n")
    ran = refused(owup, recorder, "README.md", statuses=(2, 5))
    assert "README.md" in ran.text


@pytest.mark.parametrize("name", ["latin1", "utf16"])
def test_not_utf8(owup, recorder, make, name):
    plugin = make(title="Überschrift")
    plugin.path.write_bytes(plugin.text.encode(name))
    ran = refused(owup, recorder, plugin.file)
    assert "UTF-8" in ran.text and plugin.file in ran.text, ran


def test_a_title_that_is_not_utf8_is_not_shown(owup, recorder, make):
    plugin = make(title="异步上下文")
    plugin.path.write_bytes(plugin.text.encode("gbk"))
    ran = refused(owup, recorder, plugin.file)
    assert f"'{plugin.id}' was not sent" in ran.text, ran
    assert f"'{plugin.id}' is invalid" in owup("check", plugin.file).text


def test_not_utf8_names_the_line(owup, recorder, make):
    plugin = make()
    plugin.path.write_bytes(plugin.text.encode() + b"# caf\xe9\n")
    ran = refused(owup, recorder, plugin.file)
    line = plugins.line_of(plugin.path.read_bytes().decode("latin1"), "# caf")
    assert f"{plugin.file}:{line}" in ran.text, ran


def test_byte_order_mark(owup, recorder, make):
    plugin = make()
    plugin.path.write_bytes(b"\xef\xbb\xbf" + plugin.path.read_bytes())
    ran = refused(owup, recorder, plugin.file)
    assert "BOM" in ran.text or "byte order mark" in ran.text, ran


def test_nul(owup, recorder, make):
    plugin = make(end="# \0\n")
    ran = refused(owup, recorder, plugin.file)
    assert "NUL" in ran.text, ran


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n"])
def test_empty_file(owup, recorder, make, text):
    plugin = make(text=text)
    ran = refused(owup, recorder, plugin.file)
    assert plugin.file in ran.text


def test_no_class(owup, recorder, make):
    plugin = make(text='"""\ntitle: T\n"""\n\nclass Filtre:\n    pass\n')
    ran = refused(owup, recorder, plugin.file)
    assert "class" in ran.text and "Filter" in ran.text, ran


@pytest.mark.parametrize(
    "header, said",
    [
        ('"""\ntitle：全角\nversion：1.0.0\n"""\n', ':2: "：" is a full-width colon; the server reads only "title: …"'),
        ("'''\ntitle: T\n'''\n", ":1: the first line is not"),
        ('# mine\n"""\ntitle: T\n"""\n', ":2: the docstring stands not on the first line"),
    ],
    ids=["colon", "quotes", "place"],
)
def test_header_that_no_server_reads(sandbox, owup, make, header, said):
    plugin = make(text=header + "class Filter:\n    def inlet(self, body):\n        return body\n")
    note = f"{plugin.file}{said}"
    checked = owup("check", plugin.file)
    assert checked.status == 0 and f"⚠️ {note}" in checked.err, checked
    assert owup("check", "--json", plugin.file).plugin["warnings"][0].startswith(note)
    for flags in (["-n"], []):
        ran = owup("deploy", *flags, "--json", plugin.file, to=sandbox)
        assert ran.status == 0 and ran.plugin["notes"][0].startswith(note), ran
    bumped = owup("bump", "patch", plugin.file)
    reason = said.split(": ", 1)[1].replace('"title: …"', '"version: …"')
    assert bumped.status == 5 and reason in bumped.text, bumped


def test_class_in_a_comment_or_string_is_no_class(owup, recorder, make):
    plugin = make(text='"""\ntitle: T\nclass Filter:\n"""\n# class Filter:\nx = "class Pipe:"\n')
    refused(owup, recorder, plugin.file)


def test_two_classes(sandbox, owup, make):
    """Servers take the first of Pipe, Filter, Action, Event; whatever else is in there is said."""
    plugin = make("pipe", end="\n\nclass Filter:\n    pass\n")
    ran = owup("deploy", plugin.file, to=sandbox)
    assert ran.status in (0, 5), ran
    if ran.status == 0:
        assert sandbox.function(plugin.id)["type"] == "pipe"
        assert f"Deploying pipe '{plugin.title}'" in ran.out
    assert "Pipe" in ran.text and "Filter" in ran.text, ran


def test_huge_file(owup, recorder, project):
    path = project.folder / "plugins/huge.py"
    with open(path, "wb") as file:
        file.write(b'"""\ntitle: Huge\n"""\n\nclass Filter:\n    pass\n')
        line = b"# " + b"x" * 1021 + b"\n"
        for _ in range(100 * 1024):
            file.write(line)
    assert path.stat().st_size > 100_000_000
    ran = refused(owup, recorder, "plugins/huge.py")
    assert "big" in ran.text or "large" in ran.text or "MB" in ran.text, ran


def test_endless_file(owup, recorder):
    """A device is no plugin."""
    ran = refused(owup, recorder, "/dev/zero", statuses=(2, 5))
    assert "/dev/zero" in ran.text


def test_fifo(owup, recorder, project):
    """Not waited for forever."""
    os.mkfifo(project.folder / "plugins/pipe.py")
    refused(owup, recorder, "plugins/pipe.py", statuses=(2, 5))
    assert owup("list", seconds=20).status == 0


def test_standard_input_needs_an_id(owup, recorder):
    ran = refused(owup, recorder, "-", statuses=(2,))
    assert "--id" in ran.text


def test_broken_symbolic_link(owup, recorder, project):
    os.symlink("nowhere.py", project.folder / "plugins/link.py")
    refused(owup, recorder, "plugins/link.py", statuses=(2, 5))


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_unreadable_file(owup, recorder, make):
    plugin = make()
    plugin.path.chmod(0)
    ran = refused(owup, recorder, plugin.file)
    assert plugin.file in ran.text


def test_deep_nesting(owup, recorder, make):
    """No stack overflow."""
    plugin = make(end="\nx = " + "(" * 200_000 + "\n")
    refused(owup, recorder, plugin.file)


@pytest.mark.parametrize(
    ("end", "part"),
    [
        ('\nx = "abc\n', 'x = "abc'),
        ('\nx = """abc\n', 'x = """abc'),
        ("\nx = (1, 2\n", "x = (1, 2"),
        ("\nx = 1)\n", "x = 1)"),
        ("\nx = [1)\n", "x = [1)"),
        ("\nif True:\n    x = 1\n  y = 2\n", "  y = 2"),
        ("\nif True:\nx = 1\n", "x = 1"),
        ("\nx = f'{a'\n", "x = f'{a'"),
        ("\n\tx = 1\n", "\tx = 1"),
    ],
)
def test_what_the_scan_finds(owup, recorder, make, end, part):
    plugin = make(end=end)
    ran = owup("deploy", plugin.file, env={**KEY, "OPENWEBUI_URL": recorder.url}, python=False)
    assert ran.status == 5, ran
    place = [line for line in ran.text.splitlines() if line.startswith(plugin.file + ":")]
    assert place, ran
    lines = {int(line.split(":")[1]) for line in place}
    assert plugins.line_of(plugin.text, part) in lines or len(plugin.text.split("\n")) in lines | {
        line + 1 for line in lines
    }, ran


def test_control_characters_of_a_file_do_not_reach_the_terminal(sandbox, owup, make):
    plugin = make(title="Evil \x1b[31mred\x07 title", end='\nx = "\x1b[2J\n')
    shown = owup.on_terminal("check", plugin.file)[1]
    assert "\x1b[2J" not in shown and "\x07" not in shown and "\x1b[31mred" not in shown
    plugin.change(end="")
    ran = owup("deploy", plugin.file, to=sandbox)
    assert "\x1b" not in ran.text
    assert ran.status == 0, ran


def test_many_words(owup, recorder, project):
    """A long command line is no trouble; each word gets its answer."""
    names = [f"none_{n}" for n in range(500)]
    ran = owup("deploy", "--json", *names, env={**KEY, "OPENWEBUI_URL": recorder.url})
    assert ran.status == 2, ran
