"""Compare customers who look alike, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from customers.matching.services.background import compare_waiting
from stores.models import Store
from tests.browser.conftest import Enter, press
from tests.factories import AddressFields, CustomerFactory, StoreFactory

pytestmark = pytest.mark.django_db(transaction=True)

PAIRS = (
    ("Brigid Castellanos", "Bridget Castelanos", "03 5550 1468"),
    ("Yusra Khatib", "Khatib Yusra", "0412 345 678"),
)


@pytest.fixture
def store(transactional_db: None) -> Store:
    store = StoreFactory(name="Harbour Bakery")
    for number, (*names, phone) in enumerate(PAIRS):
        address = AddressFields(line1=f"10{number} King Street", city="Essendon", postcode="3040")
        for name in names:
            email = f"{name.split()[0]}{number}@example.com".lower()
            CustomerFactory(store=store, name=name, email=email, phone=phone, addresses=[address])
    compare_waiting()
    return store


@pytest.mark.parametrize("width", [1280, 390])
def test_pairs_are_decided_with_the_keyboard(enter: Enter, store: Store, width: int) -> None:
    page = enter("Clerk", store, viewport={"width": width, "height": 900})
    page.goto("/admin/matching/duplicatepair/")
    expect(page.get_by_text("Pair 1 of 2")).to_be_visible()
    too_wide = "document.documentElement.scrollWidth > innerWidth"
    assert not page.evaluate(too_wide)
    press(page, "j")
    expect(page.get_by_text("Pair 2 of 2")).to_be_visible()
    press(page, "k")
    expect(page.get_by_text("Pair 1 of 2")).to_be_visible()
    press(page, "d")
    expect(page.get_by_text("are kept as different people")).to_be_visible()
    expect(page.get_by_text("Pair 1 of 1")).to_be_visible()
