"""The locks agree with `pyproject.toml`, checked without a package index."""

from __future__ import annotations

import ast
import json
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


def test_runtime_lock_meets_the_requirements() -> None:
    assert unmet(RUNTIME, pins("requirements.lock")) == []


def test_locks_of_commands_meet_the_requirements() -> None:
    assert unmet(RUNTIME + DEMO, pins(*LOCKS["quickstart"])) == []
    assert unmet(RUNTIME + DEMO + DEV, pins(*LOCKS["test"])) == []


def unmet(wanted: list[Requirement], pinned: dict[str, str]) -> list[Requirement]:
    return [
        one
        for one in wanted
        if not one.specifier.contains(pinned.get(canonicalize_name(one.name), "0"))
    ]


def test_runtime_lock_has_no_test_or_demo_packages() -> None:
    others = {canonicalize_name(requirement.name) for requirement in DEMO + DEV} | {"faker"}
    # gunicorn needs `packaging`, too
    assert others & set(pins("requirements.lock")) == {"packaging"}


def test_locks_agree_on_shared_packages() -> None:
    all_pins = [pin for lock in LOCKS["test"] for pin in pins(lock).items()]
    assert len(dict(all_pins)) == len(set(all_pins)) > 80


@pytest.mark.parametrize("lock", LOCKS["test"])
def test_locks_hold_only_pins_with_hashes(lock: str) -> None:
    assert PIN.sub("", text_of(lock)) == ""
    assert "://" not in text_of(lock)
    assert pins(lock)


def imported_packages(*folders: str, without: str = "") -> Iterator[str]:
    """Yield the packages that these folders import; one folder may be excluded."""
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
    declared = {canonicalize_name(requirement.name) for requirement in wanted}
    owners = packages_distributions()
    foreign = (
        set(names) - sys.stdlib_module_names - {"config", "customers", "orders", "stores", "tests"}
    )
    return {n for n in foreign if not declared & {canonicalize_name(o) for o in owners.get(n, ())}}


def test_every_imported_package_is_declared() -> None:
    product = imported_packages("config", "customers", "orders", "stores", without=DEMO_FOLDER)
    assert undeclared(product, RUNTIME) == set()
    assert undeclared(imported_packages(DEMO_FOLDER), RUNTIME + DEMO) == set()
    # the clients in Python are generated, and have an environment of their own
    tests = imported_packages("tests", without="tests/clients/python")
    assert undeclared(tests, RUNTIME + DEMO + DEV) == set()


def test_lock_of_the_clients_has_hashes() -> None:
    text = text_of("tests/clients/requirements.lock")
    assert PIN.sub("", text) == ""
    packages = json.loads(text_of("tests/clients/package-lock.json"))["packages"]
    assert all("integrity" in pin for path, pin in packages.items() if path)
    assert all("resolved" not in pin for pin in packages.values())


# Imports every module of the product except the demo data, without the demo data's packages.
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


def test_product_runs_without_demo_packages() -> None:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", PRODUCTION], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert done.stdout.splitlines() == [
        "quickstart needs factory.random for its demo data: install requirements-demo.lock."
    ], done.stderr
