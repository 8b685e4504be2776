from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.faults.cluster import Cluster
from tests.scale.pooler import Pooler, Redis
from tests.scale.standby import Standby
from tests.scale.web import Site

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("scale")


@pytest.fixture(scope="session")
def root() -> Iterator[Path]:
    """A folder that PostgreSQL's own account may enter, too."""
    folder = Path(tempfile.mkdtemp(prefix="clientele-scale-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def primary(root: Path) -> Iterator[Cluster]:
    cluster = Cluster(root, "primary")
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def replica(root: Path, primary: Cluster) -> Iterator[Standby]:
    standby = Standby(root, primary)
    yield standby
    standby.stop()


@pytest.fixture(scope="session")
def site(root: Path, primary: Cluster, replica: Standby) -> Iterator[Site]:
    """Two web processes on both databases through PgBouncer; their logs are read when all is over."""
    with ExitStack() as stack:
        pooler = stack.enter_context(closing(Pooler(root, primary, replica)))
        redis = stack.enter_context(closing(Redis(root)))
        yield stack.enter_context(Site(root, primary, replica, pooler, redis))
