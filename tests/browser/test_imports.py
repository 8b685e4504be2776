"""The wizard of imports in a real browser, on a wide screen and on a phone, from the file to take back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from customers.imports.services.working import work_on_all
from customers.models import Customer
from stores.models import Store
from tests.browser.conftest import Enter
from tests.factories import CustomerFactory, StoreFactory
from tests.imports import book

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store(transactional_db: None) -> Store:
    return StoreFactory(name="Harbour Bakery")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "wholesale-list.csv"
    with path.open("w") as file:
        book.write(file, 40, 4)
    return path


def shoot(page: Page, name: str) -> None:
    """Keep a picture in the folder that SCREENSHOTS names, if it does."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("script", [True, False])
def test_from_the_file_to_take_back(
    enter: Enter, store: Store, file: Path, width: int, script: bool
) -> None:
    CustomerFactory(store=store, external_id="C1", name="Old Name", email="old@example.com")
    look = {"viewport": {"width": width, "height": 900}, "java_script_enabled": script}
    page = enter("Manager", store, **look)
    page.goto("/admin/imports/importjob/")
    page.get_by_role("link", name="New import").click()
    page.get_by_label("File").set_input_files(file)
    shoot(page, f"1-file-{width}")
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_label("opening_balance")).to_have_value("opening_balance")
    shoot(page, f"2-columns-{width}")
    page.get_by_label("website").select_option("Keep in the notes")
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("status").filter(has_text="Being checked")).to_be_visible()
    shoot(page, f"3-checking-{width}")
    work_on_all()
    run = page.get_by_role("button", name="Import 36 customers")
    expect(run).to_be_visible()  # the page loads itself again
    expect(page.get_by_text("An e-mail address needs an @").first).to_be_visible()
    shoot(page, f"4-check-{width}")
    page.get_by_role("link", name="Changed 1").click()
    expect(page.get_by_text("Old Name").last).to_be_visible()
    shoot(page, f"5-changed-{width}")
    run.click()
    expect(page.get_by_role("status").filter(has_text="Being written")).to_be_visible()
    page.reload()
    work_on_all()
    expect(page.get_by_role("link", name="Take back")).to_be_visible()
    assert Customer.objects.live().filter(store=store).count() == 36
    shoot(page, f"6-result-{width}")
    page.get_by_role("link", name="Take back").click()
    shoot(page, f"7-ask-{width}")
    page.get_by_role("button", name="Take back").click()
    work_on_all()
    expect(page.get_by_text("36 rows are taken back.")).to_be_visible()
    shoot(page, f"8-taken-back-{width}")
    assert Customer.objects.live().get(store=store).name == "Old Name"
    if script:
        assert fits(page)
