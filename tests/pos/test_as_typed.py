"""Numbers are compared by their digits, and birthdays are days that somebody living was born on."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote

import pytest
import time_machine

from tests.factories import CustomerFactory


@pytest.mark.parametrize(
    ("kept", "asked"),
    [
        ("0412 345 678", "0412345678"),
        ("0412345678", "0412 345 678"),
        ("(04) 12.34-56/78", "0412345678"),
        ("0412 345 678 ext. 5", "0412345678"),
        ("0412 345 678", "0412 345 678 x12"),
        ("٠٤١٢٣٤٥٦٧٨", "0412345678"),
        ("0412345678", "٠٤١٢٣٤٥٦٧٨"),
    ],
)
def test_a_phone_filter_compares_digits(till, store, kept, asked):
    for number in (kept, "0412345679", "10412345678", "04123456780"):
        till.customer(dial_code=61, phone=number)
    found = till.get(f"/customers?filter[phone]={quote(asked)}")
    assert [one["phone"] for one in found] == [kept]


@pytest.mark.parametrize("asked", ["jane", "-", "9" * 61])
def test_a_phone_filter_without_a_number_finds_nobody(till, asked):
    till.customer()
    assert till.get(f"/customers?filter[phone]={asked}") == []


@pytest.mark.parametrize("number", [-565445254, "-565445254", "−565445254"])
def test_a_negative_number_is_no_phone(till, number):
    body = {"name": "Ann", "dial_code": 966, "phone": number}
    assert set(till.errors("POST", "/customers", body)) == {"phone"}


def test_nobody_is_born_after_today_at_the_store(till, store):
    with time_machine.travel(datetime(2026, 5, 6, 20, tzinfo=UTC), tick=False):
        path = f"/customers/{till.customer()['id']}"
        assert till.put(path, {"birth_date": "2026-05-07"})["birth_date"] == "2026-05-07"
        assert set(till.errors("PUT", path, {"birth_date": "2026-05-08"})) == {"birth_date"}


def test_a_birthday_that_is_there_already_stays(till, store):
    made = CustomerFactory(store=store, name="Ann", phone="+61 412 345 678")
    made.as_queryset().update(birth_date="1812-02-07")
    changed = till.put(f"/customers/{made.uid}", {"birth_date": "1812-02-07", "name": "Anna"})
    assert (changed["birth_date"], changed["name"]) == ("1812-02-07", "Anna")


@pytest.mark.parametrize(
    ("kept", "asked"),
    [
        ("Müller", "Mueller"),
        ("Mueller", "müller"),
        ("Håkon", "haak"),
        ("Bride’s friends", "bride's"),
        ("Blue", "blue"),
    ],
)
def test_a_tag_is_found_in_any_spelling(till, kept, asked):
    for name in (kept, "Blumen", "Other"):
        till.post("/tags", {"name": name})
    found = till.get(f"/tags?filter[name]={quote(asked)}")
    assert [tag["name"] for tag in found] == [kept]
