"""README.md, CHANGELOG.md and .env.example stay short and agree with the code."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.bootstrap import ROOT

README = (ROOT / "README.md").read_text()
CHANGELOG = (ROOT / "CHANGELOG.md").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()
DOCUMENTS = ("README.md", "tests/benchmarks/README.md", "tests/scale/README.md")

FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
PATH = re.compile(r"\.?[\w<>.-]+(?:/[\w<>.-]+)*/?")
FILE_NAME = re.compile(r"[\w.-]+\.(?:py|md|toml|lock|yaml|html|example)")
PLACEHOLDER = re.compile(r"<\w+>")
ENTRY = re.compile(r"^- (.+(?:\n  .+)*)", re.MULTILINE)
SETTING = re.compile(r"^(?:# )?([A-Z][A-Z_]+)=(.*)$", re.MULTILINE)

PRINT_SETTINGS = """
import json, runpy
from config import settings
values = {name: value for name, value in vars(settings).items() if name.isupper()}
gunicorn = runpy.run_path("config/gunicorn.py")
values |= {name: gunicorn[name] for name in ("bind", "workers", "threads")}
print(json.dumps(values, default=str, sort_keys=True, indent=1))
"""


def test_readme_has_at_most_200_lines() -> None:
    assert len(README.splitlines()) <= 200


def named_paths(text: str) -> set[str]:
    """Return paths and file names in backticks, outside code blocks."""
    spans = re.findall(r"`([^`\n]+)`", FENCE.sub("", text))
    return {span for span in spans if is_path(span)}


def is_path(span: str) -> bool:
    has_folder = "/" in span and not span.startswith("/") and PATH.fullmatch(span)
    return bool(has_folder or FILE_NAME.fullmatch(span))


def exists(path: str) -> bool:
    """Return True for a path from the root, and for the name of any file of the project."""
    pattern = PLACEHOLDER.sub("*", path.rstrip("/"))
    if "/" in pattern or (ROOT / pattern).exists():
        return any(ROOT.glob(pattern))
    folders = ("config", "customers", "orders", "stores", "templates", "tests")
    return any(any((ROOT / folder).rglob(pattern)) for folder in folders)


def test_named_paths_are_recognized() -> None:
    text = (
        "`customers/canonical.py`, `customers/dialects/<name>/`, `wire.py`, `/customers`, `a b/c`"
    )
    assert named_paths(text) == {"customers/canonical.py", "customers/dialects/<name>/", "wire.py"}
    assert exists("customers/dialects/<name>/wire.py")
    assert not exists("customers/dialects/<name>/wires.py")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_in_a_document_exists(document: str) -> None:
    paths = named_paths((ROOT / document).read_text())
    assert {path for path in paths if not exists(path)} == set()


@pytest.mark.parametrize("document", ["README.md", "tests/scale/README.md"])
def test_every_linked_file_exists(document: str) -> None:
    file = ROOT / document
    links = [path for path, _ in re.findall(r"\]\(([^)#]+)(#[^)]*)?\)", file.read_text())]
    assert links
    assert [path for path in links if not (file.parent / path).exists()] == []


def changelog_entries() -> list[str]:
    return [" ".join(entry.split()) for entry in ENTRY.findall(CHANGELOG)]


def test_changelog_entries_have_at_most_15_words() -> None:
    entries = changelog_entries()
    assert len(entries) > 20
    assert [entry for entry in entries if len(entry.split()) > 15] == []


def test_changelog_has_unreleased_above_the_release() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    headings = re.findall(r"^## (.+)$", CHANGELOG, re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert re.fullmatch(rf"{re.escape(version)} \(\d{{4}}-\d{{2}}-\d{{2}}\)", headings[1])


def documented_settings() -> dict[str, str]:
    return dict(SETTING.findall(EXAMPLE))


def settings_read() -> set[str]:
    """Return the variables read by the settings, gunicorn's configuration and compose.yaml."""
    names = set(re.findall(r"\$\{(\w+)", (ROOT / "compose.yaml").read_text()))
    for file in ("settings.py", "gunicorn.py"):
        names |= set(variables_in(ast.parse((ROOT / "config" / file).read_text())))
    return names


def variables_in(tree: ast.AST) -> Iterator[str]:
    """Yield first arguments of `env.…(…)`, `os.environ.get(…)` and gunicorn's `number(…)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and is_reader(node.func):
            senders = [keyword.value for keyword in node.keywords if keyword.arg == "sender"]
            for name in (node.args[0], *senders):
                if isinstance(name, ast.Constant):
                    yield name.value


def is_reader(function: ast.expr) -> bool:
    text = ast.unparse(function)
    return text.startswith("env.") or text in ("os.environ.get", "number")


def test_every_setting_is_documented_in_env_example() -> None:
    documented, read = set(documented_settings()), settings_read()
    assert {"SECRET_KEY", "THREADS", "POSTGRES_PASSWORD", "DATABASE_URL"} <= read
    assert documented == read


def settings_with(dotenv: str, folder: Path) -> str:
    """Return every setting as loaded in a copy of `config/` whose `.env` is this text."""
    (folder / ".env").write_text(dotenv)
    names = set(documented_settings())
    environment = {name: value for name, value in os.environ.items() if name not in names}
    environment["PYTHONPATH"] = f"{folder}:{ROOT}"
    command = [sys.executable, "-c", PRINT_SETTINGS]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_env_example_shows_the_defaults(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    key = "SECRET_KEY=" + "k" * 50 + "\n"
    example = SETTING.sub(r"\1=\2", EXAMPLE).replace("SECRET_KEY=\n", key)
    assert settings_with(example, tmp_path) == settings_with(key, tmp_path)
