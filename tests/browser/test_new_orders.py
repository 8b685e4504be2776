"""The total of a new order follows what is typed, and Enter places the order."""

from __future__ import annotations

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from orders.models import Order
from stores.models import Store
from tests.browser.conftest import Enter
from tests.factories import AddressFields, CustomerFactory, StoreFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store(transactional_db: None) -> Store:
    return StoreFactory(name="Harbour Bakery")


def test_total_follows_the_typing_and_enter_places(enter: Enter, store: Store) -> None:
    customer = CustomerFactory(
        store=store, name="Ann Lee", discount_rate=Decimal(10), addresses=[AddressFields()]
    )
    page = enter("Clerk", store)
    page.goto("/admin/orders/order/add/")
    sums = page.locator("#sums")
    expect(sums).to_contain_text("“Add up” shows")
    page.locator(".select2-selection").first.click()
    page.locator(".select2-search__field").fill("Ann")
    page.locator(".select2-results__option", has_text="Ann Lee").click()
    expect(page.locator("#id_deliver_to option")).to_have_count(2)
    page.locator("#id_lines-0-product_name").fill("Rye loaf")
    page.locator("#id_lines-0-quantity").fill("0.5")
    page.locator("#id_lines-0-unit_price").fill("10")
    expect(sums).to_contain_text("AUD 4.50")
    page.locator("#id_tax_rate").fill("10")
    expect(sums).to_contain_text("AUD 4.95")
    page.locator("#id_tax_rate").press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("is placed")
    assert Order.objects.get(customer=customer).total == Decimal("4.95")
