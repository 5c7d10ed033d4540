# SPDX-License-Identifier: MIT
"""The embedded server against the releases that it imitates: the same requests, the same answers?"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import realserver
from conftest import or_skip

COMPARE = Path(__file__).resolve().parent.parent / "compare" / "sandbox_compare.py"


@pytest.mark.slow
@pytest.mark.parametrize("version", realserver.VERSIONS)
def test_the_sandbox_answers_as_the_release_does(version):
    """It starts servers of its own, with keys and plugins switched off, too."""
    command = [sys.executable, COMPARE, os.environ["OWUP_BIN"], version]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.stderr.startswith("failed:"):
        or_skip(ran.stderr)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert f"{version}: " in ran.stdout and " 0 different" in ran.stdout, ran.stdout
