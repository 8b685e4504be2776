"""A merged customer who returns is seen to be the survivor, and what people decided about pairs is kept."""

from __future__ import annotations

from typing import Any

import pytest

from customers.match_keys.former import MOST_FORMER
from customers.matching.models import Decision, DuplicatePair
from customers.matching.services.background import compare_waiting
from customers.matching.services.deciding import decide_different
from customers.models import Customer, MatchKey, MatchProfile
from customers.privacy.services.erasing import erase_customer
from customers.services.customers import update_customer
from stores.actors import SYSTEM
from stores.models import Store
from tests.factories import AddressFields, CustomerFactory, parsed_fields
from tests.merging.book import CLERK, merge, run, unmerge

pytestmark = pytest.mark.django_db
AGAIN = {"name": "Bella Baker", "email": "bella@example.com", "phone": "03 5550 1468"}


@pytest.fixture
def anna(store: Store) -> Customer:
    return CustomerFactory(
        store=store, name="Annabel Quill", email="anna@example.com", phone="03 5550 9999"
    )


def found(store: Store) -> dict[tuple[str, str], list[str]]:
    """Return the codes of the open pairs, by the names of both."""
    compare_waiting()
    pairs = DuplicatePair.objects.for_store(store).open().select_related("first", "second")
    return {
        (pair.first.name, pair.second.name): [reason["code"] for reason in pair.reasons]
        for pair in pairs
    }


def kept_by(*customers: Customer) -> list[Any]:
    """Return what these customers are found by."""
    return [
        (
            set(MatchKey.objects.filter(customer=one).values_list("hash", flat=True)),
            set(MatchProfile.objects.filter(customer=one).values_list("text", "former")),
        )
        for one in customers
    ]


def returned(store: Store) -> Customer:
    return CustomerFactory(store=store, **AGAIN)


def test_returning_twin_is_seen_against_the_survivor(store, anna, bella) -> None:
    merge(anna, bella)
    returned(store)
    [(names, codes)] = found(store).items()
    assert names == ("Annabel Quill", "Bella Baker")
    assert {"same_email", "same_phone", "as_before_merge"} <= set(codes)


def test_scan_finds_the_returning_twin_too(store, anna, bella) -> None:
    merge(anna, bella)
    returned(store)
    for _ in range(2):
        [line] = run("find_duplicates", "--store", str(store.uid)).splitlines()
        assert str(anna.uid) in line
        assert "merged into one of them" in line


def test_own_likeness_is_told_without_the_merge(store, anna, bella) -> None:
    merge(anna, bella)
    CustomerFactory(store=store, name="Annabel Quill", phone="03 5550 9999")
    [codes] = found(store).values()
    assert "as_before_merge" not in codes


def test_what_they_are_found_by_is_as_before_when_taken_apart(store, anna, bella) -> None:
    before = kept_by(anna, bella)
    merged = merge(anna, bella)
    update_customer(anna.as_queryset(), SYSTEM, {"company": "Quill and Daughters"})
    update_customer(anna.as_queryset(), SYSTEM, {"company": ""})
    assert kept_by(bella) == [(set(), set())]
    unmerge(merged)
    assert kept_by(anna, bella) == before


def test_chain_is_taken_apart_step_by_step(store, anna, bella) -> None:
    carla = CustomerFactory(store=store, name="Carla Rossi", email="carla@example.com")
    before = kept_by(anna, bella, carla)
    first, second = merge(bella, carla), merge(anna, bella)
    CustomerFactory(store=store, name="Carla Rossi", phone="0412 345 678")
    assert ("Annabel Quill", "Carla Rossi") in found(store)
    unmerge(second)
    assert [*found(store)] == [("Bella Baker", "Carla Rossi")]
    unmerge(first)
    assert kept_by(anna, bella, carla) == before
    assert [*found(store)] == [("Carla Rossi", "Carla Rossi")]


