"""Exported files, read as other programs read them."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet

from customers.exports.columns import ADDRESS_COLUMNS, CONTACT_COLUMNS, CUSTOMER_COLUMNS
from customers.fields import AddressFields as AddressNames
from customers.fields import ContactFields, CustomerFields
from customers.models import Customer
from customers.services.assigning import COLUMNS
from customers.services.customers import update_customer
from orders.services.customers import delete_customer
from stores.actors import SYSTEM
from stores.models import Store
from tests.admin.conftest import SignIn
from tests.admin.pages import CUSTOMER_LIST, act, messages_of
from tests.factories import AddressFields, CustomerFactory

EVIL = "=cmd|' /C calc'!A0"
MARKUP = "<r><t>bold</t></r>"


def rows_of_csv(page: HttpResponse) -> list[dict[str, str]]:
    text = page.getvalue().decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def sheets_of(page: HttpResponse) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each sheet by their headings, and refuse formulas and links."""
    book = load_workbook(io.BytesIO(page.getvalue()))
    return {sheet.title: rows_of_sheet(sheet) for sheet in book}


def rows_of_sheet(sheet: Worksheet) -> list[dict[str, Any]]:
    header, *lines = sheet.iter_rows()
    cells = [cell for line in (header, *lines) for cell in line]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "inlineStr"}
    assert not any(cell.hyperlink for cell in cells)
    headings = [cell.value for cell in header]
    return [dict(zip(headings, map(value_of, line), strict=True)) for line in lines]


def value_of(cell: Cell) -> Any:
    # Workbooks escape control characters as `_x000B_`; openpyxl leaves it to its callers to read them.
    return unescape(cell.value) if isinstance(cell.value, str) else cell.value


@pytest.fixture
def firm(store: Store) -> Customer:
    """A firm with everything that an export holds."""
    return CustomerFactory(
        store=store,
        name="Ann Lee",
        company="Lee & Daughters",
        phone="+61 2 9000 1234",
        gender=2,
        birth_date=date(1980, 11, 5),
        marketing_opt_in=True,
        tags=["Cash, no card", "VIP"],
        credit_limit=Decimal("12.50"),
        notes="Rings; twice",
        addresses=[
            AddressFields(label="Shop", line1="1 George Street"),
            AddressFields(label="Depot", line1="9 Pitt Street", is_default=True),
        ],
        billing_address=AddressFields(label="Office", line1="5 King Street"),
        contacts=[
            {"name": "Bo Lee", "title": "Buyer", "email": "bo@example.com"},
            {"name": "Cy Lee", "phone": "0412 345 678", "is_primary": True},
        ],
    )


def test_csv_has_headings_for_people(owner: Client, store: Store, firm: Customer) -> None:
    with time_machine.travel("2026-03-01T22:30Z", tick=False):
        update_customer(firm.as_queryset(), SYSTEM, {"marketing_opt_in": False})
    CustomerFactory(store=store, name="Not chosen")
    (row,) = rows_of_csv(act(owner, "export_csv", firm))
    assert next(iter(row.items())) == ("Customer id", str(firm.uid))
    assert (row["Store"], row["Name"], row["Deleted"]) == (store.name, "Ann Lee", "")
    assert (row["Gender"], row["Birthday"]) == ("Female", "1980-11-05")
    assert row["Tags"] == '"Cash, no card",VIP'
    assert row["Marketing consent"] == "no"
    assert row["Consent given or withdrawn"] == "2026-03-01T22:30:00Z"
    assert row["Billing address: Street"] == "5 King Street"
    assert row["Delivery address 1: Street"] == "9 Pitt Street"
    assert row["Delivery address 2: Label"] == "Shop"
    assert (row["Contact 1: E-mail"], row["Contact 1: Primary"]) == ("bo@example.com", "no")
    assert (row["Contact 2: Name"], row["Contact 2: Primary"]) == ("Cy Lee", "yes")


def test_csv_for_programs_has_names_of_columns(owner: Client, firm: Customer) -> None:
    (row,) = rows_of_csv(act(owner, "export_csv_for_programs", firm))
    assert next(iter(row)) == "uid"
    assert {name for name in row if " " in name} == set()
    assert row["delivery_2_line1"] == "1 George Street"
    assert (row["billing_city"], row["contact_1_title"]) == ("Sydney", "Buyer")
    assert row["credit_limit"] == "12.50"


def test_lines_have_equal_length_however_many_addresses(
    owner: Client, store: Store, firm: Customer
) -> None:
    bare = CustomerFactory(store=store)
    text = act(owner, "export_csv", bare, firm).getvalue().decode()
    header, *lines = csv.reader(io.StringIO(text, newline=""))
    assert {len(line) for line in lines} == {len(header)} == {len(set(header))}
    (row,) = rows_of_csv(act(owner, "export_csv", bare))
    assert row["Delivery address 1: Street"] == row["Contact 1: Name"] == ""
    assert "Delivery address 2: Street" not in row


def test_deleted_customer_says_when(owner: Client, firm: Customer) -> None:
    with time_machine.travel("2026-03-01T22:30Z", tick=False):
        delete_customer(firm.as_queryset(), SYSTEM)
    path = f"{CUSTOMER_LIST}?deleted=yes"
    (row,) = rows_of_csv(act(owner, "export_csv", firm, path=path))
    assert row["Deleted"] == "2026-03-01T22:30:00Z"


