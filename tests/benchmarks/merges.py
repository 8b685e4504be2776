"""Measure a merge of a customer with many orders: `python -m tests.benchmarks.merges --orders 5000`.

Run it with the URL of a migrated database. Meanwhile another connection changes another customer of the store:
the longest of these changes tells how long the merge keeps others waiting.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from threading import Event, Thread
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.db.utils import OperationalError  # noqa: E402

from customers.merging.models import Merge  # noqa: E402
from customers.merging.services.merging import merge_customers  # noqa: E402
from customers.merging.services.unmerging import unmerge_customers  # noqa: E402
from customers.models import Customer  # noqa: E402
from customers.models.ledger import Account  # noqa: E402
from customers.services.customers import update_customer  # noqa: E402
from orders.services.accounts import post_entry  # noqa: E402
from stores.actors import SYSTEM  # noqa: E402
from tests.factories import CustomerFactory, StoreFactory  # noqa: E402
from tests.orders.accounts import order_of  # noqa: E402


class Neighbour(Thread):
    """Changes another customer of the store again and again, and remembers the longest change."""

    def __init__(self, customer: Customer) -> None:
        super().__init__()
        self.customer, self.is_over = customer, Event()
        self.changes, self.refused, self.longest = 0, 0, 0.0

    def run(self) -> None:
        while not self.is_over.is_set():
            began = time.perf_counter()
            fields: Any = {"notes": f"Seen {self.changes} times."}
            try:
                update_customer(self.customer.as_queryset(), SYSTEM, fields)
            except OperationalError:
                self.refused += 1
            self.changes += 1
            self.longest = max(self.longest, time.perf_counter() - began)
            time.sleep(0.01)
        connection.close()


def measure(what: str, neighbour: Customer, change: Callable[[], Any]) -> None:
    other = Neighbour(neighbour)
    other.start()
    time.sleep(0.5)
    began = time.perf_counter()
    change()
    seconds = time.perf_counter() - began
    other.is_over.set()
    other.join()
    sys.stdout.write(
        f"{what}: {seconds:.2f} s; others made {other.changes} changes, the longest {other.longest:.2f} s,"
        f" {other.refused} refused\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=5000)
    parser.add_argument("--open", action="store_true", help="Nothing of the orders is paid.")
    options = parser.parse_args()
    store = StoreFactory()
    anna, bella, clara = (CustomerFactory(store=store, is_account_enabled=True) for _ in range(3))
    for _ in range(options.orders):
        order_of(bella, "10")
    if not options.open:
        post_entry(bella.as_queryset(), SYSTEM, Account.HOUSE, Decimal(-10) * (options.orders // 2))
    target = Customer.objects.filter(store=store)
    sides = target.filter(pk=anna.pk), target.filter(pk=bella.pk)
    merges = Merge.objects.filter(store=store)
    measure("merge", clara, lambda: merge_customers(*sides, SYSTEM))
    amount = Decimal(10) * (options.orders // 4)
    post_entry(sides[0], SYSTEM, Account.HOUSE, -amount)
    measure("take apart", clara, lambda: unmerge_customers(merges, SYSTEM))


if __name__ == "__main__":
    main()
