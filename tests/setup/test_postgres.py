"""The project's own database backend for PostgreSQL: JSON as Django writes it, and connections that end."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS, connections

from customers.models.address import Role
from stores.database.postgres import base

VALUES = [
    {"moment": datetime(2026, 12, 1, 2, 3, 4, 5678, tzinfo=UTC)},
    {"day": date(2026, 12, 1), "time": time(1, 2), "span": timedelta(days=3)},
    {"amount": Decimal("1.230"), "share": 0.1, "many": 1e22, "large": 2**80},
    {"uid": uuid.UUID(int=7), "role": Role.BILLING, "text": 'ü\u2028"\\', "empty": None},
    {"rows": [{"a": (1, 2)}, [], {}]},
    {1: "a key that is no text"},
]


@pytest.mark.parametrize("value", VALUES)
def test_json_is_as_django_writes_it(value: Any) -> None:
    written = json.loads(base.dump_json(value))
    assert written == json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def test_what_has_no_json_is_refused() -> None:
    with pytest.raises(TypeError):
        base.dump_json({"rows": object()})


@pytest.fixture
def checked(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The connection, which has just been checked with a query and begins another request."""
    wrapper: Any = connections[DEFAULT_DB_ALIAS]
    wrapper.ensure_connection()
    monkeypatch.setattr(wrapper, "health_check_enabled", True)
    monkeypatch.setattr(wrapper, "checked_at", 0.0)
    for _ in range(2):
        wrapper.close_if_unusable_or_obsolete()
        if wrapper.checked_at == 0.0:
            wrapper.cursor().close()
    yield wrapper
    wrapper.close()


@pytest.mark.postgres
def test_connection_in_use_is_checked_without_a_query(
    checked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries: list[None] = []
    monkeypatch.setattr(checked, "is_usable", lambda: queries.append(None) or True)
    checked.cursor().close()
    assert queries == []
    checked.close_if_unusable_or_obsolete()
    monkeypatch.setattr(checked, "checked_at", checked.checked_at - base.CHECK_SECONDS)
    checked.cursor().close()
    assert queries == [None]


@pytest.mark.postgres
def test_connection_that_the_server_ended_is_replaced(checked: Any) -> None:
    at, ended = checked.settings_dict, checked.connection.info.backend_pid
    server = f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/postgres"
    with psycopg.connect(server, autocommit=True) as administrator:
        administrator.execute("SELECT pg_terminate_backend(%s, 5000)", [ended])
    with checked.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone() != (ended,)
