# SPDX-License-Identifier: MIT
"""Which file a word on the command line means, and what `list` and `--all` take."""

import os

import plugins
import pytest
from fault import FaultServer
from program import columns


def picked(owup, sandbox, *words, **options):
    """The files that a dry run of deploy takes."""
    ran = owup("deploy", "-n", "--json", *words, to=sandbox, **options)
    assert ran.status == 0, ran
    return [told["file"] for told in ran.plugins]


@pytest.fixture
def tree(project):
    """A project as people have them."""
    acc = project.write(
        "filter",
        "async_context_compression",
        path="plugins/filters/async-context-compression/async_context_compression.py",
        title="Async Context Compression",
    )
    project.write(
        "filter",
        "x",
        path="plugins/filters/async-context-compression/async_context_compression_cn.py",
        title="异步上下文压缩",
    )
    project.write("filter", "x", path="plugins/filters/folder-memory/folder_memory.py", title="Folder Memory")
    project.write("action", "x", path="plugins/actions/flash-card/flash_card.py", title="Flash Card")
    project.write("action", "x", path="plugins/actions/deep-dive/deep_dive.py", title="Deep Dive")
    project.write("action", "x", path="plugins/actions/deep-dive/deep_dive_cn.py", title="精读")
    project.write("tool", "x", path="plugins/tools/weather.py", title="Weather")
    project.write("pipe", "x", path="plugins/pipes/weather.py", title="Weather pipe")
    project.write("action", "x", path="plugins/actions/ACTION_PLUGIN_TEMPLATE.py", title="Template")
    project.write("action", "x", path="plugins/actions/draft/draft.py", title="[Draft] Something")
    project.write("filter", "x", path="plugins/.hidden/secret.py", title="Hidden")
    project.write("filter", "x", path="plugins/tests/in_tests.py", title="In tests")
    project.write("filter", "x", path="plugins/filters/test_me.py", title="Test me")
    project.write("filter", "x", path=".venv/lib/dep.py", title="Dependency")
    project.write("filter", "x", path="plugins/filters/helper/helper.py", text="def f():\n    return 1\n")
    return acc


ACC = "plugins/filters/async-context-compression/async_context_compression.py"


@pytest.mark.parametrize(
    ("word", "file"),
    [
        ("async-context-compression", ACC),
        ("async_context_compression", ACC),
        ("Async Context Compression", ACC),
        ("ASYNC.CONTEXT compression", ACC),
        (ACC, ACC),
        ("plugins/filters/async-context-compression", ACC),
        ("plugins/filters/async-context-compression/", ACC),
        ("folder-memory", "plugins/filters/folder-memory/folder_memory.py"),
        ("Flash Card", "plugins/actions/flash-card/flash_card.py"),
        ("flashcard", None),
        ("deep-dive", "plugins/actions/deep-dive/deep_dive.py"),
        ("deep-dive-cn", "plugins/actions/deep-dive/deep_dive_cn.py"),
        ("精读", "plugins/actions/deep-dive/deep_dive_cn.py"),
        ("tool/weather", "plugins/tools/weather.py"),
        ("pipe/weather", "plugins/pipes/weather.py"),
        ("Weather pipe", "plugins/pipes/weather.py"),
        ("draft", "plugins/actions/draft/draft.py"),
        ("ACTION_PLUGIN_TEMPLATE", "plugins/actions/ACTION_PLUGIN_TEMPLATE.py"),
    ],
)
def test_word_picks_the_file(sandbox, owup, tree, word, file):
    if file is None:
        assert owup("deploy", "-n", word, to=sandbox).status == 2
    else:
        assert picked(owup, sandbox, word) == [file]


def test_folder_without_a_project_around(sandbox, owup, project):
    """The file named as the folder, else the only one."""
    project.write("filter", "x", path="plugins/a/other.py", title="Only")
    assert picked(owup, sandbox, "plugins/a") == ["plugins/a/other.py"]
    project.write("filter", "x", path="plugins/a/a.py", title="Named")
    assert picked(owup, sandbox, "plugins/a") == ["plugins/a/a.py"]


