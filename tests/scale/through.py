"""Pytest plugin that sends the requests of Django's test client to running servers.

Run `pytest tests/conformance -p tests.scale.through`; `SERVERS` holds their ports and `DATABASE_URL` their
database. Each call of the test client goes over HTTP to the next server. Rows that a test writes itself are
committed, so that the servers see them.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
from collections.abc import Iterator
from functools import cached_property, partial
from typing import Any
from urllib.parse import quote_from_bytes

import psycopg
import pytest
from django.apps import apps
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from tests.waiting import until

PORTS = itertools.cycle(map(int, os.environ["SERVERS"].split(",")))
HOP_BY_HOP = {"connection", "transfer-encoding"}


def over_http(client: Client, **environ: Any) -> HttpResponse:
    """Send a request to a server, in place of `Client.request`."""
    rows.show()
    host = environ.get("HTTP_HOST", "testserver")
    path = quote_from_bytes(environ["PATH_INFO"].encode("latin-1"), safe="/:@!$&'()*+,;=~")
    if query := environ.get("QUERY_STRING"):
        path += "?" + quote_from_bytes(query.encode("latin-1"), safe="/:@!$&'()*+,;=~?%[]")
    body = environ["wsgi.input"].read() if environ.get("CONTENT_LENGTH") else b""
    port = next(PORTS)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
    try:
        connection.request(
            environ["REQUEST_METHOD"], path, body, {"Host": host, **dict(headers(environ))}
        )
        reply = connection.getresponse()
        answer = HttpResponse(reply.read(), status=reply.status)
    finally:
        connection.close()
    for name, value in reply.getheaders():
        if name.lower() not in HOP_BY_HOP:
            answer[name] = value
    answer.json = partial(json.loads, answer.content)  # type: ignore[attr-defined]
    return answer


def headers(environ: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in environ.items():
        if name.startswith("HTTP_") and name != "HTTP_COOKIE":
            yield name.removeprefix("HTTP_").replace("_", "-").title(), value
    if environ.get("CONTENT_TYPE"):
        yield "Content-Type", environ["CONTENT_TYPE"]


class Rows:
    """Rows that a test writes without a server, so that no server knows to wait for them."""

    def __init__(self) -> None:
        self.are_written = False

    def note(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.are_written |= not sql.startswith("SELECT") or "FOR UPDATE" in sql
        return execute(sql, params, many, context)

    def show(self) -> None:
        """Wait until the replica has the written rows."""
        if self.are_written:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_current_wal_lsn()::text")
                [wanted] = cursor.fetchone()
            until(lambda: self.has(wanted), 10, "the replica has the test's rows")
            self.are_written = False

    def has(self, position: str) -> bool:
        query = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"
        [there] = self.replica.execute(query, [position]).fetchone() or [False]
        return there

    @cached_property
    def replica(self) -> psycopg.Connection[Any]:
        return psycopg.connect(os.environ["REPLICA_OF_THE_SERVERS"], autocommit=True)


rows = Rows()


class Fixtures:
    @pytest.fixture(scope="session")
    @classmethod
    def django_db_setup(cls) -> None:
        """Create no test database: tests use the servers' database."""

    @pytest.fixture
    def db(self, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
        """Commit a test's rows, and delete them after it."""
        with django_db_blocker.unblock(), connection.execute_wrapper(rows.note):
            yield
            empty()


def empty() -> None:
    """Empty all tables, but keep the sequences: servers cache rows by id for a moment."""
    own = [apps.get_app_config(label) for label in ("stores", "customers", "orders")]
    models = [model for app in own for model in app.get_models(include_auto_created=True)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL session_replication_role = replica"
        )  # skips foreign keys and triggers
        for model in models:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Fixtures())  # after pytest-django, so that these fixtures win
    Client.request = over_http  # type: ignore[method-assign]
