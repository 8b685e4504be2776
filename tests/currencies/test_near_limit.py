"""Nine tenths of a limit are found exactly, on both engines."""

from __future__ import annotations

from decimal import Decimal

from customers.models import Customer
from customers.models.customer_queryset import NEAR
from tests.factories import StoreFactory

CENT = Decimal("0.01")
LIMITS = [
    *(Decimal(tens) / 10 for tens in range(1, 2000)),
    *(Decimal("99999999999.9") + tens for tens in range(100)),
]


def customers_owing(store, kind, difference):
    return [
        Customer(
            store=store,
            name=kind,
            currency="AUD",
            credit_limit=limit,
            account_balance=limit * 9 / 10 + difference,
        )
        for limit in LIMITS
    ]


def test_nine_tenths_of_every_limit_are_near_it(db):
    store = StoreFactory()
    rows = customers_owing(store, "at", Decimal(0)) + customers_owing(store, "below", -CENT)
    Customer.objects.bulk_create(rows, batch_size=500)
    near = Customer.objects.for_store(store).filter(NEAR)
    assert near.filter(name="at").count() == len(LIMITS)
    assert near.filter(name="below").count() == 0
