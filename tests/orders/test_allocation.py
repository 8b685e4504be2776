"""What is paid on a house account pays orders, whichever door the money came by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from customers.models import Charge, Customer
from customers.models.ledger import Account
from customers.services.customers import update_customer
from orders.models import Allocation, Credit
from orders.models.order import ON_ACCOUNT
from orders.services.accounts import post_entry
from orders.services.credit_checks import check_credit
from orders.services.customers import delete_customer, delete_unused_customer
from orders.services.moving import move_order
from orders.services.paying import pay_order, refund_order
from stores.actors import SYSTEM, Actor
from stores.errors import Conflict, Invalid, NotFound
from stores.models import Event
from tests.factories import CustomerFactory
from tests.orders.accounts import order_of, owed, state

pytestmark = pytest.mark.usefixtures("ledger_agrees")

NOW = datetime(2026, 6, 15, 2, tzinfo=UTC)
CLERK = Actor("staff", 7, "Clara Clerk")


def settle(customer: Customer, amount: str, **more):
    target = Customer.objects.filter(store=customer.store_id, pk=customer.pk)
    return post_entry(target, CLERK, Account.HOUSE, -Decimal(amount), **more)


def charge(customer: Customer, amount: str):
    return settle(customer, f"-{amount}")


# --- a settlement pays orders


def test_settlement_at_the_till_pays_the_order(ada):
    order = order_of(ada, "100")
    settle(ada, "100")
    assert state(order) == ("succeeded", 100, 0)
    assert order.paid_at is not None
    with pytest.raises(Conflict, match="over_paid"):
        pay_order(order.as_queryset(), SYSTEM, Decimal(100), "card")
    assert refund_order(order.as_queryset(), SYSTEM)["payment_status"] == "refunded"
    assert owed(ada) == 0


def test_settlement_pays_what_is_due_first_and_the_rest_pays_the_next_charge(ada):
    late = order_of(ada, "30", placed_at=NOW - timedelta(days=9))
    early = order_of(ada, "40", placed_at=NOW - timedelta(days=90))
    settle(ada, "50")
    assert state(early) == ("succeeded", 40, 0)
    assert state(late) == ("partially_paid", 10, 20)
    settle(ada, "25")
    assert state(late) == ("succeeded", 30, 0)
    assert Credit.objects.get(open_amount__gt=0).open_amount == 5
    following = order_of(ada, "8")
    assert state(following) == ("partially_paid", 5, 3)
    assert owed(ada) == 3


def test_settlement_pays_the_order_that_it_names(ada):
    first, second = order_of(ada, "30"), order_of(ada, "30")
    settle(ada, "40", order_uid=second.uid)
    assert state(second) == ("succeeded", 30, 0)
    assert state(first) == ("partially_paid", 10, 20)


def test_overpayment_pays_an_order_at_once(ada):
    settle(ada, "100")
    order = order_of(ada, "60")
    assert state(order) == ("succeeded", 60, 0)
    assert Event.objects.latest("id").snapshot["payment_status"] == "succeeded"
    assert owed(ada) == -40


def test_orders_that_a_settlement_pays_publish_events(ada):
    orders = [order_of(ada, "10"), order_of(ada, "10")]
    before = Event.objects.latest("id").version
    settle(ada, "20")
    events = Event.objects.filter(version__gt=before).order_by("version")
    assert [event.type for event in events] == ["customer.updated", *["order.updated"] * 2]
    assert [event.subject_uid for event in events[1:]] == [order.uid for order in orders]
    assert set(events[1].changed) == {"paid_amount", "charged_amount", "payment_status", "paid_at"}
    assert [event.version for event in events] == [before + 1, before + 2, before + 3]


def test_allocations_say_what_when_and_by_whom(ada):
    order = order_of(ada, "30")
    entry = settle(ada, "30")
    allocation = Allocation.objects.get()
    assert (allocation.credit.uid, allocation.charge.uid) == (entry.uid, order.uid)
    assert (allocation.amount, allocation.actor_name) == (30, "Clara Clerk")
    assert allocation.effective_on == entry.paid_on


def test_many_charges_are_paid_by_one_settlement(ada):
    for _ in range(60):
        charge(ada, "1")
    order = order_of(ada, "10")
    settle(ada, "65")
    assert Charge.objects.filter(open_amount=0).count() == 60
    assert state(order) == ("partially_paid", 5, 5)


# --- cancelling


def test_cancelled_order_releases_settlements_to_other_charges(ada):
    cancelled = order_of(ada, "40", placed_at=NOW - timedelta(days=9))
    other = order_of(ada, "50")
    settle(ada, "40")
    move_order(cancelled.as_queryset(), SYSTEM, "cancelled")
    assert state(cancelled) == ("cancelled", 0, 0)
    assert state(other) == ("partially_paid", 40, 10)
    assert owed(ada) == 10


def test_cancelled_order_keeps_what_was_refunded(ada):
    order = order_of(ada, "40")
    settle(ada, "40")
    refund_order(order.as_queryset(), SYSTEM, Decimal(15))
    move_order(order.as_queryset(), SYSTEM, "cancelled")
    assert state(order) == ("refunded", 15, 0)
    assert owed(ada) == -25


def test_cancelled_order_keeps_its_own_payments(ada):
    order, other = order_of(ada, "40"), order_of(ada, "20")
    pay_order(order.as_queryset(), SYSTEM, Decimal(30), "card")
    move_order(order.as_queryset(), SYSTEM, "cancelled")
    assert state(order) == ("partially_paid", 30, 0)
    assert (state(other), owed(ada)) == (("pending", 0, 20), 20)


# --- refunds


def test_partly_refunded_order_stays_unpaid_with_what_is_owed(ben):
    order = order_of(ben, "100", on_account=False)
    pay_order(order.as_queryset(), SYSTEM, Decimal(30), "cash")
    row = refund_order(order.as_queryset(), SYSTEM)
    assert (row["payment_status"], row["refunded_amount"]) == ("pending", 30)
    order.refresh_from_db()
    assert order.due_amount == 70
    pay_order(order.as_queryset(), SYSTEM, Decimal(70), "cash")
    assert state(order) == ("partially_refunded", 100, 0)


# --- the day of the bank


def test_payment_counts_on_the_day_of_the_bank(ada):
    with time_machine.travel(NOW, tick=False):
        order = order_of(ada, "40", placed_at=NOW - timedelta(days=30))
        day = (NOW - timedelta(days=3)).date()
        pay_order(order.as_queryset(), SYSTEM, Decimal(40), "bank", day)
        order.refresh_from_db()
        assert order.paid_at.astimezone(ada.store.tzinfo).date() == max(day, NOW.date())
        other = order_of(ada, "40", placed_at=NOW - timedelta(days=30), on_account=False)
        row = pay_order(other.as_queryset(), SYSTEM, Decimal(40), "bank", day)
    assert row["paid_at"].astimezone(ada.store.tzinfo).date() == day
    assert row["payments"][0]["paid_on"] == day


def test_payment_of_tomorrow_is_refused(ada):
    order = order_of(ada, "40")
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date()
    with pytest.raises(Invalid, match="future"):
        settle(ada, "5", paid_on=tomorrow)
    with pytest.raises(Invalid, match="future"):
        pay_order(order.as_queryset(), SYSTEM, Decimal(5), "bank", tomorrow)
    assert state(order) == ("pending", 0, 40)


# --- the score


def score_of(customer: Customer) -> int:
    with time_machine.travel(NOW, tick=False):
        return check_credit(customer.as_queryset(), SYSTEM).score


def debtor(store, number: int) -> Customer:
    return CustomerFactory(
        store=store,
        email=f"debtor{number}@example.com",
        is_account_enabled=True,
        credit_limit=Decimal(1000),
        payment_terms="due_on_receipt",
    )


def test_the_same_debt_scores_the_same_by_every_door(store):
    by_order, by_method, by_till = (debtor(store, number) for number in range(3))
    with time_machine.travel(NOW - timedelta(days=178), tick=False):
        order_of(by_order, "100")
        plain = order_of(by_method, "100", on_account=False)
        pay_order(plain.as_queryset(), SYSTEM, Decimal(100), "On account")
        charge(by_till, "100")
    assert score_of(by_order) == score_of(by_method) == score_of(by_till) == 530


@pytest.mark.parametrize("days", [0, 20])
def test_payers_score_the_same_by_every_door(store, days):
    by_order, by_till, of_charge = (debtor(store, number) for number in range(3))
    with time_machine.travel(NOW - timedelta(days=178), tick=False):
        order = order_of(by_order, "100")
        order_of(by_till, "100")
        charge(of_charge, "100")
    with time_machine.travel(NOW - timedelta(days=178 - days), tick=False):
        pay_order(order.as_queryset(), SYSTEM, Decimal(100), "card")
        settle(by_till, "100")
        settle(of_charge, "100")
    assert score_of(by_order) == score_of(by_till) == score_of(of_charge)


def test_charges_and_orders_share_the_months(store):
    customer = debtor(store, 1)
    for days in (170, 100, 40):
        with time_machine.travel(NOW - timedelta(days=days), tick=False):
            charge(customer, "10")
            settle(customer, "10")
    with time_machine.travel(NOW - timedelta(days=40), tick=False):
        order_of(customer, "10", on_account=False)
    with time_machine.travel(NOW, tick=False):
        check = check_credit(customer.as_queryset(), SYSTEM)
    factors = {factor["name"]: factor["input"] for factor in check.factors}
    assert (factors["regularity"], factors["relation_days"]) == (Decimal(60), Decimal(170))


# --- deletion


@pytest.mark.parametrize("amount", ["30", "-30"])
def test_balance_blocks_deletion(ada, as_queryset, amount):
    settle(ada, amount)
    for delete in (delete_customer, delete_unused_customer):
        with pytest.raises(Conflict, match="not_settled"):
            delete(as_queryset(ada), SYSTEM)
    settle(ada, str(-Decimal(amount)))
    delete_unused_customer(as_queryset(ada), SYSTEM)


def test_refund_that_is_due_blocks_deletion(ben, as_queryset):
    order = order_of(ben, "30", on_account=False)
    pay_order(order.as_queryset(), SYSTEM, Decimal(30), "card")
    move_order(order.as_queryset(), SYSTEM, "cancelled")
    with pytest.raises(Conflict, match="not_settled"):
        delete_customer(as_queryset(ben), SYSTEM)
    refund_order(order.as_queryset(), SYSTEM)
    delete_customer(as_queryset(ben), SYSTEM)


def test_deleted_customer_still_settles(ada, as_queryset):
    """A former release deleted customers who owed money."""
    order = order_of(ada, "50")
    Customer.objects.filter(pk=ada.pk).update(deleted_at=NOW)
    events = Event.objects.count()
    settle(ada, "20")
    assert owed(ada) == 30
    with pytest.raises(NotFound):
        charge(ada, "1")
    settle(ada, "40")
    assert (state(order), owed(ada)) == (("succeeded", 50, 0), -10)
    charge(ada, "10")  # the credit is paid out
    types = Event.objects.order_by("id").values_list("type", flat=True)[events:]
    assert list(types) == ["order.updated", "order.updated"]  # clients take it for deleted
    with pytest.raises(NotFound):
        post_entry(as_queryset(ada), SYSTEM, Account.LOYALTY, Decimal(-1))


# --- more doors


def test_order_may_be_partly_on_account(ada):
    order = order_of(ada, "60", on_account=False)
    pay_order(order.as_queryset(), SYSTEM, Decimal(20), ON_ACCOUNT)
    pay_order(order.as_queryset(), SYSTEM, Decimal(15), "cash")
    assert (state(order), owed(ada)) == (("partially_paid", 15, 20), 20)
    pay_order(order.as_queryset(), SYSTEM, Decimal(30), "cash")  # 25 beside the account
    assert (state(order), owed(ada)) == (("partially_paid", 45, 15), 15)
    settle(ada, "15")
    assert state(order) == ("succeeded", 60, 0)


def test_disabled_account_still_settles_orders(ada, as_queryset):
    order = order_of(ada, "25")
    update_customer(as_queryset(ada), SYSTEM, {"is_account_enabled": False})
    settle(ada, "25")
    assert state(order) == ("succeeded", 25, 0)


# --- spreading by hand


def test_payment_is_spread_over_chosen_orders(ada):
    first, second, third = (order_of(ada, "30") for _ in range(3))
    spread = {third.uid: Decimal(20), second.uid: Decimal(10)}
    settle(ada, "40", spread=spread)
    assert state(third) == ("partially_paid", 20, 10)
    assert state(second) == ("partially_paid", 10, 20)
    assert state(first) == ("partially_paid", 10, 20)  # the rest pays what is due first


def test_payment_is_spread_over_a_charge(ada):
    order_of(ada, "30", placed_at=NOW - timedelta(days=90))
    entry = charge(ada, "10")
    settle(ada, "10", spread={entry.uid: Decimal(10)})
    assert Charge.objects.get(uid=entry.uid).open_amount == 0


@pytest.mark.parametrize("amount", ["30.01", "50"])
def test_more_than_is_open_is_not_spread(ada, amount):
    order = order_of(ada, "30")
    with pytest.raises(Conflict, match="over_spread"):
        settle(ada, "40", spread={order.uid: Decimal(amount)})
    with pytest.raises(Invalid, match="unknown_id"):
        settle(ada, "40", spread={ada.uid: Decimal(1)})
    assert (state(order), owed(ada)) == (("pending", 0, 30), 30)
