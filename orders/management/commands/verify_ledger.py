from __future__ import annotations

import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet

from customers.models import Customer
from orders.verification import Difference, differences, repair
from stores.models import Store


class Command(BaseCommand):
    help = (
        "Checks that every balance is the sum of its ledger entries and every statistic what the orders "
        "say. Exits 1 on the first that is not."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--store", help="Only this store, by its id.")
        parser.add_argument(
            "--repair",
            action="store_true",
            help="Set wrong statistics right. Balances are never repaired: post a correction.",
        )

    def handle(self, *args: Any, store: str | None, repair: bool, **options: Any) -> None:
        customers = customers_of(store)
        repaired = set()
        for difference in differences(customers):
            if not (repair and difference.is_statistic):
                raise CommandError(str(difference))
            if difference.customer.pk not in repaired:
                self.repair(difference)
                repaired.add(difference.customer.pk)
        self.stdout.write(f"{customers.count()} customers: all balances and statistics are true.")

    def repair(self, difference: Difference) -> None:
        repair(difference.customer)
        self.stdout.write(f"repaired: {difference}")


def customers_of(store: str | None) -> QuerySet:
    """The customers of the store of this id, or all. Raises CommandError."""
    if store is None:
        return Customer.objects.all()
    try:
        found = Store.objects.get(uid=uuid.UUID(store))
    except (ValueError, Store.DoesNotExist):
        raise CommandError(f"There is no store {store}.") from None
    return Customer.objects.for_store(found)
