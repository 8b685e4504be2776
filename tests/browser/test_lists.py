"""Lists in a browser: cards on a phone, filters, views, and Undo of a bulk action."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from customers.models import Customer
from stores.models import Store
from tests.browser.conftest import Enter
from tests.factories import CustomerFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_rows_are_cards_on_a_phone(enter: Enter, store: Store) -> None:
    CustomerFactory(store=store, name="Ann Lee", email="a-rather-long-address@example.com")
    page = enter("Clerk", store, viewport={"width": 390, "height": 844})
    for path in ("customers/customer", "customers/tag", "stores/event", "customers/bulkrun"):
        page.goto(f"/admin/{path}/")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    page.goto("/admin/customers/customer/")
    table = page.locator("#result_list")
    expect(table).to_have_css("display", "block")
    assert table.evaluate("table => table.scrollWidth <= table.clientWidth")


def test_filter_view_and_undo(enter: Enter, store: Store) -> None:
    for name in ("Ann Lee", "Bo Fox"):
        CustomerFactory(store=store, name=name)
    page = enter("Clerk", store)
    page.goto("/admin/customers/customer/")
    page.get_by_label("Select Ann Lee for an action").check()
    page.locator("select[name=action]").select_option("suspend")
    page.get_by_role("button", name="Go").click()
    expect(page.locator(".messagelist")).to_contain_text("1 customer suspended")
    page.locator("summary", has_text="Filter").click()
    page.get_by_label("Active").select_option("no")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    page.locator("summary", has_text="Views").click()
    page.get_by_label("Name").fill("Suspended")
    page.get_by_role("button", name="Save the view").click()
    expect(page.get_by_role("link", name="Suspended", exact=True)).to_have_attribute(
        "aria-current", "page"
    )
    page.get_by_label("Select Ann Lee for an action").check()
    page.locator("select[name=action]").select_option("activate")
    page.get_by_role("button", name="Go").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".messagelist")).to_contain_text("Put back 1 of 1 customers")
    assert [c.name for c in Customer.objects.filter(is_active=False)] == ["Ann Lee"]
