"""Compare orders with the sums of their lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q, Sum

from customers.models import Customer
from orders.models import Order
from orders.models.order import exact_amount
from orders.verification.comparing import as_text
from stores.database.batches import batches
from stores.models import Store

ZERO = Decimal(0)
COLUMNS = ("number", "store_id", "subtotal", "unit_count")
SHOWN = ("number", "store_id", "goods", "units")
GOODS, UNITS = Sum("lines__total", default=ZERO), Sum("lines__quantity", default=ZERO)


@dataclass(frozen=True)
class LineDifference:
    """An order whose subtotal or number of units is not the sum of its lines."""

    number: str
    store_id: int
    goods: Decimal
    units: Decimal

    def __str__(self) -> str:
        sums = f"its lines come to {as_text(self.goods)} for {self.units} units, it says otherwise"
        return f"order {self.number} of store {self.store_id}: {sums}"


def line_differences(store: Store | None = None) -> Iterator[LineDifference]:
    """Yield every difference in one store or in all. Lines never change, so no lock is needed."""
    for rows in batches(Customer.objects.for_store(store).values("pk")):
        keys = Q(customer_id__gte=rows[0]["pk"], customer_id__lte=rows[-1]["pk"])
        # Grouped by columns: on a distributed database a key alone does not stand for its row.
        orders = Order.objects.for_store(store).filter(keys).order_by().values(*COLUMNS)
        sums = orders.annotate(goods=exact_amount(GOODS), units=exact_amount(UNITS))
        wrong = sums.exclude(goods=F("subtotal"), units=F("unit_count"))
        for number, store_id, goods, units in wrong.values_list(*SHOWN):
            yield LineDifference(number, store_id, goods, units)
