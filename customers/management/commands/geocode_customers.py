from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet
from tqdm import tqdm

from customers.geocoding import seconds_between_requests
from customers.models import Address
from customers.services.addresses.pending import geocode_and_save, pending_addresses
from stores.actors import SYSTEM
from stores.errors import Conflict, NotFound
from stores.management.arguments import get_store

CHUNK = 500
BUDGET = 10.0  # seconds for one address; no request waits for the answer
MAX_UNANSWERED = 5  # in a row; then the geocoder counts as unavailable


class Command(BaseCommand):
    help = (
        "Geocode the delivery addresses of live customers that have no coordinates yet, no faster than the"
        " provider permits. If interrupted, run it again to continue. Prints how many addresses were placed and"
        " how many were not found."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--store", metavar="UUID", help="Only addresses of this store.")
        parser.add_argument(
            "--failed", action="store_true", help="Try again those that were not found."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        store = get_store(options["store"]) if options["store"] is not None else None
        rows = pending_addresses(store, failed=options["failed"])
        counts = place_all(tqdm(chunked(rows), total=rows.count(), unit=" addresses", disable=None))
        self.stdout.write(f"{counts['placed']} placed, {counts['failed']} failed")
        if counts["unanswered"]:
            raise CommandError(
                "The geocoder did not answer for some addresses. Run this again to continue."
            )


def chunked(rows: QuerySet[Address]) -> Iterator[Address]:
    """Yield the rows by ascending id, read in chunks: addresses change while the command runs."""
    last = 0
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        yield from chunk
        last = chunk[-1].pk


def place_all(rows: Iterable[Address]) -> Counter[str]:
    """Geocode the addresses. Return how many were placed, failed, gone or unanswered.

    Stop when the geocoder does not answer several times in a row.
    """
    counts: Counter[str] = Counter()
    unanswered = 0
    pause = seconds_between_requests()
    for address in rows:
        outcome = outcome_of(address)
        counts[outcome] += 1
        unanswered = unanswered + 1 if outcome == "unanswered" else 0
        if unanswered == MAX_UNANSWERED:
            break
        time.sleep(pause)
    return counts


def outcome_of(address: Address) -> str:
    """Geocode one address. Return `placed`, `failed`, `unanswered`, or `gone` if it was deleted meanwhile."""
    try:
        return "placed" if geocode_and_save(address, SYSTEM, budget=BUDGET) else "failed"
    except Conflict:
        return "unanswered"
    except NotFound:
        return "gone"
