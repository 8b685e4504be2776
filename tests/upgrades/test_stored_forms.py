"""What a release stored of canonical forms is computed anew by the rules of today."""

from __future__ import annotations

from customers.canonical import name_sort_key
from customers.models import Customer, Tag
from customers.services.editing import search_text
from tests.upgrades.conftest import Book


def test_every_customer_has_the_search_text_of_today(book: Book) -> None:
    customers = list(Customer.objects.select_related("store"))
    assert customers
    assert [one.search_text for one in customers] == [search_text(one) for one in customers]


def test_every_customer_has_the_sort_key_of_today(book: Book) -> None:
    customers = list(Customer.objects.all())
    expected = [name_sort_key(one.name or one.company) for one in customers]
    assert [one.name_key for one in customers] == expected


def test_a_typographic_apostrophe_is_found_by_the_plain_one(book: Book) -> None:
    written = Customer.objects.live().filter(name__contains="O’Brien")
    assert written
    assert set(written) <= set(Customer.objects.live().matching("o'brien"))


def test_every_tag_has_the_key_of_today(book: Book) -> None:
    tags = list(Tag.objects.all())
    assert tags
    assert [tag.key for tag in tags] == [Tag.key_of(tag.name) for tag in tags]
