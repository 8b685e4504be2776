"""How often each name, place, phone and birthday occurs in a store: what is rare says more when it is equal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import log2

# In a small book every name is rare. It is taken for a part of a book of this size.
LEAST_ROWS = 1_000
# kind: the least and the most bits that an equal value is worth
BOUNDS: dict[str, tuple[float, float]] = {
    "first": (3, 14),
    "last": (3, 14),
    "postcode": (2, 7),
    "town": (1, 6),
    "phone": (4, 20),
    "born": (6, 15),
}
EMPTY: Mapping[str, int] = {}


@dataclass(frozen=True)
class Frequencies:
    """The number of customers of a store, and of those with each value that is not rare, by kind."""

    rows: int
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def bits(self, kind: str, value: str) -> float:
        """Return how many bits an equal value is worth: its rarity, within the bounds of its kind."""
        count = self.counts.get(kind, EMPTY).get(value)
        return self.bits_of_rare[kind] if count is None else self.bits_of_count(kind, count)

    @cached_property
    def bits_of_rare(self) -> dict[str, float]:
        """What values that occur once are worth, by kind."""
        return {kind: self.bits_of_count(kind, 1) for kind in BOUNDS}

    def bits_of_count(self, kind: str, count: int) -> float:
        least, most = BOUNDS[kind]
        return min(max(log2(max(self.rows, LEAST_ROWS) / count), least), most)

    @cached_property
    def size_bits(self) -> float:
        """Return what any pair must make up for: the more customers, the more look alike by chance."""
        return log2(max(self.rows, 2))
