"""Rules of retention: previewed, announced, carried out by the worker, never on those who must be kept."""

from __future__ import annotations

import io
import json
import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from customers.imports.models import ImportChunk, ImportJob
from customers.models import Customer
from customers.models.ledger import Account
from customers.privacy.models import DataExport, Erasure, RetentionRule, RetentionRun
from customers.privacy.services.background import retain_all
from customers.privacy.services.data_exports import request_export
from customers.privacy.services.requests import check_identity, close_request, open_request
from customers.privacy.services.retention import customers as erasing
from customers.privacy.services.retention.previewing import preview_rule
from customers.privacy.services.retention.rules import (
    create_rule,
    disable_rule,
    enable_rule,
    update_rule,
)
from customers.privacy.services.retention.running import carry_out_batch
from customers.services.customers import update_customer
from orders.services.accounts import post_entry
from orders.services.moving import move_order
from orders.services.paying import pay_order
from stores.actors import SYSTEM
from stores.errors import Conflict, Invalid
from stores.models import Event, Store, WebhookAttempt, WebhookDelivery
from stores.webhooks.endpoints import create_endpoint
from tests.admin.pages import submit
from tests.admin.rows import import_job
from tests.factories import CustomerFactory, OrderFactory
from tests.privacy.person import Doors

LONG_AGO = datetime(2020, 3, 5, 12, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 10, 12, tzinfo=UTC)
FIRST_RUN = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def november() -> Any:
    with time_machine.travel(NOVEMBER) as clock:
        yield clock


@pytest.fixture
def kept_store(store: Store) -> Store:
    store.tax_years = 5
    store.save()
    return store


def old_customer(store: Store, **fields: Any) -> Customer:
    with time_machine.travel(LONG_AGO):
        return CustomerFactory(store=store, **fields)


def rule_of(store: Store, what: str = "customers", months: int = 36) -> RetentionRule:
    return create_rule(store, SYSTEM, what, months)


def enabled(store: Store, what: str = "customers", months: int = 36) -> RetentionRule:
    rule = rule_of(store, what, months)
    preview_rule(rule)
    enable_rule(rule.as_queryset(), SYSTEM)
    rule.refresh_from_db()
    return rule


def work() -> None:
    retain_all(threading.Event())


def restricted(customer: Customer) -> None:
    request = open_request(customer.as_queryset(), SYSTEM, "restrict", date(2020, 1, 2))
    check_identity(request.as_queryset(), SYSTEM)
    close_request(request.as_queryset(), SYSTEM, "Yes", is_granted=True)


def asking(customer: Customer) -> None:
    open_request(customer.as_queryset(), SYSTEM, "access", date(2020, 1, 2))


def owing(customer: Customer) -> None:
    post_entry(customer.as_queryset(), SYSTEM, Account.HOUSE, Decimal(5))


def in_credit(customer: Customer) -> None:
    post_entry(customer.as_queryset(), SYSTEM, Account.HOUSE, Decimal(-5))


def ordering(customer: Customer) -> None:
    order = OrderFactory(customer=customer)
    pay_order(order.as_queryset(), SYSTEM, order.total, "card")


REASONS = {
    "restricted": restricted,
    "request_open": asking,
    "owes": owing,
    "owed": in_credit,
    "under_way": ordering,
}


@pytest.mark.parametrize("reason", REASONS)
def test_who_is_needed_is_kept_and_the_preview_says_why(kept_store: Store, reason: str) -> None:
    free, needed = (old_customer(kept_store, is_account_enabled=True) for _ in "ab")
    with time_machine.travel(LONG_AGO):
        REASONS[reason](needed)
    tally = preview_rule(rule := enabled(kept_store))
    assert (tally.done, dict(tally.kept), tally.examples) == (1, {reason: 1}, [free.pk])
    with time_machine.travel(FIRST_RUN):
        work()
    run = RetentionRun.objects.get(rule=rule)
    assert (run.done, run.kept, run.finished_at is not None) == (1, {reason: 1}, True)
    assert [erasure.customer_id for erasure in Erasure.objects.all()] == [free.pk]


def deliver(customer: Customer, when: datetime) -> None:
    with time_machine.travel(when):
        order = OrderFactory(customer=customer)
        pay_order(order.as_queryset(), SYSTEM, order.total, "card")
        for status in ("confirmed", "processing", "shipped", "delivered"):
            move_order(order.as_queryset(), SYSTEM, status)


def test_the_tax_period_keeps_who_bought_in_it(kept_store: Store) -> None:
    early, late = (old_customer(kept_store) for _ in "ab")
    deliver(early, datetime(2021, 11, 30, 12, tzinfo=UTC))
    deliver(late, datetime(2021, 12, 2, 12, tzinfo=UTC))
    rule = rule_of(kept_store)
    assert preview_rule(rule).examples == [early.pk]
    assert preview_rule(rule).kept == {"in_books": 1}
    kept_store.tax_years = None
    kept_store.save()
    assert preview_rule(RetentionRule.objects.get()).kept == {"in_books": 2}


