"""Names are sorted as people expect, in every door and on both engines."""

from __future__ import annotations

import base64
import hashlib
import random
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from customers.api.auth import keys
from customers.canonical import SORT_KEY_LENGTH, name_sort_key
from customers.models import Customer
from customers.services.customers import update_customer
from stores.actors import SYSTEM
from stores.models import Event, Store
from tests.factories import ApiKeyFactory, CustomerFactory

SORTED = [
    "42 Degrees", "7 Seas Catering", "Aaron Abel", "Ägidius Abel", "Agnes Abel", "Ann Zoll", "Anna Abel",
    "anna Boyd", "ANNA Cole", "Anna-Lena Cole", "Anna Maria Abel", "Armel Dubois", "Ärmel Müller",
    "Bob", "Çelik Ayşe", "Cem", "de Boer", "Deacon", "Étienne", "Etta", "Łukasz", "Lydia",
    "Mueller", "Muller", "Müller B", "Ñandú", "Nina", "O'Bre", "O’Brien", "Obrist", "Østen", "Otto",
    "Šárka", "Sasha", "Straßer", "Strasser B", "Žaneta", "Zoe",
    "Άννα", "Γιώργος", "Андрій", "Дмитро", "Іван", "Їжак", "Йосип", "Катя", "אבי", "דוד",
    "بابک", "پریسا", "تارا", "李小龙",
]  # fmt: skip
ALIKE = [
    ["O'Brien", "O’Brien", "OʼBrien", "O`Brien", "OBrien", "OBRIEN"],
    ["Anna-Maria", "Anna Maria", "anna‑maria", "Anna–Maria", " Anna  Maria "],
    ["Müller", "Muller", "MU\u0308LLER", "mu\u0308ller"],
    ["Straße", "STRASSE"],
    ["Zoe", "Z\u200boe", "Zo\u202ee"],
]


def test_keys_are_in_the_order_of_a_telephone_book() -> None:
    assert sorted(random.Random(5).sample(SORTED, len(SORTED)), key=name_sort_key) == SORTED


@pytest.mark.parametrize("names", ALIKE)
def test_spellings_of_one_name_stand_together(names: list[str]) -> None:
    assert len({name_sort_key(name) for name in names}) == 1


@given(st.text(max_size=600))
def test_every_text_has_a_short_key(name: str) -> None:
    assert len(name_sort_key(name)) <= SORT_KEY_LENGTH


@pytest.mark.parametrize("name", ["x" * 255, "ﷺ" * 255, "李" * 255, "🍞" * 255, "a\u0301" * 127])
def test_longest_names_are_stored(store: Store, name: str) -> None:
    customer = CustomerFactory(store=store, name=name)
    assert len(customer.name_key) <= SORT_KEY_LENGTH


# --- in every door


@pytest.fixture
def store(db: None) -> Store:
    keys.forget()
    return Store.objects.create(name="Book", country="AU", currency="AUD")


@pytest.fixture
def book(store: Store) -> Store:
    """A store with the sorted names, created in another order."""
    for name in random.Random(5).sample(SORTED, len(SORTED)):
        CustomerFactory(store=store, name=name)
    return store


def get(store: Store, path: str, **query: Any) -> Any:
    key = ApiKeyFactory(store=store).text
    headers = {"Authorization": f"Bearer {key}"}
    answer = Client().get(f"{path}?{urlencode(query)}", headers=headers)
    assert answer.status_code == 200, answer.content
    return answer.json()


def walk_bakery(store: Store, sort: str, **query: Any) -> list[str]:
    """Return all names, page by page."""
    names: list[str] = []
    while True:
        page = get(store, "/api/v1/customers", sort=sort, limit=7, **query)
        names += [row["full_name"] for row in page["data"]]
        cursor = page["pagination"].get("next_cursor")
        if not cursor:
            return names
        query["cursor"] = cursor


def test_bakery_walks_in_order(book: Store) -> None:
    assert walk_bakery(book, "name") == SORTED
    assert walk_bakery(book, "-name") == SORTED[::-1]


def test_bakery_search_walks_in_order(book: Store) -> None:
    expected = [name for name in SORTED if "ann" in name.lower()]
    assert walk_bakery(book, "name", search="ann") == expected


def test_storefront_sorts_in_order(book: Store) -> None:
    query = {"sortBy": "name", "sortOrder": "asc", "limit": 100}
    page = get(book, f"/stores/{book.uid}/customers", **query)
    assert [item["name"] for item in page["items"]] == SORTED


def test_manufacturing_sorts_and_compares_in_order(book: Store) -> None:
    def names(**query: Any) -> list[str]:
        page = get(book, "/api/admin/customers", page_size=100, sort="name", **query)
        return [row["name"] for row in page["items"]]

    assert names() == SORTED
    start, end = SORTED.index("anna Boyd"), SORTED.index("Lydia")
    among = {"filter[name][gteq]": "Anna Boyd", "filter[name][lt]": "lydia"}
    assert names(**among) == SORTED[start:end]
    assert names(**{"filter[name]": "anna Boyd"}) == ["anna Boyd"]
    assert names(**{"filter[name]": "Anna Boyd"}) == []
    assert names(**{"filter[name][in]": "Zoe,Bob,zoe"}) == ["Bob", "Zoe"]


def test_back_office_sorts_in_order(book: Store) -> None:
    client = Client()
    client.force_login(
        User.objects.create_superuser("owner"), "django.contrib.auth.backends.ModelBackend"
    )
    page = client.get(reverse("admin:customers_customer_changelist"), {"o": "1"})
    assert [row.name for row in page.context["cl"].result_list] == SORTED[
        : len(page.context["cl"].result_list)
    ]


def test_firm_without_a_person_stands_where_its_company_does(store: Store) -> None:
    for name, company in (("Zoe", "Abel"), ("", "Nadir Ltd"), ("Ann", ""), ("", "")):
        CustomerFactory(store=store, name=name, company=company)
    query = {"sortBy": "name", "sortOrder": "asc"}
    page = get(store, f"/stores/{store.uid}/customers", **query)
    assert [item["name"] for item in page["items"]] == [None, "Ann", "Nadir Ltd", "Zoe"]
    assert walk_bakery(store, "name") == [None, "Ann", None, "Zoe"]


def test_change_of_a_name_moves_it_and_is_told_once(store: Store) -> None:
    anna, bob = (CustomerFactory(store=store, name=name) for name in ("Anna", "Bob"))
    update_customer(anna.as_queryset(), SYSTEM, {"name": "Çem"})
    assert walk_bakery(store, "name") == ["Bob", "Çem"]
    event = Event.objects.filter(customer_uid=anna.uid).latest("id")
    assert "name_key" not in {*event.changed, *event.before, *event.snapshot}
    update_customer(bob.as_queryset(), SYSTEM, {"notes": "Rings twice"})
    assert Customer.objects.get(pk=bob.pk).name_key == name_sort_key("Bob")


def test_cursor_of_an_older_release_goes_on_after_its_name(book: Store) -> None:
    """Releases before 0.2.0 sorted by the name itself and bound their cursors to it."""
    terms = orjson.dumps([["name", "id"], [None, None]])
    binding = hashlib.sha256(terms).hexdigest()[:16]
    bob = Customer.objects.get(name="Bob")
    payload = orjson.dumps({"b": binding, "d": 0, "v": [bob.name, bob.pk]})
    cursor = base64.urlsafe_b64encode(payload).decode().rstrip("=")
    after = SORTED[SORTED.index("Bob") + 1 :]
    assert walk_bakery(book, "name", cursor=cursor) == after
