"""Statements of a call, which must not grow with the number of rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.api.auth import keys
from tests.conformance.conftest import Caller

# of transactions; SQLite needs no lock of the store
BOOKKEEPING = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "SELECT pg_advisory_xact_lock")


@pytest.fixture
def count_statements(caller, monkeypatch) -> Callable[..., int]:
    """Return a function that counts a call's statements, with the key cached."""
    monkeypatch.setattr("customers.api.auth.CACHE_SECONDS", 3600)

    def statements(method: str, path: str, body: Any = None) -> int:
        caller.call("GET", "")
        with CaptureQueriesContext(connection) as queries:
            answer = caller.call(method, path, body)
        assert answer.status_code < 300, answer.content
        return len([one for one in queries if not one["sql"].startswith(BOOKKEEPING)])

    yield statements
    keys.forget()


def test_wrong_key_of_another_client_costs_no_query(caller: Caller, count_statements):
    one = caller.create()

    def read_after_a_stranger() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert (
                Caller(caller.probe, caller.store, "sk_live_x").call("GET", one).status_code == 401
            )
            assert caller.call("GET", one).status_code == 200
        return len(queries)

    assert count_statements("GET", one) == 1
    assert read_after_a_stranger() == 1


def test_one_customer_takes_one_query(caller: Caller, count_statements):
    assert count_statements("GET", caller.create()) == 1


def test_list_of_one_page_takes_one_query(caller: Caller, count_statements):
    for _ in range(3):
        caller.create()
    assert count_statements("GET", "") == 1


def test_full_page_takes_at_most_one_count_query(caller: Caller, count_statements):
    for _ in range(3):
        caller.create()
    assert count_statements("GET", f"?{caller.probe.page_size}=2") <= 2


def test_list_queries_are_independent_of_rows(caller: Caller, count_statements):
    caller.create()
    few = count_statements("GET", "")
    for _ in range(5):
        caller.create()
    assert count_statements("GET", "") == few


def test_write_queries_are_independent_of_rows(caller: Caller, count_statements):
    def writes() -> tuple[int, int]:
        made = count_statements("POST", "", caller.probe.fresh_body())
        return made, count_statements(*updated())

    def updated() -> tuple[str, str, Any]:
        method, body = caller.probe.update
        return method, caller.create(), body

    before = writes()
    for _ in range(5):
        caller.create()
    assert writes() == before
    assert before == caller.probe.statements
