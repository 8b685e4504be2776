"""Measure the search for duplicates in a database of its own: all customers, and one new customer.

`python -m tests.benchmarks.duplicates_scan [--rows 100000]`, on the engine of DATABASE_URL.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from statistics import quantiles

import django

import tests.environment  # noqa: F401

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402

from customers.match_keys import Profile, keys_of  # noqa: E402
from customers.matching.models import DuplicatePair  # noqa: E402
from customers.matching.services.comparing import find_like  # noqa: E402
from customers.matching.services.scanning import scan_slices, start_scan  # noqa: E402
from customers.models import Customer, MatchKey, MatchProfile  # noqa: E402
from stores.models import Store  # noqa: E402
from tests.benchmarks.families import Book  # noqa: E402
from tests.factories import StoreFactory  # noqa: E402

CHECKS = 500
BATCH = 5_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    database = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        measure(rows)
    finally:
        connection.creation.destroy_test_db(database, verbosity=0)


def measure(rows: int) -> None:
    store = StoreFactory()
    profiles = load(store, rows)
    before = peak()
    begun = time.perf_counter()
    pairs = sum(progress.pairs for progress in scan_slices(store, start_scan(store)))
    seconds = time.perf_counter() - begun
    found = DuplicatePair.objects.for_store(store).count()
    sys.stdout.write(
        f"{connection.vendor}: {rows:,} customers in {seconds:.0f} s, {pairs:,} pairs scored, {found:,} kept,"
        f" peak {peak():.0f} MB, {before:.0f} MB of them before\n"
    )
    times = sorted(check(store, profile) for profile in profiles)
    parts = quantiles(times, n=100)
    sys.stdout.write(
        f"one check: p50 {parts[49]:.2f} ms, p95 {parts[94]:.2f}, p99 {parts[98]:.2f}\n"
    )


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def check(store: Store, profile: Profile) -> float:
    begun = time.perf_counter()
    find_like(store, (profile,))
    return (time.perf_counter() - begun) * 1000


def load(store: Store, rows: int) -> list[Profile]:
    """Insert the profiles and keys of a book. Return some, which are checked as new customers."""
    profiles = Book(rows).profiles
    for start in range(0, rows, BATCH):
        part = profiles[start : start + BATCH]
        people = Customer.objects.bulk_create(
            Customer(store=store, currency=store.currency, search_text="") for _ in part
        )
        pairs = list(zip(people, part, strict=True))
        MatchProfile.objects.bulk_create(
            MatchProfile(store=store, customer=one, text=profile.text, is_compared=True)
            for one, profile in pairs
        )
        MatchKey.objects.bulk_create(
            MatchKey(store=store, customer=one, hash=key)
            for one, profile in pairs
            for key in keys_of(profile)
        )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE customers_matchkey, customers_matchprofile")
    return profiles[:: max(rows // CHECKS, 1)]


if __name__ == "__main__":
    main()
