"""Personal data in the tables of orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from customers.models import Customer
from customers.privacy.personal_data.tables import CODE, MONEY, STAFF, PersonalTable, rows_of
from orders.models import (
    Allocation,
    Credit,
    CreditCheck,
    CreditNote,
    Letter,
    Order,
    OrderLine,
    Payment,
)

# Of the address of an order these stay: tax depends on the country and the state.
KEPT_OF_ADDRESS = frozenset(
    {
        "id",
        "uid",
        "role",
        "position",
        "is_default",
        "country_code",
        "state_code",
        "created_at",
        "updated_at",
    }
)


@dataclass(frozen=True)
class OrderRows:
    """The rows of a table that has a key to an order of the customer."""

    model: Any

    def __call__(self, customer: Customer) -> QuerySet[Any]:
        return self.among([customer])

    def among(self, customers: Sequence[Customer]) -> QuerySet[Any]:
        store, keys = customers[0].store_id, [customer.pk for customer in customers]
        orders = Order.objects.filter(store=store, customer__in=keys).order_by()
        rows: QuerySet[Any] = self.model.objects.filter(store=store, order__in=orders.values("pk"))
        return rows


def erased_address(customer: Customer | None, address: dict[str, Any] | None) -> Any:
    """Return what stays of the address that an order was sent to."""
    if address is None:
        return None
    return {name: value for name, value in address.items() if name in KEPT_OF_ADDRESS}


PRODUCT = "Names a product, not a person."
ORDER = PersonalTable(
    Order,
    "Orders",
    rows_of(Order),
    erased={"shipping_address": erased_address, "merchant_note": ""},
    kept={
        "number": MONEY,
        "status": CODE,
        "payment_status": CODE,
        "currency": CODE,
        "due_on": MONEY,
        "external_id": "The order's number in another system of the shop, whose books refer to it.",
    },
)
PAYMENT = PersonalTable(
    Payment,
    "Payments",
    OrderRows(Payment),
    erased={"reason": ""},
    kept={"kind": CODE, "method": MONEY, "paid_on": MONEY, "cause": CODE, "actor_name": STAFF},
)
ORDER_TABLES = (
    ORDER,
    PersonalTable(
        OrderLine,
        "Lines of orders",
        OrderRows(OrderLine),
        kept={"product_id": PRODUCT, "product_name": PRODUCT},
    ),
    PAYMENT,
    PersonalTable(CreditNote, "Credit notes", OrderRows(CreditNote), kept={"number": MONEY}),
    PersonalTable(Credit, "Credits", rows_of(Credit), kept={"paid_on": MONEY}),
    PersonalTable(
        Allocation,
        "Allocations",
        rows_of(Allocation),
        kept={"kind": CODE, "effective_on": MONEY, "actor_name": STAFF},
    ),
    PersonalTable(
        Letter,
        "Letters",
        rows_of(Letter),
        erased={"address": "", "copy_to": "", "error": ""},
        kept={
            "first_day": MONEY,
            "last_day": MONEY,
            "overdue_since": MONEY,
            "state": CODE,
            "actor_name": STAFF,
        },
    ),
    PersonalTable(CreditCheck, "Credit checks", rows_of(CreditCheck), deletes_rows=True),
)
