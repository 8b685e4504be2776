"""Every place of the APIs that takes the id of a customer, and what it does with one from before a merge."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import pytest

from customers import dialects
from customers.api.openapi.document import document
from customers.models import Address, Customer
from orders.services.placing import place_order
from stores.actors import SYSTEM
from tests.conformance.conftest import Caller, key_of, make_store
from tests.conformance.probes import PROBES
from tests.factories import AddressFields, ApiKeyFactory, CustomerFactory, LineFields
from tests.merging.book import merge, post

ACTS = "acts on the survivor, and its answer names the path of the survivor"
FINDS = "finds what belongs to the survivor"
UNKNOWN = "unknown: the client means the duplicate only"

MANUFACTURING, STOREFRONT = "/api/admin/customers", "/stores/{store_id}"
ENTRIES = ("house_account_transactions", "loyalty_transactions")
# By dialect, method, path and the name of the parameter or field that holds the id.
PLACES = {
    ("bakery", "GET", "/api/v1/customers/{id}", "id"): ACTS,
    ("bakery", "PATCH", "/api/v1/customers/{id}", "id"): ACTS,
    ("bakery", "POST", "/api/v1/customers/{id}/geocode", "id"): ACTS,
    ("erp", "GET", "/api/customers/{id}", "id"): ACTS,
    ("erp", "PUT", "/api/customers/{id}", "id"): ACTS,
    ("erp", "GET", "/api/customers/{id}/analytics", "id"): ACTS,
    ("erp", "GET", "/api/customers/{id}/contacts", "id"): ACTS,
    ("erp", "POST", "/api/customers/{id}/contacts", "id"): ACTS,
    ("erp", "PUT", "/api/customers/{id}/contacts/{contact_id}", "id"): ACTS,
    ("erp", "DELETE", "/api/customers/{id}/contacts/{contact_id}", "id"): ACTS,
    ("erp", "POST", "/api/customers/{id}/credit-check", "id"): ACTS,
    ("erp", "GET", "/api/customers/{id}/orders", "id"): ACTS,
    ("manufacturing", "GET", f"{MANUFACTURING}/{{id}}", "id"): ACTS,
    ("manufacturing", "PUT", f"{MANUFACTURING}/{{id}}", "id"): ACTS,
    ("manufacturing", "DELETE", f"{MANUFACTURING}/{{id}}", "id"): UNKNOWN,
    ("manufacturing", "GET", MANUFACTURING, "filter[id]"): FINDS,
    ("manufacturing", "GET", MANUFACTURING, "filter[id][in]"): FINDS,
    ("pos", "GET", "/customers/{id}", "id"): ACTS,
    ("pos", "PUT", "/customers/{id}", "id"): ACTS,
    ("pos", "DELETE", "/customers/{id}", "id"): UNKNOWN,
    ("pos", "PUT", "/customers/{id}/restore", "id"): ACTS,
    ("pos", "GET", "/addresses", "filter[customer_id]"): FINDS,
    ("pos", "POST", "/addresses", "customer_id"): ACTS,
    **{("pos", "GET", f"/{kind}", "filter[customer_id]"): FINDS for kind in ENTRIES},
    **{("pos", "POST", f"/{kind}", "customer_id"): ACTS for kind in ENTRIES},
    ("storefront", "GET", f"{STOREFRONT}/customers/{{id}}", "id"): ACTS,
    ("storefront", "PUT", f"{STOREFRONT}/customers/{{id}}", "id"): ACTS,
    ("storefront", "PATCH", f"{STOREFRONT}/customers/{{id}}", "id"): ACTS,
    ("storefront", "DELETE", f"{STOREFRONT}/customers/{{id}}", "id"): UNKNOWN,
    ("storefront", "GET", f"{STOREFRONT}/orders", "customerId"): FINDS,
    ("storefront", "POST", f"{STOREFRONT}/orders", "customerId"): ACTS,
}
# Bounds of a list's ids are numbers, not customers.
NO_PLACES = {"filter[id][from]", "filter[id][to]"}
OWNER = re.compile(r"(filter\[)?(customer_?id|id)\]?(\[\w+\])?\Z", re.IGNORECASE)
BODIES: dict[tuple[str, str], Any] = {
    ("pos", "/addresses"): {"name": "Home", "description": "1 Pitt St"},
    ("storefront", "/stores/{store_id}/orders"): {
        "items": [{"productId": "p1", "productName": "Loaf", "quantity": 1, "unitPrice": "2.50"}]
    },
}
NAME = {"name": "Ann"}


def places_in(package: str) -> set[tuple[str, str, str, str]]:
    """Return the places of a dialect's document that take a customer's id."""
    name, spec = package.rpartition(".")[2], document(package)
    found = set()
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            names = {one["name"] for one in operation.get("parameters", ()) if "name" in one}
            names |= body_fields(spec, operation)
            if re.search(r"customers/\{id\}", path) is None:
                names -= {"id"}
            taking = {one for one in names - NO_PLACES if OWNER.match(one)}
            found |= {(name, method.upper(), path, one) for one in taking}
    return found


def body_fields(spec: Any, operation: Any) -> set[str]:
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    if "$ref" in schema:
        schema = spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return set(schema.get("properties", ()))


def test_every_place_is_in_the_table():
    found = set().union(*map(places_in, dialects.DIALECTS))
    assert found == set(PLACES)


@dataclass
class Book:
    """A store with a customer who was merged into another one, and its client in one dialect."""

    caller: Caller
    survivor: Customer
    loser: Customer

    def call(self, method: str, path: str, name: str, owner: Customer) -> Any:
        """Call a place with the id of a customer where the table has it."""
        text = self.caller.path_of(owner).removeprefix("/")
        body = BODIES.get((self.caller.probe.name, path))
        if path.endswith("/customers/{id}") and method in ("PUT", "PATCH"):
            body = self.caller.probe.update[1]
        elif "contacts" in path and method in ("POST", "PUT"):
            body = NAME
        elif path.endswith("_transactions"):
            body = {"amount": 1}
        contact = f"cont_{self.survivor.contacts.first().uid.hex}"
        url = path.replace("{store_id}", str(self.caller.store.uid))
        url = url.replace("{contact_id}", contact).replace("{id}", text)
        if name != "id" and method == "POST":
            body = {**body, name: text}
        elif name != "id":
            url += f"?{name}={text}"
        root = replace(self.caller, probe=replace(self.caller.probe, collection=""))
        return root.call(method, url, None if method == "GET" else body)


@pytest.fixture
def book(request: Any, db: None) -> Book:
    store = make_store("Oak Street Shop")
    probe = next(probe for probe in PROBES if probe.name == request.param)
    survivor, loser = (
        CustomerFactory(
            store=store,
            name=name,
            email=f"{name.lower()}@example.com",
            is_account_enabled=True,
            is_loyalty_enabled=True,
            addresses=[AddressFields(line1=f"{number} Pitt Street")],
            contacts=[{"name": f"Colleague of {name}"}],
        )
        for number, name in enumerate(("Simona", "Simone"), 1)
    )
    for account in ("house", "loyalty"):
        post(loser, "5", account)
    place_order(loser.as_queryset(), SYSTEM, [LineFields()])
    merge(survivor, loser)
    return Book(Caller(probe, store, key_of(store)), survivor, loser)


@pytest.mark.parametrize(
    ("book", "place"), [(place[0], place) for place in PLACES], indirect=["book"], ids=str
)
def test_place_takes_an_old_id_as_the_table_says(book: Book, place: tuple[str, ...]):
    _, method, path, name = place
    answer = book.call(method, path, name, book.loser)
    if PLACES[place] == UNKNOWN:
        assert answer.status_code == 404, answer.content
    else:
        assert answer.status_code in (200, 201), answer.content
    if PLACES[place] == ACTS:
        survivor_path = book.caller.path_of(book.survivor)
        assert answer["Content-Location"] == book.caller.url(survivor_path)
    if PLACES[place] == FINDS:
        found, direct = rows_of(answer), rows_of(book.call(method, path, name, book.survivor))
        assert found == direct
        assert found
    book.survivor.refresh_from_db(), book.loser.refresh_from_db()
    assert book.survivor.deleted_at is None
    assert (book.loser.account_balance, book.loser.loyalty_balance) == (0, 0)


def rows_of(answer: Any) -> Any:
    body = answer.json()
    return body["data"] if "data" in body else body["items"]


OF_MANUFACTURING = pytest.mark.parametrize("book", ["manufacturing"], indirect=True)


@OF_MANUFACTURING
@pytest.mark.parametrize("key_of_all", [False, True])
def test_criteria_take_an_old_id_for_the_survivor(book: Book, key_of_all: bool):
    if key_of_all:
        book.caller.key = ApiKeyFactory(store=None).text
    other = CustomerFactory(store=book.caller.store, name="Ottilie")
    names = {"eq": "Simona", "in": "Simona", "neq": "Ottilie", "nin": "Ottilie"}
    for op, name in names.items():
        answer = book.caller.call("GET", f"?filter[id][{op}]={book.loser.pk}")
        assert [row["name"] for row in answer.json()["items"]] == [name], op
    answer = book.caller.call("GET", f"?filter[id][in]={book.loser.pk},{other.pk},999999")
    assert answer.json()["pagination"]["total_count"] == 2
    answer = book.caller.call("GET", f"?filter[id][gteq]={book.loser.pk}")
    assert [row["name"] for row in answer.json()["items"]] == ["Ottilie"]


# --- addresses whose places the survivor had already: they stay with the merged customer


def twin_addresses(book: Book) -> tuple[Address, Address, Address]:
    """Merge another customer with the survivor's place and one more. Return the survivor's, and these two."""
    twin = CustomerFactory(
        store=book.caller.store,
        name="Simon",
        addresses=[AddressFields(line1="1 PITT street"), AddressFields(line1="9 Queen Street")],
    )
    same, other = twin.addresses.order_by("position")
    merge(book.survivor, twin)
    return book.survivor.addresses.get(line1="1 Pitt Street"), same, other


@pytest.mark.parametrize("book", ["pos"], indirect=True)
def test_pos_old_address_is_the_survivors_of_the_same_place(book: Book):
    own, same, _ = twin_addresses(book)
    root = replace(book.caller, probe=replace(book.caller.probe, collection=""))
    shown = root.call("GET", f"/addresses/{same.uid}")
    assert shown.json()["data"]["id"] == str(own.uid)
    changed = root.call("PUT", f"/addresses/{same.uid}", {"name": "Shop"})
    assert changed.json()["data"]["id"] == str(own.uid)
    own.refresh_from_db()
    assert own.label == "Shop"
    assert root.call("DELETE", f"/addresses/{same.uid}").status_code == 404
    own.delete()
    assert root.call("GET", f"/addresses/{same.uid}").status_code == 404


@pytest.mark.parametrize("book", ["pos"], indirect=True)
def test_old_address_of_another_store_is_unknown(book: Book):
    _, same, _ = twin_addresses(book)
    elsewhere = Caller(book.caller.probe, make_store("Elm"), "")
    elsewhere.key = key_of(elsewhere.store)
    root = replace(elsewhere, probe=replace(elsewhere.probe, collection=""))
    assert root.call("GET", f"/addresses/{same.uid}").status_code == 404


@pytest.mark.parametrize("book", ["storefront"], indirect=True)
def test_storefront_takes_old_ids_in_a_list_of_addresses(book: Book):
    own, same, other = twin_addresses(book)
    path = book.caller.path_of(book.survivor)
    sent = [{"id": str(one.uid), "address1": one.line1} for one in (same, other)]
    answer = book.caller.call("PUT", path, {"addresses": sent, "defaultAddressId": str(same.uid)})
    assert answer.status_code == 200, answer.content
    assert [one["id"] for one in answer.json()["addresses"]] == [str(own.uid), str(other.uid)]
    assert answer.json()["defaultAddressId"] == str(own.uid)
    book.caller.call("PUT", path, {"defaultAddressId": str(other.uid)})
    back = book.caller.call("PUT", path, {"defaultAddressId": str(same.uid)})
    assert back.json()["defaultAddressId"] == str(own.uid)
    twice = [{"id": str(one.uid), "address1": "x"} for one in (same, own)]
    assert book.caller.call("PUT", path, {"addresses": twice}).status_code == 400
