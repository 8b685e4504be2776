"""How many clicks the frequent jobs take, counted from where they start, and the same by keyboard alone."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from customers.models import Address, Customer
from customers.tasks.models import Assignment, Note
from orders.models import Order
from orders.services.placing import place_order
from stores.actors import SYSTEM
from stores.models import Store
from tests.browser.conftest import Enter
from tests.factories import AddressFields, CustomerFactory, LineFields, StoreFactory

pytestmark = pytest.mark.django_db(transaction=True)

MOST_TABS = 19  # from the top of a page to its content


@pytest.fixture
def store(transactional_db: None) -> Store:
    return StoreFactory(name="Harbour Bakery")


@pytest.fixture
def debtor(store: Store) -> Customer:
    customer: Customer = CustomerFactory(
        store=store,
        name="Ann Lee",
        is_account_enabled=True,
        payment_terms="due_on_receipt",
        addresses=[AddressFields(label="Shop")],
    )
    line = LineFields(quantity=1, unit_price=Decimal("42.50"))
    placed = timezone.now() - timedelta(days=20)
    place_order(customer.as_queryset(), SYSTEM, [line], on_account=True, placed_at=placed)
    return customer


class Mouse:
    """Counts the clicks of a job; typing and Enter in a field are no clicks."""

    def __init__(self) -> None:
        self.clicks = 0

    def click(self, target: Locator) -> None:
        target.click()
        self.clicks += 1


def open_customer(page: Page, customer: Customer) -> None:
    page.goto(f"/admin/customers/customer/{customer.pk}/change/")


def test_balance_is_one_click_from_the_search_box(enter: Enter, store: Store, debtor: Any) -> None:
    page, mouse = enter("Clerk", store), Mouse()
    page.goto("/admin/customers/customer/")
    page.locator("#searchbar").fill("lee ann")
    page.keyboard.press("Enter")
    mouse.click(page.get_by_role("link", name="Ann Lee"))
    expect(page.locator(".figures").first).to_contain_text("42.50")
    assert mouse.clicks == 1


def test_address_is_fixed_in_three_clicks(enter: Enter, store: Store, debtor: Customer) -> None:
    page, mouse = enter("Clerk", store), Mouse()
    open_customer(page, debtor)
    mouse.click(page.get_by_role("link", name="Edit addresses"))
    page.locator("#id_addresses-0-line1").fill("7 Lane Street")
    mouse.click(page.get_by_role("button", name="Save", exact=True))
    expect(page.locator("#addresses").locator("xpath=../..")).to_contain_text("7 Lane Street")
    assert mouse.clicks <= 3
    assert Address.objects.get(store=store).line1 == "7 Lane Street"


def test_payment_is_taken_in_three_clicks(enter: Enter, store: Store, debtor: Customer) -> None:
    page, mouse = enter("Clerk", store), Mouse()
    open_customer(page, debtor)
    mouse.click(page.get_by_role("link", name="Record a payment"))
    page.get_by_role("textbox", name="Amount", exact=True).fill("42.50")
    page.get_by_label("Reference").fill("Counter")
    mouse.click(page.get_by_role("button", name="Record a payment"))
    expect(page.locator(".messagelist")).to_contain_text("The payment is recorded.")
    assert mouse.clicks <= 3
    debtor.refresh_from_db()
    assert debtor.account_balance == 0


def test_colleagues_changes_of_a_day_are_two_clicks_away(
    enter: Enter, store: Store, debtor: Customer
) -> None:
    page, mouse = enter("Clerk", store), Mouse()
    mouse.click(page.get_by_role("link", name="Activity", exact=True))
    mouse.click(page.get_by_role("link", name="Clientele", exact=True).last)
    expect(page.locator("#result_list")).to_contain_text("Ann Lee: created")
    assert mouse.clicks == 2


def press_until(page: Page, target: Locator, most: int) -> int:
    """Press Tab until the target has the focus, and return how often."""
    for presses in range(1, most + 1):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return presses
    raise AssertionError(f"not reached in {most} tabs")


def test_few_tabs_lead_from_the_top_into_the_page(
    enter: Enter, store: Store, debtor: Customer
) -> None:
    page = enter("Clerk", store)
    page.goto("/admin/")
    press_until(page, page.get_by_role("link", name="New order"), MOST_TABS)
    open_customer(page, debtor)
    press_until(page, page.get_by_role("link", name="New order"), MOST_TABS)
    page.goto("/admin/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skips to the content
    press_until(page, page.get_by_role("link", name="New order"), 2)


def test_task_is_taken_and_put_off_by_keyboard(
    enter: Enter, store: Store, debtor: Customer
) -> None:
    page = enter("Clerk", store)
    page.goto("/admin/")
    row = page.locator(".tasks > li", has_text="20 days overdue")
    row.locator(".person summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("The task is yours now.")
    page.locator(".tasks > li", has_text="20 days overdue").locator(".later summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("Put off until")
    assert Assignment.objects.get(store=store).snoozed_until is not None


def test_note_is_written_by_keyboard(enter: Enter, store: Store, debtor: Customer) -> None:
    page = enter("Clerk", store)
    open_customer(page, debtor)
    page.get_by_label("Note", exact=True).focus()
    page.keyboard.type("Rings twice.")
    press_until(page, page.get_by_role("button", name="Add the note"), 2)
    page.keyboard.press("Enter")
    expect(page.locator(".timeline")).to_contain_text("Rings twice.")
    assert Note.objects.get(store=store).text == "Rings twice."


def test_order_is_cancelled_by_keyboard_after_a_question(
    enter: Enter, store: Store, debtor: Customer
) -> None:
    page, order = enter("Clerk", store), Order.objects.get(store=store)
    page.goto(f"/admin/orders/order/{order.pk}/change/")
    page.locator("summary", has_text="More").focus()
    page.keyboard.press("Enter")
    press_until(page, page.get_by_role("link", name="Cancel the order"), 4)
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_contain_text("42.50 that is owed for it comes off")
    press_until(page, page.get_by_role("button", name=f"Cancel {order}"), 30)
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("is cancelled")


def test_payment_and_address_need_no_mouse(enter: Enter, store: Store, debtor: Customer) -> None:
    page = enter("Clerk", store)
    open_customer(page, debtor)
    press_until(page, page.get_by_role("link", name="Record a payment"), MOST_TABS + 1)
    page.keyboard.press("Enter")
    press_until(page, page.get_by_role("textbox", name="Amount", exact=True), 30)
    page.keyboard.type("42.50")
    press_until(page, page.get_by_label("Reference"), 5)
    page.keyboard.type("Counter")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("The payment is recorded.")
    press_until(page, page.get_by_role("link", name="Edit addresses"), 60)
    page.keyboard.press("Enter")
    press_until(page, page.locator("#id_addresses-0-line1"), 60)
    page.keyboard.press("Control+A")
    page.keyboard.type("7 Lane Street")
    page.keyboard.press("Enter")
    expect(page.locator("#addresses").locator("xpath=../..")).to_contain_text("7 Lane Street")


def test_customer_and_order_need_no_mouse(enter: Enter, store: Store, debtor: Customer) -> None:
    page = enter("Manager", store)
    page.goto("/admin/customers/customer/add/")
    press_until(page, page.locator("#id_last_name"), 30)
    page.keyboard.type("Bo")
    press_until(page, page.get_by_role("button", name="Save", exact=True), 40)
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("Bo")
    page.goto(f"/admin/orders/order/add/?customer={debtor.pk}")
    press_until(page, page.locator("[name$='-0-product_name']"), 40)
    page.keyboard.type("Loaf")
    press_until(page, page.locator("[name$='-0-quantity']"), 3)
    page.keyboard.press("Control+A")
    page.keyboard.type("2")
    press_until(page, page.locator("[name$='-0-unit_price']"), 3)
    page.keyboard.press("Control+A")
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    expect(page.locator(".sums .to-pay").last).to_contain_text("10.00")
    press_until(page, page.locator("summary", has_text="More"), MOST_TABS + 10)


def test_choice_of_tags_shows_where_the_focus_is(
    enter: Enter, store: Store, debtor: Customer
) -> None:
    page = enter("Clerk", store)
    page.goto(f"/admin/customers/customer/{debtor.pk}/change/?edit=all")
    press_until(page, page.locator(".select2-search__field").first, 40)
    expect(page.locator(".select2-selection--multiple").first).to_have_css("outline-style", "solid")
