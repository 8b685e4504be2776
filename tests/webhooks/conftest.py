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
from stores.webhooks.transport import kept_session
from stores.webhooks.worker import Worker
from tests.webhooks.receivers import RawReceiver


def event_body(event: Event) -> dict[str, Any]:
    """Return a simple event body; the storefront's tests cover the real one."""
    return {"id": str(event.uid), "type": event.type, "data": event.snapshot}


@pytest.fixture(scope="session")
def running_server() -> Iterator[HTTPServer]:
    with HTTPServer(host="127.0.0.1", port=0, threaded=True) as server:
        yield server


@pytest.fixture
def receiver(running_server: HTTPServer) -> HTTPServer:
    """Return a server whose responses a test sets; `log` holds the requests."""
    running_server.clear()
    return running_server


@pytest.fixture
def raw_receiver() -> Iterator[Callable[..., RawReceiver]]:
    """Return a factory of misbehaving receivers: `raw_receiver(receivers.hang)`."""
    made: list[RawReceiver] = []

    def make(behaviour: Any, *options: Any) -> RawReceiver:
        made.append(RawReceiver(behaviour, *options))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture(autouse=True)
def immediate_retries(settings: Any) -> None:
    """Retry twice without delay, unless a test sets a schedule, and on loopback only."""
    settings.WEBHOOK_RETRY_SCHEDULE = [0, 0, 0]
    settings.WEBHOOK_ALLOW_TARGETS = []


@pytest.fixture
def allowed_url(settings: Any) -> Callable[[int, str], str]:
    """Return a function that allows a loopback port for webhooks and returns its URL."""

    def open_port(port: int, path: str = "/hook", scheme: str = "http") -> str:
        settings.WEBHOOK_ALLOW_TARGETS = [*settings.WEBHOOK_ALLOW_TARGETS, f"127.0.0.1:{port}"]
        return f"{scheme}://127.0.0.1:{port}{path}"

    return open_port


@pytest.fixture
def endpoint_at(store: Store, allowed_url: Any) -> Callable[..., WebhookEndpoint]:
    """Return a factory of endpoints of `store` on loopback; `text` holds the secret."""

    def make(port: int, path: str = "/hook", **fields: Any) -> WebhookEndpoint:
        fields = {"url": allowed_url(port, path), "events": ["*"], **fields}
        endpoint, text = create_endpoint(store, fields)
        endpoint.text = text  # type: ignore[attr-defined]
        return endpoint

    return make


@pytest.fixture
def make_event(store: Store) -> Callable[..., Event]:
    """Return a factory of events of a new customer of `store`."""

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
def short_lock_timeout(transactional_db: None) -> Iterator[None]:
    """Set a short lock timeout."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 200")
    yield
    connection.close()


@contextmanager
def other_transaction(statement: str, *values: Any) -> Iterator[None]:
    """Run a statement in another connection's transaction, and keep it open."""
    at = connection.settings_dict
    url = f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
    with psycopg.connect(url) as other:
        other.execute(statement, values)
        yield
        other.rollback()


@pytest.fixture
def worker() -> Worker:
    return Worker(event_body)


@pytest.fixture
def shared_book(transactional_db: None, tmp_path: Path) -> Iterator[str]:
    """Return the URL of a database that other threads and processes can open.

    SQLite's test database is in this process's memory, so a copy in a file is used.
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


@pytest.fixture(autouse=True)
def new_connections() -> None:
    """Forget kept connections, because ports are used again by other receivers."""
    kept_session.cache_clear()