def test_several_hits_list_the_commands(owup, tree):
    ran = owup("deploy", "weather", env={"OPENWEBUI_API_KEY": "sk-1234567"})
    assert ran.status == 2, ran
    for file in ("plugins/tools/weather.py", "plugins/pipes/weather.py"):
        assert file in ran.text, ran
    assert "owup deploy" in ran.text, ran


def test_no_hit_names_the_nearest(owup, tree):
    ran = owup("deploy", "folder-memmory", env={"OPENWEBUI_API_KEY": "sk-1234567"})
    assert ran.status == 2, ran
    assert "Did you mean" in ran.text and "folder" in ran.text.split("Did you mean")[1], ran
    ran = owup("deploy", "--json", "folder-memmory", env={"OPENWEBUI_API_KEY": "sk-1234567"})
    assert ran.status == 2
    assert "usage" in ran.out, ran


@pytest.mark.parametrize(
    "word, meant",
    [
        ("filters/folder_memory.py", "plugins/filters/folder-memory/folder_memory.py"),
        ("elsewhere/folder_memory.py", "plugins/filters/folder-memory/folder_memory.py"),
        ("异步", "cn_title"),
    ],
)
def test_no_hit_names_what_was_meant(owup, tree, project, word, meant):
    project.write("filter", "cn_title", title="异步上下文压缩")
    ran = owup("deploy", word, env={"OPENWEBUI_API_KEY": "sk-123456"})
    assert ran.status == 2 and f"Did you mean {meant}?" in ran.text, ran


def test_check_counts_a_word_without_a_plugin_as_deploy_does(sandbox, owup, tree):
    """It is no invalid plugin."""
    for command in ("check", "deploy"):
        flags = ["-n"] if command == "deploy" else []
        ran = owup(command, *flags, "folder_memory", "no-such-plugin", to=sandbox)
        assert ran.status == 2 and ", 1 failed" in ran.out and "invalid" not in ran.out, ran
        told = owup(command, *flags, "--json", "folder_memory", "no-such-plugin", to=sandbox)
        assert [one["result"] for one in told.plugins][1] == "failed", told


def test_list(owup, tree):
    ran = owup("list")
    assert ran.status == 0, ran
    for part in ("async_context_compression", "1.0.0", "Async Context Compression", ACC, "filter", "Weather pipe"):
        assert part in ran.out, ran
    for part in ("Hidden", "In tests", "Test me", "Dependency", "helper"):
        assert part not in ran.out, ran
    assert owup("ls").out == ran.out


def test_list_in_json(owup, tree):
    ran = owup("list", "--json")
    assert ran.status == 0, ran
    rows = {line["file"]: line for line in ran.json if "file" in line}
    row = rows[ACC]
    assert (row["id"], row["kind"], row["title"], row["version"]) == (
        "async_context_compression",
        "filter",
        "Async Context Compression",
        "1.0.0",
    )
    assert rows["plugins/actions/deep-dive/deep_dive_cn.py"]["title"] == "精读"


def test_list_narrows_by_type(owup, tree):
    ran = owup("list", "--type", "pipe")
    assert ran.status == 0, ran
    assert "Weather pipe" in ran.out and "Folder Memory" not in ran.out


def test_list_aligns_wide_titles(owup, project):
    """CJK takes two columns: the files stand below each other."""
    project.write("filter", "aa", title="精读精读")
    project.write("filter", "bb", title="12345678")
    lines = [line for line in owup("list").out.splitlines() if "plugins/" in line]
    assert len(lines) == 2
    columns = [line.index("plugins/") + sum(ord(c) > 0x2E80 for c in line[: line.index("plugins/")]) for line in lines]
    assert columns[0] == columns[1], lines


