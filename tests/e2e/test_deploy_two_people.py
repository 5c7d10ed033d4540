# SPDX-License-Identifier: MIT
"""A stamp proves that some owup wrote what is there, not that we have it."""

import contextlib
import os
import shutil
import sqlite3

import edits
import people
import plugins
import pytest

SLOW = '#!/bin/sh\necho "$@" >>"$0.log"\nexec /bin/sleep 20\n'


@pytest.fixture
def git(owup):
    """The program finds git."""
    people.give_git(owup)


@pytest.fixture
def two(git, server, owup, make, tmp_path):
    """Ann and Bob, who share 1.0.0."""
    return people.meet(owup, server, make(), tmp_path)


@pytest.fixture
def pair(git, sandbox, owup, make, tmp_path):
    """The same, where the server does not matter."""
    return people.meet(owup, sandbox, make(), tmp_path)


def stamp_of(person):
    """What stands in meta.owup."""
    return person.server.plugin(person.plugin.kind, person.plugin.id)["meta"]["owup"]


@pytest.mark.every_server
def test_work_that_was_never_seen_is_not_overwritten(two):
    ann, bob = two
    ann.commits("1.0.1").deploys()
    bob.plugin.change(version="1.0.2")
    bob.is_refused("1.0.1")
    assert bob.state() == "both changed"
    bob.is_refused("1.0.1", "--dry-run")
    bob.deploys("--force")
    assert edits.content(bob.server, bob.plugin) == bob.plugin.text


@pytest.mark.every_server
def test_work_that_was_pulled_is_gone_on_with(two):
    ann, bob = two
    ann.commits("1.0.1").pushes().deploys()
    bob.pulls().plugin.change(version="1.0.2")
    assert bob.state() == "changed here"
    ran = bob.deploys()
    assert people.REPLACES not in ran.text and "⚠️" not in ran.text, ran


def test_the_others_work_can_be_taken(pair):
    ann, bob = pair
    ann.commits("1.0.1").deploys()
    bob.plugin.change(version="1.0.2")
    bob.is_refused("1.0.1")
    assert bob.asks("pull", "--force", bob.plugin.id).status == 0
    assert bob.plugin.text == ann.plugin.text
    bob.plugin.change(version="1.0.2")
    assert "from elsewhere" not in bob.deploys().text


def test_a_stamp_that_somebody_made_up(pair):
    ann, bob = pair
    ann.commits("1.0.1").deploys()
    held = ann.server.plugin("filter", ann.plugin.id)
    forged = {"from": "\x1b[31m\u538b", "who": "精" * 5000, "blob": "--output=x", "write": "' OR 1", "dirty": "no"}
    edits.save(ann.server, ann.plugin, meta={**held["meta"], "owup": {**held["meta"]["owup"], **forged}})
    bob.plugin.change(version="1.0.2")
    ran = bob.asks("deploy", bob.plugin.file)
    assert ran.status == 1 and f", by {'精' * 100}). Nothing was sent." in ran.text, ran
    assert "\x1b" not in ran.text and "commit" not in ran.text, ran


def test_fetched_but_not_merged(pair):
    ann, bob = pair
    ann.commits("1.0.1").pushes().deploys()
    bob.git("fetch", "-q", "origin")
    bob.commits("1.0.2").is_refused("1.0.1")
    bob.git("merge", "-q", "-s", "ours", "origin/main")
    bob.deploys()


def test_a_dirty_tree(pair):
    """What was deployed before it was committed is known once it is."""
    ann, bob = pair
    ann.plugin.change(version="1.0.1")
    ann.deploys()
    assert stamp_of(ann)["dirty"] is True
    bob.plugin.change(version="1.0.2")
    ran = bob.is_refused("1.0.1")
    assert ", after commit " in ran.text, ran
    ann.commits().pushes()
    bob.pulls().plugin.change(version="1.0.2")
    bob.deploys()


