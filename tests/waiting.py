"""Wait for other threads and processes, on machines that may be busy."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db import connection

# What a transaction that writes an event of every store holds (`stores.outbox.STORE_LOCKS`)
HOLD_STORES = "SELECT pg_advisory_xact_lock(7103, id::int) FROM stores_store"
GRACE = 3.0  # seconds that a busy machine may add to a promised time


def until(condition: Callable[[], Any], seconds: float, what: str) -> float:
    """Wait until the condition is true, and return the seconds that took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"not within {seconds} s: {what}"
        time.sleep(0.02)
    return time.monotonic() - began


def waiting_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_stat_clear_snapshot()"
        )  # else the transaction sees a cached snapshot
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def call_and_close(call: Callable[[], Any]) -> Any:
    """Call in a thread, and close the thread's connections."""
    try:
        return call()
    finally:
        connection.close()
