from __future__ import annotations

from decimal import Decimal

import pytest

from orders.models import Order
from orders.reads import ORDERS, get_order_row
from orders.services.paying import pay_order
from stores.actors import SYSTEM
from stores.errors import NotFound
from tests.factories import LineFields, OrderFactory


def test_page_of_orders_takes_one_query(ada, ben, order_queryset, django_assert_num_queries):
    first = OrderFactory(customer=ada, items=[LineFields(product_name=n) for n in ("b", "a")])
    OrderFactory(customer=ben)
    pay_order(order_queryset(first), SYSTEM, Decimal("0.10"), "cash")
    with django_assert_num_queries(1):
        newest, oldest = ORDERS.full.rows(Order.objects.for_store(ada.store))
    assert (newest["customer_uid"], oldest["customer_uid"]) == (ben.uid, ada.uid)
    assert [line["product_name"] for line in oldest["lines"]] == ["b", "a"]
    assert [payment["amount"] for payment in oldest["payments"]] == [Decimal("0.10")]
    assert oldest["payments"][0]["created_at"].utcoffset() is not None
    assert newest["payments"] == []


def test_children_are_read_only_on_request(ben):
    OrderFactory(customer=ben)
    row = get_order_row(Order.objects.for_store(ben.store_id), ORDERS.spec(ORDERS.columns))
    assert not {"lines", "payments"} & set(row)
    assert row["shipping_address"] is None


def test_empty_queryset_is_not_found(other_store, ben):
    OrderFactory(customer=ben)
    with pytest.raises(NotFound):
        get_order_row(Order.objects.for_store(other_store))


def test_cents_survive_json_on_every_engine(ben):
    prices = [Decimal("0.10"), Decimal("1234567890.07"), Decimal("5.00")]
    OrderFactory(customer=ben, items=[LineFields(quantity=1, unit_price=p) for p in prices])
    (row,) = ORDERS.full.rows(Order.objects.all())
    assert [line["unit_price"] for line in row["lines"]] == prices
    assert row["total"] == Decimal("1234567895.17")
