# SPDX-License-Identifier: MIT
"""Fixtures of the end-to-end tests: the servers, the program, files to deploy."""

import itertools
import os
import re

import batch
import plugins
import program
import pytest
import realserver
import servers
from watching import Watching
from xdist.scheduler import LoadScopeScheduling

# Each worker of pytest-xdist counts numbers that no other one has.
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
sequence = itertools.count(1 + WORKER, WORKERS)


def or_skip(reason):
    """Skips on a user's machine; fails where CI=true, so that nothing is left out unseen."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def allowed(marker, name):
    """Whether a test with these markers can be run on the server called `name`."""
    generation = servers.generation_of(name)
    since, until = marker("since"), marker("until")
    if marker("needs_python") and not name.startswith("real"):
        return False
    if since and generation < servers.generation_of(since.args[0]):
        return False
    return not (until and generation > servers.generation_of(until.args[0]))


def servers_for(marker):
    """The servers that a test with these markers is run on: every one that it allows where its subject
    differs by server, else the newest of each sort."""
    names = [name for name in servers.NAMES if allowed(marker, name)]
    if any(marker(name) for name in ("every_server", "since", "until")):
        return names
    return [name for name in names if name in servers.NEWEST]


def pytest_generate_tests(metafunc):
    """Runs every test that takes `server` on the servers that its markers ask for."""
    if "server" in metafunc.fixturenames:
        names = servers_for(metafunc.definition.get_closest_marker)
        metafunc.parametrize("server", names, indirect=True)


class ByServer(LoadScopeScheduling):
    """Shares the tests out so that one worker has all of a real server's, and starts it once; an embedded
    server costs nothing to start, and its tests fill what is left."""

    def _split_scope(self, nodeid):
        found = re.search(r"real-[0-9.]*[0-9]", nodeid)
        return found[0] if found else nodeid


def pytest_xdist_make_scheduler(config, log):
    """For -n, whatever --dist says."""
    return ByServer(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Groups the tests by server, and begins with those that take long: at the end a worker alone with
    one of them would be waited for."""
    order = {name: number for number, name in enumerate(servers.NAMES, 1)}

    def place(item):
        """First what needs no server; then one server after the other."""
        name = getattr(item, "callspec", None) and item.callspec.params.get("server")
        return order.get(name, 0), item.get_closest_marker("slow") is None

    items.sort(key=place)


@pytest.fixture(scope="session")
def fleet():
    """The servers that this worker has started."""
    started = servers.Fleet()
    yield started
    started.stop()


def started(fleet, name, use=""):
    """A running server, or a skip with the reason."""
    try:
        return fleet.get(name, use)
    except realserver.Unavailable as reason:
        return or_skip(f"{name}: {reason}")


@pytest.fixture
def server(fleet, request):
    """The server that the test is run against."""
    return started(fleet, request.param)


@pytest.fixture
def sandbox(fleet):
    """One sandbox of the newest generation, for tests that are not about the server."""
    return started(fleet, servers.NEWEST[0], "sandbox")


@pytest.fixture
def owup(tmp_path, request):
    """Runs the program; see program.Owup."""
    marker = request.node.get_closest_marker("clock")
    runner = program.Owup(os.environ["OWUP_BIN"], tmp_path, *(marker.args if marker else ()))
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
        return Watching(owup.start("watch", *arguments, **options), owup.clock)

    return start


@pytest.fixture
def elsewhere(owup):
    """A folder without any plugin: a rollback needs no file."""
    folder = owup.home / "elsewhere"
    folder.mkdir()
    return folder


@pytest.fixture
def several(owup, make):
    """Makes so many plugins that are on a server and in the local history: to that, a proxy is another
    server."""

    def factory(count, to, kinds=("filter",), **options):
        made = [make(kinds[n % len(kinds)], **options) for n in range(count)]
        ran = owup("deploy", "--json", *batch.files(made), to=to)
        assert set(batch.results(ran).values()) == {"created"}, ran
        return made

    return factory


@pytest.fixture
def releases(server, owup, make):
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


@pytest.fixture
def remote(server, fresh, request):
    """A plugin that only the server has: remote("tool") -> its id."""

    def make(kind="filter", text=None, **options):
        plugin_id = options.pop("id", None) or fresh(f"theirs_{kind}")
        request.addfinalizer(lambda: server.delete(kind, plugin_id))
        server.create(kind, plugin_id, text or plugins.source(kind, **options), name=f"Title of {plugin_id}")
        return plugin_id

    return make
