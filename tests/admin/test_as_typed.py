"""What staff type and paste into forms."""

from __future__ import annotations

import pytest
from django.test import Client

from customers.models import Customer, Tag
from stores.models import Store
from tests.admin.pages import errors_of, open_page, save

UNSEEN = ["\u200b", "\u2800", "\u3164", "\u202e\u2060"]


@pytest.mark.parametrize("name", UNSEEN)
@pytest.mark.parametrize("page", ["customers_tag", "customers_deliveryzone", "customers_depot"])
def test_a_name_that_nobody_can_see_is_refused(
    owner: Client, store: Store, page: str, name: str
) -> None:
    answer = save(owner, open_page(owner, page), store=store.pk, name=name)
    assert "This field is required." in errors_of(answer)


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
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    owner: Client, customer: Customer, field: str, value: str, message: str
) -> None:
    page = save(owner, open_page(owner, "customers_customer", customer.pk), **{field: value})
    assert message in errors_of(page)
