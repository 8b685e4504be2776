"""Staff decide about a pair while the worker compares its customers."""

from __future__ import annotations

from threading import Event
from time import sleep

import pytest
from django.db import transaction

from customers.matching.models import Decision, DuplicatePair
from customers.matching.services.background import compare_waiting
from customers.matching.services.deciding import decide_different
from customers.models import Customer
from customers.services.customers import update_customer
from stores.actors import SYSTEM
from tests.factories import parsed_fields
from tests.orders.test_races import run_together

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(
        transaction=True, available_apps=["stores", "customers", "orders", "customers.matching"]
    ),
]


@pytest.mark.parametrize(
    "change",
    [
        {"mobile": "0412 000 111"},
        {"name": "Otto Kraus", "phone": "0412 000 111", "email": "", "addresses": []},
    ],
    ids=["still alike", "no longer alike"],
)
def test_a_decision_during_a_comparison_stays(
    brigid: Customer, bridget: Customer, change: dict[str, object]
) -> None:
    compare_waiting()
    target = DuplicatePair.objects.get().as_queryset()
    update_customer(brigid.as_queryset(), SYSTEM, parsed_fields(change))
    is_decided = Event()

    def decide() -> None:
        with transaction.atomic():
            decide_different(target, SYSTEM)
            is_decided.set()
            sleep(0.5)  # the worker reads the pair before the commit

    def compare() -> None:
        is_decided.wait()
        compare_waiting()

    run_together(decide, compare)
    assert DuplicatePair.objects.get().decision == Decision.DIFFERENT
