from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.cluster import Cluster, open_folder
from tests.faults.daemons import Redis
from tests.scale.pooler import Pooler
from tests.scale.standby import Standby
from tests.scale.web import Site


@pytest.fixture(scope="session")
def root() -> Iterator[Path]:
    with open_folder("scale") as folder:
        yield folder


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
    """Start two web processes on both databases through PgBouncer; check their logs at the end."""
    with ExitStack() as stack:
        pooler = stack.enter_context(Pooler(root, primary, replica))
        redis = stack.enter_context(Redis(root))
        yield stack.enter_context(Site(root, primary, replica, pooler, redis))
