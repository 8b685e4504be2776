"""An erasure leaves nothing of a person in any table, and changes no money, order, version or event's place."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Model

from customers.models import Customer, LedgerEntry
from customers.privacy.models import Erasure
from customers.privacy.personal_data import PERSONAL_TABLES, PersonalTable
from customers.privacy.services.erasing import erase_customer, preview_erasure
from customers.services.customers import create_customer
from orders.models import DailySales, Order, OrderLine, Payment
from orders.services.customers import delete_customer
from stores.actors import SYSTEM
from stores.errors import Conflict, NotFound
from stores.models import Event, Store
from tests.factories import CustomerFactory, OrderFactory, parsed_fields
from tests.privacy.person import EMAIL, Doors
from tests.privacy.scan import places_of_needles

# Columns that are erased although no door writes a name into them.
WITHOUT_MARKER = {
    "customers_bulkchange": {"outcome", "reason"},  # a code; names staff
    "customers_address": {"country_code", "geocode_status", "place_id", "role", "state_code"},
    "customers_customer": {"gender", "marketing_opt_in", "phone_dial_code"}
    | {"default_depot_id", "is_blacklisted"},
    "django_admin_log": {"change_message"},
    "imports_importedid": {"foreign_id", "payload"},  # the person came from no other server
    # Codes, and a hash: a pair repeats nothing of the two.
    "matching_duplicatepair": {"reasons", "evidence", "decision", "decided_by", "decided_reasons"},
    "merging_merge": {"undo_report"},  # the merge still stands
    "orders_letter": {"error"},  # what a mail server said
    "privacy_dataexport": {"actor_name", "file"},
    "orders_creditcheck": {"factors", "rating", "risk", "actor_name"},
    "tasks_note": {"actor_name", "assignee_name", "done_by", "remind_on"},  # staff, and their day
}


def erase(customer: Customer) -> Erasure:
    return erase_customer(customer.as_queryset(), SYSTEM)


def erased_columns(table: PersonalTable) -> set[str]:
    return table.classified() - {*table.kept}


def test_person_has_a_marker_in_every_column_that_is_erased(merged_person: Customer) -> None:
    places = places_of_needles()
    for table in PERSONAL_TABLES:
        name = table.model._meta.db_table
        marked = {column for place, column in places if place == name}
        assert erased_columns(table) - marked == WITHOUT_MARKER.get(name, set())


def test_nothing_of_a_person_stays(merged_person: Customer) -> None:
    erase(merged_person)
    assert places_of_needles() == set()
    assert Erasure.objects.count() == 2


def output_of(command: str) -> str:
    out = io.StringIO()
    try:
        call_command(command, stdout=out)
    except SystemExit as ended:
        return f"{out.getvalue()} {ended.code}"
    return out.getvalue()


def test_proofs_say_the_same_before_and_after(person: Customer) -> None:
    commands = ("verify_ledger", "verify_outbox")
    before = [output_of(command) for command in commands]
    erase(person)
    assert [output_of(command) for command in commands] == before


def rows_of(model: type[Model], *erased: str) -> list[dict[str, Any]]:
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in erased]
    return list(model._default_manager.order_by("pk").values(*names))


def books() -> list[Any]:
    """Return all that the shop's books are made of."""
    return [
        rows_of(LedgerEntry, "notes"),
        rows_of(Order, "shipping_address", "merchant_note"),
        rows_of(OrderLine),
        rows_of(Payment, "reason"),
        rows_of(DailySales),
        Customer.objects.order_by("pk").values_list(
            "account_balance", "total_spent", "order_count"
        ),
    ]


def test_money_orders_and_numbers_stay(person: Customer) -> None:
    before = list(map(list, books()))
    erase(person)
    assert list(map(list, books())) == before


def test_address_of_an_order_keeps_codes_for_tax(person: Customer) -> None:
    order = Order.objects.get(customer=person)
    order.shipping_address |= {"country_code": "AU", "state_code": "VIC"}
    order.save()
    erase(person)
    order.refresh_from_db()
    assert order.shipping_address["country_code"] == "AU"
    assert order.shipping_address["state_code"] == "VIC"
    assert "line1" not in order.shipping_address


