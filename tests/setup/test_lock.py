"""`requirements.lock` against `pyproject.toml`, without asking any package index."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from config.bootstrap import LOCK, ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME = [Requirement(text) for text in PROJECT["project"]["dependencies"]]
DEV = [Requirement(text) for text in PROJECT["dependency-groups"]["dev"]]
PIN = re.compile(
    r"^([a-z0-9._-]+)==([^ ;]+)(?: ; (.+?))? \\\n((?:    --hash=sha256:\S+(?: \\)?\n)+)", re.M
)


def pins() -> dict[str, str]:
    return {name: version for name, version, _, _ in PIN.findall(LOCK.read_text())}


@pytest.mark.parametrize("wanted", RUNTIME + DEV, ids=str)
def test_the_lock_pins_what_the_project_asks_for(wanted: Requirement) -> None:
    assert wanted.specifier.contains(pins()[canonicalize_name(wanted.name)])


def test_every_line_of_the_lock_is_a_pin_with_hashes_and_no_address() -> None:
    text = LOCK.read_text()
    assert PIN.sub("", text) == ""
    assert "://" not in text
    assert len(pins()) > 50


def imported(*folders: str) -> Iterator[str]:
    """Names of the packages that the code there imports."""
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Import):
                    yield from (alias.name.partition(".")[0] for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    yield node.module.partition(".")[0]


def undeclared(names: Iterator[str], wanted: list[Requirement]) -> set[str]:
    known = {canonicalize_name(requirement.name) for requirement in wanted}
    owners = packages_distributions()
    foreign = (
        set(names) - sys.stdlib_module_names - {"config", "customers", "orders", "stores", "tests"}
    )
    return {n for n in foreign if not known & {canonicalize_name(o) for o in owners.get(n, ())}}


def test_whatever_the_code_imports_is_declared() -> None:
    assert undeclared(imported("config", "customers", "orders", "stores"), RUNTIME) == set()
    assert undeclared(imported("tests"), RUNTIME + DEV) == set()
