"""Typed clients: generated from the documents, type-checked, and used for a customer's whole life.

`.ci/clients` installs the tools and runs this.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from django.utils import timezone

from customers.dialects import packages
from stores.webhooks.secrets import signing_key
from stores.webhooks.signing import signed_headers
from tests.clients import toolbox

pytestmark = pytest.mark.clients
NAMES = list(packages())
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
CHECK = """
import {{ receive }} from "./verify.mjs";
const response = {{ status(code) {{ console.log(code); return this; }}, end() {{}} }};
receive({{ body: Buffer.from({body}), headers: {headers} }}, response);
receive({{ body: Buffer.from({body} + " "), headers: {headers} }}, response);
"""


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


def test_manual_verifies_a_webhook_in_javascript(typescript: Path) -> None:
    shutil.copy(toolbox.ROOT / "templates" / "docs" / "code" / "verify.mjs", typescript)
    body = '{"type": "customer.created", "data": {"id": "1"}}'
    headers = signed_headers("event-1", body.encode(), [signing_key(SECRET)], timezone.now())
    check = typescript / "check.mjs"
    check.write_text(CHECK.format(body=json.dumps(body), headers=json.dumps(headers)))
    said = toolbox.run("env", f"WEBHOOK_SECRET={SECRET}", "node", check, cwd=typescript)
    assert said.split() == ["event-1", "customer.created", "1", "204", "401"]


@pytest.mark.parametrize("name", NAMES)
def test_life_cycle_in_python(python: Path, arguments: list[str], name: str) -> None:
    toolbox.run(toolbox.environment_python(), f"{name}.py", *arguments, cwd=python)
