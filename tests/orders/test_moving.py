from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest

from customers.models import LedgerEntry
from orders.models import Order
from orders.models.order import ON_ACCOUNT, Status
from orders.services.customers import delete_customer
from orders.services.moving import move_order, update_order
from orders.services.paying import pay_order, refund_order
from stores.actors import SYSTEM
from stores.errors import Conflict, NotFound
from stores.models import Event
from tests.factories import OrderFactory

pytestmark = pytest.mark.usefixtures("ledger_agrees")

WAY = ("pending", "confirmed", "processing", "shipped", "delivered")
LEGAL = {*pairwise(WAY)} | {(step, "cancelled") for step in WAY[:3]}


def walk(target, status):
    """Move a pending order to a status by allowed steps."""
    steps = ["cancelled"] if status == "cancelled" else WAY[1 : WAY.index(status) + 1]
    for step in steps:
        move_order(target, SYSTEM, step)


@pytest.mark.parametrize("here", Status.values)
@pytest.mark.parametrize("there", Status.values)
def test_only_listed_status_changes_are_allowed(ben, order_queryset, here, there):
    target = order_queryset(OrderFactory(customer=ben))
    walk(target, here)
    if (here, there) in LEGAL or here == there:
        assert move_order(target, SYSTEM, there)["status"] == there
    else:
        with pytest.raises(Conflict) as refusal:
            move_order(target, SYSTEM, there)
        assert refusal.value.code == "illegal_move"
        assert refusal.value.data == {"status": here, "wanted": there}
        assert target.get().status == here


def test_status_changes_set_their_times(ben, order_queryset):
    target = order_queryset(OrderFactory(customer=ben))
    walk(target, "delivered")
    order = target.get()
    assert order.placed_at < order.shipped_at < order.delivered_at
    assert order.cancelled_at is None


def test_move_to_the_same_status_changes_nothing(ben, order_queryset):
    target = order_queryset(OrderFactory(customer=ben))
    events, updated = Event.objects.count(), target.get().updated_at
    assert move_order(target, SYSTEM, "pending")["status"] == "pending"
    assert (Event.objects.count(), target.get().updated_at) == (events, updated)


def test_note_and_move_make_one_event(ben, order_queryset):
    target = order_queryset(OrderFactory(customer=ben))
    row = update_order(target, SYSTEM, status="confirmed", merchant_note="Ring twice")
    event = Event.objects.latest("id")
    assert (row["status"], row["merchant_note"]) == ("confirmed", "Ring twice")
    assert (event.type, event.before) == (
        "order.updated",
        {"status": "pending", "merchant_note": ""},
    )
    assert update_order(target, SYSTEM, merchant_note="")["merchant_note"] == ""


def test_refused_move_keeps_the_old_note(ben, order_queryset):
    target = order_queryset(OrderFactory(customer=ben))
    with pytest.raises(Conflict):
        update_order(target, SYSTEM, status="delivered", merchant_note="Ring twice")
    assert target.get().merchant_note == ""


# --- cancelling


def test_cancelled_order_counts_only_in_orders_ever(ben, order_queryset):
    first, second = OrderFactory(customer=ben), OrderFactory(customer=ben)
    move_order(order_queryset(first), SYSTEM, "cancelled")
    ben.refresh_from_db()
    assert (ben.order_count, ben.orders_ever, ben.total_spent) == (1, 2, Decimal("25.00"))
    assert ben.first_order_at == ben.last_order_at == second.placed_at
    move_order(order_queryset(second), SYSTEM, "cancelled")
    ben.refresh_from_db()
    assert (ben.order_count, ben.orders_ever, ben.total_spent) == (0, 2, Decimal("0.00"))
    assert (ben.first_order_at, ben.last_order_at) == (None, None)


def test_cancellation_reverses_an_unpaid_charge(ada, order_queryset):
    order = OrderFactory(customer=ada, on_account=True)
    row = move_order(order_queryset(order), SYSTEM, "cancelled")
    ada.refresh_from_db()
    entries = LedgerEntry.objects.order_by("id").values_list("amount", "reason", "order_uid")
    assert list(entries) == [
        (Decimal("25.00"), "order", order.uid),
        (Decimal("-25.00"), "cancellation", order.uid),
    ]
    assert (ada.account_balance, row["payment_status"]) == (Decimal("0.00"), "cancelled")


def test_cancellation_credits_only_the_unpaid_part(ada, order_queryset):
    target = order_queryset(OrderFactory(customer=ada, on_account=True))
    pay_order(target, SYSTEM, Decimal("10.00"), "card")
    row = move_order(target, SYSTEM, "cancelled")
    ada.refresh_from_db()
    assert ada.account_balance == Decimal("0.00")
    assert (row["payment_status"], row["charged_amount"]) == ("partially_paid", 0)


def test_cancellation_refunds_no_money(ben, order_queryset):
    target = order_queryset(OrderFactory(customer=ben))
    pay_order(target, SYSTEM, Decimal("25.00"), "card")
    cancelled = move_order(target, SYSTEM, "cancelled")
    assert (cancelled["payment_status"], cancelled["refunded_amount"]) == ("succeeded", 0)
    refunded = refund_order(target, SYSTEM)
    ben.refresh_from_db()
    assert (refunded["payment_status"], ben.total_spent) == ("refunded", Decimal("0.00"))


def test_cancellation_credits_what_is_on_account(ada, order_queryset):
    target = order_queryset(OrderFactory(customer=ada))
    pay_order(target, SYSTEM, Decimal("15.00"), ON_ACCOUNT)
    pay_order(target, SYSTEM, Decimal("10.00"), "card")
    row = move_order(target, SYSTEM, "cancelled")
    ada.refresh_from_db()
    assert ada.account_balance == Decimal("0.00")
    assert (row["payment_status"], row["refunded_amount"]) == ("partially_paid", Decimal(0))
    assert refund_order(target, SYSTEM)["payment_status"] == "refunded"


# --- whose order


def test_orders_of_a_deleted_customer_still_move(ada, as_queryset, order_queryset):
    order = OrderFactory(customer=ada)
    delete_customer(as_queryset(ada), SYSTEM)
    assert move_order(order_queryset(order), SYSTEM, "cancelled")["status"] == "cancelled"


def test_order_of_another_store_is_not_found(ben, other_store):
    order = OrderFactory(customer=ben)
    with pytest.raises(NotFound):
        move_order(Order.objects.for_store(other_store).filter(uid=order.uid), SYSTEM, "confirmed")
