"""Real receivers on loopback, endpoints to them, and events to send."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_httpserver import HTTPServer

from stores.actors import SYSTEM
from stores.models import Event, Store, WebhookEndpoint
from stores.outbox import EventData, publish
from stores.webhooks.endpoints import create_endpoint
from stores.webhooks.worker import Worker
from tests.webhooks.receivers import RawReceiver


def shown(event: Event) -> dict[str, Any]:
    """A plain body; how the storefront dialect shows an event is tested where that dialect is."""
    return {"id": str(event.uid), "type": event.type, "data": event.snapshot}


@pytest.fixture(scope="session")
def listening() -> Iterator[HTTPServer]:
    with HTTPServer(host="127.0.0.1", port=0, threaded=True) as server:
        yield server


@pytest.fixture
def receiver(listening: HTTPServer) -> HTTPServer:
    """Answers as a test tells it to, many requests at a time; `log` has what came."""
    listening.clear()
    return listening


@pytest.fixture
def raw_receiver() -> Iterator[Callable[..., RawReceiver]]:
    """Makes receivers that misbehave: `raw_receiver(behaviours.hang)`."""
    made: list[RawReceiver] = []

    def make(behaviour: Any) -> RawReceiver:
        made.append(RawReceiver(behaviour))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture(autouse=True)
def no_waiting(settings: Any) -> None:
    """Two retries at once, unless a test sets its own schedule; nothing but loopback is ever dialled."""
    settings.WEBHOOK_RETRY_SCHEDULE = [0, 0, 0]
    settings.WEBHOOK_ALLOW_TARGETS = []


@pytest.fixture
def opened(settings: Any) -> Callable[[int, str], str]:
    """Opens a port on loopback to webhooks and gives its URL."""

    def open_port(port: int, path: str = "/hook", scheme: str = "http") -> str:
        settings.WEBHOOK_ALLOW_TARGETS = [*settings.WEBHOOK_ALLOW_TARGETS, f"127.0.0.1:{port}"]
        return f"{scheme}://127.0.0.1:{port}{path}"

    return open_port


@pytest.fixture
def endpoint_at(store: Store, opened: Any) -> Callable[..., WebhookEndpoint]:
    """An endpoint of `store` at a port of loopback, with its secret's text in `text`."""

    def make(port: int, path: str = "/hook", **fields: Any) -> WebhookEndpoint:
        fields = {"url": opened(port, path), "events": ["*"], **fields}
        endpoint, text = create_endpoint(store, fields)
        endpoint.text = text  # type: ignore[attr-defined]
        return endpoint

    return make


@pytest.fixture
def happens(store: Store) -> Callable[..., Event]:
    """Something happens to a new customer of `store`."""

    def make(type_: str = "customer.created", **more: Any) -> Event:
        uid = uuid.uuid4()
        fields = {"customer_uid": uid, "subject_uid": uid, "version": 1, **more}
        event_data = EventData(
            type=type_,
            store_id=store.pk,
            changed=[],
            before={},
            snapshot={"name": "Zoë"},
            created_at=timezone.now(),
            **fields,
        )
        with transaction.atomic():
            return publish(event_data, SYSTEM)

    return make


@pytest.fixture
def impatient(transactional_db: None) -> Iterator[None]:
    """Waits for a lock no longer than a moment."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 200")
    yield
    connection.close()


@contextmanager
def elsewhere(statement: str, *values: Any) -> Iterator[None]:
    """Somebody else's transaction, open after this statement."""
    at = connection.settings_dict
    url = f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
    with psycopg.connect(url) as other:
        other.execute(statement, values)
        yield
        other.rollback()


@pytest.fixture
def worker() -> Worker:
    return Worker(shown)


@pytest.fixture
def shared_book(transactional_db: None, tmp_path: Path) -> Iterator[str]:
    """A database that other threads and processes see too, and its URL.

    On SQLite, whose test database is in this process's memory, it is a copy in a file.
    """
    if connection.vendor == "postgresql":
        at = connection.settings_dict
        yield f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
        return
    connection.ensure_connection()
    memory, name = connection.connection, connection.settings_dict["NAME"]
    file = tmp_path / "book.sqlite3"
    with sqlite3.connect(file) as copy:
        memory.backup(copy)
    connection.connection, connection.settings_dict["NAME"] = None, str(file)
    try:
        yield f"sqlite:///{file}"
    finally:
        connection.close()
        connection.connection, connection.settings_dict["NAME"] = memory, name
