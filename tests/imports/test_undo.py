"""Taking an import back: everything as it was, but what others touched since."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.canonical import parse_email
from customers.imports.models import ImportChunk, ImportJob, Outcome, State
from customers.imports.services import undoing
from customers.imports.services.jobs import create_job
from customers.models import (
    Address,
    Contact,
    Customer,
    CustomerTag,
    LedgerEntry,
    MatchKey,
    MatchProfile,
    Tag,
)
from customers.models.ledger import Account
from customers.privacy.services.erasing import erase_customer
from customers.services.contacts import add_contact
from customers.services.customers import update_customer
from customers.services.tags import names_of
from orders.services.accounts import post_entry
from stores.actors import Actor
from stores.errors import Conflict
from stores.models import Event, Store
from tests.factories import CustomerFactory, OrderFactory, StoreFactory
from tests.imports.conftest import Importing, spool

pytestmark = pytest.mark.django_db
ELLA = Actor("staff", 2, "Ella Marsh")
MOVING = ("version", "updated_at")
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
        "customer since": st.sampled_from(["", "2019-03-04"]),
        "house account": st.sampled_from(["", "yes", "no"]),
        "opening balance": st.sampled_from(["", "5", "-3"]),
        "address 2 street": st.sampled_from(["", "9 Dock Rd"]),
    }
)
# What somebody else does between the run and the take back: fields for the service.
TOUCH = st.fixed_dictionaries(
    {},
    optional={
        "first_name": st.sampled_from(["Ann", "Theirs"]),
        "company": st.sampled_from(["Ann", "Theirs"]),
        "notes": st.just("Theirs"),
        "email": st.sampled_from([None, parse_email("new@example.com")]),
        "marketing_opt_in": st.booleans(),
        "discount_rate": st.sampled_from([Decimal("12.5"), Decimal(7)]),
        "is_account_enabled": st.just(True),
    },
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
    add_mary(importing)
    before = snapshot(importing)
    job = importing.check(table_of(rows), blank=blank)
    planned = {row.line: (row.action, row.diff) for row in importing.rows(job)}
    importing.step(job, State.RUNNING)
    assert {row.line: (row.action, row.diff) for row in importing.rows(job)} == planned
    second = importing.check(table_of(rows), blank=blank)
    assert (second.count("create"), second.count("update")) == (0, 0)
    importing.undo(job)
    assert snapshot(importing) == before
    assert all(row.outcome in ("", Outcome.UNDONE) for row in importing.rows(job))
    again = importing.check(table_of(rows), blank=blank)
    assert again.counts == job.counts


def add_mary(importing: Importing) -> Customer:
    customer: Customer = CustomerFactory(
        store=importing.store,
        external_id="0",
        name="Mary  Ann Lee",
        email="old@example.com",
        phone="(02) 9999 1111",
        tags=["old"],
        addresses=[{"line1": "1 George Street", "city": "Sydney"}],
        contacts=[{"name": "Kim", "title": "Buyer"}],
    )
    return customer


def table_of(rows: list[dict[str, str]]) -> str:
    lines = [[str(number), *row.values()] for number, row in enumerate(rows)]
    return "\n".join("\t".join(line) for line in [["external_id", *rows[0]], *lines])


# Columns that go back together, and what follows from others.
GROUPS = (
    {"name", "first_name", "last_name"},
    {"email", "email_key"},
    {"marketing_opt_in", "marketing_opt_in_at"},
)
FOLLOWING = {"search_text", "name_key"}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(row=ROW, touch=TOUCH, blank=st.sampled_from(["keep", "clear"]))
def test_take_back_leaves_what_others_changed_and_nothing_else_of_the_import(
    db: None, row: dict[str, str], touch: dict[str, Any], blank: str
) -> None:
    importing = Importing(StoreFactory())
    target = add_mary(importing).as_queryset()
    before = mary(target)
    job = importing.run(table_of([row]), blank=blank)
    imported = mary(target)
    update_customer(target, ELLA, {**touch, "tags": ["old", "hers"]})
    add_contact(target, ELLA, {"name": "Lou"})
    touched = mary(target)
    importing.undo(job)
    after = mary(target)
    changed = {name for name in before if touched[name] != imported[name]}
    changed |= {name for group in GROUPS if group & changed for name in group}
    expected = {name: (touched if name in changed else before)[name] for name in before}
    assert after == expected
    assert parts(target) == (["hers", "old"], ["1 George Street"], ["Kim", "Lou"])


def mary(target: Any) -> dict[str, Any]:
    row = without(target.values().get())
    return {name: value for name, value in row.items() if name not in FOLLOWING}


def parts(target: Any) -> tuple[list[str], list[str], list[str]]:
    customer = target.get()
    return (
        sorted(names_of(customer)),
        [address.line1 for address in customer.addresses.order_by("position")],
        [contact.name for contact in customer.contacts.order_by("id")],
    )


def test_a_tag_that_only_created_customers_had_goes_with_them(importing: Importing) -> None:
    importing.undo(importing.run('external_id,name,tags\n1,Ann,"new; old"\n'))
    assert not Tag.objects.filter(store=importing.store).exists()


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


def test_erasing_a_customer_erases_files_that_were_not_checked(importing: Importing) -> None:
    customer = CustomerFactory(store=importing.store, name="Ann Needle")
    texts = ("name,notes\nBob Ray,\n", 'name,notes\nBob Ray,"friend of Ann Needle"\n')
    other, named = (
        create_job(importing.store, ELLA, spool(text.encode()), "people.csv") for text in texts
    )
    erase_customer(customer.as_queryset(), ELLA)
    for job in (other, named):
        job.reload()
    assert (other.state, other.chunks.count()) == (State.UPLOADED, 1)
    assert (named.state, named.chunks.count(), named.samples) == (State.UNREADABLE, 0, [])
    assert "somebody in it was erased" in named.problem


def taken_back(store: Store, together: int) -> list[Any]:
    """Import and take back, and return what that left of each customer."""
    importing = Importing(store)
    job = importing.run(
        "external_id,name,email,tags,newsletter,address\n1,Ann Lee,ann@example.com,vip,yes,1 A St\n2,Bob,,,,\n"
        "3,Cleo,,,,\n"
    )
    update_customer(
        importing.customer(external_id="3").as_queryset(), ELLA, {"notes": "Rings twice"}
    )
    with mock.patch.object(undoing, "TOGETHER", together):
        importing.undo(job)
    rows = []
    for row in importing.rows(job):
        customer = row.customer
        event = Event.objects.filter(store=store, customer_uid=customer.uid).latest("pk")
        owned = {"store": store, "customer": customer}
        rows.append(
            [
                (event.type, event.version, event.changed, event.before, event.actor_name),
                event.snapshot["deleted_at"] == json_time(customer.deleted_at),
                customer.version,
                [model.objects.filter(**owned).count() for model in (MatchKey, MatchProfile)],
                (row.outcome, [text[:29] for _, text in row.kept]),
            ]
        )
    return rows


def json_time(moment: datetime | None) -> Any:
    return json.loads(json.dumps(moment, cls=DjangoJSONEncoder))


def test_customers_deleted_together_are_as_if_deleted_alone(
    store: Store, other_store: Store
) -> None:
    together = taken_back(store, together=50)
    assert [row[-1][0] for row in together] == [Outcome.UNDONE, Outcome.UNDONE, Outcome.KEPT]
    with mock.patch.object(undoing, "is_only_a_customer", return_value=False):
        assert taken_back(other_store, together=50) == together


def test_a_row_that_the_book_refused_is_tried_again(importing: Importing) -> None:
    job = importing.run("external_id,name\n1,Ann\n")
    with (
        mock.patch.object(undoing, "take_back_created", side_effect=Conflict("orders_open")),
        mock.patch.object(undoing, "delete_together", side_effect=Conflict("orders_open")),
    ):
        assert kept(importing, job) == [["", "The book refused it: orders open."]]
    assert kept(importing, job) == []
    assert not Customer.objects.live().filter(store=importing.store).exists()


def test_taking_back_twice_takes_back_what_has_become_free(importing: Importing) -> None:
    job = importing.run("external_id,name\n1,Ann\n2,Bob\n")
    importing.undo(job)
    importing.undo(job)
    assert not Customer.objects.live().filter(store=importing.store).exists()