def test_csv_export_escapes_formulas(owner: Client, store: Store) -> None:
    customer = CustomerFactory(
        store=store, name=EVIL, phone="+61 2 9000 1234", company="Jane;=1+1;x", tags=["-1"]
    )
    (row,) = rows_of_csv(act(owner, "export_csv", customer))
    assert (row["Name"], row["Company"]) == (f"'{EVIL}", "Jane;'=1+1;x")
    assert (row["Phone"], row["Tags"]) == ("+61 2 9000 1234", "'-1")
    assert row["Owes"] == "0.00"


def test_export_holds_all_filtered_rows(owner: Client, store: Store) -> None:
    for number in range(60):
        CustomerFactory(store=store, name=f"Baker {number}")
    CustomerFactory(store=store, name="Smith")
    chosen = Customer.objects.first()
    page = act(owner, "export_csv", chosen, path=f"{CUSTOMER_LIST}?q=baker&o=1", select_across="1")
    assert len(rows_of_csv(page)) == 60
    assert "attachment" in page["Content-Disposition"]


def test_export_holds_customers_of_several_stores(
    owner: Client, firm: Customer, other_store: Store
) -> None:
    other = CustomerFactory(store=other_store, contacts=[{"name": "Di"}])
    rows = rows_of_csv(act(owner, "export_csv", firm, other))
    assert [row["Store"] for row in rows] == [firm.store.name, other_store.name]


def test_workbook_has_sheets_of_addresses_and_contacts(owner: Client, firm: Customer) -> None:
    sheets = sheets_of(act(owner, "export_xlsx", firm))
    assert list(sheets) == ["Customers", "Addresses", "Contacts"]
    (row,) = sheets["Customers"]
    assert next(iter(row.items())) == ("Customer id", str(firm.uid))
    assert row["Delivery address 1: Street"] == "9 Pitt Street"
    assert [
        (row["Customer id"], row["Use"], row["Default"], row["Street"])
        for row in sheets["Addresses"]
    ] == [
        (str(firm.uid), "delivery", "yes", "9 Pitt Street"),
        (str(firm.uid), "delivery", "no", "1 George Street"),
        (str(firm.uid), "billing", "no", "5 King Street"),
    ]
    assert [(row["Customer"], row["Name"], row["Phone"]) for row in sheets["Contacts"]] == [
        ("Ann Lee", "Bo Lee", None),
        ("Ann Lee", "Cy Lee", "0412 345 678"),
    ]


def test_workbook_keeps_text_number_and_date_types(owner: Client, firm: Customer) -> None:
    (row,) = sheets_of(act(owner, "export_xlsx", firm))["Customers"]
    assert (row["Credit limit"], str(row["Birthday"])) == (12.5, "1980-11-05 00:00:00")
    assert (row["Phone"], row["Marketing consent"]) == ("+61 2 9000 1234", "yes")


@pytest.mark.parametrize(
    "text", [EVIL, MARKUP, "<r></x></r>", "<r>", "https://a.example", "_x0041_", "a\x0bb", "{=1}"]
)
def test_workbook_keeps_every_text_as_it_is(owner: Client, store: Store, text: str) -> None:
    customer = CustomerFactory(store=store, company=text, addresses=[AddressFields(label=text)])
    sheets = sheets_of(act(owner, "export_xlsx", customer))
    assert sheets["Customers"][0]["Company"] == text
    assert sheets["Addresses"][0]["Label"] == text


def test_workbook_uses_the_stores_time_zone(sign_in: SignIn, store: Store) -> None:
    Store.objects.filter(pk=store.pk).update(timezone="Australia/Sydney")
    with time_machine.travel("2026-03-01T22:30Z", tick=False):
        customer = CustomerFactory(store=store)
        manager = sign_in("Administrator", store)
        page = act(manager, "export_xlsx", customer)
    assert "customers-2026-03-02.xlsx" in page["Content-Disposition"]
    (row,) = sheets_of(page)["Customers"]
    assert str(row["Created"]) == "2026-03-02 09:30:00"


@pytest.mark.parametrize("most", [1, 2])
def test_workbook_with_too_many_rows_is_refused(
    owner: Client, store: Store, firm: Customer, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    for module in ("customers.admin.actions", "customers.exports.workbook"):
        monkeypatch.setattr(f"{module}.MOST_ROWS", most)
    one, other = CustomerFactory(store=store), CustomerFactory(store=store)
    refusal = (
        f"A sheet holds at most {most} customers, addresses or contacts. "
        "Export them as CSV, or select fewer."
    )
    assert messages_of(act(owner, "export_xlsx", firm)) == [refusal]  # three addresses
    assert messages_of(act(owner, "export_xlsx", one, other, firm)) == [refusal]
    assert act(owner, "export_xlsx", one)["Content-Type"].endswith("sheet")


# The parts of these are exported, or they are made of what is exported.
MADE_OF_OTHERS = {
    "dial_code", "phone_number", "tag_uids", "addresses", "addresses_by_content", "default_address",
    "delivery_address", "billing_address", "contacts", "street_lines", "delivery_zone",
    "delivery_zone_uid", "is_default", "uid", "latitude", "longitude", "state_code", "country_code",
    "default_depot_id", "marketing_proof",
}  # fmt: skip


@pytest.mark.parametrize(
    ("names", "columns"),
    [
        (CustomerFields.__annotations__.keys() | COLUMNS.keys(), CUSTOMER_COLUMNS),
        (AddressNames.__annotations__.keys(), ADDRESS_COLUMNS),
        (ContactFields.__annotations__.keys(), CONTACT_COLUMNS),
    ],
)
def test_everything_that_services_store_is_exported(names: Any, columns: Any) -> None:
    exported = {column.name for column in columns}
    assert names - MADE_OF_OTHERS - exported == set()
