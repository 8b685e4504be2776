"""Lengths of time in words."""

from __future__ import annotations

from collections.abc import Sequence

UNITS = (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1))


def duration(seconds: int) -> str:
    """Return `2 minutes`, in the largest unit that fits without a rest."""
    if seconds == 0:
        return "at once"
    name, size = next((name, size) for name, size in UNITS if seconds % size == 0)
    count = seconds // size
    return f"{count} {name}{'' if count == 1 else 's'}"


def in_words(parts: Sequence[str]) -> str:
    """Return `a, b and c`."""
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last
