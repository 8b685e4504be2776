"""Proving the book: balances against the ledger's entries, statistics against the orders.

Compared in the database, a range of customers at a time, so that a million of them take little memory and
no statement takes long.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, F, Func, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from customers.models import Customer, LedgerEntry
from customers.models.customer import money
from customers.services.accounts import BALANCES
from customers.services.editing import editing
from orders.models import Order
from orders.models.order import cents
from orders.services.statistics import STATISTICS, recount
from stores.actors import SYSTEM

RANGE = 5_000


@dataclass(frozen=True)
class Difference:
    """One column of one customer's row that is not what it should be."""

    customer: Customer
    column: str
    stands: Any
    should_be: Any

    @property
    def is_statistic(self) -> bool:
        return self.column in STATISTICS

    def __str__(self) -> str:
        source = "its orders say" if self.is_statistic else "the sum of its entries is"
        return (
            f"customer {self.customer.uid} of {self.customer.store}: "
            f"{self.column} is {self.stands}, {source} {self.should_be}"
        )


class Differs(Func):
    """Whether two expressions differ, where NULL equals NULL."""

    template = "(%(expressions)s)"
    arg_joiner = " IS DISTINCT FROM "
    output_field = BooleanField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, arg_joiner=" IS NOT ", **context)


def differences(customers: QuerySet) -> Iterator[Difference]:
    """Every difference, in the order of the customers' keys."""
    expected = {f"expected_{name}": value for name, value in expectations().items()}
    wrong = Q()
    for name in expected:
        wrong |= Q(Differs(F(name.removeprefix("expected_")), F(name)))
    for part in ranges(customers):
        for customer in part.annotate(**expected).filter(wrong).select_related("store"):
            yield from differences_of(customer, list(expected))


def differences_of(customer: Customer, expected: list[str]) -> Iterator[Difference]:
    for name in expected:
        column = name.removeprefix("expected_")
        stands, should_be = getattr(customer, column), getattr(customer, name)
        if stands != should_be:
            yield Difference(customer, column, stands, should_be)


def ranges(customers: QuerySet) -> Iterator[QuerySet]:
    """The customers in ranges of their keys, in order."""
    customers = customers.order_by("pk")
    last = 0
    while True:
        rest = customers.filter(pk__gt=last)
        keys = rest.values_list("pk", flat=True)
        end = next(iter(keys[RANGE - 1 : RANGE]), None)
        yield rest if end is None else rest.filter(pk__lte=end)
        if end is None:
            return
        last = end


def expectations() -> dict[str, Any]:
    """What each kept column should be, as an expression on its customer."""
    balances = {column: balance(account) for account, column in BALANCES.items()}
    return balances | {name: statistic(name) for name in STATISTICS}


def balance(account: str) -> Any:
    own = LedgerEntry.objects.filter(
        store=OuterRef("store"), customer=OuterRef("pk"), account=account
    )
    return amount(own.order_by().values("customer").annotate(found=Sum("amount")))


def statistic(name: str) -> Any:
    own = Order.objects.filter(store=OuterRef("store"), customer=OuterRef("pk"))
    grouped = own.order_by().values("customer").annotate(found=STATISTICS[name])
    if name == "total_spent":
        return amount(grouped)
    found = Subquery(grouped.values("found"))
    return Coalesce(found, Value(0)) if name in ("order_count", "orders_ever") else found


def amount(grouped: QuerySet) -> Any:
    return cents(Coalesce(Subquery(grouped.values("found")), Value(0), output_field=money()))


def repair(customer: Customer) -> None:
    """Sets the statistics of one customer to what its orders say, as a change like any other."""
    with editing(Customer.objects.filter(store=customer.store_id, pk=customer.pk), SYSTEM) as edit:
        recount(edit.customer)
        edit.finish()
