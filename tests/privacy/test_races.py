"""Erasures at the same time as other changes of the customer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from customers.dialects.storefront.webhooks.representations import body_of
from customers.imports.models import ImportRow, State
from customers.merging.services.merging import merge_customers
from customers.merging.services.unmerging import unmerge_customers
from customers.models import Customer
from customers.privacy.models import Erasure, RetentionRule, RetentionRun
from customers.privacy.services.erasing import erase_customer
from customers.privacy.services.retention import customers as retained
from customers.privacy.services.retention.previewing import preview_rule
from customers.privacy.services.retention.rules import create_rule, enable_rule
from customers.privacy.services.retention.running import carry_out_batch
from customers.services.customers import restore_customer, update_customer
from orders.models import Order
from orders.services.placing import place_order
from stores.actors import SYSTEM
from stores.errors import DomainError
from stores.models import Event, WebhookDelivery
from stores.webhooks.deliveries import redeliver
from stores.webhooks.endpoints import create_endpoint
from tests.factories import CustomerFactory, LineFields, StoreFactory
from tests.imports.conftest import Importing
from tests.orders.test_races import as_queryset, run_together

APPS = [
    "stores",
    "customers",
    "orders",
    "customers.imports",
    "customers.merging",
    "customers.privacy",
]
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, available_apps=APPS),
]


def erased(customer: Customer) -> bool:
    return Erasure.objects.filter(customer=customer).exists()


@pytest.mark.parametrize("turn", range(4))
def test_an_order_or_the_erasure_but_not_both(turn: int) -> None:
    customer = CustomerFactory()
    target = as_queryset(customer)
    run_together(
        lambda: erase_customer(target.all(), SYSTEM),
        lambda: place_order(target.all(), SYSTEM, [LineFields()]),
    )
    assert erased(customer) != Order.objects.filter(customer=customer).exists()


@pytest.mark.parametrize("turn", range(4))
def test_a_change_at_the_same_time_leaves_nothing(turn: int) -> None:
    customer = CustomerFactory(name="Former Zebrabaum")
    target = as_queryset(customer)
    results = run_together(
        lambda: update_customer(target.all(), SYSTEM, {"name": "Later Zebrabaum"}),
        lambda: erase_customer(target.all(), SYSTEM),
        lambda: restore_customer(target.all(), SYSTEM),
    )
    assert isinstance(results[1], Erasure)
    customer.refresh_from_db()
    assert customer.name.startswith("Erased")
    assert customer.deleted_at is not None
    texts = [str(pair) for pair in Event.objects.values_list("before", "snapshot")]
    assert not any("Zebrabaum" in text for text in texts)


def test_two_erasures_are_one() -> None:
    customer = CustomerFactory()
    target = as_queryset(customer)
    results = run_together(*(lambda: erase_customer(target.all(), SYSTEM) for _ in range(4)))
    assert not any(isinstance(result, DomainError) for result in results)
    assert len({result.pk for result in results}) == 1


def test_workers_carry_a_rule_out_once_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retained, "ERASED_AT_A_TIME", 2)
    store = StoreFactory(tax_years=5)
    for _ in range(6):
        CustomerFactory(store=store)
    Customer.objects.update(updated_at=timezone.now() - timedelta(days=2000))
    rule = create_rule(store, SYSTEM, "customers", 36)
    preview_rule(rule)
    enable_rule(rule.as_queryset(), SYSTEM)
    RetentionRule.objects.update(next_run_on=timezone.localdate())

    def work() -> None:
        while carry_out_batch(RetentionRule.objects.select_related("store").get()):
            pass

    run_together(work, work, work)
    work()
    assert Erasure.objects.count() == 6
    assert RetentionRun.objects.get().done == 6


@pytest.mark.parametrize("turn", range(4))
def test_a_rule_and_an_order_at_the_same_time(turn: int) -> None:
    store = StoreFactory(tax_years=5)
    customer = CustomerFactory(store=store)
    Customer.objects.update(updated_at=timezone.now() - timedelta(days=2000))
    rule = create_rule(store, SYSTEM, "customers", 36)
    preview_rule(rule)
    enable_rule(rule.as_queryset(), SYSTEM)
    RetentionRule.objects.update(next_run_on=timezone.localdate())
    run_together(
        lambda: carry_out_batch(RetentionRule.objects.select_related("store").get()),
        lambda: place_order(as_queryset(customer), SYSTEM, [LineFields()]),
    )
    assert erased(customer) != Order.objects.filter(customer=customer).exists()


@pytest.mark.parametrize("turn", range(4))
def test_an_import_at_the_same_time_leaves_nothing(turn: int) -> None:
    customer = CustomerFactory(name="Former Zebrabaum", email="zebrabaum@example.com")
    importing = Importing(customer.store)
    job = importing.check("E-mail,Notes\nzebrabaum@example.com,Zebrabaum rings twice\n")
    target = as_queryset(customer)
    results = run_together(
        lambda: importing.step(job, State.RUNNING), lambda: erase_customer(target.all(), SYSTEM)
    )
    assert isinstance(results[1], Erasure)
    customer.refresh_from_db()
    assert customer.name.startswith("Erased")
    kept = [*Event.objects.values_list("before", "snapshot")]
    rows = [*ImportRow.objects.values_list("label", "payload", "diff", "result")]
    assert "zebrabaum" not in str([kept, rows]).lower()


@pytest.mark.parametrize("turn", range(4))
def test_a_redelivery_at_the_same_time_sends_nothing_personal(turn: int) -> None:
    customer = CustomerFactory(name="Before")
    create_endpoint(customer.store, {"url": "https://hooks.example.com/a", "events": ["*"]})
    update_customer(as_queryset(customer), SYSTEM, {"name": "Former Zebrabaum"})
    old = WebhookDelivery.objects.get()
    target = as_queryset(customer)
    run_together(lambda: redeliver(old.as_queryset()), lambda: erase_customer(target.all(), SYSTEM))
    waiting = WebhookDelivery.objects.select_related("event__store")
    assert waiting.count() == 2
    assert "Zebrabaum" not in str([body_of(delivery.event) for delivery in waiting])


@pytest.mark.parametrize("turn", range(4))
def test_an_unmerge_or_the_erasure_but_not_both(turn: int) -> None:
    store = StoreFactory()
    survivor = CustomerFactory(store=store, name="Survivor Zebrabaum")
    loser = CustomerFactory(store=store, name="Loser Zebrabaum")
    merge = merge_customers(as_queryset(survivor), as_queryset(loser), SYSTEM)
    run_together(
        lambda: unmerge_customers(merge.as_queryset(), SYSTEM),
        lambda: erase_customer(as_queryset(survivor), SYSTEM),
    )
    assert erased(survivor)
    merge.refresh_from_db()
    loser.refresh_from_db()
    assert erased(loser) == (merge.undone_at is None)
    assert loser.name == ("Loser Zebrabaum" if merge.undone_at else loser.name)
    if erased(loser):
        texts = [*Event.objects.values_list("before", "snapshot")]
        assert "Zebrabaum" not in str(texts)
