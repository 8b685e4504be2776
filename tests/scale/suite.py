"""Running tests of the project, with a plugin that changes where they run."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.faults.service import ROOT


def passes(plugin: str, *arguments: str, **environment: str) -> None:
    """Raises AssertionError, with what pytest said, unless all of them pass."""
    command = [sys.executable, "-m", "pytest", "--tb=short", "-p", plugin, *arguments]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
