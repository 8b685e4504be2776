"""Staff find a customer by whatever they know of it: contacts, addresses, numbers and ids."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.merging.services.merging import merge_customers
from customers.models import Address, Contact, Customer, CustomerWords
from customers.services import contacts
from customers.services.addresses import one_address
from customers.services.customers import restore_customer, update_customer
from customers.services.filling_words import fill_customer_words
from orders import finding
from orders.models import Order
from orders.services.customers import delete_customer
from orders.services.placing import place_order
from stores.actors import SYSTEM
from stores.models import Store
from tests.admin.pages import CUSTOMER_LIST
from tests.factories import AddressFields, CustomerFactory, LineFields, OrderFactory, parsed_fields


def found(client: Client, text: str, **query: Any) -> list[Customer]:
    page = client.get(CUSTOMER_LIST, {"q": text, **query})
    assert page.status_code == 200
    return list(page.context["cl"].result_list)


@pytest.fixture
def deli(store: Store) -> Customer:
    CustomerFactory(
        store=store,
        name="Brett Mill",
        addresses=[AddressFields(line1="8 Mill Lane", city="Footscray", postcode="3011")],
        contacts=[{"name": "Noor Haddad", "email": "noor@mill.example"}],
    )
    return CustomerFactory(
        store=store,
        name="Brett Baker",
        company="Essendon Deli",
        tax_id="51 824 753 556",
        external_id="CRM-15/B",
        fax="03 9555 0199",
        cc_email="books@deli.example",
        addresses=[
            AddressFields(
                first_name="Zoë",
                last_name="Quist",
                line1="101 Königs Road",
                line2="Warehouse 7",
                city="Moonee Ponds",
                postcode="SW1A 1AA",
            )
        ],
        contacts=[{"name": "Yusra Khatib", "email": "yusra@deli.example", "phone": "0412 345 678"}],
    )


@pytest.mark.parametrize(
    "text",
    [
        "khatib",
        "yusra essendon",
        "baker khatib ponds",
        "yusra@deli.example",
        "+61 412 345 678",
        "ponds moonee",
        "101 koenigs",
        "königs road brett",
        "warehouse baker",
        "SW1A 1AA",
        "sw1a1aa",
        "quist zoe",
        "51 824 753 556",
        "51824753556",
        "crm-15/b",
        "crm15b",
        "books@deli",
        "9555 0199",
        "a, baker b",
    ],
)
def test_all_that_is_known_finds_a_customer(owner: Client, deli: Customer, text: str) -> None:
    assert found(owner, text) == [deli]


@pytest.mark.parametrize("text", ["khatib mill", "haddad ponds", "3011 baker", "%", "_", '"', "a*"])
def test_words_of_others_do_not(owner: Client, deli: Customer, text: str) -> None:
    assert found(owner, text) == []


@pytest.mark.parametrize("text", ["\u200b", ",;", '" OR "', "NEAR(", "'; --", "x" * 500])
def test_texts_that_mean_nothing_find_nobody(owner: Client, deli: Customer, text: str) -> None:
    assert found(owner, text) == []


def test_ids_as_pages_and_apis_show_them(owner: Client, store: Store, deli: Customer) -> None:
    order = OrderFactory(customer=deli)
    texts = [
        str(deli.uid),
        deli.uid.hex,
        f"cust_{deli.uid.hex}",
        f" CUST_{deli.uid.hex.upper()} ",
        order.number,
        order.number.lower().removeprefix("so-"),
        str(order.uid),
        f"ord_{order.uid.hex}",
    ]
    assert [found(owner, text) for text in texts] == [[deli]] * len(texts)
    assert deli in found(owner, str(deli.pk))
    assert found(owner, "9" * 18) == []
    assert found(owner, f"SO-{order.year}-{order.sequence + 1}") == []


def test_a_number_is_an_id_and_a_part_of_a_phone(owner: Client, store: Store) -> None:
    customer = CustomerFactory(store=store, name="Ann Lee")
    text = f"{customer.pk:03}"
    caller = CustomerFactory(store=store, name="Bo Ray", phone=f"02 9{text:0<7}")
    assert found(owner, text) == [caller, customer]


def test_ids_of_other_stores_are_unknown(
    sign_in: Any, store: Store, other_store: Store, deli: Customer
) -> None:
    order = OrderFactory(customer=deli)
    client = sign_in("Viewer", other_store)
    texts = [str(deli.uid), str(deli.pk), order.number, str(order.uid), "khatib"]
    assert [found(client, text) for text in texts] == [[]] * len(texts)


def test_pickers_find_by_the_same_words(owner: Client, deli: Customer) -> None:
    query = {"app_label": "orders", "model_name": "order", "field_name": "customer"}
    answer = owner.get(reverse("admin:autocomplete"), query | {"term": "khatib moonee"}).json()
    assert [choice["id"] for choice in answer["results"]] == [str(deli.pk)]


def test_orders_are_found_by_their_customers_words(owner: Client, deli: Customer) -> None:
    order = place_order(deli.as_queryset(), SYSTEM, [LineFields()])
    page = owner.get(reverse("admin:orders_order_changelist"), {"q": "khatib moonee"})
    assert [row.pk for row in page.context["cl"].result_list] == [
        Order.objects.get(uid=order["uid"]).pk
    ]


def test_changes_change_what_finds(owner: Client, deli: Customer) -> None:
    address, contact = Address.objects.get(customer=deli), Contact.objects.get(customer=deli)
    one_address.update_address(address.as_queryset(), SYSTEM, {"city": "Coburg"})
    contacts.update_contact(deli.as_queryset(), SYSTEM, contact.uid, {"name": "Mina Aziz"})
    update_customer(deli.as_queryset(), SYSTEM, parsed_fields({"tax_id": "88"}))
    assert found(owner, "moonee") == found(owner, "khatib") == found(owner, "51824753556") == []
    assert found(owner, "coburg mina 88") == [deli]
    contacts.remove_contact(deli.as_queryset(), SYSTEM, contact.uid)
    assert found(owner, "mina") == []


def test_deleted_customers_are_found_among_the_deleted(owner: Client, deli: Customer) -> None:
    delete_customer(deli.as_queryset(), SYSTEM)
    assert found(owner, "khatib") == []
    page = owner.get(reverse("admin:customers_deletedcustomer_changelist"), {"q": "khatib ponds"})
    assert [row.pk for row in page.context["cl"].result_list] == [deli.pk]
    restore_customer(deli.as_queryset(), SYSTEM)
    assert found(owner, "khatib") == [deli]


def test_customers_of_an_older_book_get_their_words(owner: Client, deli: Customer) -> None:
    before = CustomerWords.objects.get(customer=deli).words
    CustomerWords.objects.filter(store=deli.store_id, customer=deli.pk).delete()
    assert found(owner, "khatib") == []
    assert fill_customer_words(apps) == 1
    assert CustomerWords.objects.get(customer=deli).words == before
    assert found(owner, "khatib ponds") == [deli]
    assert fill_customer_words(apps) == 0


def test_words_of_very_many_customers_find_the_same(
    owner: Client, store: Store, deli: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    twin = CustomerFactory(store=store, name="Ottoline Baker")
    merge_customers(deli.as_queryset(), twin.as_queryset(), SYSTEM)
    monkeypatch.setattr(finding, "LEAST_HITS", -1)
    monkeypatch.setattr(finding, "LEAST_IN_SAMPLE", 1)
    with CaptureQueriesContext(connection) as queries:
        assert found(owner, "brett baker") == [deli]
    assert "has_words" in str(queries.captured_queries)
    monkeypatch.setattr(finding, "LEAST_IN_SAMPLE", 0)
    assert len(found(owner, "brett")) == 2
    assert found(owner, "ottoline") == [deli]  # who was merged stands for the survivor
    assert found(owner, twin.uid.hex) == [deli]
    assert found(owner, "nobody") == []


def test_words_are_found_by_their_index(owner: Client, deli: Customer) -> None:
    statements: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, *others: Any) -> Any:
        statements.append((sql, params))
        return execute(sql, params, *others)

    with connection.execute_wrapper(note):
        found(owner, "khatib moonee")
    # PostgreSQL is asked for its plan first.
    sql, params = [one for one in statements if "customers_customerwords" in one[0]][-1]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        cursor.execute(f"{connection.ops.explain_query_prefix()} {sql}", params)
        plan = str(cursor.fetchall())
    index = {"postgresql": "customer_words_search", "sqlite": "VIRTUAL TABLE INDEX"}
    assert index[connection.vendor] in plan
