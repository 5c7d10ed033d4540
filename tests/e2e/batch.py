# SPDX-License-Identifier: MIT
"""Several plugins in one command: what is typed, what came of each."""


def files(plugins):
    """What is typed."""
    return [plugin.file for plugin in plugins]


def results(ran):
    """id -> result, in the order of the output."""
    return {line["id"]: line["result"] for line in ran.plugins}


def newer(plugins, version="1.1.0"):
    """A newer version in each file; the plugins."""
    for plugin in plugins:
        plugin.change(version=version)
    return plugins
