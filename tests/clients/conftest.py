from __future__ import annotations

from pathlib import Path

import pytest

from stores.models import ApiKey, Store
from tests.clients import toolbox


@pytest.fixture(scope="session")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write every dialect's document to a file."""
    toolbox.require_tools()
    return toolbox.write_documents(tmp_path_factory.mktemp("documents"))


@pytest.fixture(scope="session")
def typescript(tmp_path_factory: pytest.TempPathFactory, documents: dict[str, Path]) -> Path:
    """Return a folder with the life cycles and the types that openapi-typescript generates."""
    folder = tmp_path_factory.mktemp("typescript")
    toolbox.copy_lifecycles(folder, "typescript")
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "node_modules").symlink_to(toolbox.NODE_MODULES)
    for name, document in documents.items():
        output = folder / "generated" / f"{name}.ts"
        toolbox.run(toolbox.node_tool("openapi-typescript"), document, "-o", output, cwd=folder)
    return folder


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory, documents: dict[str, Path]) -> Path:
    """Return a folder with the life cycles and the packages that openapi-python-client generates."""
    folder = tmp_path_factory.mktemp("python")
    toolbox.copy_lifecycles(folder, "python")
    (folder / "config.yml").write_text("post_hooks: []\n")
    for name, document in documents.items():
        said = toolbox.run(
            toolbox.VENV / "bin" / "openapi-python-client",
            *("generate", "--path", document, "--output-path", folder / f"{name}_api"),
            *("--meta", "none", "--config", folder / "config.yml", "--fail-on-warning"),
            cwd=folder,
        )
        assert "Warning" not in said, said
    return folder


@pytest.fixture
def arguments(transactional_db: None, live_server, settings) -> list[str]:
    """Return what a life cycle is started with: the server's address, a key, and its store."""
    settings.RATE_LIMIT = "100000/min"
    store = Store.objects.create(name="Harbour", country="AU", currency="AUD", timezone="UTC")
    _, key = ApiKey.issue(store=store, name="clients")
    return [live_server.url, key, str(store.uid)]
