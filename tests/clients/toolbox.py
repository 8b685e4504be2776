"""The tools that generate clients: Node packages and a Python environment of their own, pinned with hashes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from config.bootstrap import ROOT
from customers.api.openapi.document import document
from customers.dialects import packages

HERE = Path(__file__).parent
NODE_MODULES = ROOT / ".clients" / "node_modules"
VENV = ROOT / ".clients" / "python"
MISSING = "Run .ci/clients first: it installs the tools that are pinned in tests/clients."


def require_tools() -> None:
    """Fail when the tools are not installed. A test that is skipped would prove nothing."""
    if not (NODE_MODULES / ".package-lock.json").is_file() or not (VENV / "bin/python").is_file():
        pytest.fail(MISSING)


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    """Run a tool, and return what it prints. Fails the test when it does not succeed."""
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    return done.stdout + done.stderr


def node_tool(name: str) -> Path:
    return NODE_MODULES / ".bin" / name


def write_documents(folder: Path) -> dict[str, Path]:
    """Write the documents of all dialects to a folder, and return their files by dialect."""
    files = {}
    for name, package in packages().items():
        files[name] = folder / f"{name}.json"
        files[name].write_text(json.dumps(document(package), indent=2))
    return files


def copy_lifecycles(folder: Path, language: str) -> None:
    shutil.copytree(HERE / language, folder, dirs_exist_ok=True)


def environment_python() -> Path:
    return VENV / "bin" / "python"


def mypy_options(cache: Path) -> list[Any]:
    return [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--config-file=",
        "--python-executable",
        environment_python(),
        "--cache-dir",
        cache,
    ]
