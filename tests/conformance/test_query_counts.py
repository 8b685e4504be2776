"""What a call costs in statements, whatever the rows: a number that grows is a loop around a query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.api.auth import keys
from tests.conformance.conftest import Caller

BOOKKEEPING = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


@pytest.fixture
def cost(caller, monkeypatch) -> Callable[..., int]:
    """How many statements a call takes once its key is known."""
    monkeypatch.setattr("customers.api.auth.CACHE_SECONDS", 3600)

    def statements(method: str, path: str, body: Any = None) -> int:
        caller.call("GET", "")
        with CaptureQueriesContext(connection) as queries:
            answer = caller.call(method, path, body)
        assert answer.status_code < 300, answer.content
        return len([one for one in queries if not one["sql"].startswith(BOOKKEEPING)])

    yield statements
    keys.forget()


def test_a_wrong_key_of_somebody_else_costs_the_others_nothing(caller: Caller, cost):
    one = caller.create()

    def read_after_a_stranger() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert (
                Caller(caller.probe, caller.store, "sk_live_x").call("GET", one).status_code == 401
            )
            assert caller.call("GET", one).status_code == 200
        return len(queries)

    assert cost("GET", one) == 1
    assert read_after_a_stranger() == 1


def test_one_customer_costs_one_query(caller: Caller, cost):
    assert cost("GET", caller.create()) == 1


def test_a_list_costs_one_query_while_it_fits_on_a_page(caller: Caller, cost):
    for _ in range(3):
        caller.create()
    assert cost("GET", "") == 1


def test_a_full_page_costs_its_count_at_most(caller: Caller, cost):
    for _ in range(3):
        caller.create()
    assert cost("GET", f"?{caller.probe.page_size}=2") <= 2


def test_a_list_costs_the_same_however_many_rows_it_has(caller: Caller, cost):
    caller.create()
    few = cost("GET", "")
    for _ in range(5):
        caller.create()
    assert cost("GET", "") == few


def test_writes_cost_the_same_however_many_customers_there_are(caller: Caller, cost):
    def writes() -> tuple[int, int]:
        made = cost("POST", "", caller.probe.fresh_body())
        return made, cost(*updated())

    def updated() -> tuple[str, str, Any]:
        method, body = caller.probe.update
        return method, caller.create(), body

    before = writes()
    for _ in range(5):
        caller.create()
    assert writes() == before
    assert before == caller.probe.statements
