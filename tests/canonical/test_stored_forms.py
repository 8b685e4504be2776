"""Computing stored forms anew: only what differs is written, in batches, and collisions stop nothing."""

from __future__ import annotations

from typing import Any

import pytest

from customers.models import Customer, Tag
from customers.services import stored_forms
from customers.services.stored_forms import renew_name_keys, renew_search_texts, renew_tag_keys
from customers.services.tags import create_tag
from stores.database import batches
from stores.models import Event, Store
from tests.factories import CustomerFactory, StoreFactory

pytestmark = pytest.mark.django_db
NAMES = ("Siobhán O’Brien", "Jörg Müller", "Anne‑Marie Łuc", "علی", "Jane Smith")


@pytest.fixture
def store() -> Store:
    return StoreFactory()


@pytest.fixture
def customers(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[Customer]:
    """Customers in more than one batch, the first of them deleted."""
    monkeypatch.setattr(stored_forms, "BATCH_SIZE", 4)
    for number in range(2):
        for name in NAMES:
            email = f"{number}{len(name)}@bücher.example"
            CustomerFactory(store=store, name=name, email=email, phone="+61 0412 345 678")
    Customer.objects.filter(pk=Customer.objects.earliest("pk").pk).update(
        deleted_at="2026-01-01T00:00Z"
    )
    return list(Customer.objects.order_by("pk"))


def rows() -> list[dict[str, Any]]:
    return list(Customer.objects.order_by("pk").values())


def test_forms_of_older_rules_are_replaced_and_nothing_else(customers: list[Customer]) -> None:
    before, events = rows(), Event.objects.count()
    Customer.objects.update(search_text="of older rules")
    assert renew_search_texts(Customer.objects) == len(customers)
    assert rows() == before
    assert Event.objects.count() == events


def test_an_interrupted_run_writes_only_the_rest(customers: list[Customer]) -> None:
    rest = customers[6:]
    Customer.objects.filter(pk__in=[one.pk for one in rest]).update(search_text="of older rules")
    assert renew_search_texts(Customer.objects) == len(rest)
    assert renew_search_texts(Customer.objects) == 0


def test_name_keys_are_computed_and_nothing_else(
    customers: list[Customer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH_SIZE", 4)
    before, events = rows(), Event.objects.count()
    rest = [one.pk for one in customers[3:]]
    Customer.objects.filter(pk__in=rest).update(name_key=b"")  # as after an interrupted run
    assert renew_name_keys(Customer.objects) == len(rest)
    assert rows() == before
    assert Event.objects.count() == events
    assert renew_name_keys(Customer.objects) == 0


def test_a_renewed_row_is_found_through_the_index(customers: list[Customer]) -> None:
    Customer.objects.update(search_text="of older rules")
    renew_search_texts(Customer.objects)
    assert Customer.objects.live().matching("mueller").count() == 2
    assert not Customer.objects.live().matching("older rules").exists()


def test_tags_that_become_one_word_stay_two_tags(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = (create_tag(store, name) for name in ("O’Brien", "Smith‑Jones"))
    elsewhere = create_tag(StoreFactory(), "O‘Brien")
    Tag.objects.filter(pk=first.pk).update(key="o’brien")
    third = Tag.objects.create(store=store, name="O‛Brien", key="o‛brien")
    Tag.objects.filter(pk=elsewhere.pk).update(key="o‘brien")
    assert renew_tag_keys(Tag.objects) == 2
    keys = dict(Tag.objects.values_list("pk", "key"))
    assert keys == {
        first.pk: "o'brien",
        second.pk: "smith-jones",
        elsewhere.pk: "o'brien",
        third.pk: "o‛brien",
    }
    assert f"tag {third.pk} is the same word" in caplog.text
    assert renew_tag_keys(Tag.objects) == 0


def test_a_tag_that_nobody_can_see_keeps_its_key(store: Store) -> None:
    unseen = Tag.objects.create(store=store, name="\u2800", key="\u2800")
    assert renew_tag_keys(Tag.objects) == 0
    assert Tag.objects.get(pk=unseen.pk).key == "\u2800"
