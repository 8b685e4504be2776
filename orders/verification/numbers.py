"""Prove that orders and credit notes of each store and year are numbered from 1 to the last one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Min

from orders.models import CreditNote, CreditNoteSequence, Order, OrderSequence
from stores.models import Store

DOCUMENTS: dict[str, tuple[Any, Any]] = {
    "orders": (Order, OrderSequence),
    "credit notes": (CreditNote, CreditNoteSequence),
}
Run = tuple[Any, ...]


@dataclass(frozen=True)
class NumberDifference:
    """A year of a store whose documents are not numbered from 1 to the last one."""

    documents: str
    store_id: int
    year: int
    fault: str

    def __str__(self) -> str:
        return f"{self.documents} of {self.year} of store {self.store_id}: {self.fault}"


def number_differences(store: Store | None = None) -> Iterator[NumberDifference]:
    for documents, (model, sequence) in DOCUMENTS.items():
        numbers = sequence.objects.for_store(store).values_list("store", "year", "last")
        last = {(store_id, year): number for store_id, year, number in numbers}
        runs = runs_of(model.objects.for_store(store))
        for store_id, year in sorted(last.keys() | runs.keys()):
            if not is_whole(runs.get((store_id, year)), last.get((store_id, year))):
                yield from recheck_locked(documents, store_id, year)


def recheck_locked(documents: str, store_id: int, year: int) -> Iterator[NumberDifference]:
    """Yield the difference of a year, compared again while no document can get a number."""
    model, sequence = DOCUMENTS[documents]
    keys = {"store": store_id, "year": year}
    with transaction.atomic():
        numbers = sequence.objects.filter(**keys).select_for_update(no_key=True)
        last = next(iter(numbers.values_list("last", flat=True)), None)
        run = runs_of(model.objects.filter(**keys)).get((store_id, year))
    if not is_whole(run, last):
        says = f"from {run[1]} to {run[2]}" if run else "none"
        fault = f"there are {run[0] if run else 0}, numbered {says}; the last number is {last}"
        yield NumberDifference(documents, store_id, year, fault)


def runs_of(rows: Any) -> dict[tuple[int, int], Run]:
    """Return how many there are, and their first and last number, by store and year."""
    counted = rows.order_by().values_list("store", "year")
    sums = counted.annotate(count=Count("pk"), first=Min("sequence"), newest=Max("sequence"))
    return {(store_id, year): (*run,) for store_id, year, *run in sums}


def is_whole(run: Run | None, last: int | None) -> bool:
    """Return whether the numbers go from 1 to the last one. Without documents none was given."""
    return run == (last, 1, last) if run else not last
