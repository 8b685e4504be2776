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
from stores.management.arguments import find_store

CHUNK = 500
BUDGET = 10.0  # seconds for one address, for nobody waits for the answer
MOST_SILENCES = 5  # in a row; after them the geocoder is taken to be away


class Command(BaseCommand):
    help = (
        "Place the delivery addresses of live customers that no geocoder was asked about yet, no faster than"
        " the provider permits. Interrupted, it goes on where it was. Prints how many were placed and how"
        " many were not found."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--store", metavar="UUID", help="Only this store's.")
        parser.add_argument(
            "--failed", action="store_true", help="Ask again about those that were not found."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        store = find_store(options["store"]) if options["store"] is not None else None
        rows = pending_addresses(store, failed=options["failed"])
        counts = place_all(tqdm(chunked(rows), total=rows.count(), unit=" addresses", disable=None))
        self.stdout.write(f"{counts['placed']} placed, {counts['failed']} failed")
        if counts["unanswered"]:
            raise CommandError("The geocoder did not always answer: run this again to go on.")


def chunked(rows: QuerySet[Address]) -> Iterator[Address]:
    """The rows by ascending id, a part of them at a time: they change while this goes on."""
    last = 0
    while part := list(rows.filter(pk__gt=last)[:CHUNK]):
        yield from part
        last = part[-1].pk


def place_all(rows: Iterable[Address]) -> Counter[str]:
    """How many were placed, failed, gone or unanswered; stops at a geocoder that stays silent."""
    counts: Counter[str] = Counter()
    silences = 0
    pause = seconds_between_requests()
    for address in rows:
        outcome = outcome_of(address)
        counts[outcome] += 1
        silences = silences + 1 if outcome == "unanswered" else 0
        if silences == MOST_SILENCES:
            break
        time.sleep(pause)
    return counts


def outcome_of(address: Address) -> str:
    try:
        return "placed" if geocode_and_save(address, SYSTEM, budget=BUDGET) else "failed"
    except Conflict:
        return "unanswered"
    except NotFound:
        return "gone"
