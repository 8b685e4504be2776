"""Checks that no change went untold."""

import sys
from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import OuterRef, Subquery

from customers.models import Customer
from stores.database.batches import each
from stores.models import Event
from stores.webhooks.verifying import findings


class Command(BaseCommand):
    help = (
        "Check that each customer's events reach its version without a gap, that every event is on its way"
        " to the endpoints that wanted it, and that no delivery is in an impossible state. Prints what is"
        " wrong, a line each, and exits with 1; with 0 when all is well."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        number = 0
        for finding in chain(unpublished_changes(), findings()):
            number += 1
            self.stdout.write(finding)
        if number:
            sys.exit(1)
        self.stdout.write("Every change is told, every event is on its way.")


def unpublished_changes() -> Iterator[str]:
    """Customers whose present version has no event."""
    own = Event.objects.filter(store=OuterRef("store"), customer_uid=OuterRef("uid"))
    told = Subquery(own.order_by("-version").values("version")[:1])
    customers = Customer.objects.annotate(told=told).values("pk", "uid", "version", "told")
    for customer in each(customers):
        if customer["told"] != customer["version"]:
            yield (
                f"customer {customer['uid']}: told up to {customer['told']}, is at {customer['version']}"
            )