def test_any_change_counts_as_activity(kept_store: Store) -> None:
    customer = old_customer(kept_store)
    rule = rule_of(kept_store)
    assert preview_rule(rule).done == 1
    update_customer(customer.as_queryset(), SYSTEM, {"notes": "Called"})
    assert preview_rule(rule).done == 0


def test_rules_need_a_preview_and_the_tax_years(store: Store) -> None:
    rule = rule_of(store)
    with pytest.raises(Conflict) as refusal:
        enable_rule(rule.as_queryset(), SYSTEM)
    assert refusal.value.code == "preview_first"
    work()
    with pytest.raises(Conflict) as refusal:
        enable_rule(rule.as_queryset(), SYSTEM)
    assert refusal.value.code == "tax_years_unknown"
    with pytest.raises(Conflict) as refusal:
        rule_of(store)
    assert refusal.value.code == "rule_exists"
    for months in (0, 601):
        with pytest.raises(Invalid):
            rule_of(store, "events", months)


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 11, 10), date(2026, 12, 1)),
        (date(2026, 11, 17), date(2026, 12, 1)),
        (date(2026, 11, 18), date(2027, 1, 1)),
    ],
)
def test_first_run_is_two_weeks_away_at_least(kept_store: Store, today: date, first: date) -> None:
    with time_machine.travel(datetime(today.year, today.month, today.day, 2, tzinfo=UTC)):
        assert enabled(kept_store).next_run_on == first


def test_nothing_before_its_day_or_after_a_change(kept_store: Store, november: Any) -> None:
    old_customer(kept_store)
    rule = enabled(kept_store)
    november.move_to(datetime(2026, 11, 29, tzinfo=UTC))
    work()
    assert not Erasure.objects.exists()
    update_rule(rule.as_queryset(), SYSTEM, 40)
    november.move_to(datetime(2027, 6, 1, tzinfo=UTC))
    work()
    assert not Erasure.objects.exists()
    assert not RetentionRule.objects.get().is_enabled


def carry_out_until_the_first(rule: RetentionRule) -> None:
    """Batches are ranges of keys. The first ones may be empty: keys go on from one test to the next."""
    while not Erasure.objects.exists():
        assert carry_out_batch(rule)


