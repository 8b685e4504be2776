"""Waiting for what happens in other threads and processes, on machines that may be busy."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

GRACE = 3.0  # seconds that a busy machine may add to what is promised


def until(condition: Callable[[], Any], seconds: float, what: str) -> float:
    """Waits for it, and says how many seconds that took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"not within {seconds} s: {what}"
        time.sleep(0.02)
    return time.monotonic() - began
