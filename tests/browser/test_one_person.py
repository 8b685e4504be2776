"""One person, one row: twins are seen while they are typed, found, compared, merged and taken apart."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from customers.matching.services.background import compare_waiting
from customers.models import Customer
from stores.models import Store
from tests.browser.conftest import Enter, press
from tests.browser.test_accessibility import AXE, RUN
from tests.factories import AddressFields, CustomerFactory

pytestmark = pytest.mark.django_db(transaction=True)

TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"
SEARCH = "Search customers, orders, contacts and tags"


@pytest.fixture
def twins(store: Store) -> list[Customer]:
    home = AddressFields(line1="101 King Street", city="Essendon", postcode="3040")
    named = (("Brigid Castellanos", "brigid@example.com"), ("Bridget Castelanos", "bc@example.org"))
    twins = [
        CustomerFactory(store=store, name=name, email=email, phone="03 5550 1468", addresses=[home])
        for name, email in named
    ]
    compare_waiting()
    return twins


def violations(page: Page) -> list[str]:
    page.evaluate(AXE)
    found: list[str] = page.evaluate(RUN)
    return found


@pytest.mark.parametrize(
    ("width", "theme"), [(1280, "light"), (390, "dark"), (320, "light")], ids=str
)
def test_twin_is_shown_while_it_is_typed(
    enter: Enter, store: Store, twins: list[Customer], width: int, theme: str
) -> None:
    page = enter("Clerk", store, viewport={"width": width, "height": 800}, color_scheme=theme)
    page.goto("/admin/customers/customer/add/")
    box = page.get_by_role("region", name="Looks like")
    page.get_by_label("First name").first.fill("Brigitte")
    page.get_by_label("Last name").first.fill("Castelanos")
    expect(box).to_contain_text("03 5550 1468")
    expect(box).to_be_in_viewport()
    expect(box).to_contain_text("last names", ignore_case=True)
    assert not page.evaluate(TOO_WIDE)
    assert violations(page) == []
    page.get_by_label("Last name").first.fill("Okonkwo")
    expect(box).to_have_count(0)
    page.get_by_label("Phone").first.fill("0355501468")
    expect(box.get_by_role("listitem")).to_have_count(2)
    page.on("dialog", lambda dialog: dialog.accept())  # what was typed is not saved
    box.get_by_role("link", name="Open Bridget Castelanos").click()
    page.wait_for_url(f"**/customers/customer/{twins[1].pk}/change/")


def test_who_was_shown_is_not_asked_about_again(
    enter: Enter, store: Store, twins: list[Customer]
) -> None:
    page = enter("Clerk", store)
    page.goto("/admin/customers/customer/add/")
    page.get_by_label("First name").first.fill("Brigid")
    page.get_by_label("Last name").first.fill("Castellanos")
    expect(page.get_by_role("region", name="Looks like")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("was added successfully")
    assert Customer.objects.for_store(store).count() == 3


@pytest.mark.parametrize("width", [1280, 390])
def test_twins_are_found_compared_merged_and_taken_apart(
    enter: Enter, store: Store, twins: list[Customer], width: int
) -> None:
    kept, gone = twins
    page = enter("Manager", store, viewport={"width": width, "height": 900})
    field = page.get_by_label(SEARCH)
    field.press_sequentially("brigid essendon")
    page.get_by_role("listbox").get_by_role("option").first.click()
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_text("Pair 1 of 1")).to_be_visible()
    expect(page.get_by_role("list", name="Reasons")).to_contain_text("Same phone")
    press(page, "m")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Merge Bridget Castelanos into")
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("is merged into Brigid Castellanos")
    page.goto(f"/admin/customers/customer/{gone.pk}/change/")  # a bookmark of the duplicate
    expect(page.locator(".messagelist")).to_contain_text("was merged into Brigid Castellanos")
    page.goto("/admin/merging/merge/")
    page.locator("#result_list tbody a").click()
    page.get_by_role("link", name="Take apart…").click()
    page.get_by_role("button", name="Take apart").click()
    expect(page.locator(".messagelist")).to_contain_text("Taken apart")
    assert set(Customer.objects.for_store(store).live()) == {kept, gone}
    page.goto("/admin/matching/duplicatepair/")
    expect(page.get_by_text("No customers look alike now")).to_be_visible()
