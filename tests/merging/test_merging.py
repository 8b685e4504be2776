"""Merge two customers by command, and take the merge apart."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from customers.merging.models import Merge
from customers.models import Customer, LoginEmail
from customers.models.ledger import Account
from customers.services.consent import record_consent
from customers.services.customers import claim_login, update_customer
from orders.services.paying import pay_order, refund_order
from orders.services.placing import place_order
from stores.actors import SYSTEM
from stores.database import copying
from stores.models import Event, WebhookDelivery, WebhookEndpoint
from tests.factories import CustomerFactory, LineFields, parsed_fields
from tests.merging.book import (
    CLERK,
    children_of,
    entries,
    full_row,
    merge,
    open_charges,
    post,
    refusal,
    run,
    sums,
    unmerge,
)
from tests.merging.conftest import prove
from tests.orders.accounts import order_of, owed

pytestmark = pytest.mark.usefixtures("book_agrees")


def uid_of(output: str) -> str:
    return json.loads(output)["merge"]


def test_command_merges_and_takes_apart(store, anna, bella) -> None:
    order_of(anna, "80"), order_of(bella, "85.68")
    before = {one.pk: (full_row(one), children_of(one)) for one in (anna, bella)}
    totals, ledger = sums(store), entries(store)
    uid = uid_of(run("merge_customers", str(anna.uid), str(bella.uid), "--json"))
    prove()
    anna.refresh_from_db(), bella.refresh_from_db()
    assert (anna.account_balance, bella.account_balance) == (Decimal("165.68"), 0)
    assert bella.merged_into == anna
    assert bella.deleted_at is not None
    assert (anna.email, anna.phone) == ("anna@example.com", "03 5550 1468")
    assert {tag.name for tag in anna.tags.all()} == {"VIP", "Wholesale"}
    assert [one.line1 for one in anna.addresses.all()] == ["1 King Street", "9 Queen Street"]
    assert sorted(anna.contacts.values_list("name", "is_primary")) == [
        ("Carl", True),
        ("Dora", False),
    ]
    assert anna.notes == "Rings twice."
    assert not anna.marketing_opt_in  # Bella never agreed
    assert anna.order_count == 2
    assert (sums(store), entries(store)[: len(ledger)]) == (totals, ledger)
    run("unmerge_customers", uid)
    for customer in (anna, bella):
        assert (full_row(customer), children_of(customer)) == before[customer.pk]
    assert (sums(store), entries(store)[: len(ledger)]) == (totals, ledger)


def test_preview_changes_nothing(store, anna, bella) -> None:
    order_of(bella, "20")
    before = full_row(anna), full_row(bella), Event.objects.count()
    shown = json.loads(run("merge_customers", str(anna.uid), str(bella.uid), "--preview", "--json"))
    assert shown["merge"] is None
    assert shown["figures"]["account_balance"] == ["0.000", "20.000", "20.000"]
    assert shown["moved"]["order"] == 1
    assert "Nothing was changed" in run(
        "merge_customers", str(anna.uid), str(bella.uid), "--preview"
    )
    assert (full_row(anna), full_row(bella), Event.objects.count()) == before
    assert not Merge.objects.exists()
    uid = merge(anna, bella).uid
    before = full_row(anna), full_row(bella), Event.objects.count()
    assert "Nothing was changed" in run("unmerge_customers", str(uid), "--preview")
    assert (full_row(anna), full_row(bella), Event.objects.count()) == before


def test_conflicts_are_chosen(store, anna, bella) -> None:
    for one, terms in ((anna, "net_30"), (bella, "net_7")):
        update_customer(one.as_queryset(), SYSTEM, {"payment_terms": terms, "tax_id": terms})
    pair = str(anna.uid), str(bella.uid)
    assert "payment_terms" in refusal("merge_customers", *pair)
    assert "--choose tax_id=survivor" in run("merge_customers", *pair, "--preview")
    assert "FIELD" in refusal("merge_customers", *pair, "--choose", "payment_terms=both")
    assert not Merge.objects.exists()
    choices = ["--choose", "payment_terms=loser", "--choose", "tax_id=survivor"]
    run("merge_customers", *pair, *choices)
    anna.refresh_from_db()
    assert (anna.payment_terms, anna.tax_id) == ("net_7", "net_30")
    unmerge(Merge.objects.get())
    anna.refresh_from_db()
    assert anna.payment_terms == "net_30"


def test_refusals_change_nothing(store, other_store, anna, bella) -> None:
    stranger = CustomerFactory(store=other_store)
    unknown = "01890000-0000-7000-8000-000000000000"
    assert unknown in refusal("merge_customers", str(anna.uid), unknown)
    assert "There is no customer x." in refusal("merge_customers", "x", str(anna.uid))
    assert "different stores" in refusal("merge_customers", str(anna.uid), str(stranger.uid))
    assert "one and the same" in refusal("merge_customers", str(anna.uid), str(anna.uid))
    assert "There is no merge" in refusal("unmerge_customers", unknown)
    merged = merge(anna, bella)
    assert "already" in refusal("merge_customers", str(anna.uid), str(bella.uid))
    assert "already" in refusal("merge_customers", str(bella.uid), str(anna.uid))
    unmerge(merged)
    assert "already" in refusal("unmerge_customers", str(merged.uid))


def test_too_many_orders_are_refused(settings, anna, bella) -> None:
    settings.MAX_EVENTS_PER_CHANGE = 1
    order_of(bella, "1"), order_of(bella, "2")
    before = full_row(anna), full_row(bella)
    assert "more than 1 orders" in refusal("merge_customers", str(anna.uid), str(bella.uid))
    assert (full_row(anna), full_row(bella)) == before


def test_amounts_in_two_currencies_are_refused(anna, bella) -> None:
    update_customer(bella.as_queryset(), SYSTEM, {"currency": "NZD"})
    order_of(anna, "1"), order_of(bella, "2")
    assert "NZD" in refusal("merge_customers", str(anna.uid), str(bella.uid))


def test_what_happened_since_stays(store, anna, bella) -> None:
    """The example of the design: new order, payments, refund and redemption on the survivor."""
    order_of(anna, "80")
    moved = order_of(bella, "85.68")
    post(bella, "10", Account.LOYALTY)
    merged = merge(anna, bella)
    order_of(anna, "50")
    pay_order(moved.as_queryset(), CLERK, Decimal("33.33"), "card")
    refund_order(moved.as_queryset(), CLERK, Decimal(5))
    post(anna, "-25")
    post(anna, "-4", Account.LOYALTY)
    update_customer(anna.as_queryset(), CLERK, {"company": "Anna Ltd", "phone": None})
    totals = sums(store)
    prove()
    shown = json.loads(run("unmerge_customers", str(merged.uid), "--json"))
    assert (owed(anna), owed(bella)) == (Decimal("105.00"), Decimal("52.35"))
    assert (anna.loyalty_balance, bella.loyalty_balance) == (0, 6)
    assert Decimal(shown["missing_points"]) == 4
    assert [change["field"] for change in shown["changed"]] == ["phone"]
    assert anna.company == "Anna Ltd"
    moved.refresh_from_db()
    assert (moved.customer, moved.charged_amount) == (bella, Decimal("52.35"))
    assert sums(store) == totals


def test_due_days_and_payments_ahead_move(anna, bella) -> None:
    from datetime import date

    post(bella, "30", due_on=date(2026, 1, 5))
    order_of(bella, "20")
    owed_before = open_charges(bella)
    merged = merge(anna, bella)
    assert open_charges(anna) == owed_before
    assert open_charges(bella) == []
    unmerge(merged)
    assert (open_charges(anna), open_charges(bella)) == ([], owed_before)


@pytest.mark.parametrize("is_survivor", [True, False])
def test_money_paid_ahead_pays_the_debt_of_both(anna, bella, is_survivor) -> None:
    payer, debtor = (anna, bella) if is_survivor else (bella, anna)
    order = order_of(debtor, "50")
    post(payer, "-20")
    merged = merge(anna, bella)
    assert owed(anna) == 30
    order.refresh_from_db()
    assert (order.paid_amount, order.charged_amount) == (20, 30)
    prove()
    unmerge(merged)
    order.refresh_from_db()
    assert (order.paid_amount, order.charged_amount) == (0, 50)
    assert (owed(payer), owed(debtor)) == (-20, 50)


def test_paid_orders_stay_proved(anna, bella) -> None:
    """A payment that named no order paid this one on the loser's account, and cannot move."""
    settled, half = order_of(bella, "40"), order_of(bella, "60")
    post(bella, "-70")
    pay_order(half.as_queryset(), CLERK, Decimal(10), "card")
    merged = merge(anna, bella)
    prove()
    pay_order(half.as_queryset(), CLERK, Decimal(20), "card")
    unmerge(merged)
    settled.refresh_from_db(), half.refresh_from_db()
    assert (settled.paid_amount, half.paid_amount, owed(bella)) == (40, 60, 0)