def test_a_squashed_merge(pair):
    ann, bob = pair
    ann.git("checkout", "-q", "-b", "work")
    ann.commits("1.0.1").commits("1.0.2").deploys()
    ann.git("checkout", "-q", "main")
    ann.git("merge", "-q", "--squash", "work")
    ann.commits().pushes()
    bob.pulls().plugin.change(version="1.0.3")
    assert "from elsewhere" not in bob.deploys().text


def test_a_text_made_in_a_merge(pair):
    ann, bob = pair
    ann.git("checkout", "-q", "-b", "work")
    ann.commits("1.0.1")
    ann.git("checkout", "-q", "main")
    ann.commits("1.0.2")
    ann.git("merge", "-q", "--no-commit", "-s", "ours", "work")
    ann.plugin.change(version="1.0.3")
    ann.commits().pushes().deploys()
    bob.pulls().commits("1.0.4").deploys()


def test_a_moved_file(pair):
    ann, bob = pair
    ann.commits("1.0.1").deploys()
    ann.git("mv", "plugins", "moved")
    ann.commits().pushes()
    bob.pulls()
    bob.plugin.path = bob.folder / "moved" / bob.plugin.path.relative_to(bob.folder / "plugins")
    bob.plugin.change(version="1.0.2")
    assert "from elsewhere" not in bob.deploys().text


def test_an_amended_commit(pair):
    ann, bob = pair
    ann.commits("1.0.1").deploys()
    ann.git("commit", "-q", "--amend", "-m", "better words")
    ann.pushes()
    bob.pulls().plugin.change(version="1.0.2")
    bob.deploys()
    ann.pulls().plugin.change(version="1.0.3")
    ann.is_refused("1.0.2")


def test_an_older_checkout_on_purpose(pair):
    ann, bob = pair
    ann.commits("1.0.1").pushes().deploys()
    bob.pulls().git("checkout", "-q", "HEAD~1")
    bob.is_refused("1.0.1")
    bob.deploys("--force")


def clone_again(person, *words):
    """A fresh clone, and a state folder that has seen nothing."""
    shutil.rmtree(person.folder)
    shutil.rmtree(person.env["OWUP_HISTORY"])
    url = f"file://{person.folder.parent}/common.git"
    people.run_git(person.folder.parent, "-c", "protocol.file.allow=always", "clone", "-q", *words, url, person.folder.name)


def test_a_clone_without_blobs_is_asked_and_fetches_nothing(pair):
    ann, bob = pair
    common = ann.folder.parent / "common.git"
    people.run_git(common, "config", "uploadpack.allowFilter", "true")
    ann.commits("1.0.1").pushes().deploys()
    live = stamp_of(ann)["blob"]
    ann.commits("1.0.2").pushes()
    clone_again(bob, "--filter=blob:none")
    bob.plugin.change(version="1.0.3")
    common.rename(common.with_name("away.git"))
    ran = bob.deploys()
    assert people.REPLACES not in ran.text, ran
    common.with_name("away.git").rename(common)
    missing = bob.git("rev-list", "--objects", "--missing=print", "HEAD")
    assert f"?{live}" in missing.splitlines(), missing


def test_in_a_shallow_clone_only_a_yes_counts(pair):
    ann, bob = pair
    ann.commits("1.0.1").pushes().deploys()
    clone_again(bob, "--depth=1")
    bob.plugin.change(version="1.0.2")
    assert "from elsewhere" not in bob.deploys().text
    ann.commits("1.0.3").pushes("--force").commits("1.0.4").pushes()
    ann.deploys("--force")
    ann.commits("1.0.5").pushes()
    clone_again(bob, "--depth=1")
    bob.plugin.change(version="1.0.6")
    ran = bob.deploys()
    assert f"   This replaces '{bob.plugin.title}' as it was deployed from elsewhere (1.0.4, 20" in ran.err, ran


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_checkout_of_somebody_else(pair):
    """git refuses it: then what is known here decides."""
    ann, bob = pair
    ann.commits("1.0.1").pushes().deploys()
    bob.pulls().plugin.change(version="1.0.2")
    for folder, _, files in os.walk(bob.folder):
        for path in (folder, *(os.path.join(folder, name) for name in files)):
            os.chown(path, 65534, 65534)
    bob.is_refused("1.0.1")
    shutil.rmtree(bob.env["OWUP_HISTORY"])
    ran = bob.deploys()
    assert people.REPLACES in ran.err, ran


