"""Waiting for what happens in other threads and processes, on machines that may be busy."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db import connection

GRACE = 3.0  # seconds that a busy machine may add to what is promised


def until(condition: Callable[[], Any], seconds: float, what: str) -> float:
    """Waits for it, and says how many seconds that took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"not within {seconds} s: {what}"
        time.sleep(0.02)
    return time.monotonic() - began


def waiting_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees its first look
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def alone(call: Callable[[], Any]) -> Any:
    """Runs in a thread, and leaves no connection behind."""
    try:
        return call()
    finally:
        connection.close()
