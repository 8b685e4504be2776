"""The option `--rewrite-golden` rewrites only values that no longer match."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from config.bootstrap import ROOT
from tests.conformance.golden import rewritten

STORY = "tests/golden/bakery/create_customer.json"
PARTS = ("__init__.py", "conftest.py", "environment.py", "factories.py", "template.py")
UID = "0190a1b2-0000-7000-8000-00000000000a"
NAMES = {"customer": UID, "store_pk": 1}


@pytest.mark.parametrize(
    ("wanted", "seen", "expected"),
    [
        ({"id": "{customer}", "n": "<number>"}, {"id": UID, "n": 2}, None),
        ({"b": 1, "a": 2}, {"a": 3, "b": 1}, {"b": 1, "a": 3}),
        ({"a": 1, "gone": 2}, {"a": 1, "new": UID}, {"a": 1, "new": "{customer}"}),
        ({"a": "<integer>"}, {"a": "1"}, {"a": "1"}),
        ({"a": True}, {"a": 1}, {"a": 1}),
        (["<text>"], ["x", "2026-01-02T03:04:05Z"], ["<text>", "<time>"]),
        (["x", "<text>"], ["y"], ["y"]),
        ("x", {"id": f"cust_{'0' * 32}"}, {"id": "<hex id>"}),
    ],
)
def test_only_values_that_differ_are_rewritten(wanted: Any, seen: Any, expected: Any) -> None:
    result = rewritten(wanted, seen, NAMES)
    assert json.dumps(result) == json.dumps(wanted if expected is None else expected)


def run_pytest(root: Path, *options: str) -> int:
    """Run one story in a copy of the tests, and return the exit status."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options]
    command += ["tests/conformance/test_golden.py", "-k", "bakery/create_customer"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "DATABASE_URL": "sqlite://:memory:"}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True).returncode


def test_option_updates_a_file_to_the_response(tmp_path: Path) -> None:
    for folder in ("conformance", "golden"):
        shutil.copytree(ROOT / "tests" / folder, tmp_path / "tests" / folder)
    for name in PARTS:
        shutil.copy(ROOT / "tests" / name, tmp_path / "tests")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    good = (ROOT / STORY).read_text()
    stale = good.replace('"status": 201', '"status": 200').replace('"Emma Wilson"', '"Emma"')
    (tmp_path / STORY).write_text(stale)
    assert run_pytest(tmp_path) == pytest.ExitCode.TESTS_FAILED
    assert (tmp_path / STORY).read_text() == stale != good
    assert run_pytest(tmp_path, "--rewrite-golden") == pytest.ExitCode.OK
    assert (tmp_path / STORY).read_text() == good