@pytest.mark.parametrize("fewest_copied", [1, 50])
def test_events_tell_both_sides(anna, bella, fewest_copied, monkeypatch) -> None:
    """Also where there are so many that PostgreSQL copies them."""
    monkeypatch.setattr(copying, "FEWEST_ROWS", fewest_copied)
    order = order_of(bella, "40")
    WebhookEndpoint.objects.create(store=anna.store, url="https://example.com/", events=["*"])
    merged = merge(anna, bella)
    told = WebhookDelivery.objects.order_by("id").values_list("event", flat=True)
    assert [*told] == [*Event.objects.order_by("id").values_list("pk", flat=True)][-3:]
    gone, kept, moved = Event.objects.order_by("-id")[:3][::-1]
    assert (gone.type, gone.customer_uid) == ("customer.deleted", bella.uid)
    assert gone.snapshot["merged_into"] == str(anna.uid)
    assert (kept.type, kept.snapshot["merged_from"]) == ("customer.updated", str(bella.uid))
    assert (moved.type, moved.subject_uid, moved.customer_uid) == (
        "order.updated",
        order.uid,
        anna.uid,
    )
    unmerge(merged)
    types = [event.type for event in Event.objects.order_by("-id")[:3]]
    assert types == ["order.updated", "customer.restored", "customer.updated"]


