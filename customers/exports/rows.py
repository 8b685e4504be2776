"""Read the exported customers, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from customers.exports.columns import ADDRESS_COLUMNS, CONTACT_COLUMNS, CUSTOMER_COLUMNS, Column
from customers.models import Customer
from customers.reads import CUSTOMERS, Row

BATCH_SIZE = 1000


def stored_names(columns: tuple[Column, ...], *others: str) -> list[str]:
    return [column.name for column in columns if column.name not in others]


SPEC = CUSTOMERS.spec(
    ["id", *stored_names(CUSTOMER_COLUMNS, "store", "tags")],
    addresses=["role", "is_default", *stored_names(ADDRESS_COLUMNS)],
    contacts=stored_names(CONTACT_COLUMNS),
    tags=["name"],
)


def rows_of(customers: QuerySet[Customer]) -> Iterator[Row]:
    """Yield all rows in the order of their key, batch by batch; changes meanwhile do not move a row."""
    last = 0
    ordered = customers.order_by("pk").annotate(store_name=F("store__name"))
    while rows := SPEC.rows(ordered.filter(pk__gt=last)[:BATCH_SIZE]):
        yield from rows
        last = rows[-1]["id"]


class Counts(NamedTuple):
    """How many addresses or contacts customers have: the most of one customer, and all together."""

    most: int
    total: int


def count_children(customers: QuerySet[Customer], children: str, **condition: Any) -> Counts:
    counted = customers.order_by().annotate(number=Count(children, filter=Q(**condition)))
    counts = counted.values("pk", "number").aggregate(most=Max("number"), total=Sum("number"))
    return Counts(counts["most"] or 0, counts["total"] or 0)
