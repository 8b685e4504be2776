"""Find the customers who may be the same as one customer, through their common keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from customers.match_keys import Profile, keys_of
from customers.match_keys.keys import MAX_BLOCK
from customers.matching.scoring import Frequencies, Score, score
from customers.matching.services.pairs import FoundPair, evidence_of, save_pairs_of
from customers.matching.services.statistics import frequencies_of
from customers.models import MatchKey, MatchProfile
from stores.models import Store


class Likeness(NamedTuple):
    """A customer who may be the one that was looked for."""

    customer_id: int
    profile: Profile
    score: Score


def find_like(
    store: Store,
    profile: Profile,
    *,
    leave_out: int | None = None,
    book: Frequencies | None = None,
) -> list[Likeness]:
    """Return live customers who are possibly the one of this profile, the most likely first."""
    shown = [one for one in scored(store, profile, book) if one.score.level is not None]
    return [one for one in shown if one.customer_id != leave_out]


def scored(store: Store, profile: Profile, book: Frequencies | None = None) -> list[Likeness]:
    """Return all who share a key with the profile, the most likely first, also those who are unlike it."""
    book = book or frequencies_of(store)
    found = [
        Likeness(pk, other, score(profile, other, book)) for pk, other in candidates(store, profile)
    ]
    return sorted(found, key=lambda one: (-one.score.bits, one.customer_id))


def candidates(store: Store, profile: Profile) -> list[tuple[int, Profile]]:
    """Return the customers who share a key with the profile that not too many share."""
    blocks: dict[int, list[int]] = defaultdict(list)
    for key, pk in MatchKey.objects.members(store.pk, keys_of(profile), MAX_BLOCK + 1):
        blocks[key].append(pk)
    pks = {pk for block in blocks.values() if len(block) <= MAX_BLOCK for pk in block}
    return profiles_of(store, pks)


def profiles_of(store: Store, pks: Iterable[int]) -> list[tuple[int, Profile]]:
    texts = MatchProfile.objects.texts_of(store.pk, pks)
    return [(pk, Profile.of_text(text)) for pk, text in texts]


def compare_customer(store: Store, pk: int, book: Frequencies) -> None:
    """Compare a customer with the others and save the pairs."""
    rows = MatchProfile.objects.for_store(store).filter(customer=pk)
    text = rows.values_list("text", flat=True).first()
    if text is None:
        return
    profile = Profile.of_text(text)
    found = [
        FoundPair.of(pk, like.customer_id, like.score, evidence_of(profile, like.profile))
        for like in find_like(store, profile, leave_out=pk, book=book)
    ]
    save_pairs_of(store, pk, found)
    # Changed meanwhile: then it is compared once more.
    rows.filter(text=text).update(is_compared=True)
