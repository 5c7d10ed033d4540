# SPDX-License-Identifier: MIT
"""Two people who share a git repository and a server, each with a clone and a state folder of their own."""

import os
import re
import shutil
import subprocess

import plugins

CONFLICT = (
    r"'{title}' was deployed from elsewhere since \({version}, \d{{4}}-\d\d-\d\d \d\d:\d\d, (?:after )?commit [0-9a-f]{{7}}\)\. "
    r"Nothing was sent\."
)
REPLACES = "as it was deployed from elsewhere ("


def run_git(folder, *words, **options):
    """git, by nobody's settings; what it says."""
    env = {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Ann",
        "GIT_AUTHOR_EMAIL": "ann@example.com",
        "GIT_COMMITTER_NAME": "Ann",
        "GIT_COMMITTER_EMAIL": "ann@example.com",
    }
    ran = subprocess.run(["git", *map(str, words)], cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, (words, ran.stderr)
    return ran.stdout.strip()


class Person:
    """A clone, a state folder, and what one does with them."""

    def __init__(self, owup, server, folder, name):
        self.owup, self.server = owup, server
        self.folder = folder / name
        self.env = {"OWUP_HISTORY": folder / f"{name}.state"}
        self.plugin = None

    def git(self, *words):
        """git in this clone."""
        return run_git(self.folder, *words)

    def has(self, plugin):
        """The same plugin, as it lies in this clone."""
        options = dict(plugin.options)
        path = self.folder / plugin.path.relative_to(plugin.folder)
        self.plugin = plugins.Plugin(plugin.kind, plugin.id, path, self.folder, options)
        return self

    def commits(self, version=None, **options):
        """Writes a version, if any, and commits all there is."""
        if version:
            self.plugin.change(version=version, **options)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", f"version {version}")
        return self

    def pushes(self, *words):
        """To the common repository."""
        self.git("push", "-q", *words, "origin", "HEAD")
        return self

    def pulls(self):
        """Takes what the other has pushed; what stands uncommitted goes."""
        self.git("fetch", "-q", "origin")
        self.git("reset", "-q", "--hard", "origin/main")
        return self

    def asks(self, *words, **options):
        """owup in this clone."""
        env = {**self.env, **options.pop("env", {})}
        return self.owup(*words, to=self.server, cwd=self.folder, env=env, **options)

    def deploys(self, *words, **options):
        """A deploy that succeeds."""
        ran = self.asks("deploy", *words, self.plugin.file, **options)
        assert ran.status == 0, ran
        return ran

    def is_refused(self, version, *words, **options):
        """A deploy that would take the other's `version` away, and does not."""
        before = self.server.plugin(self.plugin.kind, self.plugin.id)
        ran = self.asks("deploy", *words, self.plugin.file, **options)
        assert ran.status == 1, ran
        told = CONFLICT.format(title=re.escape(before["name"]), version=re.escape(version))
        assert re.search("❌ " + told, ran.text), ran
        for step in ("owup diff", "owup pull --force", "owup deploy --force"):
            assert f"{step} {self.plugin.id}" in ran.text, ran
        assert self.server.plugin(self.plugin.kind, self.plugin.id)["content"] == before["content"]
        return ran

    def state(self, **options):
        """The word of `status`."""
        ran = self.asks("status", "--json", self.plugin.file, **options)
        (row,) = [line for line in ran.json if line["type"] == "status"]
        return row["state"]


def give_git(owup):
    """The program finds git."""
    (owup.bin / "git").symlink_to(shutil.which("git"))


def meet(owup, server, plugin, folder, **options):
    """Ann and Bob share `plugin` in a repository (`options` go to git init); Ann has deployed it, and
    both have seen that."""
    run_git(folder, "init", "-q", "--bare", "-b", "main", *options.get("init", ()), "common.git")
    run_git(folder, "init", "-q", "-b", "main", *options.get("init", ()), "ann")
    ann, bob = (Person(owup, server, folder, name) for name in ("ann", "bob"))
    ann.has(plugin)
    ann.git("remote", "add", "origin", folder / "common.git")
    ann.plugin.path.parent.mkdir(parents=True)
    (ann.folder / "README").write_text("plugins\n")
    ann.commits("1.0.0").pushes()
    run_git(folder, "clone", "-q", folder / "common.git", "bob")
    bob.has(plugin)
    ann.deploys()
    bob.deploys()
    return ann, bob
