"""Measure the search for duplicates: all customers, and one new customer.

`python -m tests.benchmarks.duplicates_scan [--rows 100000]` writes into the empty database of DATABASE_URL, or
into a new one of SQLite. Each step runs in a process of its own, so that its peak of memory is its own.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from statistics import quantiles

import django

import tests.environment  # noqa: F401

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from customers.match_keys import Profile, keys_of  # noqa: E402
from customers.matching.models import DuplicatePair  # noqa: E402
from customers.matching.services.comparing import find_like  # noqa: E402
from customers.matching.services.scanning import scan_slices, start_scan  # noqa: E402
from customers.matching.services.statistics import frequencies_of  # noqa: E402
from customers.models import Customer, MatchKey, MatchProfile  # noqa: E402
from stores.models import Store  # noqa: E402
from tests.benchmarks.families import Book  # noqa: E402
from tests.benchmarks.servers import cpu_of  # noqa: E402

CHECKS = 500
BATCH = 5_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument(
        "--step", choices=STEPS, help="Only this step, in a database of this benchmark."
    )
    options = parser.parse_args()
    if options.step:
        STEPS[options.step](options.rows)
        return
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ["DATABASE_URL"]
        if url.startswith("sqlite"):
            url = f"sqlite:///{folder}/book.sqlite3"
        for step in STEPS:
            command = [sys.executable, "-m", "tests.benchmarks.duplicates_scan", "--step", step]
            command += ["--rows", str(options.rows)]
            subprocess.run(command, check=True, env={**os.environ, "DATABASE_URL": url})


def scan(rows: int) -> None:
    store = Store.objects.get()
    before, cpu = peak(), cpu_seconds()
    begun = time.perf_counter()
    pairs = sum(progress.pairs for progress in scan_slices(store, start_scan(store)))
    seconds, cpu = time.perf_counter() - begun, cpu_seconds() - cpu
    found = DuplicatePair.objects.for_store(store).count()
    sys.stdout.write(
        f"{connection.vendor}: {rows:,} customers in {seconds:.0f} s ({cpu:.0f} s of CPU), {pairs:,} pairs"
        f" scored, {found:,} kept, peak {peak():.0f} MB, {before:.0f} MB of them before\n"
    )


def check(rows: int) -> None:
    """Check stored customers as if each was a new one."""
    store = Store.objects.get()
    texts = MatchProfile.objects.for_store(store).order_by("customer_id")
    chosen = list(texts.values_list("text", flat=True)[:: max(rows // CHECKS, 1)])
    frequencies_of(store)  # a worker or server has them
    cpu = cpu_seconds()
    times = sorted(milliseconds_of_check(store, Profile.of_text(text)) for text in chosen)
    cpu = (cpu_seconds() - cpu) / len(times) * 1000
    parts = quantiles(times, n=100)
    sys.stdout.write(
        f"one check: p50 {parts[49]:.2f} ms, p95 {parts[94]:.2f}, p99 {parts[98]:.2f}; {cpu:.2f} ms of CPU\n"
    )


def milliseconds_of_check(store: Store, profile: Profile) -> float:
    begun = time.perf_counter()
    find_like(store, (profile,))
    return (time.perf_counter() - begun) * 1000


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def cpu_seconds() -> float:
    """Return the CPU time of this process and of its database connection."""
    if connection.vendor != "postgresql":
        return time.process_time()
    connection.ensure_connection()
    return time.process_time() + cpu_of(connection.connection.info.backend_pid)


def load(rows: int) -> None:
    """Insert the profiles and keys of a book into an empty database."""
    call_command("migrate", verbosity=0)
    store = Store.objects.create(name="Duplicates", country="AU", currency="AUD")
    profiles = Book(rows).profiles
    first = insert_customers(store, rows)
    load_rows = copy_part if connection.vendor == "postgresql" else insert_part
    for start in range(0, rows, BATCH):
        load_rows(store, first + start, profiles[start : start + BATCH])
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE customers_matchkey, customers_matchprofile")


def insert_customers(store: Store, rows: int) -> int:
    """Insert customers without a name by copying one of them. Return the key of the first; others follow."""
    customer = Customer(store=store, currency=store.currency, search_text="")
    customer.insert()
    fields = [field for field in Customer._meta.concrete_fields if field.name not in ("id", "uid")]
    names = ", ".join(field.column for field in fields)
    numbers = "WITH RECURSIVE n (i) AS (SELECT CAST(%s AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i < %s)"
    is_postgresql = connection.vendor == "postgresql"
    uid = "gen_random_uuid()" if is_postgresql else "lower(hex(randomblob(16)))"
    sql = (
        f"{numbers} INSERT INTO customers_customer (id, uid, {names})"
        f" SELECT {customer.pk} + i, {uid}, {names} FROM customers_customer, n WHERE id = {customer.pk}"
    )
    for start in range(0, rows, BATCH):  # no statement may take longer than the server allows
        with connection.cursor() as cursor:
            cursor.execute(sql, [start + 1, min(start + BATCH, rows)])
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


STEPS = {"load": load, "scan": scan, "check": check}

if __name__ == "__main__":
    main()
