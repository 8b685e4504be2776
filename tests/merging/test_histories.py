"""Whatever happened to customers, merging them and taking merges apart keeps the book and every id.

Four histories of 40 steps by default; `MERGE_EXAMPLES=200` in the environment makes 8,000 steps.
"""

from __future__ import annotations

import os

import pytest
from django.core.cache import cache
from django.db import transaction
from hypothesis import HealthCheck
from hypothesis import settings as bounds
from hypothesis.stateful import run_state_machine_as_test

from customers.api.auth import keys
from tests.conformance.conftest import Caller, dig, key_of
from tests.conformance.probes import PROBES
from tests.merging.machine import MergeMachine
from tests.properties.test_replay import Replica, Shop

BOUNDED = bounds(
    max_examples=int(os.environ.get("MERGE_EXAMPLES", "4")),
    stateful_step_count=40,
    derandomize="MERGE_EXAMPLES" not in os.environ,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


class AnsweringMachine(MergeMachine):
    """In the end, every id still answers in every dialect, and the feed tells the same book."""

    def __init__(self) -> None:
        super().__init__()
        cache.clear()
        keys.forget()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()

    def teardown(self) -> None:
        try:
            if hasattr(self, "store"):
                self.ask_for_every_id()
                self.follow_the_feed()
        finally:  # the next history begins in an empty book
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    def ask_for_every_id(self) -> None:
        key = key_of(self.store)
        for probe in PROBES:
            caller = Caller(probe, self.store, key)
            for number, customer in enumerate(self.customers):
                survivor = self.survivor(number).get()
                answer = caller.call("GET", caller.path_of(customer))
                assert answer.status_code == (404 if survivor.deleted_at else 200)
                if not survivor.deleted_at:
                    shown = str(dig(answer.json(), probe.id_at))
                    assert caller.path_of(survivor) == f"/{shown}"

    def follow_the_feed(self) -> None:
        shop, replica = Shop(self.store), Replica()
        replica.follow(shop, limit=50)
        assert replica.customers == shop.listed_customers()


@pytest.fixture(autouse=True)
def _many_requests(settings) -> None:
    settings.RATE_LIMIT = "1000000/hour"


def test_any_history_keeps_the_book_and_every_id(db):
    run_state_machine_as_test(AnsweringMachine, settings=BOUNDED)
