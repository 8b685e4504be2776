"""Count how often values occur in a store's profiles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from customers.match_keys.keys import PHONE_DIGITS
from customers.match_keys.profiles import Profile
from customers.matching.scoring.frequencies import BOUNDS, LEAST_ROWS, Frequencies

MAX_COUNTED = 200_000  # values of a kind in memory; then those that occurred once are forgotten
LEAST_COUNT = 3  # rarer values are worth almost as much as those that occur once


class Counting:
    """Count the values of profiles one after the other, in bounded memory."""

    def __init__(self) -> None:
        self._rows = 0
        self._counts: dict[str, Counter[str]] = {kind: Counter() for kind in BOUNDS}

    def add(self, profile: Profile) -> None:
        self._rows += 1
        for kind, values in values_of(profile):
            self._counts[kind].update(set(values))

    def trim(self) -> None:
        """Forget values that occurred once, where there are too many. Call it now and then."""
        for kind, counter in self._counts.items():
            if len(counter) > MAX_COUNTED:
                self._counts[kind] = Counter({v: n for v, n in counter.items() if n > 1})

    def result(self) -> Frequencies:
        """Return the values that are common enough to be worth less than the most of their kind."""
        rows = max(self._rows, LEAST_ROWS)
        common = {
            kind: {
                v: n
                for v, n in counter.items()
                if n > max(LEAST_COUNT, rows / 2 ** BOUNDS[kind][1])
            }
            for kind, counter in self._counts.items()
        }
        return Frequencies(self._rows, common)


def values_of(profile: Profile) -> Iterable[tuple[str, list[Any]]]:
    yield "first", [profile.first] if profile.first else []
    yield "last", [profile.last] if profile.last else []
    yield "postcode", [place.postcode for place in profile.places if place.postcode]
    yield "town", [place.town for place in profile.places if place.town]
    yield "phone", [phone[-PHONE_DIGITS:] for phone in profile.phones]
    yield "born", [profile.born] if profile.born else []
