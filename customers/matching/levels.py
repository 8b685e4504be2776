"""How sure it is that two customers are one, by the bits of their score."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    SURE = "sure"
    LIKELY = "likely"
    POSSIBLE = "possible"


LEVELS = {Level.SURE: 8.0, Level.LIKELY: 4.0, Level.POSSIBLE: 0.0}


def level_of(bits: float) -> Level | None:
    """Return the level of a score; None when nobody should be asked."""
    return next((level for level, least in LEVELS.items() if bits >= least), None)
