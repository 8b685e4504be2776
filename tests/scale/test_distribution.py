"""Keys of a distributed database: each contains the store, and the app works with them."""

from __future__ import annotations

from tests.faults.cluster import Cluster
from tests.scale.suite import run_tests


def test_conformance_suite_passes_with_distributed_keys(primary: Cluster) -> None:
    run_tests("tests.scale.distributed", "tests/conformance", "-n", "2", DATABASE_URL=primary.url)