def test_without_git(owup, sandbox, make, tmp_path):
    """What this machine agreed on decides; where it knows nothing, what is replaced is said."""
    ann, bob = people.meet(owup, sandbox, make(), tmp_path)
    ann.commits("1.0.1").pushes().deploys()
    assert "dirty" not in stamp_of(ann)
    bob.pulls().plugin.change(version="1.0.2")
    bob.is_refused("1.0.1")
    assert bob.state() == "both changed"
    shutil.rmtree(bob.env["OWUP_HISTORY"])
    assert bob.state() == "changed here"
    ran = bob.deploys()
    assert f"   This replaces '{bob.plugin.title}' as it was deployed from elsewhere (1.0.1, 20" in ran.err, ran


@pytest.mark.clock(5)
def test_git_that_is_slow(owup, sandbox, make, tmp_path):
    ann, bob = people.meet(owup, sandbox, make(), tmp_path)
    ann.commits("1.0.1").pushes().deploys()
    bob.pulls().plugin.change(version="1.0.2")
    shutil.rmtree(bob.env["OWUP_HISTORY"])
    stub = owup.bin / "git"
    stub.write_text(SLOW)
    stub.chmod(0o755)
    ran = bob.deploys()
    assert people.REPLACES in ran.err and ran.seconds < 15, ran
    assert len((owup.bin / "git.log").read_text().splitlines()) == 1, "one deadline for all"


def test_an_unchanged_deploy_asks_no_git(owup, sandbox, make, tmp_path):
    ann, bob = people.meet(owup, sandbox, make(), tmp_path)
    stub = owup.bin / "git"
    stub.write_text('#!/bin/sh\necho "$@" >>"$0.log"\nexit 1\n')
    stub.chmod(0o755)
    for person in (ann, bob):
        assert person.deploys("--json").plugin["result"] == "unchanged"
        person.state()
    assert not (owup.bin / "git.log").exists()
    ann.plugin.change(version="1.0.1")
    ann.deploys()
    (asked,) = (owup.bin / "git.log").read_text().splitlines()
    assert " ls-tree " in asked


def test_line_ends_are_no_difference_to_git(pair):
    """With autocrlf the file has \\r\\n, git's text \\n."""
    ann, bob = pair
    for person in pair:
        person.git("config", "core.autocrlf", "true")
    ann.plugin.change(version="1.0.1")
    ann.plugin.change(text=ann.plugin.text.replace("\n", "\r\n"))
    ann.commits().pushes().deploys()
    assert stamp_of(ann)["blob"] == ann.git("rev-parse", f"HEAD:{ann.plugin.file}")
    assert stamp_of(ann)["dirty"] is False
    bob.pulls().plugin.change(version="1.0.2")
    assert "from elsewhere" not in bob.deploys().text


def test_a_filter_that_a_repository_names_is_not_run(pair):
    ann, _ = pair
    (ann.folder / ".gitattributes").write_text("*.py filter=evil\n")
    seen = ann.folder.parent / "seen"
    for name in ("filter.evil.clean", "filter.evil.process", "core.fsmonitor", "gpg.program", "core.pager"):
        ann.git("config", name, f"/bin/touch {seen}")
    ann.git("config", "log.showSignature", "true")
    ann.plugin.change(version="1.0.1")
    ann.deploys()
    assert "blob" not in stamp_of(ann) and not seen.exists()


def test_a_repository_with_sha256(git, owup, sandbox, make, tmp_path):
    ann, bob = people.meet(owup, sandbox, make(), tmp_path, init=["--object-format=sha256"])
    ann.commits("1.0.1").pushes().deploys()
    assert stamp_of(ann)["blob"] == ann.git("rev-parse", f"HEAD:{ann.plugin.file}")
    bob.plugin.change(version="1.0.2")
    bob.is_refused("1.0.1")
    bob.pulls().plugin.change(version="1.0.2")
    bob.deploys()


