"""Measure how common the values of a store's customers are, and remember it."""

from __future__ import annotations

from django.utils import timezone

from customers.match_keys import Profile
from customers.matching.models import ValueCounts
from customers.matching.scoring import Frequencies
from customers.matching.scoring.counting import Counting
from customers.models import MatchProfile
from stores.cache import cache_get, cache_set
from stores.database.batches import batches
from stores.models import Store

CACHE_SECONDS = 600
SMALL_STORE = 5_000  # customers; their values are counted while somebody waits
SMALL_STORE_SECONDS = 60  # so long a count of theirs is remembered, while none comes or goes


def frequencies_of(store: Store) -> Frequencies:
    """Return the last measured frequencies with the present number of customers."""
    cached: Frequencies | None = cache_get(cache_key(store))
    if cached is not None:
        return cached
    rows = MatchProfile.objects.for_store(store).count()
    if rows <= SMALL_STORE:
        return frequencies_of_small(store, rows)
    counts = ValueCounts.objects.for_store(store).values_list("counts", flat=True).first()
    frequencies = Frequencies(rows, counts or {})
    cache_set(cache_key(store), frequencies, CACHE_SECONDS)
    return frequencies


def frequencies_of_small(store: Store, rows: int) -> Frequencies:
    name = f"{cache_key(store)}-{rows}"
    cached: Frequencies | None = cache_get(name)
    if cached is None:
        cached = measured(store)
        cache_set(name, cached, SMALL_STORE_SECONDS)
    return cached


def measure_frequencies(store: Store) -> Frequencies:
    """Count the values of all customers, and store those that are common."""
    frequencies = measured(store)
    ValueCounts.objects.update_or_create(
        store=store, defaults={"counts": frequencies.counts, "measured_at": timezone.now()}
    )
    cache_set(cache_key(store), frequencies, CACHE_SECONDS)
    return frequencies


def cache_key(store: Store) -> str:
    return f"match-frequencies-{store.pk}"


def measured(store: Store) -> Frequencies:
    counting = Counting()
    profiles = MatchProfile.objects.for_store(store).values("customer_id", "text")
    for batch in batches(profiles, key="customer_id"):
        for row in batch:
            counting.add(Profile.of_text(row["text"]))
        counting.trim()
    return counting.result()
