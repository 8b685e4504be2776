"""Nothing that was typed is lost, and the keyboard reaches the usual jobs."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from customers.models import Customer
from customers.services.customers import update_customer
from stores.actors import SYSTEM
from stores.models import Store
from tests.browser.conftest import PASSWORD, Enter, press
from tests.factories import CustomerFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_typed_is_back_after_signing_in_again(enter: Enter, store: Store) -> None:
    customer = CustomerFactory(store=store, name="Ann Lee", company="Old")
    page = enter("Clerk", store)
    page.goto(f"/admin/customers/customer/{customer.pk}/change/?edit=all")
    page.locator("#id_company").fill("New")
    page.locator("#id_notes").fill("Typed for long")
    Session.objects.all().delete()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_label("Username").fill("clerk")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#id_company")).to_have_value("New")
    expect(page.get_by_role("status").filter(has_text="is back")).to_be_visible()
    assert Customer.objects.get().company == "Old"
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("was changed")
    assert Customer.objects.get().notes == "Typed for long"
    page.goto(f"/admin/customers/customer/{customer.pk}/change/?edit=all")
    expect(page.get_by_role("status").filter(has_text="is back")).to_have_count(0)


def test_leaving_a_changed_form_asks(enter: Enter, store: Store) -> None:
    customer = CustomerFactory(store=store, name="Ann Lee")
    page = enter("Clerk", store)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    path = f"/admin/customers/customer/{customer.pk}/change/?edit=all"
    page.goto(path)
    page.goto("/admin/")
    assert asked == []
    page.goto(path)
    page.locator("#id_company").press_sequentially("New")
    page.goto("/admin/")
    assert asked == ["beforeunload"]


def test_question_mark_lists_the_shortcuts(enter: Enter, store: Store) -> None:
    page = enter("Clerk", store)
    page.goto("/admin/customers/customer/")
    press(page, "?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_contain_text("Go to the search")
    dialog.get_by_label("Single letters work").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    press(page, "n")
    expect(page.get_by_role("heading", name="Customers", exact=True)).to_be_visible()
    press(page, "?")
    dialog.get_by_label("Single letters work").check()
    dialog.get_by_role("button", name="Close").click()
    press(page, "n")
    page.wait_for_url("**/customers/customer/add/**")


def test_a_field_that_two_changed_is_chosen_without_script(enter: Enter, store: Store) -> None:
    customer = CustomerFactory(store=store, name="Ann Lee", company="Old")
    page = enter("Clerk", store, java_script_enabled=False)
    page.goto(f"/admin/customers/customer/{customer.pk}/change/?edit=person")
    page.locator("#id_company").fill("Typed")
    page.locator("#id_notes").fill("Typed for long")
    update_customer(customer.as_queryset(), SYSTEM, {"company": "Theirs", "tax_id": "42"})
    page.get_by_role("button", name="Save", exact=True).click()
    choice = page.get_by_role("group", name="Company")
    expect(choice).to_contain_text("Theirs saved meanwhile")
    expect(page.locator("#id_notes")).to_have_value("Typed for long")
    choice.get_by_label("Typed").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("was changed")
    customer.refresh_from_db()
    assert (customer.company, customer.tax_id, customer.notes) == ("Typed", "42", "Typed for long")
