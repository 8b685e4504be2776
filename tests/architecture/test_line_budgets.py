"""Keep files and functions short: budgets for the median, the 90th percentile and the longest."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from config.bootstrap import ROOT

PACKAGES = ("config", "customers", "orders", "stores")
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Budget:
    """The most lines that the median, the 90th percentile and the longest may have."""

    median: int
    tenth: int
    longest: int


# Many short files, each with one topic; a few long ones are lists and tables.
FILES = Budget(median=60, tenth=180, longest=320)
FUNCTIONS = Budget(median=6, tenth=14, longest=45)


def test_files_are_short() -> None:
    assert_within(FILES, {str(path): lines_of(path) for path in product_files()})


def test_functions_are_short() -> None:
    assert_within(FUNCTIONS, dict(function_lengths()))


def assert_within(budget: Budget, lengths: dict[str, int]) -> None:
    too_long = {name: length for name, length in lengths.items() if length > budget.longest}
    assert too_long == {}
    assert median(lengths.values()) <= budget.median
    assert quantiles(lengths.values(), n=10, method="inclusive")[-1] <= budget.tenth


def product_files() -> Iterator[Path]:
    """Yield the product's files, except migrations, which are generated."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path


def lines_of(path: Path) -> int:
    return len(path.read_text().splitlines())


def function_lengths() -> Iterator[tuple[str, int]]:
    """Yield each function's file and line, and its lines from `def` to the last statement."""
    for path in product_files():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, FUNCTION) and node.end_lineno:
                yield f"{path}:{node.lineno} {node.name}", node.end_lineno - node.lineno + 1
