"""Typed clients: generated from the documents, type-checked, and used for a customer's whole life.

`.ci/clients` installs the tools and runs this.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from customers.dialects import packages
from tests.clients import toolbox

pytestmark = pytest.mark.clients
NAMES = list(packages())


def test_spectral_finds_nothing(documents: dict[str, Path]) -> None:
    spectral, rules = toolbox.node_tool("spectral"), toolbox.HERE / "spectral.yaml"
    said = toolbox.run(
        spectral, "lint", *documents.values(), "-r", rules, "--fail-severity", "hint"
    )
    assert "No results with a severity of 'hint' or higher found!" in said


def test_redocly_finds_nothing(documents: dict[str, Path]) -> None:
    redocly, rules = toolbox.node_tool("redocly"), toolbox.HERE / "redocly.yaml"
    said = toolbox.run(
        redocly, "lint", *documents.values(), "--config", rules, "--format", "summary"
    )
    assert "warning" not in said.lower()


def test_typescript_is_strict(typescript: Path) -> None:
    toolbox.run(toolbox.node_tool("tsc"), "-p", typescript, "--noEmit")


def test_python_is_strict(python: Path) -> None:
    toolbox.run(*toolbox.mypy_options(python / ".mypy_cache"), ".", cwd=python)


@pytest.fixture(scope="session")
def built(typescript: Path) -> Path:
    toolbox.run(toolbox.node_tool("tsc"), "-p", typescript)
    return typescript / "built"


@pytest.mark.parametrize("name", NAMES)
def test_life_cycle_in_typescript(built: Path, arguments: list[str], name: str) -> None:
    toolbox.run("node", built / f"{name}.js", *arguments)


@pytest.mark.parametrize("name", NAMES)
def test_life_cycle_in_python(python: Path, arguments: list[str], name: str) -> None:
    toolbox.run(toolbox.environment_python(), f"{name}.py", *arguments, cwd=python)
