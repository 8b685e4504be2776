"""Requests have a due day and an identity check; restriction and objection are respected by all doors."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.models import ConsentChange, Customer
from customers.privacy.models import PrivacyRequest
from customers.privacy.months import months_after
from customers.privacy.services.erasing import erase_customer
from customers.privacy.services.requests import (
    check_identity,
    close_request,
    extend_request,
    lift,
    open_request,
)
from customers.services.consent import record_consent
from stores.actors import SYSTEM
from stores.errors import Conflict, Invalid
from stores.models import Event, Store
from tests.admin.pages import open_page, send
from tests.factories import CustomerFactory
from tests.privacy.person import Doors

TODAY = date(2026, 11, 2)


@pytest.fixture
def customer(store: Store) -> Customer:
    return CustomerFactory(store=store, name="Ann Lee", marketing_opt_in=True)


def ask(customer: Customer, kind: str) -> Any:
    row = open_request(customer.as_queryset(), SYSTEM, kind, TODAY, "By phone")
    return row.as_queryset()


def grant(customer: Customer, kind: str) -> None:
    target = ask(customer, kind)
    check_identity(target, SYSTEM)
    close_request(target, SYSTEM, "As asked", is_granted=True)
    customer.refresh_from_db()


@pytest.mark.parametrize(
    ("day", "months", "due"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 11, 2), 1, date(2026, 12, 2)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
    ],
)
def test_months_end_within_the_month(day: date, months: int, due: date) -> None:
    assert months_after(day, months) == due


def test_due_in_a_month_and_extended_once(customer: Customer) -> None:
    target = ask(customer, "access")
    assert target.get().due_on == date(2026, 12, 2)
    extend_request(target, SYSTEM, "Many systems")
    assert target.get().due_on == date(2027, 2, 2)
    with pytest.raises(Conflict) as refusal:
        extend_request(target, SYSTEM, "Again")
    assert refusal.value.code == "extended_already"


def test_granting_needs_the_identity(customer: Customer) -> None:
    target = ask(customer, "restrict")
    with pytest.raises(Conflict) as refusal:
        close_request(target, SYSTEM, "As asked", is_granted=True)
    assert refusal.value.code == "identity_not_checked"
    close_request(target, SYSTEM, "Nobody we know", is_granted=False)
    with pytest.raises(Conflict) as refusal:
        check_identity(target, SYSTEM)
    assert refusal.value.code == "request_closed"


def test_every_step_stands_in_the_history(customer: Customer) -> None:
    grant(customer, "access")
    changed = [event.changed for event in Event.objects.order_by("id")][1:]
    assert changed == [["privacy_request"]] * 3


def test_tomorrow_is_refused(customer: Customer) -> None:
    tomorrow = timezone.localdate() + timedelta(days=2)
    with pytest.raises(Invalid):
        open_request(customer.as_queryset(), SYSTEM, "access", tomorrow)


def shop_flag(customer: Customer, **change: Any) -> bool:
    path = f"/stores/{{store}}/customers/{customer.uid}"
    client = Doors(customer.store).client
    if change:
        client.ok("PUT", path, change)
    return client.ok("GET", path)["item"]["marketingOptIn"]


def test_objection_turns_marketing_off_for_all_doors(customer: Customer) -> None:
    grant(customer, "object")
    assert not shop_flag(customer)
    assert not shop_flag(customer, marketingOptIn=True)
    record_consent(customer.as_queryset(), SYSTEM, {"state": "yes"})
    assert not shop_flag(customer)
    channels = ConsentChange.objects.filter(source="objection").values_list("channel", flat=True)
    assert {*channels} == {"email", "sms", "post"}
    lift(customer.as_queryset(), SYSTEM, "object")
    assert shop_flag(customer)  # the later yes counts


def test_restriction_pauses_marketing_and_refuses_erasure(customer: Customer) -> None:
    grant(customer, "restrict")
    assert not shop_flag(customer)
    with pytest.raises(Conflict) as refusal:
        erase_customer(customer.as_queryset(), SYSTEM)
    assert refusal.value.code == "is_restricted"
    lift(customer.as_queryset(), SYSTEM, "restrict")
    assert shop_flag(customer)
    erase_customer(customer.as_queryset(), SYSTEM)


def test_closing_a_request_after_the_erasure_publishes_nothing(customer: Customer) -> None:
    target = ask(customer, "erase")
    check_identity(target, SYSTEM)
    erase_customer(customer.as_queryset(), SYSTEM)
    last = Event.objects.latest("id")
    close_request(target, SYSTEM, "Erased", is_granted=True)
    assert target.get().state == "done"
    assert Event.objects.latest("id") == last
    page = open_page(Doors(customer.store).staff, "privacy_privacyrequest", target.get().pk)
    privacy = reverse("admin:customers_customer_privacy", args=[customer.pk])
    assert privacy not in page.content.decode()  # the customer has no pages any more


def test_pages_lead_from_the_request_to_the_certificate(customer: Customer) -> None:
    staff = Doors(customer.store).staff
    url = reverse("admin:customers_customer_privacy-request", args=[customer.pk])
    page = send(staff, staff.get(url), kind="erase", received_on="2026-11-02", note="By mail")
    assert "Erase my data" in page.content.decode()
    row = PrivacyRequest.objects.get()
    staff.post(reverse("admin:privacy_privacyrequest_identity", args=[row.pk]))
    close = reverse("admin:privacy_privacyrequest_close", args=[row.pk])
    send(staff, staff.get(close), is_granted="yes", decision="Erased")
    assert PrivacyRequest.objects.get().state == "done"
    assert "owner" in open_page(staff, "privacy_privacyrequest", row.pk).content.decode()
    erase = reverse("admin:customers_customer_erase", args=[customer.pk])
    refused = send(staff, staff.get(erase), confirmation="yes")
    assert "to confirm" in refused.content.decode()
    certificate = send(staff, staff.get(erase), confirmation="erase")
    assert "Certificate of erasure" in certificate.content.decode()
    assert "Ann Lee" not in certificate.content.decode()
    listed = staff.get(reverse("admin:privacy_privacyrequest_changelist"))
    assert listed.status_code == 200


@pytest.mark.parametrize(
    ("kind", "title", "consequence"),
    [
        ("restrict", "End the restriction", "News and offers go out again: the customer agreed on"),
        ("object", "End the objection", "No news go out before the customer agrees to them."),
    ],
)
def test_ending_it_asks_with_the_consequence(
    customer: Customer, kind: str, title: str, consequence: str
) -> None:
    staff = Doors(customer.store).staff
    url = reverse("admin:customers_customer_lift", args=[customer.pk])
    assert staff.get(f"{url}?kind={kind}").status_code == 404
    grant(customer, kind)
    question = staff.get(f"{url}?kind={kind}")
    assert title in question.content.decode()
    assert consequence in question.content.decode()
    assert not shop_flag(customer)
    page = send(staff, question)
    assert "It is no longer in force." in page.content.decode()
    customer.refresh_from_db()
    assert (customer.restricted_at, customer.objected_at) == (None, None)
    assert staff.post(f"{url}?kind={kind}").status_code == 404


def test_one_of_both_that_stays_is_said(customer: Customer) -> None:
    grant(customer, "restrict")
    grant(customer, "object")
    staff = Doors(customer.store).staff
    url = reverse("admin:customers_customer_lift", args=[customer.pk])
    text = staff.get(f"{url}?kind=restrict").content.decode()
    assert "No news go out: the objection stays." in text


def test_erasing_asks_with_the_count(customer: Customer) -> None:
    url = reverse("admin:customers_customer_erase", args=[customer.pk])
    text = Doors(customer.store).staff.get(url).content.decode()
    assert re.search(r"Everything personal goes: [1-9]\d* rows in [1-9]\d* kinds", text)