def test_list_fits_the_terminal(owup, project):
    """Titles and folders give way to the ids; in a pipe nothing is cut."""
    project.write("filter", "context_compression", title="异步上下文压缩过滤器，适用于很长的对话历史记录")
    project.write("filter", "short", title="A title that goes on for rather longer than is needed")
    status, shown = owup.on_terminal("list", width=80)
    head, first, second = shown.splitlines()
    assert status == 0 and all(columns(line) <= 80 for line in (head, first, second)), shown
    assert "context_compression " in first and first.endswith("_compression.py") and "异步" in first, shown
    assert second.endswith("/short.py") and "A title" in second, shown
    assert len({columns(line[: line.index(word)]) for line, word in ((head, "TITLE"), (first, "异步"))}) == 1, shown
    piped = owup("list").out
    assert "…" not in piped and "很长的对话历史记录" in piped and "plugins/filters/short/short.py" in piped, piped


def test_all_leaves_out_templates_and_copies(sandbox, owup, tree):
    (tree.folder / "plugins/pipes/weather.py").unlink()
    ran = owup("deploy", "--all", "-n", "--json", to=sandbox)
    assert ran.status == 0, ran
    assert sorted(told["file"] for told in ran.plugins) == sorted(
        [
            ACC,
            "plugins/filters/folder-memory/folder_memory.py",
            "plugins/actions/flash-card/flash_card.py",
            "plugins/actions/deep-dive/deep_dive.py",
            "plugins/tools/weather.py",
        ]
    )
    plain = owup("deploy", "--all", "-n", to=sandbox)
    assert "4" in [word for line in plain.text.splitlines() if "left out" in line.lower() for word in line.split()] or (
        "left out" in plain.text.lower() or "Left out" in plain.text
    ), plain
    ran = owup("deploy", "--all", "--localized", "-n", "--json", to=sandbox)
    files = {told["file"] for told in ran.plugins}
    assert "plugins/actions/deep-dive/deep_dive_cn.py" in files
    assert "plugins/actions/ACTION_PLUGIN_TEMPLATE.py" not in files


def test_all_below_a_folder(sandbox, owup, tree):
    assert sorted(picked(owup, sandbox, "--all", "plugins/filters")) == sorted(
        [ACC, "plugins/filters/folder-memory/folder_memory.py"]
    )


def test_ignore_file_and_exclude(sandbox, owup, tree):
    (tree.folder / ".owupignore").write_text("# mine\nplugins/actions/\n*memory.py\n")
    files = picked(owup, sandbox, "--all", "--type", "filter")
    assert files == [ACC]
    assert "Flash Card" not in owup("list").out
    (tree.folder / ".owupignore").unlink()
    files = picked(owup, sandbox, "--all", "--exclude", "*async*", "--type", "filter")
    assert files == ["plugins/filters/folder-memory/folder_memory.py"]


def test_an_id_twice_is_invalid_and_the_rest_goes_on(sandbox, owup, project, fresh):
    twice, single = fresh("twice"), fresh("single")
    project.write("filter", twice, path=f"plugins/a/{twice}.py")
    project.write("pipe", twice, path=f"plugins/b/{twice}.py")
    project.write("filter", single)
    ran = owup("deploy", "--all", "--json", to=sandbox)
    assert ran.status == 5, ran
    results = sorted((told["id"], told["result"]) for told in ran.plugins)
    assert results == sorted([(single, "created"), (twice, "invalid"), (twice, "invalid")]), ran
    assert sandbox.function(twice) is None
    assert sandbox.function(single)
    sandbox.delete("filter", single)