def test_taken_email_refuses_and_says_by_whom(store, anna, bella) -> None:
    merged = merge(anna, bella)
    taker = CustomerFactory(store=store, name="Tara Taker", email="bella@example.com")
    text = refusal("unmerge_customers", str(merged.uid))
    assert "Tara Taker" in text
    assert str(taker.uid) in text
    update_customer(taker.as_queryset(), SYSTEM, parsed_fields({"email": "tara@example.com"}))
    unmerge(merged)


def test_newest_merge_comes_first(store, anna, bella) -> None:
    clara = CustomerFactory(store=store, name="Clara")
    first, second = merge(bella, clara), merge(anna, bella)
    clara.refresh_from_db()
    assert clara.merged_into == anna
    assert str(second.uid) in refusal("unmerge_customers", str(first.uid))
    unmerge(second)
    clara.refresh_from_db()
    assert clara.merged_into == bella
    unmerge(first)
    assert Customer.objects.live().count() == 3


def test_login_goes_to_the_survivor_and_back(store, bella) -> None:
    claim_login(bella)
    nameless = CustomerFactory(store=store, name="No mail", email=None)
    merged = merge(nameless, bella)
    assert LoginEmail.objects.get().customer == nameless
    unmerge(merged)
    assert LoginEmail.objects.get().customer == bella


def test_strictest_consent_counts(anna, bella) -> None:
    record_consent(bella.as_queryset(), SYSTEM, {"state": "yes", "wording": "May we?"})
    update_customer(anna.as_queryset(), SYSTEM, {"marketing_opt_in": False})
    record_consent(bella.as_queryset(), SYSTEM, {"state": "yes", "wording": "Still?"})
    merged = merge(anna, bella)
    anna.refresh_from_db()
    assert not anna.marketing_opt_in
    latest = anna.consent_changes.order_by("-valid_from", "-id").first()
    assert latest.state == "no"
    unmerge(merged)
    assert {change.state for change in bella.consent_changes.all()} == {"yes"}


def test_blacklisted_stays_blacklisted(anna, bella) -> None:
    update_customer(
        bella.as_queryset(), SYSTEM, {"is_blacklisted": True, "blacklist_reason": "Fraud"}
    )
    merge(anna, bella)
    anna.refresh_from_db()
    assert (anna.is_blacklisted, anna.blacklist_reason) == (True, "Fraud")


def test_limit_never_grows(anna, bella) -> None:
    order_of(anna, "400"), order_of(bella, "300")
    merge(anna, bella)
    assert owed(anna) == 700
    assert anna.credit_limit == 500


def test_new_orders_of_the_survivor_stay(anna, bella) -> None:
    merged = merge(anna, bella)
    row = place_order(anna.as_queryset(), CLERK, [LineFields()])
    unmerge(merged)
    assert anna.orders.get().uid == row["uid"]
    assert not bella.orders.exists()


def test_payment_of_the_former_account_can_be_taken_back(anna, bella) -> None:
    from orders.services.voiding import Void, void_payment

    order = order_of(bella, "40")
    pay_order(order.as_queryset(), CLERK, Decimal(40), "cheque")
    merge(anna, bella)
    payment = order.payments.get()
    void_payment(order.as_queryset(), CLERK, payment.uid, Void("bounced"))
    order.refresh_from_db()
    assert (order.paid_amount, order.charged_amount, owed(anna)) == (0, 40, 40)
