from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from customers.models import LedgerEntry
from customers.reads import delivery_addresses, get_customer_row
from customers.services.customers import update_customer
from orders.models import DailySales, Order, OrderSequence
from orders.reads import ORDERS
from orders.services.customers import delete_customer
from orders.services.placing import place_order
from stores.actors import SYSTEM, Actor
from stores.errors import Conflict, Invalid, NotFound
from stores.models import Event
from tests.factories import CustomerFactory, LineFields, OrderFactory, StoreFactory

CLERK = Actor("staff", 7, "Clara Clerk")
BREAD = {"product_id": "rye", "product_name": "Rye", "quantity": 3, "unit_price": Decimal("4.35")}
BUNS = {"product_id": "bun", "product_name": "Bun", "quantity": 10, "unit_price": Decimal("0.10")}


def test_order_keeps_its_lines_and_totals(ada, as_queryset):
    row = place_order(
        as_queryset(ada),
        CLERK,
        [BREAD, BUNS],
        shipping_amount=Decimal("5.00"),
        tax_amount=Decimal("1.41"),
        discount_amount=Decimal("2.00"),
        external_id="web-17",
    )
    assert (row["subtotal"], row["total"]) == (Decimal("14.05"), Decimal("18.46"))
    assert (row["unit_count"], row["external_id"]) == (13, "web-17")
    assert row["customer_uid"] == ada.uid
    assert row["currency"] == "AUD"
    assert (row["status"], row["payment_status"]) == ("pending", "pending")
    lines = [(line["product_id"], line["product_name"], line["total"]) for line in row["lines"]]
    assert lines == [("rye", "Rye", Decimal("13.05")), ("bun", "Bun", Decimal("1.00"))]


def test_totals_are_exact_to_the_cent(ada, as_queryset):
    dimes = [LineFields(quantity=1, unit_price=Decimal("0.10")) for _ in range(1_000)]
    row = place_order(as_queryset(ada), SYSTEM, dimes, on_account=True)
    ada.refresh_from_db()
    assert row["total"] == ada.account_balance == ada.total_spent == Decimal("100.00")


def test_discount_may_equal_but_not_exceed_the_total(ada, as_queryset):
    row = place_order(
        as_queryset(ada), SYSTEM, [BUNS], discount_amount=Decimal("1.00"), on_account=True
    )
    assert (row["total"], row["payment_status"]) == (Decimal("0.00"), "succeeded")
    assert row["paid_at"] == row["placed_at"]
    assert not LedgerEntry.objects.exists()
    with pytest.raises(Invalid) as refusal:
        place_order(as_queryset(ada), SYSTEM, [BUNS], discount_amount=Decimal("1.01"))
    assert (refusal.value.code, refusal.value.field) == ("total", "total")


@pytest.mark.parametrize(
    ("items", "more", "code", "field"),
    [
        ([], {}, "required", "items"),
        ([BREAD] * 1_001, {}, "too_many", "items"),
        ([BREAD, BREAD | {"quantity": 0}], {}, "range", "items.1.quantity"),
        ([BREAD | {"quantity": 1_000_001}], {}, "range", "items.0.quantity"),
        ([BREAD | {"unit_price": Decimal("-0.01")}], {}, "not_negative", "items.0.unit_price"),
        ([BREAD | {"unit_price": Decimal(10) ** 12}], {}, "amount_too_large", "items.0.unit_price"),
        ([BREAD], {"tax_amount": Decimal(-1)}, "not_negative", "tax_amount"),
        ([BREAD], {"shipping_amount": Decimal(-1)}, "not_negative", "shipping_amount"),
        ([BREAD], {"discount_amount": Decimal(-1)}, "not_negative", "discount_amount"),
        ([BREAD], {"tax_amount": Decimal(10) ** 12}, "amount_too_large", "tax_amount"),
        ([BREAD], {"shipping_address_uid": uuid.uuid4()}, "unknown_id", "shipping_address"),
    ],
)
def test_invalid_order_names_its_field(ada, as_queryset, items, more, code, field):
    with pytest.raises(Invalid) as refusal:
        place_order(as_queryset(ada), SYSTEM, items, **more)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert not Order.objects.exists()


