from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from customers.models import Customer
from orders.verification.balances import Difference, differences, repair
from orders.verification.charges import charge_differences, repair_charges
from orders.verification.days import day_differences, repair_day
from orders.verification.order_balances import order_balance_differences
from stores.management.arguments import find_store


class Command(BaseCommand):
    help = (
        "Checks that every balance is the sum of its ledger entries, what is open of its charges and what each "
        "order has on account what they say, and every statistic and each day's sales what the orders say. "
        "Exits 1 on the first that is not."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--store", metavar="UUID", help="Only this store.")
        parser.add_argument(
            "--repair",
            action="store_true",
            help="Set wrong statistics and charges right. Balances are never repaired: post a correction.",
        )

    def handle(self, *args: Any, store: str | None, repair: bool, **options: Any) -> None:
        wanted = find_store(store) if store is not None else None
        self.each(differences(wanted), repair_statistic if repair else None)
        self.each(order_balance_differences(wanted), None)
        self.each(charge_differences(wanted), repair_charges if repair else None)
        self.each(day_differences(wanted), repair_day if repair else None)
        count = Customer.objects.for_store(wanted).count()
        self.stdout.write(f"{count} customers: all balances and statistics are true.")

    def each(self, found: Iterable[Any], repair: Callable[[Any], None] | None) -> None:
        """Repairs what may be repaired; the first that may not be ends the command."""
        for difference in found:
            if repair is None:
                raise CommandError(str(difference))
            repair(difference)
            self.stdout.write(f"repaired: {difference}")


def repair_statistic(found: Difference) -> None:
    if not found.is_statistic:
        raise CommandError(str(found))
    repair(found.customer)
