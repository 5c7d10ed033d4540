# SPDX-License-Identifier: MIT
"""Code that one process of a server can load only once: it is created without an update before it."""

import fault
import pytest
from fault import FaultServer

TABLE = """
from sqlalchemy import Column, Text
from open_webui.internal.db import Base


class Row_{id}(Base):
    __tablename__ = "rows_{id}"
    {args}
    id = Column(Text, primary_key=True)
"""


def with_table(make, kind="filter", args=""):
    """A plugin that declares a table on the server's own Base."""
    plugin = make(kind)
    plugin.change(end=TABLE.format(id=plugin.id, args=args))
    return plugin


@pytest.mark.every_server
@pytest.mark.needs_python
@pytest.mark.parametrize("kind", ["filter", "tool"])
def test_a_table_on_the_shared_base(server, owup, make, kind):
    plugin = with_table(make, kind)
    note = f"Created without trying an update: its code can be loaded only once (table 'rows_{plugin.id}')."
    with FaultServer(server.url) as proxy:
        ran = owup("deploy", plugin.file, to=server.through(proxy.url))
        assert (proxy.count("POST", "/update$"), proxy.count("POST", "/create$")) == (0, 1), ran
    assert ran.status == 0 and "   " + note in ran.text.splitlines(), ran
    assert server.plugin(kind, plugin.id)["content"] == plugin.text
    if not server.is_real:
        return
    plugin.change(end=TABLE.format(id=plugin.id, args="") + "# more\n")
    ran = owup("deploy", plugin.file, to=server)
    assert ran.status == 1 and "extend_existing" in ran.text and "restart" in ran.text, ran
    plugin.change(end=TABLE.format(id=plugin.id, args='__table_args__ = {"extend_existing": True}'))
    ran = owup("deploy", plugin.file, to=server)
    assert ran.status == 0, ran


@pytest.mark.parametrize("words", ["Table 'r' is already defined for this MetaData instance.", None], ids=["said", "hidden"])
def test_a_refused_update_names_what_helps(sandbox, owup, make, words):
    plugin = with_table(make)
    sandbox.create("filter", plugin.id, "# old\n" + plugin.text)
    with FaultServer(sandbox.url) as proxy:
        proxy.on("POST", "/update$", fault.reply(400, {"detail": words or "[ERROR: Error updating function]"}))
        ran = owup("deploy", plugin.file, to=sandbox.through(proxy.url))
    assert ran.status == 1 and "extend_existing" in ran.text, ran


def test_without_such_a_mark_an_update_is_tried_first(sandbox, owup, make):
    plugin = with_table(make, args='__table_args__ = {"extend_existing": True}')
    with FaultServer(sandbox.url) as proxy:
        ran = owup("deploy", plugin.file, to=sandbox.through(proxy.url))
        assert (proxy.count("POST", "/update$"), proxy.count("POST", "/create$")) == (1, 1), ran
    assert ran.status == 0 and "only once" not in ran.text, ran
