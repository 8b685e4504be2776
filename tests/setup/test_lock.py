"""The locks against `pyproject.toml`, without asking any package index."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from config.bootstrap import LOCKS, ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME = [Requirement(text) for text in PROJECT["project"]["dependencies"]]
DEMO = [Requirement(text) for text in PROJECT["project"]["optional-dependencies"]["demo"]]
DEV = [Requirement(text) for text in PROJECT["dependency-groups"]["dev"]]
DEMO_FOLDER = "orders/demo"
PIN = re.compile(
    r"^([a-z0-9._-]+)==([^ ;]+)(?: ; (.+?))? \\\n((?:    --hash=sha256:\S+(?: \\)?\n)+)", re.M
)


def pins(*locks: str) -> dict[str, str]:
    return {name: version for lock in locks for name, version, _, _ in PIN.findall(text_of(lock))}


def text_of(lock: str) -> str:
    return (ROOT / lock).read_text()


def test_the_first_lock_pins_what_production_asks_for() -> None:
    assert unmet(RUNTIME, pins("requirements.lock")) == []


def test_the_locks_of_a_command_pin_what_it_asks_for() -> None:
    assert unmet(RUNTIME + DEMO, pins(*LOCKS["quickstart"])) == []
    assert unmet(RUNTIME + DEMO + DEV, pins(*LOCKS["test"])) == []


def unmet(wanted: list[Requirement], pinned: dict[str, str]) -> list[Requirement]:
    return [
        one
        for one in wanted
        if not one.specifier.contains(pinned.get(canonicalize_name(one.name), "0"))
    ]


def test_production_gets_no_packages_of_tests_or_demo_data() -> None:
    others = {canonicalize_name(requirement.name) for requirement in DEMO + DEV} | {"faker"}
    # gunicorn needs this one, too
    assert others & set(pins("requirements.lock")) == {"packaging"}


def test_locks_agree_on_what_they_share() -> None:
    found = [pin for lock in LOCKS["test"] for pin in pins(lock).items()]
    assert len(dict(found)) == len(set(found)) > 80


@pytest.mark.parametrize("lock", LOCKS["test"])
def test_every_line_of_a_lock_is_a_pin_with_hashes_and_no_address(lock: str) -> None:
    assert PIN.sub("", text_of(lock)) == ""
    assert "://" not in text_of(lock)
    assert pins(lock)


def imported(*folders: str, without: str = "") -> Iterator[str]:
    """Names of the packages that the code there imports; one folder may be left out."""
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            if without and ROOT / without in path.parents:
                continue
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
    product = imported("config", "customers", "orders", "stores", without=DEMO_FOLDER)
    assert undeclared(product, RUNTIME) == set()
    assert undeclared(imported(DEMO_FOLDER), RUNTIME + DEMO) == set()
    assert undeclared(imported("tests"), RUNTIME + DEMO + DEV) == set()


# Imports every module of the product but the demo data, where the packages of that are missing.
PRODUCTION = """
import importlib, pkgutil, sys
sys.modules |= dict.fromkeys(["factory", "faker", "time_machine"])
import django
django.setup()
for root in "config", "customers", "orders", "stores":
    for module in pkgutil.walk_packages([root], f"{root}.", onerror=lambda name: None):
        if not (module.name + ".").startswith("orders.demo.") and module.name != "config.gunicorn":
            importlib.import_module(module.name)
from django.core.management import CommandError, call_command
try:
    call_command("quickstart", "--no-server")
except CommandError as error:
    print(error)
"""


def test_the_product_runs_without_the_packages_of_the_demo_data() -> None:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", PRODUCTION], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert done.stdout.splitlines() == [
        "quickstart needs factory.random for its demo data: install requirements-demo.lock."
    ], done.stderr
