"""Fixtures of the end-to-end tests: the servers, the program, files to deploy."""

import itertools
import os

import plugins
import program
import pytest
import realserver
import servers
from watching import Watching

sequence = itertools.count(1)


def or_skip(reason):
    """Skips on a user's machine; fails where CI=true, so that nothing is left out unseen."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def allowed(metafunc, name):
    """Whether a test with these markers is for the server called `name`."""
    marker = metafunc.definition.get_closest_marker
    generation = servers.generation_of(name)
    since, until = marker("since"), marker("until")
    if marker("needs_python") and not name.startswith("real"):
        return False
    if since and generation < servers.generation_of(since.args[0]):
        return False
    return not (until and generation > servers.generation_of(until.args[0]))


def pytest_generate_tests(metafunc):
    """Runs every test that takes `server` on each server that its markers allow."""
    if "server" in metafunc.fixturenames:
        names = [name for name in servers.NAMES if allowed(metafunc, name)]
        metafunc.parametrize("server", names, indirect=True, scope="session")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Groups the tests by server, so that each is started once: pytest groups by a parameter's index,
    which is not the same in tests that leave servers out."""
    order = {name: number for number, name in enumerate(servers.NAMES, 1)}
    items.sort(key=lambda item: order.get(getattr(item, "callspec", None) and item.callspec.params.get("server"), 0))


def started(name):
    """A running server, or a skip with the reason."""
    try:
        return servers.start(name)
    except realserver.Unavailable as reason:
        return or_skip(f"{name}: {reason}")


@pytest.fixture(scope="session")
def server(request):
    """The server that the test is run against."""
    running = started(request.param)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def sandbox():
    """One sandbox of the newest generation, for tests that are not about the server."""
    running = started("sandbox-0.12")
    yield running
    running.stop()


@pytest.fixture
def owup(tmp_path):
    """Runs the program; see program.Owup."""
    runner = program.Owup(os.environ["OWUP_BIN"], tmp_path)
    yield runner
    runner.end_all()


@pytest.fixture
def project(tmp_path):
    """An empty project folder (it has plugins/) below which tests write files."""
    return plugins.Project(tmp_path / "home" / "project")


@pytest.fixture
def fresh():
    """Makes ids that no other test uses: fresh("f") -> "f_17"."""
    return lambda stem="p": f"{stem}_{next(sequence)}"


@pytest.fixture
def make(project, fresh, request):
    """Makes a plugin file with a fresh id; what the server holds under it is deleted afterwards."""
    made = []

    def factory(kind="filter", **options):
        plugin = project.write(kind, options.pop("id", None) or fresh(kind), **options)
        made.append(plugin)
        return plugin

    yield factory
    for name in ("server", "sandbox"):
        if name in request.fixturenames:
            for plugin in made:
                request.getfixturevalue(name).delete(plugin.kind, plugin.id)


@pytest.fixture
def watch(owup):
    """Starts a watch: watch("NAME", to=server)."""

    def start(*arguments, **options):
        return Watching(owup.start("watch", *arguments, **options))

    return start


@pytest.fixture
def elsewhere(owup):
    """A folder without any plugin: a rollback needs no file."""
    folder = owup.home / "elsewhere"
    folder.mkdir()
    return folder


@pytest.fixture
def deployed(server, owup, make):
    """Makes a plugin and deploys three versions of it, each with its own name and description."""

    def factory(kind="filter", versions=("1.0.0", "1.1.0", "1.2.0"), to=server, **options):
        plugin = make(kind)
        texts = []
        for version in versions:
            title = f"{plugin.id} at {version}"
            plugin.change(version=version, title=title, description=f"Says {version}", **options)
            ran = owup("deploy", plugin.file, to=to)
            assert ran.status == 0, ran
            texts.append(plugin.text)
        return plugin, texts

    return factory


@pytest.fixture
def roll(server, owup, elsewhere):
    """owup rollback of a plugin, from a folder that has none."""

    def run(plugin, *arguments, json_too=True, to=server, **options):
        flags = ["--json"] if json_too else []
        return owup("rollback", *flags, *arguments, plugin.id, to=to, cwd=elsewhere, **options)

    return run
