"""Compare all customers of a store with each other, in slices that remember how far they came.

A slice has about a thousand customers and holds only them and their candidates in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from customers.match_keys import profiles_of
from customers.matching.models import DuplicatePair, MatchScan
from customers.matching.services.slices import Slices
from customers.matching.services.statistics import measure_frequencies
from customers.models import MatchProfile
from stores.models import Store

SLICE = 1_000  # customers


class Progress(NamedTuple):
    """How many customers and pairs a slice compared."""

    customers: int
    pairs: int


def start_scan(store: Store) -> MatchScan:
    """Return the scan of a store that was interrupted. Start one when there is none, or the last has ended."""
    scan, is_new = MatchScan.objects.get_or_create(store=store)
    if scan.finished_at is not None:
        now = timezone.now()
        scan.cursor, scan.pairs, scan.finished_at = 0, 0, None
        scan.started_at = scan.updated_at = now
        scan.save()
        is_new = True
    if is_new:
        measure_frequencies(store)
    return scan


def scan_slices(store: Store, scan: MatchScan) -> Iterator[Progress]:
    """Compare the customers that the scan has not compared yet, and yield after each slice."""
    slices = Slices(store)
    while True:
        rows = MatchProfile.objects.for_store(store).filter(customer__gt=scan.cursor)
        texts = rows.order_by("customer_id").values_list("customer_id", "text", "former")
        batch = {pk: profiles_of(text, former) for pk, text, former in texts[:SLICE]}
        if not batch:
            break
        pairs = slices.compare(batch)
        scan.cursor, scan.pairs = max(batch), scan.pairs + pairs
        scan.updated_at = timezone.now()
        scan.save(update_fields=["cursor", "pairs", "updated_at"])
        yield Progress(len(batch), pairs)
    delete_pairs_of_the_deleted(store)
    scan.updated_at = scan.finished_at = timezone.now()
    scan.save(update_fields=["updated_at", "finished_at"])


def delete_pairs_of_the_deleted(store: Store) -> None:
    """Delete open pairs with a deleted customer. A slice does not meet them."""
    pairs = DuplicatePair.objects.for_store(store).filter(decided_at=None)
    for side in ("first", "second"):
        with transaction.atomic():
            gone = pairs.exclude(**{f"{side}__deleted_at": None})
            DuplicatePair.objects.filter(store=store, pk__in=gone.column("pk")).delete()
