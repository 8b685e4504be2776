"""Totals of long lists are counted again only when something has happened in the store."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conformance.conftest import EVERY, Caller, dig

COUNTING = [name for name, probe in EVERY.items() if probe.total_at]
pytestmark = pytest.mark.parametrize("probe", COUNTING, indirect=True)


@pytest.fixture
def counted(caller: Caller, monkeypatch) -> Caller:
    """A client of a book where three are many."""
    monkeypatch.setattr("customers.api.totals.MIN_CACHED_TOTAL", 3)
    cache.clear()
    return caller


def total(caller: Caller) -> tuple[int, bool]:
    """The total of a page of one customer, and whether the customers were counted for it."""
    with CaptureQueriesContext(connection) as queries:
        answer = caller.call("GET", f"?{caller.probe.page_size}=1")
    shown = dig(answer.json(), caller.probe.total_at)
    return shown, any("COUNT(" in query["sql"] for query in queries)


def test_a_long_list_is_counted_once_while_nothing_happens(counted):
    for _ in range(3):
        counted.create()
    assert [total(counted) for _ in range(3)] == [(3, True), (3, True), (3, False)]


def test_a_new_customer_is_in_the_next_total(counted):
    for _ in range(3):
        counted.create()
    for _ in range(3):
        total(counted)
    counted.create()
    assert total(counted) == (4, True)
    assert total(counted) == (4, False)
