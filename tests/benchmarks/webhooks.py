"""Measure how many webhooks one worker delivers a second: `python -m tests.benchmarks.webhooks`.

It needs an empty, migrated PostgreSQL or SQLite database in DATABASE_URL, and writes to it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import urlopen

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from stores.actors import SYSTEM  # noqa: E402
from stores.models import Event, Store, WebhookDelivery, WebhookEndpoint  # noqa: E402
from stores.outbox import EventData, publish_many  # noqa: E402
from stores.webhooks import secrets  # noqa: E402
from tests.factories import CustomerFactory, StoreFactory  # noqa: E402

ROUNDS = ((1, 2_000), (20, 300))  # endpoints, and events for each
BATCH = 500


def main() -> None:
    for endpoints, events in ROUNDS:
        with receiver() as port:
            store = StoreFactory(name=f"{endpoints} endpoints")
            publish_events(store, port, endpoints, events)
            work(port)
            with urlopen(f"http://127.0.0.1:{port}/report") as answer:
                report = json.load(answer)
        left = WebhookDelivery.objects.for_store(store).exclude(status="delivered").count()
        assert left == 0, f"{left} were not delivered"
        assert report["requests"] == endpoints * events, report
        print(  # noqa: T201
            f"{endpoints} endpoints: {report['requests'] / report['seconds']:.0f} deliveries/s,"
            f" at most {report['most_open']} in flight to one, {report['connections']} connections"
        )


@contextmanager
def receiver() -> Iterator[int]:
    command = [sys.executable, "-m", "tests.benchmarks.receiver"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def publish_events(store: Store, port: int, endpoints: int, number: int) -> None:
    """Publish events of customers, all with the snapshot of one real customer."""
    CustomerFactory(store=store)
    snapshot = Event.objects.for_store(store).latest("id").snapshot
    for path in range(endpoints):
        WebhookEndpoint.objects.create(
            store=store,
            url=f"http://127.0.0.1:{port}/{path}",
            events=["*"],
            secret=secrets.encrypt(secrets.generate()),
        )
    for begin in range(0, number, BATCH):
        changes = []
        for _ in range(begin, min(begin + BATCH, number)):
            uid = uuid.uuid4()
            changes.append(
                EventData(
                    "customer.created", store.pk, uid, uid, 1, [], {}, snapshot, timezone.now()
                )
            )
        with transaction.atomic():
            publish_many(changes, SYSTEM)


def work(port: int) -> None:
    """Run a worker until nothing is due."""
    environment = {**os.environ, "WEBHOOK_ALLOW_TARGETS": f"127.0.0.1:{port}"}
    subprocess.run([sys.executable, "manage.py", "worker", "--once"], env=environment, check=True)


if __name__ == "__main__":
    main()
