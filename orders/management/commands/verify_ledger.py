from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from customers.models import Customer
from orders.verification.ageing import age_differences
from orders.verification.allocations import (
    AllocationDifference,
    allocation_differences,
    repair_charges,
)
from orders.verification.balances import Difference, differences, repair
from orders.verification.days import day_differences, repair_day
from orders.verification.numbers import number_differences
from orders.verification.order_lines import line_differences
from orders.verification.statements import statement_differences
from stores.management.arguments import get_store


class Command(BaseCommand):
    help = (
        "Check that every balance is the sum of its ledger entries, that allocations add up to charges and "
        "credits and pay no charge twice, that they say what is owed by age, that statements close with the "
        "balance, that orders say what their lines and payments add up to, that orders and credit notes "
        "are numbered without gaps, and that statistics and daily sales are the "
        "sums of the orders. Exits with 1 at the first difference."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--store", metavar="UUID", help="Check only this store.")
        parser.add_argument(
            "--repair",
            action="store_true",
            help="Repair statistics, charges and daily sales. Balances are never repaired: post a correction.",
        )

    def handle(self, *args: Any, store: str | None, repair: bool, **options: Any) -> None:
        scope = get_store(store) if store is not None else None
        self.repair_or_raise(differences(scope), repair_statistic if repair else None)
        self.repair_or_raise(allocation_differences(scope), repair_account if repair else None)
        self.repair_or_raise(age_differences(scope), None)
        self.repair_or_raise(statement_differences(scope), None)
        self.repair_or_raise(line_differences(scope), None)
        self.repair_or_raise(number_differences(scope), None)
        self.repair_or_raise(day_differences(scope), repair_day if repair else None)
        count = Customer.objects.for_store(scope).count()
        self.stdout.write(f"{count} customers: all balances and statistics are right.")

    def repair_or_raise(
        self, differences: Iterable[Any], repair: Callable[[Any], None] | None
    ) -> None:
        """Repair differences with `repair`. Raises CommandError at the first one without a repair."""
        for difference in differences:
            if repair is None:
                raise CommandError(str(difference))
            repair(difference)
            self.stdout.write(f"repaired: {difference}")


def repair_account(difference: AllocationDifference) -> None:
    """Repair the charges and credits of a customer. Raises CommandError for what they do not explain."""
    for fault in repair_charges(difference):
        raise CommandError(str(fault))


def repair_statistic(difference: Difference) -> None:
    """Repair the statistics of a customer. Raises CommandError for a balance, which needs a new entry."""
    if not difference.is_statistic:
        raise CommandError(str(difference))
    repair(difference.customer)
