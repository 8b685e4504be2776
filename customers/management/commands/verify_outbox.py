"""Check that every change has an event and every event its deliveries."""

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
        "Check that each customer's events reach its version without a gap, that every event has a delivery to"
        " each endpoint that wanted it, and that no delivery is in an impossible state. Prints a line for each"
        " error and then exits with 1; without errors exits with 0."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        number = 0
        for finding in chain(unpublished_changes(), findings()):
            number += 1
            self.stdout.write(finding)
        if number:
            sys.exit(1)
        self.stdout.write("Every change has its event, every event has its deliveries.")


def unpublished_changes() -> Iterator[str]:
    """Yield a line for each customer whose last event has not the customer's version."""
    events = Event.objects.filter(store=OuterRef("store"), customer_uid=OuterRef("uid"))
    published = Subquery(events.order_by("-version").values("version")[:1])
    customers = Customer.objects.annotate(published=published)
    for row in each(customers.values("pk", "uid", "version", "published")):
        if row["published"] != row["version"]:
            yield (
                f"customer {row['uid']}: last event has version {row['published']}, "
                f"the customer has version {row['version']}"
            )
