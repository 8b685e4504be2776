"""Simulate two years of a shop, in the order of time, with the clock set to each moment.

So customers, orders, ledger entries and events get the dates of their day from the services.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from typing import Any

import time_machine
from factory.random import randgen

from customers.fields import CustomerFields
from customers.models import Customer, DeliveryZone, Depot
from customers.models.customer_queryset import CustomerQuerySet
from customers.reads import Row
from customers.services.customers import update_customer
from orders.demo import customers, order_lifecycle
from orders.demo.shops import Shop
from orders.services.customers import delete_customer
from orders.services.lines import Item
from orders.services.placing import place_order
from stores.actors import SYSTEM
from stores.models import Store

LENGTH = timedelta(days=730)
OPENING = timedelta(days=20)  # a quarter of the customers join in this time
LAST_JOINING, LAST_ORDER = timedelta(days=10), timedelta(days=1)
FIRST_DEBTOR_WEIGHT, DEBTOR_WEIGHT, MOST_WEIGHT = 15.0, 6.0, 12.0
LEAVING, BARRED = 2, 1
# How long ago the debtors stopped paying; with terms of 30 days some owe what is overdue, some do not.
DEBTORS_STOPPED_PAYING = tuple(timedelta(days=days) for days in (80, 50, 30, 130, 15))


class History:
    """The history of one shop until `now`, as an agenda of actions. Its first customers are its debtors."""

    def __init__(self, shop: Shop, now: datetime) -> None:
        self.shop, self.now, self.start = shop, now, now - LENGTH
        self.agenda: list[tuple[datetime, int, Callable[[], Any]]] = []
        self.turn = count()
        self.rows: list[Row] = []
        self.weights: list[float] = []

    def at(self, moment: datetime, action: Callable[[], Any]) -> None:
        """Put an action on the agenda, unless its moment is in the future."""
        if moment < self.now:
            heappush(self.agenda, (moment, next(self.turn), action))

    def run(self) -> Iterator[int]:
        """Run all actions. Yield the days that have passed after each of them."""
        self.at(self.start, self.open)
        while self.agenda:
            moment, _, action = heappop(self.agenda)
            with time_machine.travel(moment, tick=False):
                action()
            yield (moment - self.start).days

    def open(self) -> None:
        shop = self.shop
        self.store = Store.objects.create(
            name=shop.name, country=shop.country, currency=shop.currency, timezone=shop.timezone
        )
        self.depots = [Depot.objects.create(store=self.store, name=name) for name in shop.depots]
        self.zones = [
            DeliveryZone.objects.create(store=self.store, name=name) for name in shop.zones
        ]
        for number, moment in enumerate(self.joinings(), 1):
            self.at(moment, partial(self.join, number))
        for index in range(shop.debtors):  # one each, at least, for which they owe
            self.at(self.now - stopped_paying(index) / 2, partial(self.order_of, index))
        for _ in range(shop.orders - shop.debtors):
            self.at(self.moment_of_order(), self.order)
        self.at(self.now - timedelta(minutes=30), self.deactivate_some)

    # --- customers

    def joinings(self) -> list[datetime]:
        """Return the moment when each customer joins, sorted. The first is there from the start."""
        others = range(self.shop.customers - 1)
        spans = [OPENING if randgen.random() < 0.25 else LENGTH - LAST_JOINING for _ in others]
        return [
            self.start + timedelta(hours=1),
            *sorted(self.in_hours(self.start + span * randgen.random()) for span in spans),
        ]

    def in_hours(self, moment: datetime) -> datetime:
        """Return a random moment of that day within opening hours, and not before the first day."""
        local = moment.astimezone(self.store.tzinfo)
        open_at = local.replace(hour=randgen.randint(7, 18), minute=randgen.randint(0, 59))
        return max(open_at.astimezone(UTC), self.start + timedelta(hours=2))

    def join(self, number: int) -> None:
        row = customers.join(self.shop, self.store, number, self.depots, self.zones)
        self.rows.append(row)
        self.weights.append(self.weight_of(number))
        if randgen.random() < self.shop.movers:
            move = partial(customers.add_second_address, self.target(row), self.shop)
            self.at(self.in_hours(datetime.now(UTC) + timedelta(days=40)), move)

    def weight_of(self, number: int) -> float:
        """Return how often a customer orders, compared with others."""
        if self.shop.is_debtor(number):
            return FIRST_DEBTOR_WEIGHT if number == 1 else DEBTOR_WEIGHT
        weight: float = min(randgen.paretovariate(1.2), MOST_WEIGHT)
        return weight

    def target(self, row: Row) -> CustomerQuerySet:
        return Customer.objects.filter(store=self.store, pk=row["id"])

    def deactivate_some(self) -> None:
        """Delete some customers and blacklist another; never a debtor."""
        rows = randgen.sample(self.rows[self.shop.debtors :], LEAVING + BARRED)
        for row in rows[:LEAVING]:
            delete_customer(self.target(row), SYSTEM)
        for row in rows[LEAVING:]:
            fields: CustomerFields = {
                "is_blacklisted": True,
                "blacklist_reason": "Charged back three orders",
            }
            update_customer(self.target(row), SYSTEM, fields)

    # --- orders

    def moment_of_order(self) -> datetime:
        """Return a random moment. Late ones are more likely, because business grows."""
        span = LENGTH - OPENING - LAST_ORDER
        return self.in_hours(self.start + OPENING + span * randgen.random() ** 0.7)

    def order(self) -> None:
        self.order_of(randgen.choices(range(len(self.rows)), self.weights)[0])

    def order_of(self, index: int) -> None:
        row = self.rows[index]
        items = self.items()
        order = place_order(
            self.target(row),
            SYSTEM,
            items,
            on_account=self.shop.is_debtor(index + 1),
            **order_lifecycle.amounts(self.shop, items, row["discount_rate"]),  # type: ignore[arg-type]
        )
        order_lifecycle.schedule(
            order,
            self.at,
            self.now,
            is_firm=bool(row["company"]),
            stopped_paying=stopped_paying(index),
        )

    def items(self) -> list[Item]:
        products = randgen.sample(self.shop.products, randgen.choice((1, 1, 2, 2, 3, 4)))
        return [
            {
                "product_id": product.id,
                "product_name": product.name,
                "quantity": randgen.randint(1, self.shop.most_of_one),
                "unit_price": product.price,
            }
            for product in products
        ]


def stopped_paying(index: int) -> timedelta:
    """Return how long ago the debtor of this index, from 0 on, stopped paying."""
    return DEBTORS_STOPPED_PAYING[index % len(DEBTORS_STOPPED_PAYING)]
