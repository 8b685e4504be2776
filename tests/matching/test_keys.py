"""Equal people have equal keys, however they are written; keys follow the customer in the same transaction."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from customers.canonical import fold
from customers.match_keys import Profile, keys_of, profile_of
from customers.match_keys.streets import parse_street
from customers.models import Address, Customer, MatchKey, MatchProfile
from customers.services import customers
from customers.services.addresses import one_address
from customers.services.customers import restore_customer
from customers.services.filling import fill_match_keys
from orders.services.customers import delete_customer
from stores.actors import SYSTEM
from stores.errors import Conflict
from stores.models import Store
from tests.factories import CustomerFactory, parsed_fields
from tests.matching.conftest import home

BLANK = {
    **dict.fromkeys(("name", "first_name", "last_name", "company", "email_key", "tax_id"), ""),
    **dict.fromkeys(("phone", "phone_e164", "mobile"), ""),
    "birth_date": None,
}


def profile(address: dict[str, str] | None = None, **columns: Any) -> Profile:
    return profile_of(BLANK | columns, [address] if address else [])


def keys_stored(customer: Customer) -> set[int]:
    rows = MatchKey.objects.filter(store=customer.store_id, customer=customer)
    return set(rows.values_list("hash", flat=True))


def profile_stored(customer: Customer) -> str | None:
    rows = MatchProfile.objects.filter(store=customer.store_id, customer=customer)
    return rows.values_list("text", flat=True).first()


def keys_wanted(customer: Customer) -> set[int]:
    row = Customer.objects.filter(pk=customer.pk).values().get()
    return keys_of(profile_of(row, Address.objects.filter(customer=customer).values()))


@given(st.text(max_size=30), st.text(max_size=30))
def test_case_and_accents_make_no_difference(first: str, last: str) -> None:
    typed = profile(first_name=first, last_name=last)
    assert typed == profile(first_name=fold(first), last_name=fold(last))
    assert keys_of(typed) == keys_of(Profile.of_text(typed.text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("101 King Street", "101 KING ST."),
        ("4/101 King St", "Unit 4, 101 King Street"),
        ("Königstraße 12", "Königstr. 12"),
        ("007 Park Ave", "7 Park Avenue"),
    ],
)
def test_ways_of_writing_a_street_are_one(one: str, other: str) -> None:
    assert parse_street(one) == parse_street(other)


def test_ways_of_writing_a_phone_are_one() -> None:
    typed = ("0412 345 678", "+61 412 345 678", "(0412) 345-678")
    keys = [keys_of(profile(mobile=phone)) for phone in typed]
    assert keys[0] == keys[1] == keys[2] != set()


def test_swapped_names_share_a_key() -> None:
    one = keys_of(profile(first_name="Yusra", last_name="Khatib"))
    assert one & keys_of(profile(first_name="Khatib", last_name="Yusra"))


def test_a_new_customer_has_its_keys(brigid: Customer) -> None:
    assert keys_stored(brigid) == keys_wanted(brigid) != set()


def test_a_customer_about_whom_nothing_is_known_has_none(store: Store) -> None:
    row = customers.create_customer(store, SYSTEM, {})
    assert not MatchProfile.objects.filter(customer=row["id"]).exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "Jo Field"},
        {"email": "other@example.com"},
        {"phone": "0412 000 111"},
        {"mobile": "0412 000 111"},
        {"tax_id": "51 824 753 556"},
        {"company": "Essendon Deli"},
        {"addresses": [home(line1="7 Queen Street")]},
        {"addresses": []},
    ],
)
def test_a_change_changes_the_keys(brigid: Customer, fields: dict[str, Any]) -> None:
    before = keys_stored(brigid)
    customers.update_customer(brigid.as_queryset(), SYSTEM, parsed_fields(fields))
    assert keys_stored(brigid) == keys_wanted(brigid) != before


def test_one_changed_address_changes_the_keys(brigid: Customer) -> None:
    address = Address.objects.get(customer=brigid)
    one_address.update_address(address.as_queryset(), SYSTEM, {"line1": "7 Queen Street"})
    assert keys_stored(brigid) == keys_wanted(brigid)
    one_address.remove_address(address.as_queryset(), SYSTEM)
    assert keys_stored(brigid) == keys_wanted(brigid)


def test_other_changes_leave_the_keys_alone(brigid: Customer) -> None:
    MatchProfile.objects.filter(store=brigid.store_id).update(is_compared=True)
    customers.update_customer(brigid.as_queryset(), SYSTEM, {"notes": "Rings twice"})
    assert MatchProfile.objects.get(customer=brigid).is_compared


def test_a_deleted_customer_has_none_until_it_is_restored(brigid: Customer) -> None:
    before = keys_stored(brigid)
    delete_customer(brigid.as_queryset(), SYSTEM)
    assert (keys_stored(brigid), profile_stored(brigid)) == (set(), None)
    restore_customer(brigid.as_queryset(), SYSTEM)
    assert keys_stored(brigid) == before


def test_a_refused_change_leaves_the_keys(brigid: Customer, bridget: Customer) -> None:
    before = keys_stored(bridget)
    taken = parsed_fields({"name": "Jo Field", "email": brigid.email})
    with pytest.raises(Conflict), transaction.atomic():
        customers.update_customer(bridget.as_queryset(), SYSTEM, taken)
    assert keys_stored(bridget) == before


def test_customers_of_an_older_book_get_theirs(brigid: Customer, bridget: Customer) -> None:
    from django.apps import apps

    deleted = CustomerFactory(store=brigid.store, name="Gone Away")
    delete_customer(deleted.as_queryset(), SYSTEM)
    before = keys_stored(brigid), profile_stored(brigid)
    MatchKey.objects.all().delete()
    MatchProfile.objects.filter(customer=brigid).delete()
    assert fill_match_keys(apps) == 1
    assert (keys_stored(brigid), profile_stored(brigid)) == before
    assert keys_stored(bridget) == set(), "its profile says that it was done before"
    assert fill_match_keys(apps) == 0
