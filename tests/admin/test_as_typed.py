"""What staff type and paste into forms."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from customers.models import Customer, Tag
from stores.models import SavedView, Store
from tests.admin.pages import errors_of, messages_of, open_page, save

UNSEEN = ["\u200b", "\u2800", "\u3164", "\u202e\u2060"]


@pytest.mark.parametrize("name", UNSEEN)
@pytest.mark.parametrize(
    "page",
    [
        "customers_tag",
        "customers_deliveryzone",
        "customers_depot",
        "stores_store",
        "stores_apikey",
    ],
)
def test_a_name_that_nobody_can_see_is_refused(
    owner: Client, store: Store, page: str, name: str
) -> None:
    answer = save(owner, open_page(owner, page), store=store.pk, name=name)
    assert "This field is required." in errors_of(answer)


@pytest.mark.parametrize("name", UNSEEN)
def test_a_saved_view_has_a_name_that_can_be_seen(owner: Client, store: Store, name: str) -> None:
    page = owner.post(reverse("admin:customers_customer_saveview"), {"name": name}, follow=True)
    assert messages_of(page) == ["The view was not saved. Name: This field is required."]
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("name", UNSEEN)
def test_a_store_that_nobody_can_see_is_not_created_by_the_command(db: None, name: str) -> None:
    with pytest.raises(CommandError, match="name: This field is required"):
        call_command("create_store", name, "--country", "AU", "--currency", "AUD")


def test_names_lose_what_nobody_sees(owner: Client, customer: Customer) -> None:
    page = open_page(owner, "customers_customer", customer.pk)
    save(owner, page, first_name="\u202eAnna", last_name="\u3164", company="\u2800")
    customer.refresh_from_db()
    assert (customer.name, customer.last_name, customer.company) == ("Anna", "", "")


def test_a_tag_is_the_one_with_another_apostrophe(owner: Client, store: Store) -> None:
    save(owner, open_page(owner, "customers_tag"), store=store.pk, name="Bride’s friends")
    answer = save(owner, open_page(owner, "customers_tag"), store=store.pk, name="Bride's friends")
    assert "The store already has a tag of this name." in errors_of(answer)
    assert Tag.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("birth_date", "1899-12-31", "Enter a day from 1900-01-01 to today."),
        ("birth_date", "2999-01-01", "Enter a day from 1900-01-01 to today."),
        ("website", "javascript:alert(1)", "Enter a web address that begins with"),
        ("phone", "-412345678", "Enter a valid phone number."),
        ("email", "ja\u200bne@example.org", "e-mail address"),
        ("mobile", "-412345678", "Enter a valid phone number."),
        ("fax", "call me", "Enter a valid phone number."),
        ("cc_email", "jane@", "Enter a valid e-mail address."),
        ("addresses-0-phone", "−412345678", "Enter a valid phone number."),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    owner: Client, customer: Customer, field: str, value: str, message: str
) -> None:
    page = save(owner, open_page(owner, "customers_customer", customer.pk), **{field: value})
    assert message in errors_of(page)


def test_a_tag_is_found_in_any_spelling(owner: Client, store: Store) -> None:
    for name in ("Müller", "Mulde", "Other"):
        save(owner, open_page(owner, "customers_tag"), store=store.pk, name=name)
    page = owner.get(reverse("admin:customers_tag_changelist"), {"q": "mueller"})
    assert [tag.name for tag in page.context["cl"].result_list] == ["Müller"]


def test_what_nobody_sees_is_not_stored(owner: Client, customer: Customer) -> None:
    page = open_page(owner, "customers_customer", customer.pk)
    save(
        owner,
        page,
        mobile="\u202a+61\u2009412 345 678\u202c",
        cc_email="jane@exa\u200bmple.org",
        **{"addresses-0-phone": "+61\u00a0412 345\u200b679"},
    )
    customer.refresh_from_db()
    assert (customer.mobile, customer.cc_email) == ("+61 412 345 678", "jane@example.org")
    assert customer.addresses.get().phone == "+61 412 345679"


def test_a_contact_has_a_phone_and_an_address_that_can_be_used(
    owner: Client, customer: Customer
) -> None:
    new = {"contacts-TOTAL_FORMS": "1", "contacts-0-name": "Bo"}
    page = open_page(owner, "customers_customer", customer.pk)
    refused = save(owner, page, **new, **{"contacts-0-phone": "-5", "contacts-0-email": "bo@"})
    assert "Enter a valid phone number." in errors_of(refused)
    assert "Enter a valid e-mail address." in errors_of(refused)
    save(owner, page, **new, **{"contacts-0-email": "bo@exa\u2060mple.org"})
    assert customer.contacts.get().email == "bo@example.org"


def test_what_an_earlier_release_took_stays(owner: Client, customer: Customer) -> None:
    Customer.objects.update(mobile="ask Bo", fax="none", cc_email="Bo")
    page = save(owner, open_page(owner, "customers_customer", customer.pk), company="Lee Ltd")
    customer.refresh_from_db()
    assert (customer.company, customer.mobile, customer.cc_email) == ("Lee Ltd", "ask Bo", "Bo"), (
        page.context
    )
