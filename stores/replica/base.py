"""PostgreSQL as a replica is talked to: one that does not answer in time is as good as away."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import psycopg
from django.db.backends.postgresql import base

PATIENCE = 2.0  # seconds; the primary answers instead


class ImpatientConnection(psycopg.Connection[Any]):
    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = PATIENCE) -> Any:
        """Notices a server that hangs on a living machine, as nothing else does. Raises OperationalError."""
        return super().wait(gen, interval, timeout)


class DatabaseWrapper(base.DatabaseWrapper):
    Database = SimpleNamespace(  # type: ignore[assignment] # psycopg itself but for `connect`
        **{**vars(psycopg), "connect": ImpatientConnection.connect}
    )