def test_totals_beyond_the_column_are_refused(ada, as_queryset):
    fortune = LineFields(quantity=1, unit_price=Decimal("900000000000.00"))
    place_order(as_queryset(ada), SYSTEM, [fortune])
    with pytest.raises(Invalid, match="amount_too_large"):
        place_order(as_queryset(ada), SYSTEM, [fortune])
    assert Order.objects.count() == 1


# --- numbers


def test_order_numbers_have_no_gaps_per_store_and_year(ada, ben):
    new_year_in_sydney = datetime(2025, 12, 31, 13, 30, tzinfo=UTC)
    old_year_in_sydney = datetime(2025, 12, 31, 12, 30, tzinfo=UTC)
    orders = [
        OrderFactory(customer=ada, placed_at=old_year_in_sydney),
        OrderFactory(customer=ben, placed_at=old_year_in_sydney),
        OrderFactory(customer=ada, placed_at=new_year_in_sydney),
        OrderFactory(customer__store=StoreFactory(), placed_at=old_year_in_sydney),
        OrderFactory(customer=ada, placed_at=old_year_in_sydney),
    ]
    assert [order.number for order in orders] == [
        "SO-2025-001",
        "SO-2025-002",
        "SO-2026-001",
        "SO-2025-001",
        "SO-2025-003",
    ]


def test_refused_order_takes_no_number(ada, as_queryset):
    with pytest.raises(Conflict):
        place_order(as_queryset(ada), SYSTEM, [BREAD | {"quantity": 1_000}], on_account=True)
    assert OrderFactory(customer=ada).sequence == 1


def test_order_number_1000_has_four_digits(ada):
    OrderFactory(customer=ada)
    OrderSequence.objects.update(last=999)
    assert OrderFactory(customer=ada).number.endswith("-1000")


# --- terms and addresses


@pytest.mark.parametrize(
    ("terms", "due"),
    [
        ("net_15", date(2026, 3, 16)),
        ("net_0", date(2026, 3, 1)),
        ("due_on_receipt", date(2026, 3, 1)),
        ("cod", date(2026, 3, 1)),
        ("prepaid", date(2026, 3, 1)),
    ],
)
def test_due_date_uses_terms_and_the_stores_time_zone(store, terms, due):
    customer = CustomerFactory(store=store, payment_terms=terms)
    late_february_in_utc = datetime(2026, 2, 28, 20, tzinfo=UTC)
    assert OrderFactory(customer=customer, placed_at=late_february_in_utc).due_on == due


def test_terms_are_capped_at_a_century(store):
    customer = CustomerFactory(store=store, payment_terms="net_9999999999999999")
    order = OrderFactory(customer=customer, placed_at=datetime(2026, 3, 1, tzinfo=UTC))
    assert order.due_on == date(2026, 3, 1) + timedelta(days=36_500)


def test_order_uses_the_named_or_default_address(ada, as_queryset):
    row = get_customer_row(ada.store, uid=ada.uid)
    cafe, stall = delivery_addresses(row)
    named_one = place_order(as_queryset(ada), SYSTEM, [BREAD], shipping_address_uid=stall["uid"])
    default = place_order(as_queryset(ada), SYSTEM, [BREAD])
    assert (named_one["shipping_address"]["city"], named_one["shipping_address"]["uid"]) == (
        "Manly",
        stall["uid"],
    )
    assert default["shipping_address"]["uid"] == cafe["uid"]


def test_order_without_customer_address_has_none(ben):
    assert OrderFactory(customer=ben).shipping_address is None


def test_address_of_another_customer_is_unknown(ada, ben, as_queryset):
    (stolen, *_) = delivery_addresses(get_customer_row(ada.store, uid=ada.uid))
    with pytest.raises(Invalid, match="unknown_id"):
        place_order(as_queryset(ben), SYSTEM, [BREAD], shipping_address_uid=stolen["uid"])


def test_order_keeps_its_address_after_a_change(ada, as_queryset):
    order = OrderFactory(customer=ada)
    update_customer(
        as_queryset(ada), SYSTEM, {"addresses": [{"line1": "9 New Road", "city": "Perth"}]}
    )
    order.refresh_from_db()
    assert order.shipping_address["city"] == "Sydney"


