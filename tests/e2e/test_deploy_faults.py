# SPDX-License-Identifier: MIT
"""A short fault run; `tests/e2e/fault_run.py` is the long one, with faults that never end."""

import os

import fault_run
import pytest

DEPLOYS = int(os.environ.get("OWUP_FAULT_DEPLOYS") or 60)


@pytest.mark.since("0.11")
def test_what_owup_says_is_what_the_server_holds(server):
    counts, wrong = fault_run.run(server, DEPLOYS)
    print(dict(counts))
    assert not wrong, f"{len(wrong)} of {DEPLOYS}, the first:\n{wrong[0]}"
    assert counts["deploys that met their fault"] * 2 > DEPLOYS
    assert counts["updated"] and counts["created"] and counts["rejected"] and counts["failed"]
