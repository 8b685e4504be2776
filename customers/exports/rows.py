"""Read the exported customers, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from customers.exports.columns import ADDRESS_COLUMNS, CONTACT_COLUMNS, CUSTOMER_COLUMNS, Column
from customers.models import Customer
from customers.money import POINTS_DIGITS, round_half_up
from customers.reads import CUSTOMERS, Row
from stores.currencies import digits_of

BATCH_SIZE = 1000
AMOUNTS = (
    "credit_limit",
    "account_balance",
    "total_spent",
    "minimum_charge_amount",
    "minimum_freight_amount",
)


def stored_names(columns: tuple[Column, ...], *others: str) -> list[str]:
    return [column.name for column in columns if column.name not in others]


SPEC = CUSTOMERS.spec(
    ["id", *stored_names(CUSTOMER_COLUMNS, "store", "tags", "account_currency")],
    addresses=["role", "is_default", *stored_names(ADDRESS_COLUMNS)],
    contacts=stored_names(CONTACT_COLUMNS),
    tags=["name"],
)


def rows_of(customers: QuerySet[Customer]) -> Iterator[Row]:
    """Yield all rows in the order of their key, batch by batch; changes meanwhile do not move a row."""
    last = 0
    ordered = customers.order_by("pk").annotate(
        store_name=F("store__name"),
        store_currency=F("store__currency"),
        store_timezone=F("store__timezone"),
    )
    while rows := SPEC.rows(ordered.filter(pk__gt=last)[:BATCH_SIZE]):
        yield from map(in_digits, rows)
        last = rows[-1]["id"]


def in_digits(row: Row) -> Row:
    """Return the row with amounts in the decimal places of their currency; points have two."""
    digits = dict.fromkeys(AMOUNTS, digits_of(row["store_currency"]))
    amounts = {
        name: round_half_up(row[name], places)
        for name, places in (digits | {"loyalty_balance": POINTS_DIGITS}).items()
        if row[name] is not None
    }
    return row | amounts


class Counts(NamedTuple):
    """How many addresses or contacts customers have: the most of one customer, and all together."""

    most: int
    total: int


def count_children(customers: QuerySet[Customer], children: str, **condition: Any) -> Counts:
    counted = customers.order_by().annotate(number=Count(children, filter=Q(**condition)))
    counts = counted.values("pk", "number").aggregate(most=Max("number"), total=Sum("number"))
    return Counts(counts["most"] or 0, counts["total"] or 0)
