"""Read parameters of back office URLs."""

from __future__ import annotations

MAX_DIGITS = 18  # every database takes such a number as an id


def whole_number(text: str) -> int | None:
    """Return the number that ASCII digits stand for, or None for other text and for more than MAX_DIGITS."""
    is_number = text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS
    return int(text) if is_number else None
