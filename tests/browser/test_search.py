"""Search from the head of a page with the keyboard, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from stores.models import Store
from tests.browser.conftest import Enter, press
from tests.browser.test_accessibility import AXE, RUN
from tests.factories import AddressFields, CustomerFactory, OrderFactory

pytestmark = pytest.mark.django_db(transaction=True)

LABEL = "Search customers, orders, contacts and tags"
TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"


@pytest.fixture
def book(store: Store) -> Store:
    for name in ("Brett Baker", "Brett Bakewell"):
        customer = CustomerFactory(
            store=store,
            name=name,
            company="A firm with quite a long name, Hardware and Sons of Moonee Ponds",
            email=f"{name.split()[1]}.with.a.long.address@hardware-and-sons.example".lower(),
            tags=["Bakers"],
            addresses=[AddressFields()],
            contacts=[{"name": f"Yusra {name}"}],
        )
        OrderFactory(customer=customer)
    return store


def violations(page: Page) -> list[str]:
    page.evaluate(AXE)
    found: list[str] = page.evaluate(RUN)
    return found


def test_text_typed_before_the_script_is_loaded_is_searched(enter: Enter, book: Store) -> None:
    page = enter("Clerk", book)
    page.add_init_script(
        """document.addEventListener("readystatechange", () => {
            if (document.readyState !== "interactive") return;  // scripts that are deferred run later
            const field = document.querySelector("form.find input");
            field.focus();
            field.value = "brett";
        })"""
    )
    page.goto("/admin/")
    expect(page.get_by_role("listbox").get_by_role("option")).to_have_count(6)


@pytest.mark.parametrize(
    ("width", "theme"), [(1280, "light"), (390, "dark"), (320, "light")], ids=str
)
def test_results_are_chosen_with_the_keyboard(
    enter: Enter, book: Store, width: int, theme: str
) -> None:
    page = enter("Clerk", book, viewport={"width": width, "height": 800}, color_scheme=theme)
    field = page.get_by_label(LABEL)
    press(page, "/")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    field.press_sequentially("brett")
    listed = page.get_by_role("listbox").get_by_role("option")
    expect(listed).to_have_count(6)
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status").filter(has_text="6 results")).to_be_attached()
    assert not page.evaluate(TOO_WIDE)
    assert violations(page) == []
    page.keyboard.press("ArrowUp")
    expect(listed.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(listed.first).to_have_attribute("aria-selected", "true")
    chosen = listed.first.get_attribute("id")
    expect(field).to_have_attribute("aria-activedescendant", chosen or "")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("brett")
    field.press_sequentially(" bakew")
    expect(listed.first).to_contain_text("Brett Bakewell")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Brett Bakewell")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 320])
def test_enter_shows_all_results(enter: Enter, book: Store, width: int) -> None:
    page = enter("Clerk", book, viewport={"width": width, "height": 800})
    page.get_by_label(LABEL).fill("brett baker")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Results for “brett baker”")
    expect(page.get_by_role("heading", level=2)).to_have_text(["Customers", "Orders", "Contacts"])
    assert not page.evaluate(TOO_WIDE)
    assert violations(page) == []
    page.get_by_role("link", name="Yusra Brett Baker").click()
    expect(page.get_by_role("heading", level=1, name="Brett Baker")).to_be_visible()


def test_search_works_without_javascript(enter: Enter, book: Store) -> None:
    page = enter("Clerk", book, java_script_enabled=False)
    field = page.get_by_label(LABEL)
    field.fill("bakewell")
    field.press("Enter")
    page.get_by_role("link", name="Brett Bakewell").first.click()
    expect(page.get_by_role("heading", level=1, name="Brett Bakewell")).to_be_visible()


def test_slash_is_a_letter_while_somebody_types(enter: Enter, book: Store) -> None:
    page = enter("Clerk", book)
    page.goto("/admin/customers/customer/add/")
    note = page.get_by_label("Notes")
    note.fill("1")
    note.press_sequentially("/2")
    expect(note).to_have_value("1/2")