# --- who may order


def test_deleted_customer_cannot_order(ada, as_queryset):
    delete_customer(as_queryset(ada), SYSTEM)
    with pytest.raises(NotFound):
        place_order(as_queryset(ada), SYSTEM, [BREAD])


def test_blacklisted_customer_cannot_order(ada, as_queryset):
    update_customer(as_queryset(ada), SYSTEM, {"is_blacklisted": True})
    with pytest.raises(Conflict) as refusal:
        place_order(as_queryset(ada), SYSTEM, [BREAD])
    assert refusal.value.code == "blacklisted"


# --- on account


def test_order_on_account_is_charged(ada, as_queryset):
    row = place_order(as_queryset(ada), CLERK, [BREAD], on_account=True)
    ada.refresh_from_db()
    entry = LedgerEntry.objects.get()
    assert ada.account_balance == row["charged_amount"] == Decimal("13.05")
    assert (entry.order_uid, entry.reason) == (row["uid"], "order")
    assert (entry.balance_after, entry.actor_name) == (Decimal("13.05"), "Clara Clerk")
    assert row["is_on_account"]


def test_order_over_the_limit_is_refused_with_figures(ada, as_queryset):
    OrderFactory(customer=ada, on_account=True)
    ada.refresh_from_db()
    with pytest.raises(Conflict) as refusal:
        place_order(as_queryset(ada), SYSTEM, [BREAD | {"quantity": 20}], on_account=True)
    assert refusal.value.code == "over_limit"
    assert refusal.value.data == {
        "limit": Decimal("100.00"),
        "balance": Decimal("25.00"),
        "requested": Decimal("87.00"),
        "available": Decimal("75.00"),
    }
    version = ada.version
    ada.refresh_from_db()
    assert (ada.order_count, ada.version, ada.account_balance) == (1, version, Decimal("25.00"))
    assert LedgerEntry.objects.count() == 1


def test_order_without_an_account_is_not_charged(ben, as_queryset):
    with pytest.raises(Conflict, match="account_disabled"):
        place_order(as_queryset(ben), SYSTEM, [BREAD], on_account=True)
    assert place_order(as_queryset(ben), SYSTEM, [BREAD])["charged_amount"] == 0


# --- statistics and events


def test_statistics_follow_orders_of_any_date(ada):
    may, june = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
    OrderFactory(customer=ada, placed_at=june)
    OrderFactory(customer=ada, placed_at=may)
    ada.refresh_from_db()
    assert (ada.order_count, ada.orders_ever, ada.total_spent) == (2, 2, Decimal("50.00"))
    assert (ada.first_order_at, ada.last_order_at) == (may, june)


def test_order_event_has_a_new_customer_version(ada, as_queryset):
    row = place_order(as_queryset(ada), CLERK, [BREAD, BUNS], on_account=True)
    event = Event.objects.latest("id")
    assert (event.type, event.subject_uid, event.customer_uid) == (
        "order.created",
        row["uid"],
        ada.uid,
    )
    assert (event.version, event.actor_name) == (ada.version + 1, "Clara Clerk")
    assert {"number", "total", "lines", "charged_amount"} <= set(event.changed)
    event_row, expected = ORDERS.from_snapshot(event.snapshot), to_milliseconds(row)
    assert event_row == expected


def to_milliseconds(value):
    """Round a datetime down to milliseconds, as events store it."""
    if isinstance(value, datetime):
        return value.replace(microsecond=value.microsecond // 1000 * 1000)
    if isinstance(value, dict):
        return {name: to_milliseconds(inner) for name, inner in value.items()}
    return [to_milliseconds(inner) for inner in value] if isinstance(value, list) else value


def test_daily_sales_hold_very_large_revenue(store):
    most = LineFields(quantity=1, unit_price=Decimal("999999999999.00"))
    for _ in range(3):
        OrderFactory(customer=CustomerFactory(store=store), items=[most])
    assert DailySales.objects.get().revenue == Decimal("2999999999997.00")