def test_history_keeps_its_order_and_gets_one_event(person: Customer) -> None:
    columns = ("id", "uid", "type", "version", "changed", "actor_name", "created_at")
    before = list(Event.objects.order_by("id").values(*columns))
    erasure = erase(person)
    events = list(Event.objects.order_by("id").values(*columns))
    assert events[:-1] == before
    assert events[-1]["type"] == "customer.deleted"
    assert events[-1]["version"] == before[-1]["version"] + 1
    assert events[-1]["uid"] == erasure.event_uid


def test_erasing_twice_is_once(person: Customer) -> None:
    erasure = erase(person)
    events, version = Event.objects.count(), Customer.objects.get().version
    assert erase(person) == erasure
    assert preview_erasure(person.as_queryset()).erasure == erasure
    assert (Event.objects.count(), Customer.objects.get().version) == (events, version)
    assert Erasure.objects.count() == 1


def test_preview_changes_nothing_and_tells_the_same_numbers(person: Customer) -> None:
    places = places_of_needles()
    preview = preview_erasure(person.as_queryset())
    assert places_of_needles() == places
    assert preview.refusals == []
    assert preview.counts["Contacts"] == 1
    assert preview.counts["Addresses"] == 3
    counts = erase(person).counts
    assert counts["customers.Contact"] == 1
    assert counts["customers.Address"] == 3
    assert counts["customers.LedgerEntry"] == preview.counts["Entries of the account"]


def test_a_deleted_customer_can_be_erased(store: Store) -> None:
    customer = CustomerFactory(store=store, name="Ann Zebrabaum")
    delete_customer(customer.as_queryset(), SYSTEM)
    former = Customer.objects.get().deleted_at
    erase(customer)
    assert places_of_needles() == set()
    assert Customer.objects.get().deleted_at == former


def test_the_same_person_elsewhere_stays(person: Customer, other_store: Store) -> None:
    other = CustomerFactory(store=other_store, name="Zebrabaum", email=f"other.{EMAIL}")
    erase(person)
    other.refresh_from_db()
    assert other.name == "Zebrabaum"
    assert other.deleted_at is None
    with pytest.raises(NotFound):
        erase_customer(Customer.objects.for_store(other_store).filter(uid=person.uid), SYSTEM)


def test_email_is_free_again(person: Customer, store: Store) -> None:
    erase(person)
    row = create_customer(store, SYSTEM, parsed_fields({"name": "New", "email": EMAIL}))
    assert row["email"] == EMAIL
    assert Doors(store).client.ok("GET", f"/customers?filter[email]={EMAIL}")["data"]


def refusals(customer: Customer) -> list[str]:
    with pytest.raises(Conflict):
        erase(customer)
    return [refusal.code for refusal in preview_erasure(customer.as_queryset()).refusals]


def test_an_order_under_way_refuses(store: Store) -> None:
    customer = CustomerFactory(store=store)
    OrderFactory(customer=customer)
    assert refusals(customer) == ["orders_under_way", "customer_owes"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"status": "delivered"}, "customer_owes"),
        ({"status": "cancelled", "paid_amount": 5, "refunded_amount": 2}, "owed_to_customer"),
    ],
)
def test_money_of_orders_refuses(store: Store, change: dict[str, Any], code: str) -> None:
    customer = CustomerFactory(store=store)
    order = OrderFactory(customer=customer)
    Order.objects.filter(pk=order.pk).update(**change)
    assert refusals(customer) == [code]


@pytest.mark.parametrize(("balance", "code"), [(7, "customer_owes"), (-7, "owed_to_customer")])
def test_money_of_the_account_refuses(store: Store, balance: int, code: str) -> None:
    customer = CustomerFactory(store=store)
    Customer.objects.filter(pk=customer.pk).update(account_balance=balance)
    assert refusals(customer) == [code]
    assert Customer.objects.get().name == customer.name
