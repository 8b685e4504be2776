"""Addresses of a dialect without address ids, beside dialects with them."""

from __future__ import annotations

import itertools

import pytest

from customers.models import Address, DeliveryZone
from customers.services.customers import create_customer, update_customer
from stores.actors import SYSTEM
from stores.models import Event
from tests.factories import AddressFields, parsed_fields
from tests.manufacturing.conftest import VICTORIA, messages, required_fields, stored

SHOP = {"name": "Shop", **VICTORIA}
WAREHOUSE = {"name": "Warehouse", **VICTORIA, "street": ["123 Back Road"]}
YARD = {"name": "Yard", **VICTORIA, "street": ["Gate 2", "7 Mill Lane"]}


def uids(customer):
    """Return the address ids that other dialects show, in list order."""
    addresses = Address.objects.filter(customer=customer["id"], role="delivery").order_by(
        "position"
    )
    return list(addresses.values_list("uid", flat=True))


@pytest.fixture
def trio(portal):
    return portal.create(delivery_address=[SHOP, WAREHOUSE, YARD])


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_reordered_list_keeps_every_id(portal, trio, order):
    before = uids(trio)
    listed = [[SHOP, WAREHOUSE, YARD][i] for i in order]
    shown = portal.put(trio, {"delivery_address": listed})["delivery_address"]
    assert [one["name"] for one in shown] == [one["name"] for one in listed]
    assert uids(trio) == [before[i] for i in order]


def test_unchanged_list_changes_nothing(portal, trio):
    version, events = stored(trio).version, Event.objects.count()
    assert portal.put(trio, portal.get(trio)) == trio
    assert (stored(trio).version, Event.objects.count()) == (version, events)


def test_renamed_address_keeps_its_id(portal, trio):
    before = uids(trio)
    listed = [{**SHOP, "name": "Showroom"}, WAREHOUSE, {**YARD, "name": None}]
    shown = portal.put(trio, {"delivery_address": listed})["delivery_address"]
    assert [one["name"] for one in shown] == ["Showroom", "Warehouse", None]
    assert uids(trio) == before


def test_moved_address_keeps_its_id_by_external_id(portal):
    made = portal.create(
        delivery_address=[{**SHOP, "external_id": "1"}, {**WAREHOUSE, "external_id": "2"}]
    )
    first, second = uids(made)
    moved = [{**SHOP, "external_id": "2"}, {**WAREHOUSE, "external_id": "1"}, SHOP]
    shown = portal.put(made, {"delivery_address": moved})["delivery_address"]
    assert [one.get("external_id") for one in shown] == ["2", "1", None]
    assert [one["street"] for one in shown] == [
        ["123 Summer St"],
        ["123 Back Road"],
        ["123 Summer St"],
    ]
    assert uids(made)[:2] == [second, first]
    assert uids(made)[2] not in (first, second)


def test_equal_addresses_are_matched_by_name(portal):
    made = portal.create(delivery_address=[{**SHOP, "name": "A"}, {**SHOP, "name": "B"}])
    first, second = uids(made)
    portal.put(made, {"delivery_address": [{**SHOP, "name": "B"}, {**SHOP, "name": "A"}]})
    assert uids(made) == [second, first]
    portal.put(made, {"delivery_address": [{**SHOP, "name": "A"}]})
    assert uids(made) == [first]


def test_corrected_address_is_matched_by_name(portal):
    made = portal.create(delivery_address=[{**SHOP, "suburb": "Boggy Crek"}, WAREHOUSE])
    addresses = Address.objects.filter(customer=made["id"], label="Shop")
    addresses.update(first_name="Ann", phone="0312345678", latitude=1, longitude=2)
    before = uids(made)
    shown = portal.put(made, {"delivery_address": [SHOP, {**WAREHOUSE, "name": "Depot"}]})
    assert shown["delivery_address"][0]["suburb"] == SHOP["suburb"]
    assert uids(made) == before
    assert addresses.values_list("first_name", "phone", "latitude").get() == (
        "Ann",
        "0312345678",
        None,
    )


@pytest.mark.parametrize("name", ["Shop", None, ""])
def test_different_address_gets_a_new_id(portal, name):
    made = portal.create(delivery_address=[{**SHOP, "name": name, "external_id": "1"}])
    before = uids(made)
    portal.put(made, {"delivery_address": [{**YARD, "name": name, "external_id": "2"}]})
    assert uids(made) != before


