"""Totals of long lists are cached until something changes in the store."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conformance.conftest import EVERY, Caller, dig

COUNTING = [name for name, probe in EVERY.items() if probe.total_at]
pytestmark = pytest.mark.parametrize("probe", COUNTING, indirect=True)


@pytest.fixture
def cached_caller(caller: Caller, monkeypatch) -> Caller:
    """Return a client for which three customers are a long list."""
    monkeypatch.setattr("customers.api.totals.MIN_CACHED_TOTAL", 3)
    cache.clear()
    return caller


def total(caller: Caller) -> tuple[int, bool]:
    """Return the total of a page of one customer, and True when a query counted it."""
    with CaptureQueriesContext(connection) as queries:
        answer = caller.call("GET", f"?{caller.probe.page_size}=1")
    shown = dig(answer.json(), caller.probe.total_at)
    return shown, any("COUNT(" in query["sql"] for query in queries)


def test_total_of_a_long_list_is_cached(cached_caller):
    for _ in range(3):
        cached_caller.create()
    assert [total(cached_caller) for _ in range(3)] == [(3, True), (3, True), (3, False)]


def test_new_customer_is_in_the_next_total(cached_caller):
    for _ in range(3):
        cached_caller.create()
    for _ in range(3):
        total(cached_caller)
    cached_caller.create()
    assert total(cached_caller) == (4, True)
    assert total(cached_caller) == (4, False)
