from __future__ import annotations

from decimal import Decimal

import pytest

from customers.models import Address
from customers.services.addresses.one_address import update_address
from customers.services.customers import create_customer
from stores.actors import SYSTEM
from stores.models import Event
from tests.bakery.conftest import COLLINS, NOWHERE


def test_contact_merges_tags_replace_and_null_clears(app):
    emma = app.customer(
        contact={"email": "emma@example.com", "phone": "0398765432", "mobile": "0411222333"},
        company="TechCorp",
        tags=["corporate", "wholesale"],
        external_id="X-77",
    )
    now = app.patch(emma, contact={"email": "new@example.com"}, tags=["vip"], company=None)
    assert now["contact"] == {**emma["contact"], "email": "new@example.com"}
    assert (now["tags"], now["company"], now["external_id"]) == (["vip"], None, "X-77")
    cleared = app.patch(emma, contact=None, tags=None)
    assert (cleared["contact"], cleared["tags"]) == ({"email": None, "phone": None}, [])


def test_address_is_merged_and_null_removes_it(app):
    emma = app.customer(address=COLLINS)
    now = app.patch(emma, address={"street2": "Level 9"})["address"]
    assert now == {**emma["address"], "street2": "Level 9"}
    assert app.patch(emma, address=None)["address"] is None


def test_address_inside_contact_is_read(app):
    emma = app.customer(contact={"address": COLLINS})
    assert emma["address"]["street"] == "100 Collins Street"
    assert "address" not in emma["contact"]
    moved = app.patch(emma, contact={"address": {"street": "200 Collins Street"}})
    assert moved["address"]["street"] == "200 Collins Street"


def test_only_a_changed_address_is_geocoded_again(app):
    emma = app.customer(address=COLLINS)
    again = app.call("PATCH", f"/{emma['id']}", {"address": COLLINS, "company": "TechCorp"})
    assert again.json()["data"]["address"] == emma["address"]
    moved = app.patch(emma, address={"city": "Sydney", "state": "NSW", "postcode": "2000"})
    assert moved["address"]["latitude"] != emma["address"]["latitude"]


def test_same_address_as_text_keeps_its_coordinates(app):
    emma = app.customer(address=COLLINS)
    door = {"latitude": Decimal("-37.8145"), "longitude": Decimal("144.9702")}
    update_address(Address.objects.all(), SYSTEM, door)
    before = app.call("GET", f"/{emma['id']}")
    text = "100 Collins Street, Melbourne, VIC 3000, Australia"
    again = app.call("PATCH", f"/{emma['id']}", {"address": text})
    assert (again.content, again["ETag"]) == (before.content, before["ETag"])
    moved = app.patch(emma, address="100 Collins Street, Sydney NSW 2000, Australia")
    assert moved["address"]["latitude"] > -34


@pytest.mark.parametrize("address", [NOWHERE, "Invalid Address String"])
def test_address_not_geocoded_is_saved_with_warning(app, address):
    answer = app.ok("POST", "", {"first_name": "Emma", "address": address})
    saved = answer["data"]["address"]
    assert saved["geocode_failed"] is True
    assert [saved[name] for name in ("latitude", "longitude", "place_id")] == [None] * 3
    assert saved["street"] == (address if isinstance(address, str) else address["street"])
    assert answer["warnings"][0]["code"] == "geocode_failed"
    later = app.ok("GET", f"/{answer['data']['id']}")
    assert later == {"success": True, "data": answer["data"]}


@pytest.mark.parametrize("address", [NOWHERE, "Invalid Address String"])
def test_address_not_geocoded_again_is_no_change(app, address):
    emma = app.customer(address=address)
    before = app.call("GET", f"/{emma['id']}")
    again = app.call("PATCH", f"/{emma['id']}", {"address": address})
    assert (again.json()["data"], again["ETag"]) == (before.json()["data"], before["ETag"])
    assert again.json()["warnings"][0]["code"] == "geocode_failed"


def test_geocode_updates_or_keeps_the_address(app):
    emma = app.customer(address=COLLINS)
    path = f"/{emma['id']}/geocode"
    moved = app.ok("POST", path, {"address": "42 George Street, Sydney NSW 2000, Australia"})
    assert (moved["address"]["city"], moved["address"]["geocode_status"]) == ("Sydney", "success")
    vain = app.call("POST", path, {"address": "Invalid Address String"})
    assert vain.status_code == 422
    assert vain.json() == {
        "success": False,
        "error": "Could not geocode address. Please check the address and try again.",
        "original_address": "Invalid Address String",
    }
    assert app.ok("GET", f"/{emma['id']}")["data"]["address"]["city"] == "Sydney"


@pytest.mark.parametrize("address", [COLLINS, NOWHERE], ids=["placed", "not placed"])
def test_stale_customer_is_not_geocoded(app, address):
    one = app.customer(address=address)
    before = app.ok("GET", f"/{one['id']}")
    answer = app.call("POST", f"/{one['id']}/geocode", **{"If-Match": '"99"'})
    assert answer.status_code == 412
    assert app.ok("GET", f"/{one['id']}") == before


