"""The database backend of the replica: PostgreSQL with a timeout on every wait for the server."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import psycopg

from stores.database.postgres import base

TIMEOUT_SECONDS = 2.0  # then the primary answers instead


class DeadlineConnection(psycopg.Connection[Any]):
    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = TIMEOUT_SECONDS) -> Any:
        """Raise OperationalError if the server does not answer in time.

        TCP does not notice a server that hangs while its machine is up.
        """
        return super().wait(gen, interval, timeout)


class DatabaseWrapper(base.DatabaseWrapper):
    Database = SimpleNamespace(  # type: ignore[assignment] # psycopg with another `connect`
        **{**vars(psycopg), "connect": DeadlineConnection.connect}
    )
