"""Find every error code that product code raises, by reading its syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("config", "customers", "orders", "stores")
DOMAIN_ERRORS = {"DomainError", "Invalid", "Conflict", "NotFound"}
API_ERRORS = {"ApiError", "Problem"}
PARSE_ERRORS = {"RequestParseError"}
# These pass on codes raised in other modules.
PASSES_ON = {"customers/api/problems.py", "customers/api/reader.py"}


@dataclass(frozen=True)
class RaisedCode:
    """A call that raises an error; `data` holds the names of the code's values."""

    kind: str
    code: str
    reason: str
    data: frozenset[str]
    place: str

    def __str__(self) -> str:
        return f"{self.place} {self.reason or self.code}"


def product_files() -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def raised_codes(kinds: set[str]) -> list[RaisedCode]:
    """Return the calls of these exceptions. Raise ValueError for a code that is no literal."""
    return [
        raised_code(call, path.relative_to(ROOT).as_posix())
        for path in product_files()
        for call in calls(path, kinds)
        if is_literal(call) or path.relative_to(ROOT).as_posix() not in PASSES_ON
    ]


def calls(path: Path, kinds: set[str]) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and called_name(node) in kinds:
            yield node


def called_name(call: ast.Call) -> str:
    function = call.func
    return getattr(function, "id", "") or getattr(function, "attr", "")


def is_literal(call: ast.Call) -> bool:
    return not call.args or isinstance(call.args[0], ast.Constant)


def raised_code(call: ast.Call, path: str) -> RaisedCode:
    place = f"{path}:{call.lineno}"
    if not is_literal(call):
        raise ValueError(f"{place}: write the code of this error out, so that it can be found")
    kind = called_name(call)
    code = ast.literal_eval(call.args[0]) if call.args else "not_found"
    options = {keyword.arg or "**": keyword.value for keyword in call.keywords}
    if kind not in API_ERRORS:
        return RaisedCode(kind, code, "", frozenset(options) - {"field"}, place)
    return RaisedCode(kind, code, problem_reason(call, options), problem_data(options), place)


def problem_reason(call: ast.Call, options: dict[str, ast.expr]) -> str:
    reason = options.get("reason", call.args[1] if len(call.args) > 1 else None)
    return ast.literal_eval(reason) if reason else ""


def problem_data(options: dict[str, ast.expr]) -> frozenset[str]:
    data = options.get("data")
    keys = data.keys if isinstance(data, ast.Dict) else []
    return frozenset(ast.literal_eval(key) for key in keys if key)
