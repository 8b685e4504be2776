"""Orders that wait to be shipped."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localtime

from config.admin.today.source import Day, Item, Source, days, page_of
from customers.tasks.kinds import TaskKind
from customers.tasks.services.assigning import Task
from orders.admin.amounts import order_amount
from orders.admin.filters import TO_SHIP
from orders.models import Order

LATE = 3  # days after which an order that is not shipped is marked


class ToShip(Source):
    kind = TaskKind.TO_SHIP
    title, noun, more = "To ship", ("order", "orders"), "All to ship"
    permission, model = "orders.view_order", "orders_order"

    def query(self) -> dict[str, str]:
        return {"state": "to-ship"}

    def rows(self, day: Day) -> QuerySet[Any]:
        orders = Order.objects.for_store(day.store).visible().filter(status__in=TO_SHIP)
        return orders.select_related("customer", "store").order_by("id")

    def first(self, day: Day, without: Collection[int], most: int) -> list[Item]:
        """Read the oldest orders of each status by its index: there may be many orders to ship."""
        oldest: list[Order] = []
        for status in TO_SHIP:
            rows = self.rows(day).filter(status=status).exclude(pk__in=without)
            oldest += rows[:most]
        return self.items(day, sorted(oldest, key=lambda order: order.placed_at)[:most])

    def item(self, day: Day, order: Order) -> Item:
        age = (day.today - localtime(order.placed_at, day.store.tzinfo).date()).days
        return Item(
            Task(self.kind, order.pk),
            str(order.customer),
            page_of(self.model, order.pk),
            (f"{order.number}, {order.get_status_display().lower()}",),
            order_amount(order, order.total),
            placed(age),
            "warn" if age >= LATE else "",
        )


def placed(age: int) -> str:
    words = {0: "placed today", 1: "placed yesterday"}
    return words.get(age, f"placed {days(age)} ago")
