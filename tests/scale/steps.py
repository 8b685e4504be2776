"""Measure the cost and gain of each scaling step: `python -m tests.scale.steps`.

Start everything on this machine, and drive each step with wrk. One machine cannot show the throughput of
several, but it shows a request's cost and the primary's share of it. It needs wrk, and what the tests need.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.servers import cpu_of, drive
from tests.faults.cluster import Cluster, processes_in
from tests.faults.daemons import Redis
from tests.faults.service import ROOT, Book, Server
from tests.scale.pooler import Pooler
from tests.scale.standby import Standby
from tests.scale.web import TIMEOUTS

HEAD = (
    "| step | call | requests/s | p50 ms | p99 ms"
    " | CPU ms: web | PgBouncer | primary | replica | connections of the primary |\n"
    "|---|---|---|---|---|---|---|---|---|---|\n"
)
LARGEST = """
    SELECT uid, array(
        SELECT uid FROM customers_customer WHERE store_id = store.id AND deleted_at IS NULL LIMIT 500
    ) FROM stores_store store
    ORDER BY (SELECT count(*) FROM customers_customer WHERE store_id = store.id) DESC LIMIT 1
"""
CONNECTIONS = 8
CONNECTED = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"


@dataclass
class Driven:
    """Server in the form that `drive` takes, which also measures CPU time by process group."""

    server: Server
    groups: list[Callable[[], list[int]]]

    @property
    def ports(self) -> list[int]:
        return [self.server.port]

    def cpu(self) -> dict[int, float]:
        """Return the CPU seconds used so far, by process."""
        return {pid: cpu_of(pid) for pids in self.groups for pid in pids()}

    def used(self) -> list[float]:
        """Return the CPU seconds used so far, by group."""
        return [sum(map(cpu_of, pids())) for pids in self.groups]


class Steps:
    def __init__(self, folder: Path, stack: ExitStack, customers: int, seconds: int) -> None:
        self.folder, self.seconds = folder, seconds
        self.primary = Cluster(folder, "primary")
        stack.callback(self.primary.stop)
        for name, value in TIMEOUTS.items():
            self.primary.set_role(f"SET {name} = {value}")
        self.book = Book(folder, self.primary, THREADS="4")
        fill = [sys.executable, "-m", "tests.benchmarks.load", "--customers", str(customers)]
        subprocess.run(fill, cwd=ROOT, env=self.book.environment, check=True)
        self.replica = Standby(folder, self.primary)
        stack.callback(self.replica.stop)
        self.pooler = stack.enter_context(Pooler(folder, self.primary, self.replica))
        self.redis = stack.enter_context(Redis(folder))
        [(store, people)] = self.primary.rows(LARGEST)
        key = self.book.manage("create_api_key", "--name", "steps", "--store", str(store))
        self.headers = {"Authorization": f"Bearer {key}"}
        root = f"/stores/{store}/customers"
        self.calls = {
            "one customer": [f"{root}/{uid}" for uid in people],
            "page of 50": [f"{root}?limit=50"],
        }

    def run(self) -> None:
        """Run all steps; each includes the steps before it."""
        environment: dict[str, str] = {}
        for name, more in self.environments().items():
            environment |= more
            with self.book.server(**environment) as server:
                for call, paths in self.calls.items():
                    self.print_row(name, call, paths, Driven(server, self.groups(server)))

    def environments(self) -> dict[str, dict[str, str]]:
        pooled = {"DATABASE_URL": self.pooler.url("clientele"), "DATABASE_PGBOUNCER": "true"}
        return {
            "one machine": {},
            "Redis": {"REDIS_URL": self.redis.url},
            "PgBouncer": pooled,
            "replica": {"REPLICA_URL": self.pooler.url("replica")},
        }

    def groups(self, server: Server) -> list[Callable[[], list[int]]]:
        return [
            server.workers,
            lambda: [self.pooler.process.pid],
            lambda: processes_in(self.primary.data),
            lambda: processes_in(self.replica.data),
        ]

    def print_row(self, name: str, call: str, paths: list[str], driven: Driven) -> None:
        script = self.folder / "call.lua"
        # until the cache has recorded writes long enough for reads from the replica
        drive(driven, paths, self.headers, 8, None, script, CONNECTIONS)
        [(connected,)] = self.primary.rows(CONNECTED)
        before = driven.used()
        seen = drive(driven, paths, self.headers, self.seconds, None, script, CONNECTIONS)
        assert not seen.failures, f"{name}, {call}: {seen.failures} failures"
        requests = seen.rate * self.seconds
        used = [
            1000 * (now - then) / requests for now, then in zip(driven.used(), before, strict=True)
        ]
        speed = f"{seen.rate:.0f} | {seen.p50:.1f} | {seen.p99:.1f}"
        spent = " | ".join(f"{each:.2f}" for each in used)
        sys.stdout.write(f"| {name} | {call} | {speed} | {spent} | {connected - 1} |\n")
        sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="clientele-steps-") as name, ExitStack() as stack:
        Path(name).chmod(0o755)
        steps = Steps(Path(name), stack, asked.customers, asked.seconds)
        sys.stdout.write(f"{os.cpu_count()} cores, wrk on {CONNECTIONS} connections\n\n{HEAD}")
        steps.run()


if __name__ == "__main__":
    main()