def test_geocode_needs_an_address_and_a_customer(app):
    path = f"/{app.customer()['id']}/geocode"
    assert app.refused(400, "POST", path) == ("validation_error", "address")
    assert app.refused(400, "POST", path, {"address": 5}) == ("validation_error", "address")
    assert app.refused(404, "POST", f"/cust_{'0' * 32}/geocode") == ("not_found", "")


def test_failed_geocode_of_saved_address_is_422(app):
    lost = app.customer(address=NOWHERE)
    answer = app.call("POST", f"/{lost['id']}/geocode")
    assert answer.status_code == 422
    assert "1 Qqzx Way" in answer.json()["original_address"]


@pytest.mark.parametrize("present", [None, COLLINS], ids=["no address", "another address"])
def test_failed_geocode_of_new_address_is_422(app, present):
    path = f"/{app.customer(address=present)['id']}/geocode"
    answer = app.call("POST", path, {"address": {**NOWHERE, "state": "", "postcode": ""}})
    assert answer.status_code == 422
    assert answer.json()["original_address"] == "1 Qqzx Way, Zzyzxqqville, Nowhereland"


def test_geocoder_outage_keeps_coordinates(app, request):
    before = app.customer(address=COLLINS)
    request.getfixturevalue("silent_geocoder")
    path = f"/{before['id']}"
    assert app.call("POST", f"{path}/geocode").status_code == 422
    assert app.ok("GET", path)["data"] == before


def test_geocoder_outage_marks_a_new_address_failed(app, silent_geocoder):
    saved = app.customer(address=COLLINS)
    assert (saved["address"]["geocode_failed"], saved["address"]["latitude"]) == (True, None)


def test_geocoder_outage_clears_a_moved_address(app, request):
    placed = app.customer(address=COLLINS)
    request.getfixturevalue("silent_geocoder")
    moved = app.patch(placed, address={"street": "200 Collins Street"})
    assert (moved["address"]["geocode_failed"], moved["address"]["latitude"]) == (True, None)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"first_name": None}, "first_name"),
        ({"first_name": "  "}, "first_name"),
        ({"first_name": 7}, "first_name"),
        ({"first_name": "x" * 256}, "first_name"),
        ({"contact": {"email": "no at"}}, "contact.email"),
        ({"contact": {"phone": "call me"}}, "contact.phone"),
        ({"contact": "x"}, "contact"),
        ({"tags": "vip"}, "tags"),
        ({"tags": ["vip", ""]}, "tags[1]"),
        ({"tags": ["vip", None]}, "tags[1]"),
        ({"address": 5}, "address"),
        ({"address": "1 Long Road " * 50}, "address"),
        ({"address": {"city": 5}}, "address.city"),
        ({"company": ["x"]}, "company"),
        ({"is_blacklisted": "yes"}, "is_blacklisted"),
    ],
)
def test_invalid_value_is_named_and_changes_nothing(app, fields, field):
    assert app.refused(400, "POST", "", {"first_name": "Emma", **fields}) == (
        "validation_error",
        field,
    )
    emma = app.customer(company="TechCorp")
    body = {"last_name": "Half", **fields}
    assert app.refused(400, "PATCH", f"/{emma['id']}", body) == ("validation_error", field)
    assert app.ok("GET", f"/{emma['id']}")["data"] == emma
    assert Event.objects.count() == 1


def test_tags_keep_their_order_and_one_spelling(app):
    emma = app.customer(tags=["vip", "Regular", "VIP"])
    assert emma["tags"] == ["vip", "Regular"]
    assert app.patch(emma, tags=["REGULAR", "vip"])["tags"] == ["Regular", "vip"]


def test_tags_may_consist_of_ligatures(app):
    """Unicode folding expands this letter to eighteen."""
    emma = app.customer(tags=["\ufdfa" * 100, "\ufdfa" * 100])
    assert emma["tags"] == ["\ufdfa" * 100]
    assert app.patch(emma, tags=["\ufdfa" * 100])["tags"] == emma["tags"]


def test_unchanged_name_parts_change_nothing(app):
    """A name of another dialect may hold more than one space between its parts."""
    row = create_customer(app.store, SYSTEM, {"name": "Mary  Ann  Smith"})
    shown = app.ok("GET", f"/cust_{row['uid'].hex}")["data"]
    assert shown["last_name"] == " Ann  Smith"
    parts = {"first_name": shown["first_name"], "last_name": shown["last_name"]}
    assert app.patch(shown, **parts) == shown
    assert Event.objects.count() == 1


def test_read_only_and_unknown_keys_are_ignored(app):
    emma = app.customer(id="cust_1", full_name="Not Me", total_orders=7, source="pos", nonsense=[1])
    assert (emma["full_name"], emma["total_orders"], emma["source"]) == ("Emma", 0, "api")


def test_delete_is_not_allowed(app):
    emma = app.customer()
    assert app.refused(405, "DELETE", f"/{emma['id']}")[0] == "method_not_allowed"


def test_idempotent_create_geocodes_once(app):
    body = {"first_name": "Emma", "address": COLLINS}
    once = {"Idempotency-Key": "emma-1"}
    first, again = (app.call("POST", "", body, **once) for _ in "ab")
    assert first.content == again.content
    assert Event.objects.count() == 1
