"""Totals of long lists are counted again only when something has happened in the store."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conformance.conftest import Caller

ONE = {"pos": "?per_page=1", "manufacturing": "?page_size=1"}


@pytest.fixture
def counted(caller: Caller, monkeypatch) -> Caller:
    """A caller of a dialect that counts, in a book where three are many."""
    if caller.probe.name in ("bakery", "toy"):
        pytest.skip("its lists show no total")
    monkeypatch.setattr("customers.api.totals.MANY", 3)
    cache.clear()
    return caller


def total(caller: Caller) -> tuple[int, bool]:
    """The total of a page of one customer, and whether the customers were counted for it."""
    with CaptureQueriesContext(connection) as queries:
        answer = caller.call("GET", ONE.get(caller.probe.name, "?limit=1"))
    return number_in(answer.json()), any("COUNT(" in query["sql"] for query in queries)


def number_in(shown: dict[str, Any]) -> int:
    shown = shown.get("meta") or shown.get("pagination") or shown
    return shown["total"] if "total" in shown else shown["total_count"]


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
