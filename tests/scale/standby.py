"""A streaming replica that tests delay, pause or kill."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.cluster import Cluster, processes_in
from tests.waiting import until


class Standby(Cluster):
    """Streaming replica of a running cluster."""

    def __init__(self, root: Path, primary: Cluster) -> None:
        self.primary = primary
        super().__init__(root, "standby")

    def set_up(self) -> None:
        source = f"host=127.0.0.1 port={self.primary.port} user=postgres"
        self.run("pg_basebackup", "-R", "-X", "stream", "-c", "fast", "-d", source)
        self.start()
        self.catch_up()

    def catch_up(self) -> None:
        """Wait until the replica has all of the primary's present data."""
        [(wanted,)] = self.primary.rows("SELECT pg_current_wal_lsn()::text")
        until(lambda: self.has(wanted), 20, "the replica has caught up")

    def has(self, position: str) -> bool:
        [(there,)] = self.rows("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", position)
        return there

    @contextmanager
    def held(self) -> Iterator[None]:
        """Pause replay during the block; queries still work."""
        self.rows("SELECT pg_wal_replay_pause()")
        try:
            yield
        finally:
            self.rows("SELECT pg_wal_replay_resume()")

    @contextmanager
    def delayed(self) -> Iterator[None]:
        """Delay replay by half a second during the block."""
        self.execute("ALTER SYSTEM SET recovery_min_apply_delay = '500ms'")
        self.rows("SELECT pg_reload_conf()")
        try:
            yield
        finally:
            self.execute("ALTER SYSTEM RESET recovery_min_apply_delay")
            self.rows("SELECT pg_reload_conf()")

    @contextmanager
    def killed(self) -> Iterator[None]:
        self.kill()
        try:
            yield
        finally:
            self.start()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop all processes during the block: connections are accepted, but queries hang."""
        self.signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.signal(signal.SIGCONT)

    def signal(self, number: int) -> None:
        for pid in processes_in(self.data):
            os.kill(pid, number)
