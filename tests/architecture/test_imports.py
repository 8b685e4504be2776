from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from config.bootstrap import ROOT


def test_imports_keep_the_contracts() -> None:
    """In a process of its own: import-linter configures logging, which disables the product's loggers."""
    lint_imports = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([lint_imports, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
