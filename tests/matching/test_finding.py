"""Pairs are found by the worker and by the command, decided once, and opened again by new evidence only."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from threading import Event

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from customers.match_keys import keys
from customers.matching.models import Decision, DuplicatePair, MatchScan
from customers.matching.services import scanning, slices
from customers.matching.services.background import (
    ABANDONED,
    LEAST_AGE,
    compare_waiting,
    is_due,
    scan_due,
)
from customers.matching.services.deciding import decide_different, reopen
from customers.models import Customer, MatchKey, MatchProfile
from customers.privacy.services.erasing import erase_customer
from customers.services.customers import restore_customer, update_customer
from orders.services.customers import delete_customer
from stores.actors import SYSTEM
from stores.errors import NotFound
from stores.models import Store
from stores.models.base import new_uid
from tests.factories import CustomerFactory, parsed_fields


def found(store: Store, *arguments: str) -> list[str]:
    out = StringIO()
    call_command("find_duplicates", "--store", str(store.uid), *arguments, stdout=out)
    return out.getvalue().splitlines()


def pair_of(store: Store) -> DuplicatePair:
    return DuplicatePair.objects.for_store(store).get()


def test_command_prints_ids_score_level_and_reasons(brigid: Customer, bridget: Customer) -> None:
    (line,) = found(brigid.store)
    first, second, score, level, reasons = line.split("\t")
    assert {first, second} == {str(brigid.uid), str(bridget.uid)}
    assert float(score) > 8
    assert level == "sure"
    assert "Same phone" in reasons
    assert reasons.endswith("Other e-mail")


def test_command_prints_json_whose_reasons_add_up(brigid: Customer, bridget: Customer) -> None:
    (line,) = found(brigid.store, "--json", "--least", "sure")
    pair = json.loads(line)
    assert sum(reason["bits"] for reason in pair["reasons"]) == pytest.approx(pair["score"])
    assert all(reason["text"] for reason in pair["reasons"])


def test_command_refuses_unknown_stores(store: Store) -> None:
    with pytest.raises(CommandError, match="There is no store"):
        call_command("find_duplicates", "--store", str(new_uid()))


def test_customers_of_other_stores_are_never_candidates(
    brigid: Customer, other_store: Store
) -> None:
    CustomerFactory(store=other_store, name=brigid.name, phone=brigid.phone, email=brigid.email)
    assert found(brigid.store, "--least", "possible") == []
    assert found(other_store, "--least", "possible") == []


def test_worker_compares_whoever_changed(brigid: Customer, bridget: Customer) -> None:
    assert compare_waiting() == 2
    assert pair_of(brigid.store).level == "sure"
    assert compare_waiting() == 0
    fields = parsed_fields({"name": "Otto Kraus", "phone": "0412 000 111", "addresses": []})
    update_customer(bridget.as_queryset(), SYSTEM, fields)
    assert compare_waiting() == 1
    assert not DuplicatePair.objects.exists()


def test_worker_and_command_find_the_same(brigid: Customer, bridget: Customer) -> None:
    compare_waiting()
    by_worker = DuplicatePair.objects.values("first", "second", "score", "reasons").get()
    DuplicatePair.objects.all().delete()
    found(brigid.store)
    assert DuplicatePair.objects.values("first", "second", "score", "reasons").get() == by_worker


def test_deleted_customers_are_in_no_pair(brigid: Customer, bridget: Customer) -> None:
    compare_waiting()
    delete_customer(bridget.as_queryset(), SYSTEM)
    assert not DuplicatePair.objects.for_store(brigid.store).open().exists()
    assert found(brigid.store) == []
    assert not DuplicatePair.objects.exists()
    restore_customer(bridget.as_queryset(), SYSTEM)
    assert len(found(brigid.store)) == 1


def test_an_interrupted_scan_goes_on(
    brigid: Customer, bridget: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "SLICE", 1)
    store = brigid.store
    compared = scanning.scan_slices(store, scanning.start_scan(store))
    next(compared)
    compared.close()
    scan = MatchScan.objects.get()
    assert (scan.cursor, scan.finished_at) == (brigid.pk, None)
    assert len(found(store)) == 1
    scan.refresh_from_db()
    assert scan.cursor == bridget.pk
    assert scan.finished_at is not None


def test_keys_of_too_many_are_skipped(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        CustomerFactory(store=store, name="Ann Lee", email=f"x{number}@example.com")
    assert len(found(store, "--least", "possible")) == 6
    DuplicatePair.objects.all().delete()
    monkeypatch.setattr(slices, "MAX_BLOCK", 3)
    assert found(store, "--least", "possible") == []
    assert keys.MAX_BLOCK == 50


def decided(brigid: Customer) -> DuplicatePair:
    compare_waiting()
    return decide_different(pair_of(brigid.store).as_queryset(), SYSTEM)


def test_different_people_stay_different(brigid: Customer, bridget: Customer) -> None:
    pair = decided(brigid)
    assert found(brigid.store) == []
    update_customer(brigid.as_queryset(), SYSTEM, {"website": "https://example.com"})
    update_customer(brigid.as_queryset(), SYSTEM, parsed_fields({"mobile": "0412 000 111"}))
    compare_waiting()
    pair.refresh_from_db()
    assert pair.decision == Decision.DIFFERENT
    with pytest.raises(NotFound):
        decide_different(pair.as_queryset(), SYSTEM)


def test_new_evidence_opens_a_decided_pair(brigid: Customer, bridget: Customer) -> None:
    pair = decided(brigid)
    for customer in (brigid, bridget):
        update_customer(customer.as_queryset(), SYSTEM, {"tax_id": "51824753556"})
    compare_waiting()
    pair.refresh_from_db()
    assert pair.is_reopened
    assert "same_tax_id" in {reason["code"] for reason in pair.reasons}
    assert "same_tax_id" not in {reason["code"] for reason in pair.decided_reasons}
    assert len(found(brigid.store)) == 1


def test_the_decision_stands_again_without_the_evidence(
    brigid: Customer, bridget: Customer
) -> None:
    pair = decided(brigid)
    for customer in (brigid, bridget):
        update_customer(customer.as_queryset(), SYSTEM, {"tax_id": "51824753556"})
    compare_waiting()
    fields = parsed_fields({"name": "Otto Kraus", "phone": "0412 000 111", "addresses": []})
    update_customer(bridget.as_queryset(), SYSTEM, fields | {"tax_id": ""})
    compare_waiting()
    pair.refresh_from_db()
    assert pair.decision == Decision.DIFFERENT


def test_a_decision_is_taken_back(brigid: Customer, bridget: Customer) -> None:
    pair = decided(brigid)
    reopen(pair.as_queryset())
    assert len(found(brigid.store)) == 1
    with pytest.raises(NotFound):
        reopen(pair.as_queryset())


def test_worker_scans_each_store_once_and_then_by_night(
    brigid: Customer, bridget: Customer
) -> None:
    MatchProfile.objects.filter(store=brigid.store_id).update(is_compared=True)
    scan_due(Event())
    assert pair_of(brigid.store).level == "sure"
    scan, store = MatchScan.objects.get(store=brigid.store), brigid.store
    night = (timezone.now() + 2 * LEAST_AGE).astimezone(store.tzinfo) + timedelta(days=1)
    night = night.replace(hour=2)
    assert is_due(store, scan, night)
    assert not is_due(store, scan, night.replace(hour=12))
    assert not is_due(store, scan, scan.started_at)
    scan.finished_at = None
    assert not is_due(store, scan, scan.updated_at)
    assert is_due(store, scan, scan.updated_at + 2 * ABANDONED)


def test_nothing_of_an_erased_customer_is_left_to_compare(
    brigid: Customer, bridget: Customer
) -> None:
    compare_waiting()
    erase_customer(bridget.as_queryset(), SYSTEM)
    assert not DuplicatePair.objects.exists()
    assert not MatchProfile.objects.filter(customer=bridget).exists()
    assert not MatchKey.objects.filter(customer=bridget).exists()
