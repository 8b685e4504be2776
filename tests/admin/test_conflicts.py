"""Two people change one customer at a time: nothing typed is lost, and each disputed field is asked."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from customers.models import Customer, DeliveryZone
from customers.services.customers import update_customer
from customers.services.tags import create_tag
from stores.actors import Actor
from stores.models import Event
from tests.admin.pages import errors_of, messages_of, open_page, save
from tests.factories import AddressFields, CustomerFactory, parsed_fields

PAGE = "customers_customer"
BO = Actor("staff", 7, "Bo Fox")


def change(customer: Customer, **fields: Any) -> None:
    update_customer(customer.as_queryset(), BO, parsed_fields(fields))


def choices_of(page: HttpResponse) -> dict[str, tuple[str, str]]:
    """Return both values of each disputed field, by the name of its choice."""
    choices = page.context["adminform"].form.conflict.choices
    return {choice.name: (choice.mine, choice.theirs) for choice in choices}


def value(page: HttpResponse, name: str) -> Any:
    return page.context["adminform"].form[name].value()


def test_fields_of_both_are_kept_once_they_were_seen(owner: Client, customer: Customer) -> None:
    page = open_page(owner, PAGE, customer.pk)
    change(customer, phone="+61 2 9000 1234", is_blacklisted=True)
    answer = save(owner, page, first_name="Anna", notes="mine")
    errors = errors_of(answer)
    assert "Your changes were not saved" in errors
    assert "Bo Fox: Phone: – → +61 2 9000 1234" in errors
    assert "Bo Fox: Barred: no → yes" in errors
    assert choices_of(answer) == {}
    assert (value(answer, "notes"), value(answer, "phone")) == ("mine", "+61 2 9000 1234")
    assert Customer.objects.get(pk=customer.pk).notes == ""

    assert messages_of(save(owner, answer))[0].endswith("was changed successfully.")
    customer.refresh_from_db()
    assert (customer.first_name, customer.notes) == ("Anna", "mine")
    assert (customer.phone, customer.is_blacklisted) == ("+61 2 9000 1234", True)
    event = Event.objects.filter(customer_uid=customer.uid).latest("id")
    assert sorted(event.changed) == ["first_name", "name", "notes"]


@pytest.mark.parametrize(("decision", "saved"), [("mine", "Typed"), ("theirs", "Bo's")])
def test_each_disputed_field_is_asked(owner: Client, customer, decision: str, saved: str) -> None:
    page = open_page(owner, PAGE, customer.pk)
    change(customer, notes="Bo's", company="Bo's firm")
    answer = save(owner, page, notes="Typed", company="My firm")
    assert choices_of(answer) == {
        "keep-company": ("My firm", "Bo's firm"),
        "keep-notes": ("Typed", "Bo's"),
    }
    again = save(owner, answer, **{"keep-notes": decision})
    assert "Your changes were not saved" in errors_of(again)
    assert b'value="%s" checked' % decision.encode() in again.content
    assert value(again, "company") == "My firm"

    save(owner, again, **{"keep-company": "mine"})
    customer.refresh_from_db()
    assert (customer.notes, customer.company, customer.version) == (saved, "My firm", 3)


def test_a_third_change_meanwhile_is_shown_too(owner: Client, customer: Customer) -> None:
    page = open_page(owner, PAGE, customer.pk)
    change(customer, company="Bo's")
    answer = save(owner, page, notes="mine", company="Mine")
    change(customer, tax_id="42")
    again = save(owner, answer, **{"keep-company": "theirs"})
    assert "Tax id: – → 42" in errors_of(again)
    save(owner, again)
    customer.refresh_from_db()
    assert (customer.company, customer.tax_id, customer.notes) == ("Bo's", "42", "mine")


def test_one_value_typed_by_both_is_no_question(owner: Client, customer: Customer) -> None:
    page = open_page(owner, PAGE, customer.pk)
    change(customer, notes="same", discount_rate=Decimal(5))
    answer = save(owner, page, notes="same", discount_rate="5")
    assert choices_of(answer) == {}


def test_values_are_shown_in_words(owner: Client, store) -> None:
    customer = CustomerFactory(store=store, name="Ann Lee", birth_date=date(1980, 11, 5))
    old, new = create_tag(store, "Old"), create_tag(store, "New")
    page = open_page(owner, PAGE, customer.pk)
    change(
        customer,
        birth_date=date(1980, 5, 11),
        tags=["Old"],
        is_active=False,
        credit_limit=Decimal(3),
    )
    answer = save(
        owner,
        page,
        birth_date="06/11/1980",
        tag_list=[new.pk],
        credit_limit="2,000",
        is_active="on",
    )
    assert choices_of(answer) == {
        "keep-tag_list": ("New", "Old"),
        "keep-birth_date": ("6 Nov 1980", "11 May 1980"),
        "keep-credit_limit": ("2,000", "3.00"),
    }
    decisions = dict.fromkeys(choices_of(answer), "theirs")
    save(owner, answer, **decisions)
    customer.refresh_from_db()
    assert (str(customer.birth_date), customer.credit_limit) == ("1980-05-11", 3)
    assert (list(customer.tags.all()), customer.is_active) == ([old], False)


def test_without_a_known_version_each_difference_is_asked(owner: Client, customer) -> None:
    page = open_page(owner, PAGE, customer.pk)
    answer = save(owner, page, seen_version="", first_name="Anna")
    assert choices_of(answer) == {"keep-first_name": ("Anna", "Ann")}
    assert Customer.objects.get(pk=customer.pk).version == 1


def test_made_up_versions_save_nothing_unseen(owner: Client, customer: Customer) -> None:
    page = open_page(owner, PAGE, customer.pk)
    change(customer, notes="Bo's")
    for seen in ("x", "-1", "9" * 30, "٣"):
        answer = save(owner, page, seen_version=seen, notes="mine", shown_version=seen)
        assert "keep-notes" in choices_of(answer)
    assert Customer.objects.get(pk=customer.pk).notes == "Bo's"


def test_rows_of_both_are_kept(owner: Client, store) -> None:
    zone = DeliveryZone.objects.create(store=store, name="Harbour")
    shop = AddressFields(label="Shop", line1="1 George Street", city="Sydney", delivery_zone=zone)
    home = AddressFields(label="Home", line1="2 Pitt Street", city="Sydney")
    customer = CustomerFactory(
        store=store, name="Ann Lee", addresses=[shop, home], contacts=[{"name": "Cy"}]
    )
    page = open_page(owner, PAGE, customer.pk)
    first, second = customer.addresses.order_by("position")
    other = AddressFields(label="Depot", line1="9 Kent Street", city="Perth")
    seen = [{"uid": first.uid, "city": "Hobart", "phone": "02 9000 1234"}, {"uid": second.uid}]
    change(customer, addresses=[other, *seen], contacts=[{"name": "Cy"}, {"name": "Di"}])
    answer = save(
        owner,
        page,
        **{
            "addresses-0-city": "Darwin",
            "addresses-1-label": "Flat",
            "addresses-TOTAL_FORMS": "3",
            "addresses-2-line1": "3 Hay Street",
            "contacts-0-title": "Cook",
        },
    )
    choice = f"keep-addresses-{first.pk}-city"
    assert choices_of(answer) == {choice: ("Darwin", "Hobart")}
    save(owner, answer, **{choice: "mine"})
    saved = customer.addresses.order_by("position").values_list("label", "line1", "city")
    assert list(saved) == [
        ("Depot", "9 Kent Street", "Perth"),
        ("Shop", "1 George Street", "Darwin"),
        ("Flat", "2 Pitt Street", "Sydney"),
        ("", "3 Hay Street", ""),
    ]
    first.refresh_from_db()
    assert (first.phone, first.delivery_zone) == ("02 9000 1234", zone)
    assert set(customer.contacts.values_list("name", flat=True)) >= {"Cy", "Di"}


def test_a_removed_row_comes_back_only_when_it_was_typed_into(owner: Client, store) -> None:
    rows = [AddressFields(line1=line, city="Sydney") for line in ("1 A Street", "2 B Street")]
    customer = CustomerFactory(store=store, name="Ann Lee", addresses=rows)
    page = open_page(owner, PAGE, customer.pk)
    change(customer, addresses=[])
    answer = save(owner, page, **{"addresses-1-city": "Perth"})
    assert "Address removed" in errors_of(answer)
    save(owner, answer)
    assert list(customer.addresses.values_list("line1", "city")) == [("2 B Street", "Perth")]


def test_two_first_billing_addresses_are_compared(owner: Client, customer: Customer) -> None:
    page = open_page(owner, PAGE, customer.pk)
    change(customer, billing_address=AddressFields(line1="1 A Street", city="Perth"))
    mine = {"addresses-2-TOTAL_FORMS": "1", "addresses-2-0-line1": "2 B Street"}
    answer = save(owner, page, **mine, **{"addresses-2-0-city": "Perth"})
    [name] = choices_of(answer)
    assert choices_of(answer)[name] == ("2 B Street", "1 A Street")
    save(owner, answer, **{name: "theirs"})
    billing = customer.addresses.get(role="billing")
    assert (billing.line1, billing.city) == ("1 A Street", "Perth")


def test_the_day_of_a_customer_is_merged(owner: Client, customer: Customer) -> None:
    page = open_page(owner, PAGE, customer.pk)
    moment = datetime(2020, 2, 3, 4, 5, tzinfo=UTC)
    change(customer, customer_since=moment, notes="Bo's")
    answer = save(owner, page, notes="mine")
    assert choices_of(answer) == {"keep-notes": ("mine", "Bo's")}
    save(owner, answer, **{"keep-notes": "mine"})
    customer.refresh_from_db()
    assert (customer.customer_since, customer.notes) == (moment, "mine")

    page = open_page(owner, PAGE, customer.pk)
    change(customer, customer_since=moment.replace(year=2021))
    answer = save(owner, page, customer_since_0="2022-02-03")
    [(mine, theirs)] = choices_of(answer).values()
    assert ("2022" in mine, "2021" in theirs) == (True, True)
