"""Moving in again after customers were merged: an update lands on the survivor, or people decide."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import call_command

from customers.imports.models import ImportedId, ImportJob, ImportRow, State
from customers.imports.services import deciding, jobs
from customers.imports.services.working import work
from customers.merging.models import Merge
from customers.merging.services.merging import merge_customers
from customers.merging.services.unmerging import unmerge_customers
from customers.models import Customer
from customers.services.customers import update_customer
from stores.actors import SYSTEM
from stores.errors import Conflict
from stores.models import Store
from tests.factories import CustomerFactory, parsed_fields
from tests.imports.conftest import Importing
from tests.imports.test_move_in import counts, here, move, quick, there, url

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["here", "quick", "there", "url"]
ANN = {"name": "Ann Lee", "phone": "0412 000 111"}


def change(customer: Customer, **fields: Any) -> None:
    update_customer(customer.as_queryset(), SYSTEM, parsed_fields(fields, customer.store.country))


def merge(survivor: Customer, loser: Customer) -> None:
    merge_customers(survivor.as_queryset(), loser.as_queryset(), SYSTEM)


def live(store: Store) -> list[Customer]:
    return list(Customer.objects.live().filter(store=store).order_by("pk"))


def codes(store: Store) -> list[str]:
    rows = ImportRow.objects.filter(store=store, job=ImportJob.objects.latest("pk"))
    return [issue["code"] for row in rows.order_by("line") for issue in row.issues]


@pytest.fixture
def twins(there: Store, here: Store, url: str) -> tuple[Customer, Customer]:
    """Two customers of there, who are moved in, and then merged here."""
    first = CustomerFactory(store=there, email="ann@example.com", **ANN)
    second = CustomerFactory(store=there, email=None, **ANN)
    move("storefront", url, here)
    merge(*live(here))
    return first, second


def test_twins_that_were_merged_here_stay_one(
    twins: tuple[Customer, Customer], here: Store, url: str
) -> None:
    for _ in range(2):
        assert counts(move("storefront", url, here, "--sync")) == {"same": 2}
    assert len(live(here)) == 1


def test_a_change_of_who_was_merged_lands_on_the_survivor(
    twins: tuple[Customer, Customer], here: Store, url: str
) -> None:
    change(twins[1], phone="0412 999 888")
    result = move("storefront", url, here, "--sync")
    assert counts(result) == {"update": 1, "same": 1}
    (survivor,) = live(here)
    assert (survivor.phone, survivor.email) == ("0412 999 888", "ann@example.com")
    assert counts(move("storefront", url, here, "--sync")) == {"same": 2}
    call_command("undo_import", result["id"], stdout=io.StringIO())
    survivor.refresh_from_db()
    assert survivor.phone == "0412 000 111"
    assert counts(move("storefront", url, here, "--sync")) == {"update": 1, "same": 1}


def test_a_change_of_what_the_survivor_has_otherwise_is_decided_by_people(
    twins: tuple[Customer, Customer], here: Store, url: str
) -> None:
    change(twins[1], email="second@example.com")
    assert counts(move("storefront", url, here, "--sync")) == {"conflict": 1, "same": 1}
    assert codes(here) == ["merged"]
    assert live(here)[0].email == "ann@example.com"
    job = ImportJob.objects.latest("pk")
    deciding.decide(job, "theirs")
    jobs.run_rest(job)
    assert work(job)
    assert [customer.email for customer in live(here)] == ["second@example.com"]
    assert counts(move("storefront", url, here, "--sync")) == {"same": 2}


def test_two_changes_of_one_survivor_are_one_update_and_one_conflict(
    twins: tuple[Customer, Customer], here: Store, url: str
) -> None:
    for twin, phone in zip(twins, ("0412 111 111", "0412 222 222"), strict=True):
        change(twin, phone=phone)
    assert counts(move("storefront", url, here, "--sync")) == {"update": 1, "conflict": 1}
    assert [customer.phone for customer in live(here)] == ["0412 111 111"]


def test_a_merge_that_is_taken_apart_gives_each_its_own_id_back(
    twins: tuple[Customer, Customer], here: Store, url: str
) -> None:
    change(twins[1], phone="0412 999 888")
    move("storefront", url, here, "--sync")
    unmerge_customers(Merge.objects.filter(store=here), SYSTEM)
    assert len(live(here)) == 2
    owners = ImportedId.objects.filter(store=here).values_list("customer", flat=True)
    assert sorted(owners) == [customer.pk for customer in live(here)]


def test_a_survivor_that_was_deleted_is_a_conflict(
    twins: tuple[Customer, Customer], here: Store, url: str
) -> None:
    Customer.objects.live().filter(store=here).update(deleted_at="2026-01-01T00:00:00Z")
    change(twins[1], phone="0412 999 888")
    assert counts(move("storefront", url, here, "--sync")) == {"conflict": 1, "same": 1}
    assert codes(here) == ["deleted"]


def test_who_was_merged_there_is_no_second_customer_here(
    there: Store, here: Store, url: str
) -> None:
    """The survivor of there takes the e-mail of the one that is gone from its list."""
    first = CustomerFactory(store=there, email=None, **ANN)
    second = CustomerFactory(store=there, email="ann@example.com", **ANN)
    move("storefront", url, here)
    merge(first, second)
    first.refresh_from_db()
    assert first.email == "ann@example.com"
    assert counts(move("storefront", url, here, "--sync")) == {"conflict": 1}
    assert codes(here) == ["email_taken"]
    assert len(live(here)) == 2


@pytest.mark.parametrize("row", ["{uid},,", ",X-2,", ",,second@example.com"])
def test_a_file_that_names_a_merged_customer_makes_no_second_one(
    importing: Importing, row: str
) -> None:
    store = importing.store
    survivor = CustomerFactory(
        store=store, external_id="X-1", email="first@example.com", notes="", **ANN
    )
    loser = CustomerFactory(
        store=store, external_id="X-2", email="second@example.com", notes="", **ANN
    )
    merge_customers(survivor.as_queryset(), loser.as_queryset(), SYSTEM, CHOICES)
    job = importing.run(f"uid,external_id,email,notes\n{row.format(uid=loser.uid)},hello\n")
    assert counts({"counts": job.counts}) == {"conflict": 1}
    (found,) = importing.rows(job)
    assert (found.customer_id, found.issues[0]["code"]) == (survivor.pk, "merged")
    assert "It was merged into Ann Lee here." in found.issues[0]["text"]
    deciding.decide(job, "ours")
    assert counts({"counts": job.counts}) == {"same": 1}
    assert len(live(store)) == 1


CHOICES = {"email": "survivor", "external_id": "survivor"}


def test_a_plan_that_another_import_has_overtaken_moves_nobody_in_twice(
    there: Store, here: Store, url: str
) -> None:
    CustomerFactory.create_batch(3, store=there, email=None)
    move("storefront", url, here, "--dry-run")
    stale = ImportJob.objects.get()
    move("storefront", url, here)
    jobs.start(stale, State.RUNNING)
    assert work(stale)
    assert counts({"counts": stale.counts}) == {"conflict": 3}
    assert len(live(here)) == 3


def test_two_imports_of_one_server_are_not_written_at_once(
    there: Store, here: Store, url: str
) -> None:
    CustomerFactory(store=there)
    move("storefront", url, here, "--dry-run")
    first = ImportJob.objects.get()
    move("storefront", url, here, "--dry-run")
    second = ImportJob.objects.latest("pk")
    jobs.start(first, State.RUNNING)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        jobs.start(second, State.RUNNING)
