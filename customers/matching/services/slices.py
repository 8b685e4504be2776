"""Compare a slice of a store's customers with all customers that follow them."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from customers.match_keys import keys_of_all
from customers.match_keys.keys import MAX_BLOCK
from customers.matching.models import DuplicatePair
from customers.matching.scoring import LEVELS, Frequencies, Level, best_score
from customers.matching.services.comparing import Profiles, stored_profiles
from customers.matching.services.pairs import FoundPair, evidence_of, save_pairs
from customers.matching.services.statistics import frequencies_of
from customers.models import MatchKey
from stores.models import Store

KEY_RANGES = 16  # the keys are grouped in so many parts, so that no statement takes long


@contextmanager
def paused_collector() -> Iterator[None]:
    """Pause the collector of cyclic garbage for a slice.

    A slice holds half a million tuples, none of them in a cycle. The collector would search them again and
    again: a quarter of the time of a scan.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class Slices:
    """Compares slices of one store's customers with all customers that follow them."""

    def __init__(self, store: Store) -> None:
        self.store = store

    @cached_property
    def book(self) -> Frequencies:
        return frequencies_of(self.store)

    @cached_property
    def too_common(self) -> set[int]:
        """The keys of more customers than are compared with each other."""
        return MatchKey.objects.common_keys(self.store.pk, MAX_BLOCK, KEY_RANGES)

    def compare(self, batch: dict[int, Profiles]) -> int:
        """Compare the customers of a slice and save their pairs. Return how many pairs were scored."""
        with paused_collector():
            partners = self.partners(batch)
            found = list(self.pairs(batch, partners))
        first, last = min(batch), max(batch)
        rows = DuplicatePair.objects.for_store(self.store)
        save_pairs(rows.filter(first__gte=first, first__lte=last), self.store, found)
        return sum(map(len, partners.values()))

    def partners(self, batch: dict[int, Profiles]) -> dict[int, set[int]]:
        """Return, for each customer of a slice, those with a later key who share a usable key with it."""
        holders: dict[int, list[int]] = defaultdict(list)
        for pk, own in batch.items():
            for key in keys_of_all(own) - self.too_common:
                holders[key].append(pk)
        partners: dict[int, set[int]] = defaultdict(set)
        for key, other in MatchKey.objects.members_after(self.store.pk, [*holders], min(batch)):
            for pk in holders[key]:
                if pk < other:
                    partners[pk].add(other)
        return partners

    def pairs(
        self, batch: dict[int, Profiles], partners: dict[int, set[int]]
    ) -> Iterator[FoundPair]:
        others = set().union(*partners.values()) - batch.keys()
        profiles = batch | dict(stored_profiles(self.store, others))
        for pk, others_of_one in partners.items():
            yield from self.pairs_of(pk, others_of_one, profiles)

    def pairs_of(
        self, pk: int, others: set[int], profiles: dict[int, Profiles]
    ) -> Iterator[FoundPair]:
        own, least = profiles[pk], LEVELS[Level.POSSIBLE]
        # One that is gone meanwhile has no profile.
        for other in sorted(others & profiles.keys()):
            result = best_score(own, profiles[other], self.book)
            if result.bits >= least:
                yield FoundPair.of(pk, other, result, evidence_of(own, profiles[other]))
