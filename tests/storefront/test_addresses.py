"""A list of addresses replaces the whole list; one address is the default."""

from __future__ import annotations

import uuid

import pytest

from customers.models import Address
from tests.storefront.conftest import HOME, at, default_street, streets

NOBODY = str(uuid.UUID(int=0))


@pytest.fixture
def jane(shop):
    return shop.customer(addresses=[at("A", isDefault=True), at("B"), at("C")])


def put(shop, customer, **fields):
    return shop.ok("PUT", f"/customers/{customer['id']}", fields)["item"]


def test_address_with_an_id_is_merged_else_created(shop, jane):
    a, b, _ = jane["addresses"]
    now = put(
        shop, jane, addresses=[{"id": b["id"], "city": "Boston", "firstName": None}, at("D"), a]
    )
    assert streets(now) == ["B", "D", "A"]
    assert now["addresses"][0] | {"updatedAt": 0} == b | {
        "city": "Boston",
        "firstName": None,
        "updatedAt": 0,
    }
    assert now["addresses"][1]["id"] not in {a["id"], b["id"]}


def test_omitted_addresses_are_deleted(shop, jane):
    a = jane["addresses"][0]
    assert streets(put(shop, jane, addresses=[{"id": a["id"]}])) == ["A"]
    empty = put(shop, jane, addresses=[])
    assert (empty["addresses"], empty["defaultAddressId"]) == ([], None)
    assert not Address.objects.exists()


def test_unchanged_list_changes_nothing(shop, jane):
    assert put(shop, jane, addresses=jane["addresses"]) == jane


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda a, b, c: {"defaultAddressId": b["id"]}, "B"),
        (
            lambda a, b, c: {
                "defaultAddressId": b["id"],
                "addresses": [a, b, c | {"isDefault": True}],
            },
            "B",
        ),
        (lambda a, b, c: {"addresses": [b | {"isDefault": True}, c | {"isDefault": True}, a]}, "A"),
        (
            lambda a, b, c: {"addresses": [b, c | {"isDefault": True}, a | {"isDefault": False}]},
            "C",
        ),
        (lambda a, b, c: {"addresses": [c, b, a | {"isDefault": False}]}, "A"),
        (lambda a, b, c: {"addresses": [c, b, at("D")]}, "C"),
    ],
)
def test_default_address_follows_the_contract(shop, jane, change, expected):
    now = put(shop, jane, **change(*jane["addresses"]))
    assert default_street(now) == expected
    assert shop.ok("GET", f"/customers/{jane['id']}")["item"] == now


def test_default_address_id_wins_over_is_default(shop, jane):
    a, b, c = jane["addresses"]
    marked = {**jane, "addresses": [a, b, c | {"isDefault": True}]}
    assert default_street(put(shop, jane, **marked)) == "A"
    deleted = {**jane, "addresses": [b, c]}
    assert shop.refused(400, "PUT", f"/customers/{jane['id']}", deleted) == ["defaultAddressId"]


def test_first_address_is_the_default_if_unmarked(shop):
    assert default_street(shop.customer(addresses=[at("A"), at("B")])) == "A"


def test_foreign_or_deleted_default_is_refused(shop, other_shop, jane):
    other = shop.customer(email="joe@example.com", addresses=[at("X")])
    foreign = other_shop.customer(addresses=[at("Y")])
    a, b, _ = jane["addresses"]
    path = f"/customers/{jane['id']}"
    for stranger in (NOBODY, "addr_001", other["defaultAddressId"], foreign["defaultAddressId"]):
        body = {"defaultAddressId": stranger}
        assert shop.refused(400, "PUT", path, body) == ["defaultAddressId"]
    deleted = {"defaultAddressId": b["id"], "addresses": [a]}
    assert shop.refused(400, "PUT", path, deleted) == ["defaultAddressId"]
    assert shop.refused(400, "PUT", path, {"defaultAddressId": None}) == ["defaultAddressId"]
    assert shop.ok("GET", path)["item"] == jane


def test_unknown_foreign_or_repeated_id_is_refused(shop, other_shop, jane):
    other = shop.customer(email="joe@example.com", addresses=[at("X")])
    foreign = other_shop.customer(addresses=[at("Y")])
    first = jane["addresses"][0]
    path = f"/customers/{jane['id']}"
    strangers = [
        NOBODY,
        "addr_001",
        other["defaultAddressId"],
        foreign["defaultAddressId"],
        first["id"],
    ]
    for stranger in strangers:
        body = {"name": "Half", "addresses": [first, at("D", id=stranger)]}
        assert shop.refused(400, "PUT", path, body) == ["addresses[1].id"]
    assert shop.ok("GET", path)["item"] == jane


@pytest.mark.parametrize("name", ["address1", "city", "postalCode", "country"])
def test_required_field_cannot_be_missing_or_blank(shop, jane, name):
    path, known = f"/customers/{jane['id']}", jane["addresses"][0]["id"]
    without = {key: value for key, value in HOME.items() if key != name}
    assert shop.refused(400, "PUT", path, {"addresses": [without]}) == [f"addresses[0].{name}"]
    for blank in (None, "", "  "):
        body = {"addresses": [{"id": known, name: blank}]}
        assert shop.refused(400, "PUT", path, body) == [f"addresses[0].{name}"]


def test_incomplete_address_can_be_sent_back(shop, jane):
    """Checkouts fetch the list, add an address and send the whole list."""
    Address.objects.filter(line1="A").update(
        city="", postcode="", country="", country_code="", state="", state_code="", formatted="A"
    )
    shown = shop.ok("GET", f"/customers/{jane['id']}")["addresses"]
    assert {shown[0][name] for name in ("city", "postalCode", "country")} == {""}
    grown = put(shop, jane, addresses=[*shown, at("D")])
    assert grown["addresses"][: len(shown)] == shown
    filled = put(shop, jane, addresses=[{**shown[0], "city": "Paris"}])
    assert filled["addresses"][0]["city"] == "Paris"


def test_at_most_a_hundred_addresses(shop):
    hundred = [at(f"{n} Main") for n in range(100)]
    assert len(shop.customer(addresses=hundred)["addresses"]) == 100
    body = {"email": "more@example.com", "addresses": [*hundred, at("101 Main")]}
    assert shop.refused(400, "POST", "/customers", body)


@pytest.mark.parametrize(
    ("country", "region", "shown"),
    [
        ("United States", "California", ("US", "CA")),
        ("us", "ca", ("US", "CA")),
        ("Australia", "Victoria", ("AU", "VIC")),
        ("Atlantis", "The Deep", ("Atlantis", "The Deep")),
    ],
)
def test_iso_countries_and_states_show_as_codes(shop, country, region, shown):
    jane = shop.customer(addresses=[at("A", country=country, region=region)])
    (address,) = jane["addresses"]
    assert (address["country"], address["region"]) == shown
