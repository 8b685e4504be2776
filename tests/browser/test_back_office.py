"""A day's work in the back office, in a real browser."""

from __future__ import annotations

import csv
import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

from customers.models import Customer, Depot
from customers.services.tags import create_tag
from orders.models import Order
from stores.models import ApiKey, Store
from tests.browser.conftest import Enter
from tests.factories import (
    AddressFields,
    ApiKeyFactory,
    CustomerFactory,
    LineFields,
    OrderFactory,
    StoreFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store(transactional_db: None) -> Store:
    return StoreFactory(name="Harbour Bakery")


def ask(url: str, key: str) -> Any:
    with urlopen(Request(url, headers={"Authorization": f"Bearer {key}"})) as answer:
        return json.load(answer)


def search(page: Page, words: str) -> None:
    page.get_by_role("link", name="Customers", exact=True).first.click()
    page.locator("#searchbar").fill(words)
    page.get_by_role("button", name="Search").click()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def test_edited_address_shows_in_timeline_and_api(
    enter: Enter, store: Store, live_server: Any
) -> None:
    CustomerFactory(store=store, name="Bo Fox", phone="02 9111 1111")
    customer = CustomerFactory(
        store=store,
        name="Ann Lee",
        phone="+61 2 9000 1234",
        addresses=[AddressFields(label="Shop")],
    )
    key = ApiKeyFactory(store=store)
    page = enter("Clerk", store)
    search(page, "9000 12")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Ann Lee").click()
    page.get_by_role("link", name="Edit addresses").click()
    page.locator("#id_addresses-0-line1").fill("77 Harbour Street")
    save(page)
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")
    timeline = page.locator("#timeline")
    expect(timeline).to_contain_text("Changed by clerk")
    expect(timeline).to_contain_text("77 Harbour Street")
    url = f"{live_server.url}/stores/{store.uid}/customers/{customer.uid}"
    assert "77 Harbour Street" in json.dumps(ask(url, key.text))
    page.get_by_text("In each API").click()
    page.get_by_role("link", name="Web shops").click()
    expect(page.locator("pre.data")).to_contain_text("77 Harbour Street")


def test_order_on_account_stops_at_the_limit(enter: Enter, store: Store) -> None:
    customer = CustomerFactory(
        store=store, name="Ann Lee", is_account_enabled=True, credit_limit=Decimal(100)
    )
    page = enter("Clerk", store)
    order_bread(page, customer, "100")
    expect(page.locator(".messagelist")).to_contain_text("is placed")
    order_bread(page, customer, "0.01")
    expect(page.locator(".errornote").first).to_be_visible()
    expect(page.locator("#content")).to_contain_text("over the credit limit: limit 100.00")
    assert Order.objects.count() == 1
    assert Customer.objects.get(pk=customer.pk).account_balance == 100


def order_bread(page: Page, customer: Customer, price: str) -> None:
    page.goto(f"/admin/customers/customer/{customer.pk}/change/")
    page.get_by_role("link", name="New order").click()
    page.locator("#id_lines-0-product_name").fill("Rye loaf")
    page.locator("#id_lines-0-quantity").fill("1")
    page.locator("#id_lines-0-unit_price").fill(price)
    page.get_by_label("On account").check()
    page.get_by_role("button", name="Save", exact=True).click()


def test_new_key_is_shown_once_and_opens_the_api(
    enter: Enter, store: Store, live_server: Any
) -> None:
    CustomerFactory(store=store, name="Ann Lee")
    page = enter("Administrator", store)
    page.goto("/admin/stores/apikey/add/")
    page.get_by_label("Name").fill("Web shop")
    page.get_by_label("Web shop", exact=True).check()
    page.get_by_role("button", name="Save", exact=True).click()
    text = page.locator("#secret").input_value()
    response_body = ask(f"{live_server.url}/stores/{store.uid}/customers", text)
    assert "Ann Lee" in json.dumps(response_body)
    page.get_by_role("link", name="I have copied it").click()
    expect(page.locator("#content")).to_contain_text("Read customers, addresses")
    assert text not in page.content()
    page.get_by_role("link", name="Revoke the key").click()
    page.get_by_role("button", name="Revoke for good").click()
    expect(page.locator(".messagelist")).to_contain_text("revoked")
    assert ApiKey.objects.get().revoked_at is not None


def test_all_filtered_rows_are_tagged_and_exported(
    enter: Enter, store: Store, tmp_path: Path
) -> None:
    for number in range(55):
        CustomerFactory(store=store, name=f"Baker {number}", notes="=1+1")
    CustomerFactory(store=store, name="Smith")
    create_tag(store, "Trade")
    page = enter("Manager", store)
    search(page, "baker")
    choose(page, "Add a tag")
    page.locator(".select2-selection").click()
    page.get_by_role("option", name="Trade").click()
    page.get_by_role("button", name="Add a tag").click()
    expect(page.locator(".messagelist")).to_contain_text("55 customers tagged “Trade”.")
    assert Customer.objects.filter(tags__name="Trade").count() == 55

    with page.expect_download() as saved:
        choose(page, "Export as CSV")
    saved.value.save_as(tmp_path / "book.csv")
    with (tmp_path / "book.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 55
    assert {(row["Tags"], row["Notes"]) for row in rows} == {("Trade", "'=1+1")}

    search(page, "baker")
    with page.expect_download() as saved:
        choose(page, "Export as XLSX")
    saved.value.save_as(tmp_path / "book.xlsx")
    with zipfile.ZipFile(tmp_path / "book.xlsx") as book:
        assert book.read("xl/worksheets/sheet1.xml").count(b"<row ") == 56


def choose(page: Page, action: str) -> None:
    """Choose an action for all filtered rows."""
    page.locator("#action-toggle").check()
    page.locator(".actions .question a").click()
    page.locator("select[name=action]").select_option(label=action)
    page.get_by_role("button", name="Go").click()


def test_second_editor_gets_a_conflict(enter: Enter, store: Store) -> None:
    customer = CustomerFactory(store=store, name="Ann Lee")
    path = f"/admin/customers/customer/{customer.pk}/change/?edit=all"
    first, second = enter("Clerk", store, name="carla"), enter("Manager", store, name="max")
    first.goto(path)
    second.goto(path)
    first.get_by_label("Phone", exact=True).first.fill("+61 2 9000 1234")
    save(first)
    expect(first.locator(".messagelist")).to_contain_text("was changed successfully")
    second.get_by_label("First name").first.fill("Anna")
    save(second)
    expect(second.locator("#content")).to_contain_text("Your changes were not saved")
    expect(second.locator("#content")).to_contain_text("carla: Phone: – → +61 2 9000 1234")
    customer.refresh_from_db()
    assert (customer.name, customer.phone) == ("Ann Lee", "+61 2 9000 1234")


def test_clerk_sees_no_keys_and_changes_no_limit(enter: Enter, store: Store) -> None:
    customer = CustomerFactory(store=store, name="Ann Lee")
    page = enter("Clerk", store)
    expect(page.get_by_role("link", name="Orders", exact=True).first).to_be_visible()
    expect(page.get_by_role("link", name="API keys")).to_have_count(0)
    page.goto(f"/admin/customers/customer/{customer.pk}/change/?edit=all")
    page.get_by_text("Trade terms").click()
    expect(page.locator(".field-credit_limit_text").first).to_be_visible()
    expect(page.locator("#id_credit_limit")).to_have_count(0)
    expect(page.locator("#id_first_name")).to_be_editable()
    page.goto(f"/admin/customers/customer/{customer.pk}/change/")
    page.get_by_text("More for").click()
    expect(page.get_by_role("link", name="Statement", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Delete", exact=True)).to_have_count(0)


def test_bound_staff_see_their_store_only(enter: Enter, store: Store) -> None:
    CustomerFactory(store=store, name="Ann Ours")
    CustomerFactory(store=StoreFactory(name="Hill Street Books"), name="Ann Theirs")
    page = enter("Viewer", store)
    expect(page.locator(".page-head")).to_contain_text("Harbour Bakery")
    search(page, "ann")
    expect(page.locator("#result_list")).to_contain_text("Ann Ours")
    expect(page.locator("#content")).not_to_contain_text("Ann Theirs")
    expect(page.locator("#content")).not_to_contain_text("Hill Street Books")


PAGES = [
    "/admin/",
    "/admin/customers/customer/",
    "/admin/customers/customer/{pk}/change/",
    "/admin/customers/customer/{pk}/change/?edit=all",
    "/admin/customers/customer/{pk}/history/",
    "/admin/customers/customer/{pk}/post/",
    "/admin/customers/customer/add/",
    "/admin/orders/order/",
    "/admin/orders/order/add/",
    "/admin/stores/apikey/add/",
    "/admin/auth/user/add/",
]


@pytest.mark.parametrize("width", [320, 1280])
def test_long_word_makes_no_page_wider(enter: Enter, store: Store, width: int) -> None:
    word = "W" * 150
    create_tag(store, "T" * 100)
    customer = CustomerFactory(
        store=store,
        name=word,
        company=word,
        tags=["T" * 100],
        addresses=[AddressFields(line1=word)],
    )
    OrderFactory(customer=customer, items=[LineFields(product_name=word)])
    page = enter(viewport={"width": width, "height": 844})
    for path in ("change/", "change/?edit=all", "delete/", "history/", "post/"):
        page.goto(f"/admin/customers/customer/{customer.pk}/{path}")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{path} is {wide} pixels wide"
    for path, cells in (
        ("customers/customer", ".field-customer_name a, .chip"),
        ("orders/order", "td"),
    ):
        page.goto(f"/admin/{path}/")
        for cell in page.locator("#result_list tbody").locator(cells).all():
            assert cell.evaluate(
                "cell => cell.scrollWidth <= cell.clientWidth || !cell.clientWidth"
            )
            assert cell.evaluate("cell => cell.getBoundingClientRect().width") <= 310


def test_printed_list_is_complete_and_black_on_white(enter: Enter, store: Store) -> None:
    create_tag(store, "Saturday pick-up")
    customer = CustomerFactory(
        store=store,
        name="Ann Lee",
        email="a-rather-long-address-of-somebody@example.com",
        tags=["Saturday pick-up"],
    )
    OrderFactory(customer=customer)
    page = enter(viewport={"width": 720, "height": 1000}, color_scheme="dark")
    for path in ("customers/customer", "orders/order"):
        page.emulate_media(media="screen")
        page.goto(f"/admin/{path}/")
        expect(page.locator("#header")).to_be_visible()
        page.emulate_media(media="print")
        for pressed in (
            "#header",
            "#side",
            "#changelist-filter",
            "#toolbar",
            ".object-tools",
        ):
            expect(page.locator(pressed)).to_be_hidden()
        for cell in page.locator("#result_list td").all():
            assert cell.evaluate("cell => cell.getBoundingClientRect().right") <= 720
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_phone_and_desktop_in_both_themes(
    enter: Enter, store: Store, theme: str, width: int
) -> None:
    customer = CustomerFactory(
        store=store,
        name="Ann Lee",
        email="a-rather-long-address-of-somebody@example.com",
        addresses=[AddressFields()],
        contacts=[{"name": "Bo"}],
    )
    page = enter(color_scheme=theme, viewport={"width": width, "height": 844})
    for path in PAGES:
        page.goto(path.format(pk=customer.pk))
        page.wait_for_load_state("networkidle")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{path} is {wide} pixels wide"
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        brightness = sum(int(part) for part in ground[4:-1].split(","))
        assert (brightness < 200) == (theme == "dark"), f"{path} is {ground}"


NAMELESS = """() => [...document.querySelectorAll("input, select, textarea")]
    .filter(one => one.name && !["hidden", "submit"].includes(one.type))
    .filter(one => !one.labels.length && !one.ariaLabel && !one.closest(".empty-form"))
    .map(one => one.name)"""


def test_every_control_has_an_accessible_name(enter: Enter, store: Store) -> None:
    customer = CustomerFactory(store=store, addresses=[AddressFields()], contacts=[{"name": "Bo"}])
    Depot.objects.create(store=store, name="Main dock")
    page = enter()
    for path in [*PAGES, f"/admin/stores/store/{store.pk}/change/"]:
        page.goto(path.format(pk=customer.pk))
        assert page.evaluate(NAMELESS) == [], path
    page.goto("/admin/orders/order/add/")
    page.get_by_text("Add another Order line").click()
    expect(page.get_by_role("textbox", name="Product name")).to_have_count(4)


@pytest.mark.parametrize("width", [320, 390])
def test_fields_and_statement_fit_a_phone(enter: Enter, store: Store, width: int) -> None:
    customer = CustomerFactory(
        store=store,
        addresses=[AddressFields()],
        billing_address=AddressFields(),
        contacts=[{"name": "Bo Lee"}],
        is_account_enabled=True,
    )
    OrderFactory(customer=customer, on_account=True)
    page = enter("Manager", store, viewport={"width": width, "height": 844})
    path = f"/admin/customers/customer/{customer.pk}/change/"
    for section in ("", "?edit=all", "?edit=addresses"):
        page.goto(f"{path}{section}")
        assert page.evaluate(CUT_OFF, width) == [], section


CUT_OFF = """width => [...document.querySelectorAll("#content :is(input, select, textarea, td)")]
  .filter(control => control.checkVisibility() && !control.closest(".scroll"))
  .filter(control => control.getBoundingClientRect().right > width)
  .map(control => control.id || control.name || control.textContent)"""