def test_fields_of_other_dialects_stay(portal, store):
    zone = DeliveryZone.objects.create(store=store, name="North")
    fields = {
        "name": "Web shop",
        "email": "web@example.com",
        "addresses": [
            {
                "line1": "5 Dock Rd",
                "line2": "Level 1",
                "city": "Geelong",
                "state": "vic",
                "country": "au",
                "first_name": "Ann",
                "phone": "0312345678",
                "delivery_zone": zone,
                "latitude": 1,
                "longitude": 2,
            }
        ],
    }
    row = create_customer(store, SYSTEM, parsed_fields(fields))
    shown = portal.get(row)
    assert shown["delivery_address"][0]["street"] == ["Level 1", "5 Dock Rd"]
    assert shown["contact_address"]["street"] == ["Level 1", "5 Dock Rd"]
    portal.put(shown, {"delivery_address": [SHOP, shown["delivery_address"][0]]})
    saved_address = Address.objects.get(customer=row["id"], line1="5 Dock Rd")
    assert (saved_address.uid, saved_address.first_name, saved_address.delivery_zone) == (
        row["addresses"][0]["uid"],
        "Ann",
        zone,
    )
    assert saved_address.latitude == 1


def test_address_without_country_keeps_its_id(portal, store):
    place = AddressFields(country="", label=None, first_name="Ann")
    fields = {"name": "Shop", "email": "web@example.com", "addresses": [place]}
    shown = portal.get(create_customer(store, SYSTEM, parsed_fields(fields)))
    before = uids(shown)
    after = portal.put(shown, {"delivery_address": [shown["delivery_address"][0], SHOP]})
    assert [one["country"] for one in after["delivery_address"]] == ["Australia", "Australia"]
    assert uids(after)[:1] == before
    assert Address.objects.get(uid=before[0]).first_name == "Ann"


def test_unchanged_contact_address_stays(portal, store):
    fields = {"name": "Shop", "email": "web@example.com", "addresses": [AddressFields()]}
    shown = portal.get(
        create_customer(store, SYSTEM, parsed_fields({**fields, "phone": "555 55555"}))
    )
    after = portal.put(shown, {**shown, "delivery_address": [SHOP]})
    assert after["contact_address"] == shown["contact_address"]
    assert after["delivery_address"] != shown["delivery_address"]


def test_moved_address_loses_its_coordinates(portal):
    made = portal.create(delivery_address=[{**SHOP, "external_id": "1"}])
    target = type(stored(made)).objects.filter(pk=made["id"])
    here = {"uid": uids(made)[0], "latitude": 1, "longitude": 2}
    update_customer(target, SYSTEM, {"addresses": [here]})
    portal.put(made, {"delivery_address": [{**WAREHOUSE, "external_id": "1"}]})
    assert Address.objects.get(customer=made["id"], role="delivery").latitude is None


def test_external_ids_are_set_and_cleared(portal):
    made = portal.create(delivery_address=[{**SHOP, "external_id": " X "}])
    assert made["delivery_address"][0]["external_id"] == "X"
    for sent, shown in ((None, None), ("", None), ("Y", "Y")):
        listed = portal.put(made, {"delivery_address": [{**SHOP, "external_id": sent}]})
        assert listed["delivery_address"][0]["external_id"] == shown
    assert (
        "external_id" not in portal.put(made, {"delivery_address": [SHOP]})["delivery_address"][0]
    )
    blank = [{**SHOP, "external_id": ""}, {**WAREHOUSE, "external_id": None}]
    assert len(portal.put(made, {"delivery_address": blank})["delivery_address"]) == 2


def test_exactly_one_address_is_the_default(portal, trio):
    flagged = [SHOP, {**WAREHOUSE, "default": True}, {**YARD, "default": True}]
    for listed, chosen in ((flagged, 1), ([SHOP, WAREHOUSE, YARD], 0), (flagged[::-1], 0)):
        shown = portal.put(trio, {"delivery_address": listed})["delivery_address"]
        assert [i for i, one in enumerate(shown) if one["default"]] == [chosen]
    gone = portal.put(trio, {"delivery_address": [{**SHOP, "default": None}]})
    assert gone["delivery_address"][0]["default"] is True


STREETS = [
    ("9 Low St", ["9 Low St"]),
    ("Unit 4\n9 Low St", ["Unit 4", "9 Low St"]),
    (["Level 2", "Unit 4", "9 Low St"], ["Level 2", "Unit 4", "9 Low St"]),
    (["  9 Low St  ", None, ""], ["9 Low St"]),
    ([], []),
    (None, []),
    ("", []),
    (["x" * 500], ["x" * 500]),
    (["y" * 249, "z" * 250, "x"], ["y" * 249, "z" * 250, "x"]),
]


@pytest.mark.parametrize(("sent", "shown"), STREETS, ids=lambda value: str(value)[:20])
def test_street_sets_the_last_line(portal, sent, shown):
    made = portal.create(contact_address={**VICTORIA, "street": sent})
    assert (
        made["contact_address"]["street"] == shown == portal.get(made)["contact_address"]["street"]
    )
    assert made["delivery_address"][0]["street"] == shown


