"""Choose the database that a request reads: the primary, unless it may read the replica."""

from __future__ import annotations

from contextvars import ContextVar
from functools import cache

from django.conf import settings
from django.db import (
    DEFAULT_DB_ALIAS,
    Error,
    InterfaceError,
    InternalError,
    OperationalError,
    connections,
)

from stores.database.replica import marks
from stores.database.replica.watch import REPLICA, watch

# SQLSTATEs of reads that conflicted with replication: the replica itself is usable
CONFLICTS = ("40001", "40P01", "57014")

source: ContextVar[str] = ContextVar("source", default=DEFAULT_DB_ALIAS)


@cache
def is_configured() -> bool:
    """True where REPLICA_URL is set. It does not change while the process runs."""
    return REPLICA in settings.DATABASES


def begin(api_key_id: int) -> None:
    """Read the replica from here to `end`, if it has all that this key wrote. Only where one is configured."""
    if marks.can_read_replica(api_key_id):
        connections[REPLICA].health_check_done = True  # type: ignore[attr-defined] # a read that fails goes to the primary
        source.set(REPLICA)


def end() -> None:
    source.set(DEFAULT_DB_ALIAS)


def failover_to_primary(error: Exception) -> bool:
    """Switch to the primary if the replica failed. Return True if the read must be repeated."""
    if source.get() != REPLICA or not isinstance(error, Error):
        return False
    end()
    connections[REPLICA].close()
    is_conflict = getattr(error.__cause__, "sqlstate", None) in CONFLICTS
    if isinstance(error, OperationalError | InterfaceError | InternalError) and not is_conflict:
        watch.mark_unavailable(error)
    return True


def record_write(api_key_id: int) -> None:
    """Keep this key's reads on the primary until the replica has all that is committed now."""
    if is_configured():
        marks.record_write(api_key_id)