def test_goes_on_after_the_batch_in_which_it_was_stopped(
    kept_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "ERASED_AT_A_TIME", 2)
    for _ in range(5):
        old_customer(kept_store)
    rule = enabled(kept_store)
    with time_machine.travel(FIRST_RUN):
        carry_out_until_the_first(rule)
        with monkeypatch.context() as broken:
            broken.setattr(RetentionRun, "save", lambda self: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                carry_out_batch(rule)
        assert Erasure.objects.count() == 2  # the second batch left nothing behind
        work()
    run = RetentionRun.objects.get()
    assert (Erasure.objects.count(), run.done) == (5, 5)
    call_command("verify_outbox", stdout=io.StringIO())


def test_switching_off_ends_a_run(kept_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "ERASED_AT_A_TIME", 1)
    for _ in range(3):
        old_customer(kept_store)
    rule = enabled(kept_store)
    with time_machine.travel(FIRST_RUN):
        carry_out_until_the_first(rule)
        disable_rule(rule.as_queryset(), SYSTEM)
        assert not carry_out_batch(rule)
    assert Erasure.objects.count() == 1
    assert RetentionRun.objects.get().finished_at is not None


def test_each_erasure_has_its_event_and_its_author(kept_store: Store) -> None:
    customer = old_customer(kept_store, name="Ann Lee")
    enabled(kept_store)
    with time_machine.travel(FIRST_RUN):
        work()
    event = Event.objects.latest("id")
    assert (event.type, event.actor_name) == ("customer.deleted", "Retention rule")
    assert Erasure.objects.get().event_uid == event.uid
    customer.refresh_from_db()
    assert customer.name.startswith("Erased")
    assert RetentionRule.objects.get().next_run_on == date(2027, 1, 1)


def test_former_states_are_emptied_and_the_last_stays(store: Store) -> None:
    customer = old_customer(store, name="Ann Zebrabaum")
    with time_machine.travel(LONG_AGO):
        update_customer(customer.as_queryset(), SYSTEM, {"name": "Ann Okapi"})
        update_customer(customer.as_queryset(), SYSTEM, {"notes": "Rings twice"})
    enabled(store, "events", 12)
    with time_machine.travel(FIRST_RUN):
        work()
    feed = Doors(store).client.ok("GET", "/stores/{store}/events?after=0")["items"]
    empty = {"id": str(customer.uid), "expired": True}
    assert [item["data"] for item in feed[:2]] == [empty | {"version": v} for v in (1, 2)]
    assert feed[2]["data"]["name"] == "Ann Okapi"
    assert "Zebrabaum" not in json.dumps([*Event.objects.values_list("before", "snapshot")][:2])
    history = reverse("admin:customers_customer_history", args=[customer.pk])
    page = Doors(store).staff.get(history).content.decode()
    assert "details deleted by a retention rule" in page
    assert "Rings twice" in page
    call_command("verify_outbox", stdout=io.StringIO())


def test_former_states_of_orders_lose_their_address(store: Store) -> None:
    customer = old_customer(store)
    deliver(customer, LONG_AGO)
    enabled(store, "events", 12)
    with time_machine.travel(FIRST_RUN):
        work()
    orders = Event.objects.filter(type__startswith="order.").order_by("id")
    assert [bool(event.snapshot.get("expired")) for event in orders][-2:] == [True, False]
    feed = Doors(store).client.ok("GET", "/stores/{store}/events?after=0")["items"]
    assert all(item["data"]["orderNumber"] for item in feed if item["type"] == "order.updated")


def test_attempts_imports_and_exports_are_deleted(store: Store) -> None:
    with time_machine.travel(LONG_AGO):
        create_endpoint(store, {"url": "https://hooks.example.com/a", "events": ["*"]})
        customer = CustomerFactory(store=store)
        WebhookAttempt.objects.create(
            store=store, delivery=WebhookDelivery.objects.get(), duration_ms=1, status_code=500
        )
        jobs = [import_job(store), import_job(store)]
        request_export(customer.as_queryset(), SYSTEM)
    ImportJob.objects.filter(pk=jobs[1].pk).update(state="running")
    for what in ("attempts", "imports", "exports"):
        enabled(store, what, 12)
    with time_machine.travel(FIRST_RUN):
        work()
    assert [*ImportJob.objects.all()] == [jobs[1]]
    assert not ImportChunk.objects.exclude(job=jobs[1].pk).exists()
    assert not WebhookAttempt.objects.exists()
    assert not DataExport.objects.exists()
    assert {run.rule.what: run.done for run in RetentionRun.objects.all()} == {
        "attempts": 1,
        "imports": 1,
        "exports": 1,
    }


def retention(store: Store, *arguments: str) -> Any:
    out = io.StringIO()
    call_command("retention", "--store", str(store.uid), "--json", *arguments, stdout=out)
    return json.loads(out.getvalue())


def test_command_previews_and_carries_out(kept_store: Store) -> None:
    old_customer(kept_store)
    rule_of(kept_store)
    [preview] = retention(kept_store, "--preview")
    assert (preview["would"], preview["on"], preview["enabled"]) == (1, "2026-12-01", False)
    enable_rule(RetentionRule.objects.all(), SYSTEM)
    assert retention(kept_store) == []
    with time_machine.travel(FIRST_RUN):
        [done] = retention(kept_store)
        assert retention(kept_store) == []
    assert done == {
        "rule": "customers",
        "due": "2026-12-01",
        "done": 1,
        "kept": {},
        "finished": True,
    }


def test_from_the_form_to_the_notice_on_the_start_page(kept_store: Store) -> None:
    old_customer(kept_store, name="Ann Lee")
    staff = Doors(kept_store).staff
    add = reverse("admin:privacy_retentionrule_add")
    fields = {"store": kept_store.pk, "what": "customers", "after_months": 36}
    submit(staff, staff.get(add), "retentionrule_form", fields)
    rule = RetentionRule.objects.get()
    assert rule.actor_name == "owner"
    work()
    url = reverse("admin:privacy_retentionrule_change", args=[rule.pk])
    page = staff.get(url).content.decode()
    assert "1 would be erased on 1 December 2026." in page
    assert "Ann Lee" in page
    staff.post(reverse("admin:privacy_retentionrule_enable", args=[rule.pk]))
    assert "will be erased" not in staff.get("/admin/").content.decode()
    with time_machine.travel(datetime(2026, 11, 17, 12, tzinfo=UTC)):
        staff.force_login(User.objects.get(), "django.contrib.auth.backends.ModelBackend")
        work()
        start = staff.get("/admin/").content.decode()
        assert "Inactive customers: 1 will be erased on 1 December 2026." in start
    with time_machine.travel(FIRST_RUN):
        staff.force_login(User.objects.get(), "django.contrib.auth.backends.ModelBackend")
        work()
        assert "will be erased" not in staff.get("/admin/").content.decode()
        assert ">1</td>" in staff.get(url).content.decode()


@pytest.mark.parametrize(("group", "status"), [("Clerk", 403), ("Manager", 200)])
def test_only_administrators_set_rules(store: Store, group: str, status: int) -> None:
    rule = rule_of(store)
    user = User.objects.create_user("bo", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    user.stores.add(store)
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    url = reverse("admin:privacy_retentionrule_change", args=[rule.pk])
    assert client.get(url).status_code == status
    enable = reverse("admin:privacy_retentionrule_enable", args=[rule.pk])
    assert client.post(enable).status_code == 403
    assert client.get(reverse("admin:privacy_retentionrule_add")).status_code == 403


def test_rules_are_of_one_store(kept_store: Store, other_store: Store) -> None:
    theirs = old_customer(other_store)
    old_customer(kept_store)
    enabled(kept_store)
    with time_machine.travel(FIRST_RUN + timedelta(days=1)):
        work()
    assert Erasure.objects.count() == 1
    assert not Erasure.objects.filter(customer=theirs).exists()
