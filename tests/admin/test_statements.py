"""The page of a customer's statement."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from http import HTTPStatus

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from customers.models import Customer
from customers.models.ledger import Account
from orders.services.accounts import post_entry
from stores.actors import SYSTEM
from tests.factories import AddressFields, CustomerFactory, StoreFactory
from tests.orders.accounts import order_of

NOON_IN_SYDNEY = datetime(2026, 6, 15, 2, tzinfo=UTC)


@pytest.fixture
def debtor(store) -> Customer:
    customer = CustomerFactory(
        store=store,
        name="Ann Lee",
        company="Deli Ltd",
        is_account_enabled=True,
        payment_terms="net_7",
        addresses=[AddressFields(line1="1 Beach Road", city="Manly")],
    )
    with time_machine.travel(datetime(2026, 5, 20, 2, tzinfo=UTC), tick=False):
        order_of(customer, "40")
    with time_machine.travel(datetime(2026, 6, 3, 2, tzinfo=UTC), tick=False):
        order_of(customer, "1250.50")
        post_entry(customer.as_queryset(), SYSTEM, Account.HOUSE, Decimal(-15), notes="tr 71")
    return customer


def url_of(customer: Customer, query: str = "") -> str:
    return reverse("admin:customers_customer_statement", args=[customer.pk]) + query


def page_of(client: Client, customer: Customer, query: str = "") -> str:
    with time_machine.travel(NOON_IN_SYDNEY, tick=False):
        answer = client.get(url_of(customer, query))
    assert answer.status_code == HTTPStatus.OK
    return answer.content.decode()


def test_statement_of_this_month(owner: Client, debtor: Customer) -> None:
    page = page_of(owner, debtor)
    number = debtor.orders.order_by("-id")[0].number
    for text in (
        *(
            "1 June 2026 to 15 June 2026",
            "Opening balance",
            "40.00",
            "1,250.50",
            number,
            "10 Jun 2026",
        ),
        *("tr 71", "Closing balance", "1,275.50", "19 days overdue", "AUD 1,275.50"),
        "Ann Lee<br>Deli Ltd<br>1 Beach Road",
    ):
        assert text in page, text


def test_statement_of_chosen_days(owner: Client, debtor: Customer) -> None:
    page = page_of(owner, debtor, "?first=2026-05-01&last=2026-05-31")
    assert "Balance on 31 May 2026" in page
    assert "1,250.50" not in page
    assert page.count('aria-current="true"') == 1  # last month is one of the usual periods


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?first=2026-06-10&last=2026-06-01", "Choose the first day or a later one."),
        ("?first=nonsense&last=2026-06-01", "Enter a valid date."),
        ("?first=2026-06-01", "This field is required."),
        ("?first=0001-01-01&last=2026-06-01", "Choose a day from 1900 to 9000."),
        ("?first=2026-06-01&last=9999-12-31", "Choose a day from 1900 to 9000."),
    ],
)
def test_days_that_cannot_be(owner: Client, debtor: Customer, query: str, said: str) -> None:
    answer = owner.get(url_of(debtor, query))
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert said in answer.content.decode()
    assert "Closing balance" not in answer.content.decode()


def test_too_long_statement_is_refused(owner: Client, debtor: Customer, monkeypatch) -> None:
    monkeypatch.setattr("orders.statements.statement.MAX_LINES", 1)
    answer = owner.get(url_of(debtor, "?first=2026-06-01&last=2026-06-30"))
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "A statement has at most 1 lines. Choose fewer days." in answer.content.decode()


def test_customer_without_entries(owner: Client, customer: Customer) -> None:
    page = page_of(owner, customer)
    assert "AUD 0.00" in page
    assert "Not paid in full" not in page


def test_credit_is_paid_in_advance(owner: Client, customer: Customer) -> None:
    with time_machine.travel(NOON_IN_SYDNEY, tick=False):
        post_entry(customer.as_queryset(), SYSTEM, Account.HOUSE, Decimal(-15))
    assert "Paid in advance" in page_of(owner, customer)


@pytest.mark.parametrize("group", ["Viewer", "Clerk", "Manager", "Administrator"])
def test_everybody_who_sees_the_ledger_may_see_it(sign_in, debtor: Customer, group: str) -> None:
    assert "Closing balance" in page_of(sign_in(group, debtor.store), debtor)


def test_other_stores_do_not_see_it(sign_in, debtor: Customer) -> None:
    stranger = sign_in("Manager", StoreFactory())
    assert stranger.get(url_of(debtor)).status_code == HTTPStatus.NOT_FOUND


def test_customer_page_leads_to_it(owner: Client, debtor: Customer) -> None:
    page = owner.get(reverse("admin:customers_customer_change", args=[debtor.pk])).content.decode()
    assert url_of(debtor) in page


def test_pdf_of_the_same_days(owner: Client, debtor: Customer) -> None:
    url = reverse("admin:customers_customer_statement-pdf", args=[debtor.pk])
    answer = owner.get(url + "?first=2026-05-01&last=2026-05-31")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert f"statement-{debtor.pk}-2026-05-31.pdf" in answer["Content-Disposition"]


def test_pdf_of_days_that_cannot_be(owner: Client, debtor: Customer) -> None:
    url = reverse("admin:customers_customer_statement-pdf", args=[debtor.pk])
    answer = owner.get(url + "?first=2026-06-10&last=2026-06-01")
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "Choose the first day or a later one." in answer.content.decode()
