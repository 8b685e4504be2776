"""Reading what an address of the back office asks for."""

from __future__ import annotations

MAX_DIGITS = 18  # every database takes such a number as an id


def whole_number(text: str) -> int | None:
    """The number that plain digits stand for; None when it is none, or no id is as long."""
    plain = text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS
    return int(text) if plain else None
