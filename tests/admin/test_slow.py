"""What the back office shows when the database takes too long, or fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from customers.models import Customer
from orders.services.placing import place_order
from stores.actors import SYSTEM
from tests.admin.pages import messages_of
from tests.admin.test_pages import INLINE
from tests.factories import CustomerFactory, LineFields

TOO_LONG = "This took too long to find. Narrow the search or the filters."


@pytest.fixture
def customer(store) -> Customer:
    customer = CustomerFactory(store=store, name="Ann Lee", tags=["Regular"])
    place_order(customer.as_queryset(), SYSTEM, [LineFields()])
    return customer


@pytest.fixture
def visitor(owner: Client) -> Client:
    """Shows the page of a failure instead of raising it."""
    owner.raise_request_exception = False
    return owner


@contextmanager
def out_of_reach(table: str) -> Iterator[None]:
    """Whoever reads this table waits for another connection, and is stopped before that lets go."""
    other = connection.copy()
    try:
        with other.cursor() as holder, connection.cursor() as cursor:
            holder.execute("BEGIN")
            holder.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            cursor.execute("SET statement_timeout = '300ms'")
            yield
            cursor.execute("RESET statement_timeout")
    finally:
        other.close()


def read(client: Client, model: str, **query: str) -> HttpResponse:
    return client.get(reverse(f"admin:{model}_changelist"), query)


SLOW = {
    "customers_customer": ({"tag": "1", "q": "ann", "p": "2"}, "customers_customertag"),
    "customers_deletedcustomer": ({"q": "ann"}, "customers_customer"),
    "orders_order": ({"q": "ann", "state": "counting"}, "customers_customer"),
    "stores_event": ({"type": "order.created"}, "stores_event"),
}


@pytest.mark.parametrize("model", SLOW)
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_list_that_takes_too_long_asks_to_narrow_it(owner: Client, customer, model) -> None:
    query, table = SLOW[model]
    with out_of_reach(table):
        page = read(owner, model, **query)
    assert page.status_code == 503
    assert messages_of(page) == [TOO_LONG]
    text = page.content.decode()
    assert f'value="{query.get("q", "")}" id="searchbar"' in text
    assert "Clear all filters" in text or set(query) == {"q"}
    assert "an unknown number of" in text
    assert not page.context["cl"].result_list
    assert not INLINE.search(text)
    again = read(owner, model, **query)
    assert (again.status_code, messages_of(again)) == (200, [])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_page_that_takes_too_long_says_so(visitor: Client, customer) -> None:
    with out_of_reach("orders_order"):
        page = visitor.get(reverse("admin:customers_customer_change", args=[customer.pk]))
    assert page.status_code == 503
    text = page.content.decode()
    assert "The database did not answer in time. Try again in a moment." in text
    assert page["X-Request-Id"] in text
    assert "back_office.css" in text
    assert not INLINE.search(text)


def test_a_fault_is_told_in_a_page_of_the_site(visitor: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE customers_tag RENAME TO elsewhere")
    page = read(visitor, "customers_tag")
    assert page.status_code == 500
    text = page.content.decode()
    assert "This is a fault of the server, and was written to its log." in text
    assert page["X-Request-Id"] in text
    assert "back_office.css" in text


@pytest.mark.postgres
def test_a_list_is_planned_for_what_it_is_filtered_by(owner: Client, customer) -> None:
    """PostgreSQL would plan a text that it knows for any values."""
    for state in ("succeeded", "pending", "refunded", "cancelled"):
        read(owner, "orders_order", payment_status__exact=state)
    kept = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%payment_status%'"
    with connection.cursor() as cursor:
        cursor.execute(kept)
        assert cursor.fetchone() == (0,)
