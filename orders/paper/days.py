"""Days as letters write them."""

from __future__ import annotations

from datetime import date


def long_day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"
