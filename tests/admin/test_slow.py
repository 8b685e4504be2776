"""Pages of the back office when the database is slow or fails."""

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

TOO_LONG = "The search took too long. Narrow the search or the filters."


@pytest.fixture
def customer(store) -> Customer:
    customer = CustomerFactory(store=store, name="Ann Lee", tags=["Regular"])
    place_order(customer.as_queryset(), SYSTEM, [LineFields()])
    return customer


@pytest.fixture
def visitor(owner: Client) -> Client:
    """Return a client that shows the error page instead of raising."""
    owner.raise_request_exception = False
    return owner


@contextmanager
def locked_table(table: str) -> Iterator[None]:
    """Lock a table from another connection, so that reads of it time out."""
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
    "customers_customer": ({"orders": "yes", "q": "ann", "p": "2"}, "customers_customer"),
    "customers_deletedcustomer": ({"q": "ann"}, "customers_customer"),
    "orders_order": ({"q": "ann", "state": "counting"}, "customers_customer"),
    "stores_event": ({"type": "order.created"}, "stores_event"),
}


@pytest.mark.parametrize("model", SLOW)
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_slow_list_asks_to_narrow_the_search(owner: Client, customer, model) -> None:
    query, table = SLOW[model]
    with locked_table(table):
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
def test_slow_page_is_503(visitor: Client, customer) -> None:
    with locked_table("orders_order"):
        page = visitor.get(reverse("admin:customers_customer_change", args=[customer.pk]))
    assert page.status_code == 503
    text = page.content.decode()
    assert "The database did not answer in time. Try again in a moment." in text
    assert page["X-Request-Id"] in text
    assert "back_office.css" in text
    assert not INLINE.search(text)


def test_error_page_has_the_sites_layout(visitor: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE customers_tag RENAME TO elsewhere")
    page = read(visitor, "customers_tag")
    assert page.status_code == 500
    text = page.content.decode()
    assert "The server had an error and could not show this page." in text
    assert page["X-Request-Id"] in text
    assert "back_office.css" in text


@pytest.mark.postgres
def test_filter_values_stay_out_of_prepared_statements(owner: Client, customer) -> None:
    """PostgreSQL plans a prepared statement without regard to its values."""
    for state in ("succeeded", "pending", "refunded", "cancelled"):
        read(owner, "orders_order", payment_status__exact=state)
    kept = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%payment_status%'"
    with connection.cursor() as cursor:
        cursor.execute(kept)
        assert cursor.fetchone() == (0,)