def test_deleted_or_erased_survivor_is_found_by_nothing(store, anna, bella) -> None:
    merge(anna, bella)
    erase_customer(anna.as_queryset(), SYSTEM)
    assert kept_by(anna, bella) == [(set(), set())] * 2


def test_many_merges_into_one_cost_no_more_than_some(store, anna) -> None:
    for number in range(MOST_FORMER + 3):
        other = CustomerFactory(store=store, name=f"Other {number}", email=f"o{number}@example.com")
        merge(anna, other)
    [(keys, _)] = kept_by(anna)
    last = CustomerFactory(store=store, email=f"o{MOST_FORMER + 2}@example.com", name="Somebody")
    [(own, _)] = kept_by(last)
    assert own & keys
    first = CustomerFactory(store=store, email="o0@example.com", name="Somebody")
    [(own, _)] = kept_by(first)
    assert not own & keys


# --- pairs


@pytest.fixture
def xenia(store: Store) -> Customer:
    """Somebody who looks like Bella."""
    return CustomerFactory(
        store=store,
        name="Bela Baker",
        phone="03 5550 1468",
        addresses=[AddressFields(line1="9 Queen Street")],
    )


def rows(store: Store) -> list[Any]:
    pairs = DuplicatePair.objects.for_store(store).order_by("first", "second")
    return list(pairs.values("first", "second", "decision", "decided_at", "decided_by"))


def different(one: Customer, other: Customer) -> None:
    pairs = DuplicatePair.objects.of_customer(one.store_id, one.pk)
    decide_different(pairs.filter(second=other) | pairs.filter(first=other), CLERK)


def test_open_pair_of_the_loser_becomes_one_of_the_survivor(store, anna, bella, xenia) -> None:
    assert [*found(store)] == [("Bella Baker", "Bela Baker")]
    merged = merge(anna, bella)
    assert [*found(store)] == [("Annabel Quill", "Bela Baker")]
    assert len(rows(store)) == 1
    unmerge(merged)
    assert [*found(store)] == [("Bella Baker", "Bela Baker")]


def test_different_people_is_remembered_across_the_merge(store, anna, bella, xenia) -> None:
    assert found(store)
    different(bella, xenia)
    before = rows(store)
    merged = merge(anna, bella)
    assert found(store) == {}
    run("find_duplicates", "--store", str(store.uid))
    assert found(store) == {}
    unmerge(merged)
    assert found(store) == {}
    assert before[0] in rows(store)
    assert {row["decided_by"] for row in rows(store)} == {"Clara Clerk"}
    assert len(rows(store)) == 2  # and that of Anna and Bella


def test_only_new_evidence_opens_it_again_and_says_which(store, anna, bella, xenia) -> None:
    assert found(store)
    different(bella, xenia)
    merge(anna, bella)
    assert found(store) == {}
    update_customer(xenia.as_queryset(), SYSTEM, parsed_fields({"email": "bella@example.com"}))
    [codes] = found(store).values()
    assert "same_email" in codes
    pair = DuplicatePair.objects.open().get()
    assert pair.is_reopened
    assert "same_email" not in [reason["code"] for reason in pair.decided_reasons]


def test_decision_about_the_survivor_comes_back(store, anna, bella, xenia) -> None:
    other = {"phone": "03 5550 1468"}
    update_customer(anna.as_queryset(), SYSTEM, parsed_fields({"name": "Anabel Baker", **other}))
    assert len(found(store)) == 3
    different(bella, xenia)
    before = rows(store)
    merged = merge(anna, bella)
    assert found(store) == {}
    unmerge(merged)
    kept = [row for row in rows(store) if row["second"] == xenia.pk]
    assert kept == [row for row in before if row["second"] == xenia.pk]


def test_later_decision_about_the_survivor_stays(store, anna, bella, xenia) -> None:
    assert found(store)
    merged = merge(anna, bella)
    assert found(store)
    different(anna, xenia)
    unmerge(merged)
    pair = DuplicatePair.objects.get(first=anna, second=xenia)
    assert pair.decision == Decision.DIFFERENT