def test_a_slip_in_the_class_does_not_hide_the_plugin(sandbox, owup, project, fresh):
    slip, good = fresh("slip"), fresh("good")
    text = '"""\ntitle: Slip\nauthor: me\nversion: 1.0.0\n"""\n\n\nclass Fliter:\n    def inlet(self, b):\n        return b\n'
    project.write("filter", slip, text=text)
    project.write("filter", good)
    (project.folder / "plugins/script.py").write_text('"""\ntitle: how to run this\n"""\nprint(1)\n')
    file = f"plugins/filters/{slip}/{slip}.py"
    assert [told["file"] for told in owup("list", "--json").plugins if told["id"] != good] == [file]
    for command in ("check", "deploy"):
        ran = owup(command, "--all", "--json", to=sandbox)
        assert ran.status == 5, ran
        results = {told["id"]: told["result"] for told in ran.plugins}
        assert results == {slip: "invalid", good: "fine" if command == "check" else "created"}, ran
    assert 'did you mean "class Filter"' in owup("deploy", slip, to=sandbox).text
    sandbox.delete("filter", good)


def test_all_does_not_pass_over_a_file_that_it_cannot_take(sandbox, owup, make):
    """Too big stands here for all that cannot be read: modes mean nothing to root."""
    plugin = make()
    big = plugin.path.parent / "big.py"
    with big.open("wb") as file:
        file.truncate(65 << 20)
    shown = str(big.relative_to(owup.cwd))
    by_name = owup("deploy", shown, "-n", to=sandbox)
    assert by_name.status == 5 and "larger than 64 MB" in by_name.out, by_name
    ran = owup("deploy", "--all", "--atomic", "--json", to=sandbox)
    assert ran.status == 5, ran
    assert {told["file"]: told["result"] for told in ran.plugins} == {plugin.file: "skipped", shown: "failed"}, ran
    assert sandbox.function(plugin.id) is None
    ran = owup("deploy", "--all", "--json", to=sandbox)
    assert ran.status == 5, ran
    assert {told["file"]: told["result"] for told in ran.plugins} == {plugin.file: "created", shown: "failed"}, ran
    for words in (["check", "--all"], ["diff", "--all"]):
        ran = owup(*words, to=sandbox)
        assert ran.status != 0 and by_name.out.splitlines()[0] in ran.out, ran
    for words in (["list"], ["status"]):
        ran = owup(*words, to=sandbox)
        assert ran.status == 0 and plugin.id in ran.out, ran
        assert "⚠️" in ran.err and "larger than 64 MB" in ran.err, ran
    watching = owup.start("watch", to=sandbox)
    watching.wait_for("larger than 64 MB")
    watching.wait_for("Watching 1 plugin")
    watching.interrupt()
    watching.finish()
    ran = owup("deploy", "--all", "--exclude", "big.py", to=sandbox)
    assert ran.status == 0, ran


def test_a_tool_and_a_function_may_share_an_id(sandbox, owup, project, fresh):
    both = fresh("both")
    project.write("filter", both, path=f"plugins/a/{both}.py")
    project.write("tool", both, path=f"plugins/b/{both}.py")
    ran = owup("deploy", "--all", "--json", to=sandbox)
    assert ran.status == 0, ran
    assert sandbox.function(both) and sandbox.tool(both)
    sandbox.delete("filter", both)
    sandbox.delete("tool", both)


@pytest.mark.parametrize(
    ("path", "header", "wanted"),
    [
        ("plugins/flux.1_dev.py", "", "flux_1_dev"),
        ("plugins/my-filter.py", "", "my_filter"),
        ("plugins/My Filter.py", "", "my_filter"),
        ("plugins/weather/main.py", "", "weather"),
        ("plugins/weather-two/tool.py", "", "weather_two"),
        ("plugins/deep/__init__.py", "", "deep"),
        ("plugins/anything.py", "id: chosen_one\n", "chosen_one"),
        ("plugins/精读.py", "", "精读"),
        ("plugins/Фильтр.py", "", "фильтр"),
        ("plugins/a--b..c.py", "", "a_b_c"),
    ],
)
def test_id(sandbox, owup, project, path, header, wanted):
    project.write("filter", "x", path=path, header=header)
    ran = owup("deploy", "-n", "--json", path, to=sandbox)
    assert ran.status == 0, ran
    assert ran.plugin["id"] == wanted


