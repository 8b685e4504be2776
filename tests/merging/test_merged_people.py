"""What stays true of both people when they are merged, and when the merge is taken apart."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from customers.merging.models import Merge
from customers.models import Customer, LoginEmail
from customers.privacy.models.request import RequestKind
from customers.privacy.services.erasing import erase_customer
from customers.privacy.services.requests import check_identity, close_request, open_request
from customers.services.consent_history import latest_consent
from customers.services.customers import claim_login, update_customer
from orders.finding import find_customers
from orders.services.crediting import NewCreditNote, credit_order
from orders.services.letter_runs import queue_reminders
from orders.services.paying import pay_order
from orders.services.placing import place_order
from orders.services.reminders import due_reminders
from stores.actors import SYSTEM
from stores.models import Event
from tests.factories import CustomerFactory, LineFields
from tests.merging.book import CLERK, merge, post, refusal, run, unmerge
from tests.orders.accounts import order_of, owed
from tests.properties.test_replay import Shop

pytestmark = pytest.mark.usefixtures("book_agrees")


def logins() -> dict[str, str]:
    return dict(LoginEmail.objects.values_list("customer__name", "email_key"))


def test_both_log_in_again_after_the_email_was_the_losers(anna, bella) -> None:
    claim_login(anna), claim_login(bella)
    before = logins()
    merged = merge(anna, bella, email="loser")
    assert logins() == {"Anna Baker": "bella@example.com"}
    unmerge(merged)
    assert logins() == before


def test_a_login_that_somebody_else_has_by_now_refuses(other_store, anna, bella) -> None:
    claim_login(anna)
    merged = merge(anna, bella, email="loser")
    claim_login(CustomerFactory(store=other_store, email="anna@example.com"))
    assert "e-mail" in refusal("unmerge_customers", str(merged.uid))
    assert Merge.objects.standing().exists()


def test_taking_apart_invents_no_consent(anna, bella) -> None:
    before = latest_consent(anna)
    anna.refresh_from_db()
    moment = anna.marketing_opt_in_at
    merged = merge(anna, bella)
    anna.refresh_from_db()
    assert not anna.marketing_opt_in
    unmerge(merged)
    anna.refresh_from_db(), bella.refresh_from_db()
    assert (anna.marketing_opt_in, anna.marketing_opt_in_at) == (True, moment)
    assert [change.pk for change in anna.consent_changes.all()] == [before.pk]
    assert not bella.marketing_opt_in
    assert latest_consent(bella).state == "no"


def test_order_goes_to_an_address_that_the_merged_customer_keeps(anna, bella) -> None:
    """A shop still has the customer and the address of before the merge."""
    address = bella.addresses.get(line1="1 KING Street")
    merge(anna, bella)
    assert address not in anna.addresses.all()
    row = place_order(bella.as_queryset(), CLERK, [LineFields()], shipping_address_uid=address.uid)
    assert row["customer_id"] == anna.pk
    assert row["shipping_address"]["line1"] == "1 KING Street"


def test_merge_of_an_erased_customer_cannot_be_taken_apart(anna, bella) -> None:
    merged = merge(anna, bella)
    erase_customer(anna.as_queryset(), SYSTEM)
    assert "is deleted" in refusal("unmerge_customers", str(merged.uid))
    assert "is deleted" in refusal("unmerge_customers", str(merged.uid), "--preview")


def test_survivor_gets_no_reminder_twice(store, anna, bella) -> None:
    since = timezone.localdate() - timedelta(days=20)
    post(bella, "30", due_on=since)
    [reminder] = due_reminders(store, timezone.localdate())
    assert reminder.customer == bella
    assert queue_reminders(store, SYSTEM, timezone.localdate()) == 1
    merged = merge(anna, bella)
    assert due_reminders(store, timezone.localdate()) == []
    unmerge(merged)
    assert due_reminders(store, timezone.localdate()) == []


@pytest.mark.parametrize(
    ("kind", "column"),
    [(RequestKind.RESTRICT, "restricted_at"), (RequestKind.OBJECT, "objected_at")],
)
def test_open_request_of_the_loser_holds_for_both(store, anna, kind, column) -> None:
    bella = CustomerFactory(store=store, name="Bella", marketing_opt_in=True)
    request = open_request(bella.as_queryset(), SYSTEM, kind, date(2026, 1, 5))
    merged = merge(anna, bella)
    update_customer(anna.as_queryset(), SYSTEM, {"marketing_opt_in": True})
    check_identity(request.as_queryset(), CLERK)
    close_request(request.as_queryset(), CLERK, "As asked.", is_granted=True)
    anna.refresh_from_db()
    assert getattr(anna, column)
    assert not anna.marketing_opt_in
    unmerge(merged)
    bella.refresh_from_db()
    assert getattr(bella, column)
    assert not bella.marketing_opt_in


def test_stricter_restriction_counts_and_ends_with_the_merge(anna, bella) -> None:
    request = open_request(bella.as_queryset(), SYSTEM, RequestKind.RESTRICT, date(2026, 1, 5))
    check_identity(request.as_queryset(), CLERK)
    close_request(request.as_queryset(), CLERK, "As asked.", is_granted=True)
    merged = merge(anna, bella)
    anna.refresh_from_db()
    assert anna.restricted_at
    unmerge(merged)
    anna.refresh_from_db(), bella.refresh_from_db()
    assert (bool(anna.restricted_at), bool(bella.restricted_at)) == (False, True)
    assert anna.marketing_opt_in


def test_credit_that_an_order_left_goes_back_with_it(anna, bella) -> None:
    order = order_of(bella, "50")
    pay_order(order.as_queryset(), CLERK, Decimal(50), "card")
    order_of(anna, "30")
    merged = merge(anna, bella)
    credit_order(order.as_queryset(), CLERK, NewCreditNote(Decimal(50), keeps_credit=True))
    assert owed(anna) == -20
    unmerge(merged)
    assert (owed(anna), owed(bella)) == (30, -50)
    again = merge(anna, bella)
    assert owed(anna) == -20
    unmerge(again)
    assert (owed(anna), owed(bella)) == (30, -50)


def test_payment_beyond_its_order_goes_back_with_it(anna, bella) -> None:
    order = order_of(bella, "50")
    merged = merge(anna, bella)
    post(anna, "-70", order_uid=order.uid)
    order_of(anna, "5")
    unmerge(merged)
    assert (owed(anna), owed(bella)) == (5, -20)


@pytest.mark.parametrize("text", ["bella@example.com", "03 5550 1468", "uid", "pk"])
def test_staff_find_the_survivor_by_what_the_merged_one_had(store, anna, bella, text) -> None:
    merge(anna, bella, phone="survivor")
    ids: dict[str, Any] = {"uid": bella.uid, "pk": bella.pk}
    live = Customer.objects.for_store(store).live()
    found = find_customers(live, str(ids.get(text, text)), (store.pk,))
    assert list(found) == [anna]


def test_events_name_the_other_side(store, anna, bella, settings) -> None:
    merge(anna, bella)
    last = Event.objects.order_by("-id")[:2]
    feed = Shop(store).read(f"events?after={min(event.pk for event in last) - 1}")["items"]
    assert [(event["type"], event["customerId"]) for event in feed] == [
        ("customer.deleted", str(bella.uid)),
        ("customer.updated", str(anna.uid)),
    ]
    assert feed[0]["data"]["mergedInto"] == str(anna.uid)
    assert feed[1]["data"]["mergedFrom"] == str(bella.uid)
    assert "mergedFrom" not in feed[0]["data"]


def test_commands_take_an_old_id_for_the_survivor(anna, bella, tmp_path) -> None:
    merge(anna, bella)
    for name, more in (("consent_on", []), ("privacy_export", ["--output", str(tmp_path / "x")])):
        run(name, str(bella.uid), *more)
    assert run("consent_on", str(bella.uid)) == run("consent_on", str(anna.uid))


def test_command_says_what_stays(anna, bella) -> None:
    merged = merge(anna, bella)
    address = anna.addresses.get(line1="9 Queen Street")
    update_customer(anna.as_queryset(), SYSTEM, {"notes": "New."})
    address.delete()
    shown = json.loads(run("unmerge_customers", str(merged.uid), "--json"))
    assert shown["gone"] == ["Address"]
    assert [change["field"] for change in shown["changed"]] == ["notes"]