def test_imports_that_the_server_rewrites(pair):
    """The stamp has the file's id, not that of what the server holds."""
    ann, bob = pair
    ann.commits("1.0.1", end="# from utils import x\n").pushes().deploys()
    bob.pulls().plugin.change(version="1.0.2")
    assert "from elsewhere" not in bob.deploys().text


def test_a_stamp_of_before(pair):
    """Without a blob id the live text's own is asked for."""
    ann, bob = pair
    ann.commits("1.0.1").pushes().deploys()
    held = ann.server.plugin("filter", ann.plugin.id)
    new = ("blob", "dirty", "write", "who")
    old = {key: value for key, value in held["meta"]["owup"].items() if key not in new}
    edits.save(ann.server, ann.plugin, meta={**held["meta"], "owup": old})
    bob.plugin.change(version="1.0.2")
    bob.is_refused("1.0.1")
    bob.pulls().plugin.change(version="1.0.2")
    bob.deploys()


def test_what_stands_in_the_stamp(pair):
    ann, _ = pair
    ann.commits("1.0.1").deploys(env={"OWUP_WHO": "Ann's\tdesk"})
    first = stamp_of(ann)
    assert first["blob"] == ann.git("rev-parse", f"HEAD:{ann.plugin.file}")
    assert (first["dirty"], first["who"]) == (False, "Ann's desk")
    ann.commits("1.0.2").deploys(env={"CI": "true", "GITHUB_RUN_ID": "17"})
    second = stamp_of(ann)
    assert second["who"] == "GitHub run 17"
    assert len(second["write"]) == 16 and second["write"] != first["write"]
    ann.commits("1.0.3").deploys()
    assert "who" not in stamp_of(ann)


def other_name(server):
    """The same server under another URL: here what a copied database looks like."""
    return server.through(server.url.replace("127.0.0.1", "localhost"))


def test_a_state_that_is_known_under_another_url(owup, server, make):
    """It serves as base, `history` shows it, `rollback` can go back to it; nothing is written for it."""
    plugin = make()
    edits.deploys(owup, server, plugin)
    first = plugin.text
    edits.deploys(owup, server, plugin.change(version="1.1.0"))
    second, other = plugin.text, other_name(server)
    ran = owup("history", plugin.id, to=other)
    assert ran.status == 0 and "1.0.0" in ran.out and "1.1.0" in ran.out, ran
    assert f"   What was before is known from {server.url}: this state was written there, too." in ran.err, ran
    with contextlib.closing(sqlite3.connect(owup.home / ".local/state/owup/history.db")) as link:
        assert link.execute("SELECT count(DISTINCT server) FROM version").fetchone() == (1,)
    ran = edits.deploys(owup, other, plugin.change(version="1.2.0"))
    assert "from elsewhere" not in ran.text, ran
    assert second in [owup("history", plugin.id, "--show", str(n), to=other).out for n in (1, 2)]
    ran = owup("rollback", "--to", "1.0.0", plugin.id, to=other)
    assert ran.status == 0, ran
    assert f"   That version is known from {server.url}." in ran.err, ran
    assert edits.content(server, plugin) == first


def test_another_owups_state_is_not_known_by_its_text(owup, sandbox, make, tmp_path):
    """The same text by another write is no state of ours."""
    plugin = make()
    edits.deploys(owup, sandbox, plugin)
    text = plugin.text
    edits.deploys(owup, sandbox, plugin.change(version="1.1.0"), env=edits.stranger(tmp_path))
    edits.deploys(owup, sandbox, plugin.change(text=text), "--force", env=edits.stranger(tmp_path))
    ran = owup("history", plugin.id, to=other_name(sandbox))
    assert "known from" not in ran.text, ran
    assert plugins.held(text) == edits.content(sandbox, plugin)
