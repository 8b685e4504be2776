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
from tests.benchmarks.servers import cpu_of  # noqa: E402
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
    before, cpu = peak(), cpu_seconds()
    begun = time.perf_counter()
    pairs = sum(progress.pairs for progress in scan_slices(store, start_scan(store)))
    seconds, cpu = time.perf_counter() - begun, cpu_seconds() - cpu
    found = DuplicatePair.objects.for_store(store).count()
    sys.stdout.write(
        f"{connection.vendor}: {rows:,} customers in {seconds:.0f} s ({cpu:.0f} s of CPU), {pairs:,} pairs"
        f" scored, {found:,} kept, peak {peak():.0f} MB, {before:.0f} MB of them before\n"
    )
    cpu = cpu_seconds()
    times = sorted(check(store, profile) for profile in profiles)
    cpu = (cpu_seconds() - cpu) / len(times) * 1000
    parts = quantiles(times, n=100)
    sys.stdout.write(
        f"one check: p50 {parts[49]:.2f} ms, p95 {parts[94]:.2f}, p99 {parts[98]:.2f}; {cpu:.2f} ms of CPU\n"
    )


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def cpu_seconds() -> float:
    """Return the CPU time of this process and of its database connection."""
    if connection.vendor != "postgresql":
        return time.process_time()
    return time.process_time() + cpu_of(connection.connection.info.backend_pid)


def check(store: Store, profile: Profile) -> float:
    begun = time.perf_counter()
    find_like(store, (profile,))
    return (time.perf_counter() - begun) * 1000


def load(store: Store, rows: int) -> list[Profile]:
    """Insert the profiles and keys of a book. Return some, which are checked as new customers."""
    profiles = Book(rows).profiles
    first = insert_customers(store, rows)
    load_rows = copy_part if connection.vendor == "postgresql" else insert_part
    for start in range(0, rows, BATCH):
        load_rows(store, first + start, profiles[start : start + BATCH])
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE customers_matchkey, customers_matchprofile")
    return profiles[:: max(rows // CHECKS, 1)]


def insert_customers(store: Store, rows: int) -> int:
    """Insert customers without a name by copying one of them. Return the key of the first; others follow."""
    customer = Customer(store=store, currency=store.currency, search_text="")
    customer.insert()
    fields = [field for field in Customer._meta.concrete_fields if field.name not in ("id", "uid")]
    names = ", ".join(field.column for field in fields)
    numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)"
    is_postgresql = connection.vendor == "postgresql"
    uid = "gen_random_uuid()" if is_postgresql else "lower(hex(randomblob(16)))"
    with connection.cursor() as cursor:
        cursor.execute(
            f"{numbers} INSERT INTO customers_customer (id, uid, {names})"
            f" SELECT {customer.pk} + i, {uid}, {names} FROM customers_customer, n WHERE id = {customer.pk}",
            [rows],
        )
    return customer.pk + 1


def insert_part(store: Store, first: int, profiles: list[Profile]) -> None:
    MatchProfile.objects.bulk_create(
        MatchProfile(store=store, customer_id=key, text=profile.text, is_compared=True)
        for key, profile in enumerate(profiles, first)
    )
    pairs = [(key, one) for one, profile in enumerate(profiles, first) for key in keys_of(profile)]
    MatchKey.objects.insert_keys(store.pk, pairs)


def copy_part(store: Store, first: int, profiles: list[Profile]) -> None:
    with connection.cursor() as cursor:
        head = "COPY customers_matchprofile (store_id, customer_id, text, is_compared) FROM STDIN"
        with cursor.copy(head) as copy:
            for one, profile in enumerate(profiles, first):
                copy.write_row([store.pk, one, profile.text, True])
        with cursor.copy(
            "COPY customers_matchkey (store_id, hash, customer_id) FROM STDIN"
        ) as copy:
            for one, profile in enumerate(profiles, first):
                for key in keys_of(profile):
                    copy.write_row([store.pk, key, one])


if __name__ == "__main__":
    main()
