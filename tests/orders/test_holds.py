"""Customers who may not buy on account: by order, by a payment's method, or at a till."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from customers.models import Customer, LedgerEntry
from customers.models.ledger import Account
from customers.services.customers import update_customer
from orders.services.accounts import post_entry
from orders.services.paying import pay_order
from stores.actors import SYSTEM
from stores.errors import Conflict
from stores.models import Event, Store
from tests.factories import ApiKeyFactory, OrderFactory

pytestmark = pytest.mark.usefixtures("ledger_agrees")

HOLDS = [
    ({"hold_reason": "Lawyer"}, "on_hold"),
    ({"is_active": False}, "suspended"),
    ({"payment_terms": "prepaid"}, "cash_terms"),
    ({"payment_terms": "cod"}, "cash_terms"),
]


def post(customer: Customer, amount: str):
    return post_entry(customer.as_queryset(), SYSTEM, Account.HOUSE, Decimal(amount))


@pytest.mark.parametrize(("fields", "code"), [*HOLDS, ({"is_blacklisted": True}, "blacklisted")])
def test_customer_on_hold_is_charged_by_no_door(ada, fields, code):
    plain = OrderFactory(customer=ada)
    update_customer(ada.as_queryset(), SYSTEM, fields)
    with pytest.raises(Conflict, match=code):
        OrderFactory(customer=ada, on_account=True)
    with pytest.raises(Conflict, match=code):
        pay_order(plain.as_queryset(), SYSTEM, Decimal(5), "On account")
    with pytest.raises(Conflict, match=code):
        post(ada, "5")
    post(ada, "-5")  # payments are always taken
    post(ada, "5")  # and paid out again
    assert not LedgerEntry.objects.filter(balance_after__gt=0).exists()


def test_customer_on_hold_orders_without_the_account(ada):
    update_customer(ada.as_queryset(), SYSTEM, {"hold_reason": "Lawyer"})
    assert OrderFactory(customer=ada).payment_status == "pending"
    update_customer(ada.as_queryset(), SYSTEM, {"hold_reason": None})
    assert OrderFactory(customer=ada, on_account=True).charged_amount == 25


def test_overdue_customer_is_on_hold_where_the_store_says_so(ada):
    today = timezone.localtime(timezone=ada.store.tzinfo)
    OrderFactory(
        customer=ada, on_account=True, placed_at=today - timedelta(days=60)
    )  # due 45 days ago
    OrderFactory(customer=ada, on_account=True)
    Store.objects.update(max_overdue_days=45)
    OrderFactory(customer=ada, on_account=True)
    Store.objects.update(max_overdue_days=30)
    with pytest.raises(Conflict) as refusal:
        OrderFactory(customer=ada, on_account=True)
    assert (refusal.value.code, refusal.value.data["days"] in (44, 45, 46)) == ("overdue", True)
    post(ada, "-25")
    OrderFactory(customer=ada, on_account=True)


def test_manager_overrides_a_hold_with_a_reason(ada):
    update_customer(ada.as_queryset(), SYSTEM, {"hold_reason": "Lawyer"})
    OrderFactory(customer=ada, on_account=True, override="Paid by phone")
    assert LedgerEntry.objects.get().notes == "Paid by phone"
    event = Event.objects.latest("id")
    assert (event.type, event.snapshot["merchant_note"]) == ("order.created", "Paid by phone")


def test_override_keeps_the_limit(ada):
    update_customer(
        ada.as_queryset(), SYSTEM, {"hold_reason": "Lawyer", "credit_limit": Decimal(20)}
    )
    with pytest.raises(Conflict, match="over_limit"):
        OrderFactory(customer=ada, on_account=True, override="Paid by phone")


def test_till_answers_a_hold_like_a_limit(ada, client):
    update_customer(ada.as_queryset(), SYSTEM, {"hold_reason": "Lawyer"})
    key = ApiKeyFactory(store=ada.store).text
    body = {"customer_id": str(ada.uid), "amount": 5}
    response = client.post(
        "/house_account_transactions",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )
    assert response.status_code == 422
    assert "Lawyer" in response.json()["message"]
