"""Imports of a web process before its first request."""

from __future__ import annotations

import subprocess
import sys

from config.bootstrap import ROOT
from customers.dialects import DIALECTS

STARTED = """
import sys
from config.wsgi import application
print(*sys.modules, sep="\\n")
"""


def test_views_of_every_dialect_are_loaded() -> None:
    command = [sys.executable, "-c", STARTED]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    # a dialect's URLs import all of its views
    assert {f"{package}.urls" for package in DIALECTS} <= set(done.stdout.split())
