"""The id of a customer who was merged into another one answers for the survivor, in every dialect."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from customers.models import Customer
from customers.models.address import GeocodeStatus
from orders.models import Order
from stores.models import Event
from tests.conformance.conftest import Caller, customer_in, dig, key_of, make_store
from tests.conformance.probes import PROBES
from tests.factories import AddressFields, CustomerFactory, OrderFactory


@dataclass
class Merged:
    """Two customers of which one was merged into the other, and their paths in one dialect."""

    caller: Caller
    survivor: Customer
    loser: Customer

    @property
    def old(self) -> str:
        return self.caller.path_of(self.loser)

    @property
    def new(self) -> str:
        return self.caller.path_of(self.survivor)

    @property
    def location(self) -> str:
        return self.caller.url(self.new)

    def new_id(self) -> str:
        return self.new.removeprefix("/")


def merge(survivor: Customer, loser: Customer) -> None:
    """Make of the loser what a merge leaves of it."""
    now = timezone.now()
    loser.as_queryset().update(merged_into=survivor, deleted_at=now)


def merged_in(caller: Caller, **fields: Any) -> Merged:
    survivor = CustomerFactory(store=caller.store, name="Simona", **fields)
    loser = CustomerFactory(store=caller.store, name="Simona B")
    merge(survivor, loser)
    return Merged(caller, survivor, loser)


def caller_of(name: str) -> Caller:
    probe = next(probe for probe in PROBES if probe.name == name)
    store = make_store("Oak Street Shop")
    return Caller(probe, store, key_of(store))


@pytest.fixture
def merged(caller: Caller) -> Merged:
    return merged_in(caller)


def shown_id(answer: Any, merged: Merged) -> str:
    return str(dig(answer.json(), merged.caller.probe.id_at))


def changes_of(customer: Customer) -> int:
    return Event.objects.filter(store=customer.store, customer_uid=customer.uid).count()


def test_old_id_reads_the_survivor(merged: Merged):
    answer = merged.caller.call("GET", merged.old)
    assert answer.status_code == 200, answer.content
    assert shown_id(answer, merged) == merged.new_id()
    assert answer["Content-Location"] == merged.location
    direct = merged.caller.call("GET", merged.new)
    assert direct.content == answer.content
    assert "Content-Location" not in direct


def test_old_id_changes_the_survivor(merged: Merged):
    method, body = merged.caller.probe.update
    changes = changes_of(merged.survivor), changes_of(merged.loser)
    answer = merged.caller.call(method, merged.old, body)
    assert answer.status_code == 200, answer.content
    assert shown_id(answer, merged) == merged.new_id()
    assert answer["Content-Location"] == merged.location
    field, value = next(iter(body.items()))
    assert customer_in(merged.caller.call("GET", merged.new), merged.caller.probe)[field] == value
    after = changes_of(merged.survivor), changes_of(merged.loser)
    assert after == (changes[0] + 1, changes[1])
    assert Event.objects.latest("id").snapshot["asked_as"] == str(merged.loser.uid)


def test_etag_is_not_compared_through_an_old_id(merged: Merged):
    etag = merged.caller.call("GET", merged.new)["ETag"]
    for condition in (etag, "*"):
        answer = merged.caller.call("GET", merged.old, **{"If-None-Match": condition})
        assert answer.status_code == 200
        assert shown_id(answer, merged) == merged.new_id()
    unchanged = merged.caller.call("GET", merged.new, **{"If-None-Match": etag})
    assert unchanged.status_code == 304


def test_if_match_refuses_an_old_id(merged: Merged):
    method, body = merged.caller.probe.update
    changes = changes_of(merged.survivor)
    etag = merged.caller.call("GET", merged.new)["ETag"]
    refused = merged.caller.call(method, merged.old, body, **{"If-Match": etag})
    assert refused.status_code == 412, refused.content
    assert dig(refused.json(), merged.caller.probe.message_at)
    assert changes_of(merged.survivor) == changes
    assert merged.caller.call(method, merged.old, body, **{"If-Match": "*"}).status_code == 200


def test_old_id_cannot_be_deleted(merged: Merged):
    answer = merged.caller.call("DELETE", merged.old, **{"If-Match": '"1"'})
    assert answer.status_code == (404 if "delete" in merged.caller.probe.scopes else 405)
    assert merged.caller.call("DELETE", merged.old).status_code == answer.status_code
    assert merged.caller.call("GET", merged.new).status_code == 200


def test_list_has_the_survivor_only(merged: Merged):
    rows = merged.caller.call("GET", "").json()
    if at := merged.caller.probe.rows_at:
        rows = dig(rows, at)
    assert [str(row["id"]) for row in rows] == [merged.new_id()]


def test_old_id_of_another_store_is_unknown(merged: Merged, stranger: Caller):
    method, body = merged.caller.probe.update
    assert stranger.call("GET", merged.old).status_code == 404
    assert stranger.call(method, merged.old, body).status_code == 404


def test_old_id_of_a_deleted_survivor_is_unknown(merged: Merged):
    merged.survivor.as_queryset().update(deleted_at=timezone.now())
    method, body = merged.caller.probe.update
    assert merged.caller.call("GET", merged.old).status_code == 404
    assert merged.caller.call(method, merged.old, body).status_code == 404


def test_unknown_and_deleted_ids_stay_unknown(merged: Merged):
    other = CustomerFactory(store=merged.caller.store)
    other.as_queryset().update(deleted_at=timezone.now())
    for path in (merged.caller.path_of(other), "/999999", "/nonsense"):
        answer = merged.caller.call("GET", path)
        assert answer.status_code == 404
        assert "Content-Location" not in answer


def test_live_customer_is_not_looked_up_twice(merged: Merged, django_assert_num_queries):
    merged.caller.call("GET", merged.new)
    with django_assert_num_queries(1):
        merged.caller.call("GET", merged.new)


# --- what only some dialects have


def test_bakery_geocodes_the_survivor(db):
    merged = merged_in(caller_of("bakery"), addresses=[AddressFields()])
    answer = merged.caller.call("POST", f"{merged.old}/geocode")
    assert answer.status_code == 200, answer.content
    assert answer["Content-Location"] == merged.location
    address = merged.survivor.addresses.get()
    assert address.geocode_status == GeocodeStatus.SUCCESS


def test_erp_contacts_of_an_old_id_are_the_survivors(db):
    merged = merged_in(caller_of("erp"))
    made = merged.caller.call("POST", f"{merged.old}/contacts", {"name": "Ann"})
    assert (made.status_code, made["Content-Location"]) == (201, merged.location)
    contact = f"{merged.old}/contacts/{made.json()['data']['id']}"
    assert merged.caller.call("PUT", contact, {"name": "Anna"}).status_code == 200
    listed = merged.caller.call("GET", f"{merged.old}/contacts")
    assert [one["name"] for one in listed.json()["data"]] == ["Anna"]
    assert merged.caller.call("DELETE", contact).status_code == 200
    assert merged.caller.call("GET", f"{merged.new}/contacts").json()["data"] == []


def test_erp_figures_of_an_old_id_are_the_survivors(db):
    merged = merged_in(caller_of("erp"))
    OrderFactory(customer=merged.survivor)
    for method, path in (("GET", "orders"), ("GET", "analytics"), ("POST", "credit-check")):
        through_old = merged.caller.call(method, f"{merged.old}/{path}")
        assert through_old.status_code == 200, through_old.content
        assert through_old["Content-Location"] == merged.location
        if method == "GET":
            direct = merged.caller.call(method, f"{merged.new}/{path}")
            assert through_old.content == direct.content
    assert merged.survivor.credit_checks.count() == 1


def test_repeated_contact_of_an_old_id_is_added_once(db):
    merged = merged_in(caller_of("erp"))
    key = {"Idempotency-Key": "contact-1"}
    first, second = (
        merged.caller.call("POST", f"{merged.old}/contacts", {"name": "Ann"}, **key)
        for _ in range(2)
    )
    assert second["Idempotency-Replayed"] == "true"
    assert second["Content-Location"] == merged.location
    assert (second.content, second.status_code) == (first.content, 201)
    assert merged.survivor.contacts.count() == 1


def test_pos_restores_nothing_of_an_old_id(db):
    merged = merged_in(caller_of("pos"))
    changes = changes_of(merged.survivor)
    answer = merged.caller.call("PUT", f"{merged.old}/restore")
    assert answer.status_code == 200, answer.content
    assert shown_id(answer, merged) == merged.new_id()
    assert answer["Content-Location"] == merged.location
    assert changes_of(merged.survivor) == changes
    merged.loser.refresh_from_db()
    assert merged.loser.deleted_at
    merged.survivor.as_queryset().update(deleted_at=timezone.now())
    assert merged.caller.call("PUT", f"{merged.old}/restore").status_code == 404
    merged.survivor.refresh_from_db()
    assert merged.survivor.deleted_at


def test_pos_lists_no_merged_customer_among_the_deleted(db):
    merged = merged_in(caller_of("pos"))
    assert merged.caller.call("GET", "?filter[is_deleted]=1").json()["data"] == []


def beside(caller: Caller) -> Caller:
    """Return the client for paths that are not below the collection of customers."""
    return replace(caller, probe=replace(caller.probe, collection=""))


@pytest.mark.parametrize("kind", ["house_account_transactions", "loyalty_transactions"])
def test_pos_posts_to_the_survivor(db, kind):
    merged = merged_in(caller_of("pos"), is_account_enabled=True, is_loyalty_enabled=True)
    order = OrderFactory(customer=merged.survivor)
    for amount, more in ((10, {}), (-4, {}), (1, {"order_id": str(order.uid)})):
        body = {"customer_id": str(merged.loser.uid), "amount": amount, **more}
        answer = beside(merged.caller).call("POST", f"/{kind}", body)
        assert answer.status_code == 200, answer.content
        assert answer["Content-Location"] == merged.location
        assert answer.json()["data"]["customer"]["id"] == merged.new_id()
        noted = Event.objects.filter(customer_uid=merged.survivor.uid, type="customer.updated")
        assert noted.latest("id").snapshot["asked_as"] == str(merged.loser.uid)
    listed = beside(merged.caller).call("GET", f"/{kind}?filter[customer_id]={merged.loser.uid}")
    assert [row["amount"] for row in listed.json()["data"]] == [10, -4, 1]
    of_order = (
        beside(merged.caller).call("GET", f"/{kind}?filter[order_id]={order.uid}").json()["data"]
    )
    assert [row["customer"]["id"] for row in of_order] == [merged.new_id()]
    merged.loser.refresh_from_db()
    assert (merged.loser.account_balance, merged.loser.loyalty_balance) == (0, 0)


def test_pos_adds_addresses_to_the_survivor(db):
    merged = merged_in(caller_of("pos"))
    body = {"customer_id": str(merged.loser.uid), "name": "Home", "description": "1 Pitt St"}
    answer = beside(merged.caller).call("POST", "/addresses", body)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Location"] == merged.location
    assert answer.json()["data"]["customer"]["id"] == merged.new_id()
    other = CustomerFactory(store=merged.caller.store, addresses=[AddressFields()])
    uids = f"{other.uid},{merged.loser.uid}"
    for owners, count in ((merged.loser.uid, 1), (uids, 2), (merged.survivor.uid, 1)):
        listed = beside(merged.caller).call("GET", f"/addresses?filter[customer_id]={owners}")
        assert len(listed.json()["data"]) == count


def test_pos_postings_of_another_stores_old_id_are_refused(db):
    merged, elsewhere = merged_in(caller_of("pos")), caller_of("pos")
    body = {"customer_id": str(merged.loser.uid), "amount": 1}
    for path in ("house_account_transactions", "addresses"):
        refused = beside(elsewhere).call("POST", f"/{path}", body)
        assert refused.status_code == 422


def orders_path(merged: Merged, query: str = "") -> str:
    return f"/stores/{merged.caller.store.uid}/orders{query}"


def order_body(customer: Customer) -> dict[str, Any]:
    item = {"productId": "p1", "productName": "Loaf", "quantity": 2, "unitPrice": "2.50"}
    return {"customerId": str(customer.uid), "items": [item], "externalId": "till-7"}


def test_storefront_places_orders_of_the_survivor(db):
    merged = merged_in(caller_of("storefront"))
    root = beside(merged.caller)
    for status in (201, 200):  # sent again, it is placed once
        answer = root.call("POST", orders_path(merged), order_body(merged.loser))
        assert answer.status_code == status, answer.content
        assert answer["Content-Location"] == merged.location
        assert answer.json()["customerId"] == merged.new_id()
    order = Order.objects.get(store=merged.caller.store)
    assert (order.customer_id, order.total) == (merged.survivor.pk, Decimal("5.00"))
    for owner in (merged.loser, merged.survivor):
        listed = root.call("GET", orders_path(merged, f"?customerId={owner.uid}")).json()
        assert (listed["total"], len(listed["items"])) == (1, 1)
    CustomerFactory(store=merged.caller.store)
    for unknown in (make_store("Elm").uid, "nonsense"):
        listed = root.call("GET", orders_path(merged, f"?customerId={unknown}")).json()
        assert listed["total"] == 0
