"""Run tests of the project with a plugin that changes their server or database."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.faults.service import ROOT


def run_tests(plugin: str, *arguments: str, **environment: str) -> None:
    """Run pytest with the plugin. Raise AssertionError with its output unless all tests pass."""
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
