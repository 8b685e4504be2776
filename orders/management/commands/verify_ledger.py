from __future__ import annotations

import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from customers.models import Customer
from orders.verification.balances import Difference, differences, repair
from orders.verification.charges import charge_differences, repair_charges
from orders.verification.days import day_differences, repair_day
from stores.models import Store


class Command(BaseCommand):
    help = (
        "Checks that every balance is the sum of its ledger entries, what is open of its charges what they "
        "say, and every statistic and each day's sales what the orders say. Exits 1 on the first that is not."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--store", help="Only this store, by its id.")
        parser.add_argument(
            "--repair",
            action="store_true",
            help="Set wrong statistics and charges right. Balances are never repaired: post a correction.",
        )

    def handle(self, *args: Any, store: str | None, repair: bool, **options: Any) -> None:
        wanted = store_named(store) if store else None
        repaired = set()
        for difference in differences(wanted):
            if not (repair and difference.is_statistic):
                raise CommandError(str(difference))
            if difference.customer.pk not in repaired:
                self.repair(difference)
                repaired.add(difference.customer.pk)
        for account in charge_differences(wanted):
            if not repair:
                raise CommandError(str(account))
            repair_charges(account)
            self.stdout.write(f"repaired: {account}")
        for day in day_differences(wanted):
            if not repair:
                raise CommandError(str(day))
            repair_day(day)
            self.stdout.write(f"repaired: {day}")
        count = Customer.objects.for_store(wanted).count()
        self.stdout.write(f"{count} customers: all balances and statistics are true.")

    def repair(self, difference: Difference) -> None:
        repair(difference.customer)
        self.stdout.write(f"repaired: {difference}")


def store_named(uid: str) -> Store:
    """Raises CommandError."""
    try:
        return Store.objects.get(uid=uuid.UUID(uid))
    except (ValueError, Store.DoesNotExist):
        raise CommandError(f"There is no store {uid}.") from None