@pytest.mark.parametrize("wrong", ["../x", "a b", "1abc", "a-b", "", "class!"])
def test_id_that_is_none(sandbox, owup, make, wrong):
    ran = owup("deploy", "--id", wrong, make().file, to=sandbox)
    assert ran.status in (2, 5), ran
    assert "❌" in ran.out or "id" in ran.text


def test_without_a_word(sandbox, owup, project):
    """Exactly one plugin in the folder is deployed; else the choices are named."""
    one = project.write("filter", "x", path="plugins/one/one.py")
    ran = owup("deploy", "-n", "--json", to=sandbox, cwd=one.path.parent)
    assert [told["id"] for told in ran.plugins] == ["one"], ran
    project.write("filter", "x", path="plugins/one/two.py")
    ran = owup("deploy", "-n", to=sandbox, cwd=one.path.parent)
    assert ran.status == 2, ran
    assert "one" in ran.text and "two" in ran.text
    empty = project.folder / "empty"
    empty.mkdir()
    assert owup("deploy", "-n", to=sandbox, cwd=empty).status == 2


def test_paths_are_shown_as_seen_from_here(sandbox, owup, project):
    plugin = project.write("filter", "x", path="plugins/one/one.py")
    assert picked(owup, sandbox, plugin.path) == ["plugins/one/one.py"]
    assert picked(owup, sandbox, "one.py", cwd=plugin.path.parent) == ["one.py"]
    assert picked(owup, sandbox, "../one/one.py", cwd=plugin.path.parent) == ["one.py"]


def test_symbolic_links_do_not_loop(owup, project):
    project.write("filter", "aa")
    os.symlink(project.folder / "plugins", project.folder / "plugins/again")
    ran = owup("list", "--json")
    assert len([line for line in ran.json if line.get("id") == "aa"]) == 1, ran


def test_list_of_nothing(owup, project):
    ran = owup("list")
    assert ran.status == 0, ran
    assert ran.err.strip() or ran.out.strip()


@pytest.mark.parametrize("kind", plugins.CLASSES)
def test_kind_is_the_class_whatever_the_folder(sandbox, owup, project, kind):
    plugin = project.write(kind, "x", path="plugins/filters/some.py")
    ran = owup("deploy", "-n", "--json", plugin.file, to=sandbox)
    assert ran.plugin["kind"] == kind, ran


@pytest.mark.parametrize(
    ("end", "kind"),
    [
        ("\n\nclass Filter:\n    pass\n\n\nclass Pipe:\n    pass\n", "pipe"),
        ("\n\nclass Base:\n    pass\n\n\nAction = Base\n", "action"),
        ("\n\nif True:\n    class Filter:\n        pass\n", "filter"),
        ("\n\ntry:\n    from mine import Tools\nexcept ImportError:\n    Tools = object\n", "tool"),
    ],
)
def test_kind_of_a_bound_name(sandbox, owup, project, end, kind):
    plugin = project.write("filter", "x", path="plugins/some.py", text='"""\ntitle: T\n"""' + end)
    ran = owup("deploy", "-n", "--json", plugin.file, to=sandbox)
    assert ran.plugin["kind"] == kind, ran


@pytest.mark.parametrize("bad", ["../x", "a/../../x", "..", "x/y", "a b", "a%2fb", "x\\y"])
def test_an_id_that_is_none(sandbox, owup, make, bad):
    plugin = make()
    with FaultServer(sandbox.url) as proxy:
        by_flag = owup("deploy", "--id", bad, plugin.file, to=sandbox.through(proxy.url))
        plugin.change(header=f"id: {bad}\n")
        in_file = owup("deploy", plugin.file, to=sandbox.through(proxy.url))
        assert proxy.count() == 0
    for ran in (by_flag, in_file):
        assert ran.status in (2, 5) and bad in ran.text, ran
