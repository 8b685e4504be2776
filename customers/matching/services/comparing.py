"""Find the customers who may be the same as one customer, through their common keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from customers.match_keys import Profile, keys_of_all, profiles_of
from customers.match_keys.keys import MAX_BLOCK
from customers.matching.scoring import Frequencies, Score, best_score
from customers.matching.services.pairs import FoundPair, evidence_of, save_pairs_of
from customers.matching.services.statistics import frequencies_of
from customers.models import MatchKey, MatchProfile
from stores.models import Store

# Of one customer: its own first, then of those who were merged into it.
Profiles = tuple[Profile, ...]


class Likeness(NamedTuple):
    """A customer who may be the one that was looked for."""

    customer_id: int
    profiles: Profiles
    score: Score


def find_like(
    store: Store,
    profiles: Profiles,
    *,
    leave_out: int | None = None,
    book: Frequencies | None = None,
) -> list[Likeness]:
    """Return live customers who are possibly the one of these profiles, the most likely first."""
    shown = [one for one in scored(store, profiles, book) if one.score.level is not None]
    return [one for one in shown if one.customer_id != leave_out]


def scored(store: Store, profiles: Profiles, book: Frequencies | None = None) -> list[Likeness]:
    """Return all who share a key with the profiles, the most likely first, also those who are unlike."""
    book = book or frequencies_of(store)
    found = [
        Likeness(pk, others, best_score(profiles, others, book))
        for pk, others in candidates(store, profiles)
    ]
    return sorted(found, key=lambda one: (-one.score.bits, one.customer_id))


def candidates(store: Store, profiles: Profiles) -> list[tuple[int, Profiles]]:
    """Return the customers who share a key with the profiles that not too many share."""
    blocks: dict[int, list[int]] = defaultdict(list)
    for key, pk in MatchKey.objects.members(store.pk, keys_of_all(profiles), MAX_BLOCK + 1):
        blocks[key].append(pk)
    pks = {pk for block in blocks.values() if len(block) <= MAX_BLOCK for pk in block}
    return stored_profiles(store, pks)


def stored_profiles(store: Store, pks: Iterable[int]) -> list[tuple[int, Profiles]]:
    rows = MatchProfile.objects.texts_of(store.pk, pks)
    return [(pk, profiles_of(text, former)) for pk, text, former in rows]


def compare_customer(store: Store, pk: int, book: Frequencies) -> None:
    """Compare a customer with the others and save the pairs."""
    rows = MatchProfile.objects.for_store(store).filter(customer=pk)
    values = rows.values("text", "former").first()
    if values is None:
        return
    profiles = profiles_of(**values)
    found = [
        FoundPair.of(pk, like.customer_id, like.score, evidence_of(profiles, like.profiles))
        for like in find_like(store, profiles, leave_out=pk, book=book)
    ]
    save_pairs_of(store, pk, found)
    # Changed meanwhile: then it is compared once more.
    rows.filter(**values).update(is_compared=True)
