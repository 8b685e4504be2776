"""Taking an import back: everything as it was, but what others touched since."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.imports.models import ImportChunk, ImportJob, Outcome
from customers.imports.services import undoing
from customers.models import Address, Contact, Customer, CustomerTag, LedgerEntry, Tag
from customers.models.ledger import Account
from customers.privacy.services.erasing import erase_customer
from customers.services.contacts import add_contact
from customers.services.customers import update_customer
from orders.services.accounts import post_entry
from stores.actors import Actor
from stores.errors import Conflict
from tests.factories import CustomerFactory, OrderFactory, StoreFactory
from tests.imports.conftest import Importing

pytestmark = pytest.mark.django_db
ELLA = Actor("staff", 2, "Ella Marsh")
MOVING = ("version", "updated_at", "marketing_opt_in_at")
TEXTS = st.sampled_from(["", "Ann", "Zoë", "O'Neil", "x y", "=1", "12"])
ROW = st.fixed_dictionaries(
    {
        "first_name": TEXTS,
        "last_name": TEXTS,
        "company": TEXTS,
        "email": st.sampled_from(["", "new@example.com", "Old@Example.com"]),
        "phone": st.sampled_from(["", "0412 345 678", "+61 3 9999 1111"]),
        "newsletter": st.sampled_from(["", "yes", "no"]),
        "notes": TEXTS,
        "tags": st.sampled_from(["", "old", "new", "newer; old"]),
        "discount": st.sampled_from(["", "0", "12.5"]),
        "address": st.sampled_from(["", "1 George Street", "2 New St"]),
        "city": st.sampled_from(["", "Sydney", "Perth"]),
        "billing address": st.sampled_from(["", "PO Box 1"]),
        "contact person": st.sampled_from(["", "Kim"]),
        "contact email": st.sampled_from(["", "kim@example.com"]),
    }
)


def snapshot(importing: Importing) -> dict[str, list[Any]]:
    """Return all rows of live customers, as they are in the database."""
    store = importing.store
    customers = Customer.objects.live().filter(store=store)
    rows: dict[str, list[Any]] = {
        "customers": [without(row) for row in customers.order_by("id").values()]
    }
    for model in (Address, Contact, CustomerTag):
        children = model.objects.filter(store=store, customer__in=customers).order_by("id")
        rows[model.__name__] = [without(row) for row in children.values()]
    rows["tags"] = list(
        Tag.objects.filter(store=store).order_by("key").values_list("key", flat=True)
    )
    return rows


def without(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in MOVING}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, min_size=1, max_size=3), blank=st.sampled_from(["keep", "clear"]))
def test_import_and_take_back_leaves_every_row_as_it_was(
    db: None, rows: list[dict[str, str]], blank: str
) -> None:
    importing = Importing(StoreFactory())  # a new one for each example
    CustomerFactory(
        store=importing.store,
        external_id="0",
        name="Mary  Ann Lee",
        email="old@example.com",
        phone="(02) 9999 1111",
        tags=["old"],
        addresses=[{"line1": "1 George Street", "city": "Sydney"}],
        contacts=[{"name": "Kim", "title": "Buyer"}],
    )
    before = snapshot(importing)
    header = ["external_id", *rows[0]]
    lines = [[str(number), *row.values()] for number, row in enumerate(rows)]
    text = "\n".join("\t".join(line) for line in [header, *lines])
    job = importing.run(text, blank=blank)
    importing.undo(job)
    assert snapshot(importing) == before
    assert all(row.outcome in ("", Outcome.UNDONE) for row in importing.rows(job))


def kept(importing: Importing, job: ImportJob) -> list[list[str]]:
    importing.undo(job)
    return [one for row in importing.rows(job) for one in row.kept]


def test_a_created_customer_that_somebody_changed_stays(importing: Importing) -> None:
    job = importing.run("external_id,name\n1,Ann\n")
    customer = importing.customer(external_id="1")
    update_customer(customer.as_queryset(), ELLA, {"notes": "Rings twice"})
    ((what, text),) = kept(importing, job)
    assert (what, text[:28]) == ("", "Ella Marsh changed notes at ")
    assert importing.customer(external_id="1").deleted_at is None
    assert importing.row(job, 2).outcome == Outcome.KEPT


def test_a_created_customer_with_orders_stays(importing: Importing) -> None:
    job = importing.run("external_id,name\n1,Ann\n")
    OrderFactory(customer=importing.customer(external_id="1"))
    assert "has 1 orders" in kept(importing, job)[0][1]


def test_a_created_customer_who_paid_stays(importing: Importing) -> None:
    job = importing.run("external_id,name,house account\n1,Ann,yes\n")
    customer = importing.customer(external_id="1")
    post_entry(customer.as_queryset(), ELLA, Account.HOUSE, 5)
    assert kept(importing, job)[0][1].startswith("Ella Marsh posted 5.00 at ")


def test_only_the_field_that_somebody_changed_since_stays(importing: Importing) -> None:
    CustomerFactory(store=importing.store, external_id="1", name="Ann", company="Old", email=None)
    job = importing.run("external_id,name,company,notes\n1,Ann Lee,New,Hello\n")
    customer = importing.customer(external_id="1")
    update_customer(customer.as_queryset(), ELLA, {"company": "Newer"})
    ((what, text),) = kept(importing, job)
    assert (what, text[:30]) == ("company", "Ella Marsh changed company at ")
    customer.refresh_from_db()
    assert (customer.name, customer.company, customer.notes) == ("Ann", "Newer", "")
    assert importing.row(job, 2).outcome == Outcome.PARTLY


def test_an_address_that_somebody_changed_since_stays(importing: Importing) -> None:
    CustomerFactory(store=importing.store, external_id="1", email=None)
    job = importing.run("external_id,address,city\n1,1 A St,Perth\n")
    customer = importing.customer(external_id="1")
    update_customer(customer.as_queryset(), ELLA, {"delivery_address": {"city": "Hobart"}})
    ((what, text),) = kept(importing, job)
    assert what == "1 A St, Hobart"
    assert text.startswith("Ella Marsh changed addresses at ")
    assert Address.objects.get(customer=customer).city == "Hobart"


def test_a_contact_that_somebody_added_since_stays(importing: Importing) -> None:
    CustomerFactory(store=importing.store, external_id="1", email=None)
    job = importing.run("external_id,contact person\n1,Kim\n")
    customer = importing.customer(external_id="1")
    add_contact(customer.as_queryset(), ELLA, {"name": "Lou"})
    assert kept(importing, job) == []
    assert [contact.name for contact in customer.contacts.all()] == ["Lou"]


def test_an_opening_balance_is_posted_back(importing: Importing) -> None:
    CustomerFactory(
        store=importing.store, external_id="1", name="Ann", email=None, is_account_enabled=True
    )
    job = importing.run("external_id,name,house account,opening balance\n1,,,50\n2,Bob,yes,70\n")
    assert kept(importing, job) == []
    amounts = LedgerEntry.objects.filter(store=importing.store).order_by("id")
    assert [entry.amount for entry in amounts] == [50, 70, -70, -50]
    assert importing.customer(external_id="1").account_balance == 0


def test_erasing_a_customer_erases_its_imports(importing: Importing) -> None:
    job = importing.run("external_id,name,email\n1,Ann Needle,\n2,Ann Needle,bad\n3,Bob Ray,\n")
    erase_customer(importing.customer(external_id="1").as_queryset(), ELLA)
    assert [row.label for row in importing.rows(job)] == ["Bob Ray"]
    assert not ImportChunk.objects.filter(store=importing.store).exists()
    job.reload()
    assert job.samples == []


def test_a_row_that_the_book_refused_is_tried_again(importing: Importing) -> None:
    job = importing.run("external_id,name\n1,Ann\n")
    with mock.patch.object(undoing, "take_back_created", side_effect=Conflict("orders_open")):
        assert kept(importing, job) == [["", "The book refused it: orders open."]]
    assert kept(importing, job) == []
    assert not Customer.objects.live().filter(store=importing.store).exists()


def test_taking_back_twice_takes_back_what_has_become_free(importing: Importing) -> None:
    job = importing.run("external_id,name\n1,Ann\n2,Bob\n")
    importing.undo(job)
    importing.undo(job)
    assert not Customer.objects.live().filter(store=importing.store).exists()
