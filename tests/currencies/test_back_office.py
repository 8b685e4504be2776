"""The back office names the currency of amounts, and takes them as the store's country writes them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from customers.models import Customer
from orders.models import Order
from orders.services.placing import place_order
from stores.actors import SYSTEM
from stores.models import Store
from tests.admin.pages import CUSTOMER_LIST, errors_of, messages_of, open_page, save, send
from tests.factories import CustomerFactory, LineFields, StoreFactory


@pytest.fixture
def owner(db: None) -> Client:
    """Sign in a superuser, who sees every store."""
    client = Client()
    user = User.objects.create_superuser("owner", password="a-long-password")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def berlin(db: None) -> Store:
    return StoreFactory(name="Berlin", country="DE", currency="EUR")


@pytest.fixture
def tokyo(db: None) -> Store:
    return StoreFactory(name="Tokyo", country="JP", currency="JPY")


def buyer(store: Store, price: str) -> Customer:
    customer: Customer = CustomerFactory(store=store, is_account_enabled=True)
    line = LineFields(quantity=1, unit_price=Decimal(price))
    place_order(customer.as_queryset(), SYSTEM, [line], on_account=True)
    return customer


def text_of(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_lists_show_currencies(owner, berlin, tokyo):
    buyer(berlin, "1234.50")
    buyer(tokyo, "5000")
    assert {"EUR 1.234,50", "JPY 5,000"} <= set(cells(text_of(owner, CUSTOMER_LIST)))
    orders = text_of(owner, reverse("admin:orders_order_changelist"))
    assert {"EUR 1.234,50", "JPY 5,000"} <= set(cells(orders))
    entries = text_of(owner, reverse("admin:customers_ledgerentry_changelist"))
    assert {"+EUR 1.234,50", "+JPY 5,000"} <= set(cells(entries))


def cells(page: str) -> list[str]:
    return [part.partition("<")[0] for part in page.split(">")]


def test_amounts_are_sorted_and_filtered_within_one_currency(owner, berlin, tokyo):
    mark, _ = buyer(berlin, "1234.50"), buyer(tokyo, "5000")
    page = owner.get(f"{CUSTOMER_LIST}?o=-6")
    assert messages_of(page) == ["Amounts are in EUR, JPY. Choose a store to sort by them."]
    page = owner.get(f"{CUSTOMER_LIST}?spent_from=1000")
    assert messages_of(page)[0] == "Amounts are in EUR, JPY. Choose a store to filter by them."
    assert not page.context["cl"].result_count
    within = f"{CUSTOMER_LIST}?store__id__exact={berlin.pk}"
    page = owner.get(f"{within}&spent_from=1.234,50&o=-6")
    assert [row.pk for row in page.context["cl"].result_list] == [mark.pk]
    page = owner.get(f"{within}&spent_from=3,000")
    assert messages_of(page)[0] == "Write amounts like 1.234,50, not “3,000”."


def test_limit_is_typed_as_the_country_writes_it(owner, berlin):
    customer = CustomerFactory(store=berlin, credit_limit=Decimal("1234.50"))
    page = open_page(owner, "customers_customer", customer.pk)
    assert 'value="1.234,50"' in page.content.decode()
    version = Customer.objects.get().version
    save(owner, page, credit_limit="1.234,50", notes="")
    assert Customer.objects.get().version == version
    save(owner, page, credit_limit="2.500")
    assert Customer.objects.get().credit_limit == 2500
    page = open_page(owner, "customers_customer", customer.pk)
    page = save(owner, page, credit_limit="1,234.50")
    assert "Write the number like 1.234,50." in errors_of(page)
    assert Customer.objects.get().credit_limit == 2500


def test_order_takes_parts_of_units_and_discounts(owner, berlin):
    customer = CustomerFactory(store=berlin)
    line = {
        "lines-0-product_name": "Rye flour",
        "lines-0-quantity": "0,125",
        "lines-0-unit_price": "1.000,20",
        "lines-0-discount_amount": "0,03",
    }
    page = save(owner, open_page(owner, "orders_order"), customer=customer.pk, **line)
    assert not page.context.get("errors"), errors_of(page)
    order = Order.objects.get()
    assert (order.total, order.unit_count) == (Decimal("125.00"), Decimal("0.125"))
    page = owner.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()
    assert 'Still to be paid<span class="cur">EUR</span>' in page
    assert re.search(r'<dd class="[^"]*to-pay[^"]*">125,00</dd>', page)


def test_payment_in_yen_has_no_decimals(owner, tokyo):
    buyer(tokyo, "5000")
    order = Order.objects.get()
    page = owner.get(reverse("admin:orders_order_pay", args=[order.pk]))
    assert 'value="5,000"' in page.content.decode()
    page = send(owner, page, amount="10.5", method="card")
    assert "Write the number like 1,23" in page.content.decode()
    send(owner, page, amount="1,000", method="card")
    assert Order.objects.get().paid_amount == 1000


def test_payments_to_the_account_and_credit_notes_are_typed_as_in_the_country(owner, berlin):
    customer = buyer(berlin, "1234.50")
    settle = reverse("admin:customers_customer_settle", args=[customer.pk])
    page = owner.get(settle)
    assert "Owed on account: EUR 1.234,50." in page.content.decode()
    assert "EUR 1.234,50 is open" in page.content.decode()
    page = send(owner, page, amount="1,000.00", notes="Transfer 7")
    assert "Write the number like 1.234,50." in page.content.decode()
    page = send(owner, page, amount="1.000", notes="Transfer 7")
    assert messages_of(page) == ["The payment is recorded. The balance is now EUR 234,50."]
    order, charge = Order.objects.get(), customer.charges.get()
    page = send(
        owner, owner.get(settle), amount="0,50", notes="8", **{f"charge_{charge.pk}": "0,50"}
    )
    assert messages_of(page) == ["The payment is recorded. The balance is now EUR 234,00."]
    credit = reverse("admin:orders_order_credit", args=[order.pk])
    page = owner.get(credit)
    assert "Left of the order: EUR 1.234,50." in page.content.decode()
    send(owner, page, reason="Stale", **{f"line_{order.lines.get().pk}": "0,5"})
    send(owner, owner.get(credit), reason="Stale", amount="617,20")
    order.refresh_from_db()
    assert order.net_amount == Decimal("0.05")


def test_thousandths_are_credited_where_the_currency_has_them(owner):
    customer = buyer(StoreFactory(country="KW", currency="KWD"), "0.009")
    order = Order.objects.get(customer=customer)
    credit = owner.get(reverse("admin:orders_order_credit", args=[order.pk]))
    send(owner, credit, reason="Stale", amount="0.005")
    order.refresh_from_db()
    assert order.net_amount == Decimal("0.004")


def test_stores_currency_is_fixed_by_orders(owner, tokyo):
    page = open_page(owner, "stores_store", tokyo.pk)
    save(owner, page, currency="krw")
    assert Store.objects.get().currency == "KRW"
    buyer(Store.objects.get(), "5000")
    page = open_page(owner, "stores_store", tokyo.pk)
    save(owner, page, currency="JPY")
    assert Store.objects.get().currency == "KRW"


def test_customers_currency_is_refused_in_words(owner, berlin):
    customer = buyer(berlin, "5")
    page = open_page(owner, "customers_customer", customer.pk)
    page = save(owner, page, currency="USD")
    assert "There are amounts in EUR already" in errors_of(page)


def test_people_without_rights_to_terms_see_the_limit_with_its_currency(owner, berlin):
    customer = CustomerFactory(store=berlin, credit_limit=Decimal("1234.50"))
    user = User.objects.create_user("clerk", password="a-long-password", is_staff=True)
    user.groups.add(Group.objects.get(name="Clerk"))
    user.stores.set([berlin])
    clerk = Client()
    clerk.force_login(user, "django.contrib.auth.backends.ModelBackend")
    assert "EUR 1.234,50" in open_page(clerk, "customers_customer", customer.pk).content.decode()


def test_methods_of_payment_are_a_list_of_the_store(owner, berlin):
    page = save(owner, open_page(owner, "orders_paymentmethod"), store=berlin.pk, name="Gutschein")
    assert messages_of(page)
    page = save(owner, open_page(owner, "orders_paymentmethod"), store=berlin.pk, name="CASH")
    assert "has this method already" in errors_of(page)
    buyer(berlin, "5")
    pay = reverse("admin:orders_order_pay", args=[Order.objects.get().pk])
    assert "Gutschein</option>" in text_of(owner, pay)


@pytest.mark.parametrize(
    ("country", "typed", "birthday"),
    [
        ("AU", "05/11/1980", date(1980, 11, 5)),
        ("US", "05/11/1980", date(1980, 5, 11)),
        ("DE", "5.11.1980", date(1980, 11, 5)),
        ("SE", "1980-11-05", date(1980, 11, 5)),
        ("US", "1980-11-05", date(1980, 11, 5)),
        ("US", "25/11/1980", None),
        ("SE", "05/11/1980", None),
    ],
)
def test_days_are_typed_as_in_the_country(owner, country, typed, birthday):
    customer = CustomerFactory(store=StoreFactory(country=country))
    page = open_page(owner, "customers_customer", customer.pk)
    assert "Write a day like" in page.content.decode()
    page = save(owner, page, birth_date=typed)
    assert Customer.objects.get().birth_date == birthday
    if birthday:
        assert f"{birthday:%-d %b %Y}" in page.content.decode()
    else:
        assert "Write the day like" in errors_of(page)
