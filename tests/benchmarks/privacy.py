"""Measure `verify_privacy` on a large book: `python -m tests.benchmarks.privacy --erased 20000`.

Erases that many customers of a book that `tests.benchmarks.load` made, each with five events, and then verifies
them. Many are erased at a time and without receipts: only the rows that are read matter.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections.abc import Iterator
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from customers.models import Customer  # noqa: E402
from customers.privacy.models import Erasure  # noqa: E402
from customers.privacy.personal_data import CUSTOMER, PERSONAL_TABLES  # noqa: E402
from customers.privacy.personal_data.event_tables import erased_snapshot  # noqa: E402
from customers.privacy.services.verifying import findings  # noqa: E402
from customers.reads import CUSTOMERS  # noqa: E402
from stores.models import Event  # noqa: E402
from stores.models.base import new_uid  # noqa: E402

BATCH, EVENTS = 500, 5


def groups(number: int) -> Iterator[list[Customer]]:
    """Yield customers of the largest store that are not erased yet."""
    store = Customer.objects.order_by("pk").values_list("store_id", flat=True)[0]
    erased = Erasure.objects.filter(store=store).values("customer")
    rest = Customer.objects.filter(store=store).exclude(pk__in=erased).order_by("pk")
    keys = list(rest.values_list("pk", flat=True)[:number])
    for start in range(0, len(keys), BATCH):
        part = Customer.objects.filter(store=store, pk__in=keys[start : start + BATCH])
        yield list(part.select_related("store"))


@transaction.atomic
def erase(customers: list[Customer]) -> None:
    owners = {customer.pk: customer for customer in customers}
    for table in PERSONAL_TABLES:
        rows = table.rows.among(customers)
        if table.deletes_rows:
            rows.delete()
        elif table.erased and not any(map(callable, table.erased.values())):
            rows.update(**table.erased)
        elif table.erased:
            rewrite(table, owners, rows)
    now = timezone.now()
    Customer.objects.filter(store=customers[0].store_id, pk__in=[*owners]).update(
        deleted_at=now, withdrawn_at=now, search_text="", name_key=b""
    )
    Event.objects.bulk_create(event for customer in customers for event in events(customer))
    Erasure.objects.bulk_create(erasure(customer) for customer in customers)


def rewrite(table: Any, owners: dict[int, Customer], rows: Any) -> None:
    changed = list(rows)
    for row in changed:
        owner = row if table is CUSTOMER else owners.get(getattr(row, "customer_id", 0))
        former = {name: getattr(row, name) for name in table.erased}
        for name, value in table.erased_values(owner, former).items():
            setattr(row, name, value)
    if changed:
        rows.bulk_update(changed, [*table.erased], batch_size=BATCH)


def events(customer: Customer) -> Iterator[Event]:
    row = CUSTOMERS.full.find(Customer.objects.all, store=customer.store_id, id=customer.pk)
    snapshot = erased_snapshot(customer, row)
    for version in range(1, EVENTS + 1):
        yield Event(
            store_id=customer.store_id,
            type="customer.updated",
            customer_uid=customer.uid,
            subject_uid=customer.uid,
            version=version,
            snapshot=snapshot,
            actor_kind="system",
            actor_name="benchmark",
        )


def erasure(customer: Customer) -> Erasure:
    return Erasure(
        store_id=customer.store_id,
        customer=customer,
        event_uid=new_uid(),
        counts={},
        actor_name="benchmark",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--erased", type=int, default=20_000)
    number = parser.parse_args().erased - Erasure.objects.count()
    for customers in groups(max(number, 0)):
        erase(customers)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    start = time.perf_counter()
    left = sum(1 for _ in findings())
    seconds = time.perf_counter() - start
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(
        f"{Customer.objects.count()} customers, {Erasure.objects.count()} erased, {left} with something left:"
        f" {seconds:.1f} s, {megabytes:.0f} MB at most\n"
    )


if __name__ == "__main__":
    main()
