"""A form that is submitted twice, as by a double click, counts once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from customers.models import Customer, LedgerEntry
from orders.models import Order, Payment
from orders.services.paying import pay_order
from orders.services.placing import place_order
from stores.actors import SYSTEM
from stores.models import ApiKey, WebhookEndpoint
from stores.webhooks.endpoints import create_endpoint
from tests.admin.pages import messages_of, open_page, save, send
from tests.factories import CustomerFactory, LineFields

TWICE = ["This form was already sent. It took effect once."]
LINE = {"lines-0-product_name": "Rye loaf", "lines-0-quantity": "1", "lines-0-unit_price": "25"}
RECORDED = {"pay": "The payment is recorded.", "refund": "The refund is recorded."}
POSTING = {"what": "grant", "amount": "5", "reason": "Welcome"}


@pytest.fixture
def customer(store) -> Customer:
    return CustomerFactory(store=store, is_loyalty_enabled=True)


@pytest.fixture
def order(customer: Customer) -> Order:
    """Create an order of 25.00, of which 10.00 is paid."""
    row = place_order(Customer.objects.filter(pk=customer.pk), SYSTEM, [LineFields()])
    pay_order(Order.objects.filter(pk=row["id"]), SYSTEM, Decimal(10))
    return Order.objects.get(pk=row["id"])


def page_of(order: Order) -> str:
    return reverse("admin:orders_order_change", args=[order.pk])


def endpoint_page(endpoint: WebhookEndpoint) -> str:
    return reverse("admin:stores_webhookendpoint_change", args=[endpoint.pk])


def ask(client: Client, row: Customer | Order, button: str) -> HttpResponse:
    """Open the page of a button."""
    return client.get(
        reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_{button}", args=[row.pk])
    )


def test_double_posting_is_booked_once(owner: Client, customer) -> None:
    page = ask(owner, customer, "post")
    assert messages_of(send(owner, page, **POSTING)) == ["Posted. The balance is now 5."]
    again = send(owner, page, **POSTING)
    assert messages_of(again) == TWICE
    assert again.context["customer"] == customer
    assert LedgerEntry.objects.get().balance_after == 5


@pytest.mark.parametrize(
    ("button", "fields"),
    [
        ("pay", {"amount": "5"}),
        (
            "pay",
            {"amount": "15"},
        ),  # all that is due: the second still gets the message for a double submit
        ("refund", {"amount": "5", "reason": "Stale"}),
        ("refund", {"amount": "10", "reason": "Stale"}),
    ],
)
def test_double_payment_or_refund_is_booked_once(owner: Client, order, button: str, fields) -> None:
    page = ask(owner, order, button)
    assert messages_of(send(owner, page, **fields)) == [RECORDED[button]]
    again = send(owner, page, **fields)
    assert (messages_of(again), again.redirect_chain[-1][0]) == (TWICE, page_of(order))
    assert Payment.objects.count() == 2


def test_double_order_is_placed_once(owner: Client, customer) -> None:
    page = open_page(owner, "orders_order")
    save(owner, page, customer=customer.pk, **LINE)
    again = save(owner, page, customer=customer.pk, **LINE)
    order = Order.objects.get()
    assert (messages_of(again), again.redirect_chain[-1][0]) == (TWICE, page_of(order))


def test_double_customer_is_created_once(owner: Client, store) -> None:
    page = open_page(owner, "customers_customer")
    save(owner, page, store=store.pk, first_name="Ada", currency="AUD")
    again = save(owner, page, store=store.pk, first_name="Ada", currency="AUD")
    ada = Customer.objects.get()
    assert messages_of(again) == TWICE
    assert again.redirect_chain[-1][0] == reverse("admin:customers_customer_change", args=[ada.pk])


def test_double_key_is_issued_once(owner: Client, store) -> None:
    page = open_page(owner, "stores_apikey")
    assert save(owner, page, store=store.pk, name="Shop").context["text"]
    again = save(owner, page, store=store.pk, name="Shop")
    key = ApiKey.objects.get()
    assert messages_of(again) == TWICE
    assert again.redirect_chain[-1][0] == reverse("admin:stores_apikey_change", args=[key.pk])


def test_double_endpoint_is_added_once(owner: Client, store) -> None:
    page = open_page(owner, "stores_webhookendpoint")
    fields = {"store": store.pk, "url": "https://hooks.example.com/in", "events": ["*"]}
    refused = save(owner, page, **fields | {"url": "http://hooks.example.com/in"})
    assert save(owner, refused, **fields).context["text"]
    again = save(owner, page, **fields)
    endpoint = WebhookEndpoint.objects.get()
    assert messages_of(again) == TWICE
    assert again.redirect_chain[-1][0] == endpoint_page(endpoint)


def test_double_new_secret_is_made_once(owner: Client, store) -> None:
    fields = {"url": "https://hooks.example.com/in", "events": ["*"]}
    endpoint, _ = create_endpoint(store, fields)
    page = owner.get(reverse("admin:stores_webhookendpoint_rotate", args=[endpoint.pk]))
    assert send(owner, page).context["text"].startswith("whsec_")
    endpoint.refresh_from_db()
    again = send(owner, page)
    assert messages_of(again) == TWICE
    assert again.redirect_chain[-1][0] == endpoint_page(endpoint)
    assert WebhookEndpoint.objects.get().secret == endpoint.secret


def test_two_tabs_book_two_postings(owner: Client, customer) -> None:
    tabs = [ask(owner, customer, "post") for _ in range(2)]
    for page in tabs:
        send(owner, page, **POSTING)
    orders = [open_page(owner, "orders_order") for _ in range(2)]
    for page in orders:
        save(owner, page, customer=customer.pk, **LINE)
    assert (LedgerEntry.objects.count(), Order.objects.count()) == (2, 2)


def test_refused_form_can_be_submitted_again(owner: Client, customer, order) -> None:
    refused = send(owner, ask(owner, order, "pay"), amount="99")
    assert "more than is still to be paid" in refused.content.decode()
    assert messages_of(send(owner, refused, amount="15")) == [RECORDED["pay"]]
    refused = save(owner, open_page(owner, "orders_order"), customer=customer.pk)
    assert "Enter at least one line" in refused.content.decode()
    save(owner, refused, customer=customer.pk, **LINE)
    assert Order.objects.count() == 2


def test_form_without_a_token_is_asked_again(owner: Client, customer) -> None:
    url = reverse("admin:customers_customer_post", args=[customer.pk])
    page = owner.post(url, POSTING)
    assert "Check the form and send it again." in page.content.decode()
    assert not LedgerEntry.objects.exists()
    send(owner, page)
    assert LedgerEntry.objects.get().amount == 5


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_simultaneous_submits_book_once(owner: Client, customer) -> None:
    page, start = ask(owner, customer, "post"), Barrier(2)

    def send_it(_: int) -> bool:
        """Return True when the page says that the form was already submitted."""
        browser = Client()
        browser.cookies.update(owner.cookies)
        try:
            start.wait()
            return TWICE[0] in send(browser, page, **POSTING).content.decode()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        second = sorted(pool.map(send_it, range(2)))
    assert LedgerEntry.objects.count() == 1
    assert second == [False, True]
