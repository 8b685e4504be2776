"""Random decisions of the demo. `load` seeds the generator, so they are the same every time."""

from __future__ import annotations

from factory.random import randgen


def chance(share: float) -> bool:
    return bool(randgen.random() < share)


def maybe(share: float, text: str) -> str:
    """Return the text in this share of cases, else a blank text."""
    return text if chance(share) else ""