@pytest.mark.parametrize(
    "street",
    [["x" * 501], ["y" * 250, "z" * 250, "x"], [5], 5, {}, {"0": "x"}, [["x"]], True],
    ids=lambda value: str(value)[:20],
)
def test_invalid_street_is_refused(portal, street):
    [message] = messages(
        portal.call("POST", body=required_fields(contact_address={**VICTORIA, "street": street}))
    )
    assert message.startswith("Contact address street: ")


REFUSED = [
    ([], "A delivery address must be specified"),
    (None, "A delivery address must be specified"),
    ("", "A delivery address must be specified"),
    ({}, "A delivery address must be specified"),
    ("somewhere", "Delivery address: "),
    (["somewhere"], "Delivery address 1: "),
    ([SHOP, {}], "Delivery address 2 state: A state must be specified"),
    ([SHOP, {**SHOP, "suburb": "x" * 256}], "Delivery address 2 suburb: "),
    ([SHOP, {**SHOP, "default": "yes"}], "Delivery address 2 default: "),
    (
        [{**SHOP, "external_id": "X"}, {**YARD, "external_id": "X "}],
        "Delivery address 2 external id: Another address has this external id",
    ),
    ([SHOP] * 101, "Delivery address: "),
]


@pytest.mark.parametrize(("listed", "message"), REFUSED, ids=lambda value: str(value)[:30])
def test_invalid_list_is_refused(portal, trio, listed, message):
    body = {"name": "Other", "delivery_address": listed}
    assert messages(portal.call("PUT", f"/{trio['id']}", body))[0].startswith(message)
    assert messages(portal.call("POST", body=required_fields(**body)))[0].startswith(message)
    assert portal.get(trio) == trio


@pytest.mark.parametrize("blank", [None, {}, [], ""], ids=str)
def test_blank_contact_address_is_refused(portal, trio, blank):
    body = {"contact_address": blank}
    needed = ["A contact address must be specified"]
    assert messages(portal.call("PUT", f"/{trio['id']}", body)) == needed
    assert messages(portal.call("POST", body=required_fields(**body))) == needed
    made = portal.create(contact_address=blank, delivery_address=[YARD, SHOP])
    assert made["contact_address"] == {**VICTORIA, "street": ["Gate 2", "7 Mill Lane"]}


def test_contact_address_is_replaced_as_a_whole(portal, trio):
    shown = portal.put(trio, {"contact_address": {"state": "Texas"}})["contact_address"]
    assert shown == {
        "street": [],
        "suburb": None,
        "state": "Texas",
        "state_code": "TX",
        "postcode": None,
        "country": "United States",
        "country_code": "US",
    }


def test_unknown_state_and_country_show_as_sent(portal):
    sent = {"state": "Rivendell", "state_code": "RV", "country": "Middle-earth"}
    shown = portal.create(contact_address=sent)["contact_address"]
    assert [shown[key] for key in ("state", "state_code", "country", "country_code")] == [
        "Rivendell",
        "RV",
        "Middle-earth",
        None,
    ]
    assert portal.create(contact_address=shown)["contact_address"] == shown


def test_all_mismatches_of_codes_are_reported(portal):
    wrong = {**VICTORIA, "state_code": "NSW", "country_code": "NZ"}
    body = required_fields(
        contact_address=wrong, delivery_address=[SHOP, {**SHOP, "state_code": "QLD"}]
    )
    assert messages(portal.call("POST", body=body)) == [
        "Contact address country code: This is the code of another country",
        "Contact address state code: This is the code of another state",
        "Delivery address 2 state code: This is the code of another state",
    ]


@pytest.mark.parametrize(
    ("line1", "line2", "shown"),
    [
        ("Hall B\n5 Dock Rd", "Unit 1\nLevel 2", ["Unit 1", "Level 2", "Hall B", "5 Dock Rd"]),
        ("", "Unit 1", ["Unit 1"]),
        ("5 Dock Rd", "Unit 1\n\n Level 2", ["Unit 1", "Level 2", "5 Dock Rd"]),
    ],
)
def test_lines_of_other_dialects_keep_their_columns(portal, store, line1, line2, shown):
    place = {"line1": line1, "line2": line2, "city": "Geelong", "state": "vic", "country": "au"}
    fields = {"name": "Web shop", "email": "web@example.com", "addresses": [place]}
    row = create_customer(
        store,
        SYSTEM,
        parsed_fields({**fields, "billing_address": place, "phone": "555 55555"}),
    )
    customer = portal.get(row)
    before = uids(customer)
    assert customer["delivery_address"][0]["street"] == shown
    assert portal.put(customer, customer) == customer
    assert stored(customer).version == 1
    addresses = Address.objects.filter(customer=row["id"])
    assert set(addresses.values_list("line1", "line2")) == {(line1, line2)}
    assert uids(customer) == before
