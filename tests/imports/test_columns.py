"""Columns: chosen by themselves, corrected by hand, remembered; failed rows come back as a file."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest

from customers.exports.columns import Column
from customers.exports.csv_file import csv_lines, layout_for
from customers.exports.layout import Layout
from customers.exports.rows import rows_of
from customers.exports.workbook import write_workbook
from customers.imports.columns.headers import plain
from customers.imports.columns.tables import profiles
from customers.imports.models import ImportJob
from customers.imports.services.error_files import error_lines
from customers.models import Customer
from customers.services.customers import update_customer
from customers.services.tags import names_of
from stores.actors import SYSTEM
from stores.models import Store
from tests.factories import CustomerFactory, StoreFactory
from tests.imports.conftest import Importing, counts

pytestmark = pytest.mark.django_db


def targets(job: ImportJob) -> dict[str, str]:
    return dict(zip(job.header, job.targets, strict=True))


def test_unknown_columns_are_left_out_and_shown(importing: Importing) -> None:
    job = importing.check("Name,Shoe size\nAnn,38\n")
    assert targets(job) == {"Name": "name", "Shoe size": ""}
    assert job.samples == [["Ann"], ["38"]]


def test_a_column_that_is_kept_becomes_a_line_of_the_notes(importing: Importing) -> None:
    importing.run("Name,Notes,Shoe size\nAnn,Hello,38\n", corrections={"Shoe size": "note"})
    assert importing.customer().notes == "Hello\nShoe size: 38"
    assert counts(importing.run("Name,Email,Notes,Shoe size\nAnn,a@example.com,,38\n")) == {
        "create": 1
    }


def test_a_correction_is_remembered_for_the_header_and_the_store(
    importing: Importing, other_store: Store
) -> None:
    importing.check("Who,What\nAnn,38\n", corrections={"Who": "name", "What": "external_id"})
    job = importing.check("who,WHAT\nBob,39\n")
    assert targets(job) == {"who": "name", "WHAT": "external_id"}
    elsewhere = Importing(other_store).check("Who,What\nAnn,38\n")
    assert targets(elsewhere) == {"Who": "", "What": ""}


@pytest.mark.parametrize("corrections", [{"Nobody": "name"}, {"Name": "surprise"}])
def test_a_correction_of_what_is_not_there_is_refused(
    importing: Importing, corrections: dict[str, str | None]
) -> None:
    with pytest.raises(ValueError, match="no"):
        importing.check("Name\nAnn\n", corrections=corrections)


@pytest.mark.parametrize("blank", ["keep", "clear"])
@pytest.mark.parametrize(
    ("cells", "field", "value"),
    [
        ("ann@example.com\tlee@example.com", "email", "ann@example.com"),
        ("\tlee@example.com", "email", "lee@example.com"),
        ("0412345678\t0412345679", "phone", "0412345678"),
        ("one\ttwo", "notes", "one\ntwo"),
        ("\ttwo", "notes", "two"),
        ("one\ttwo", "company", "one"),
    ],
)
def test_of_two_columns_for_one_field_the_first_with_a_value_counts(
    importing: Importing, cells: str, field: str, value: str, blank: str
) -> None:
    corrections: dict[str, str | None] = {"A": field, "B": field}
    job = importing.run(f"Name\tA\tB\nAnn\t{cells}\n", corrections=corrections, blank=blank)
    assert counts(job) == {"create": 1}, importing.row(job, 2).issues
    assert getattr(importing.customer(), field) == value


@pytest.mark.parametrize("header", ["address2 street\tstreet", "street\taddress2 street"])
def test_no_address_is_lost_in_whichever_order_columns_stand(
    importing: Importing, header: str
) -> None:
    importing.run(f"Name\t{header}\nAnn\t1 A St\t2 B St\n")
    assert {address.line1 for address in importing.customer().addresses.all()} == {
        "1 A St",
        "2 B St",
    }


def test_tags_stand_in_lines_of_any_system(importing: Importing) -> None:
    importing.run('Name,Tags\nAnn,"one\rtwo\r\nthree\nfour"\n')
    assert names_of(importing.customer()) == ["one", "two", "three", "four"]


def test_failed_rows_come_back_as_a_file_that_can_be_repaired(importing: Importing) -> None:
    text = "external_id,name,email,notes\n1,Ann,ann@example.com,\n2,=Bob,bob example,\n"
    job = importing.run(text, corrections={"notes": "company"})
    lines = "".join(error_lines(job))
    header, row = csv.reader(io.StringIO(lines.removeprefix("\ufeff")))
    assert header == ["external_id", "name", "email", "notes", "line", "column", "why"]
    assert row[:3] == ["2", "'=Bob", "bob example"]
    assert row[4:] == ["3", "email", "An e-mail address needs an @ and no space."]
    repaired = importing.run(
        lines.replace("bob example", "bob@example.com").replace(",,3", ",Firm,3")
    )
    assert counts(repaired) == {"create": 1}
    customer = importing.customer(external_id="2")
    assert (customer.name, customer.company) == ("=Bob", "Firm")


def failed_file(job: ImportJob) -> list[list[str]]:
    return list(csv.reader(io.StringIO("".join(error_lines(job)).removeprefix("\ufeff"))))


def test_no_cell_of_a_file_to_repair_is_a_formula(importing: Importing) -> None:
    cell = "=HYPERLINK(1)"
    job = importing.check(f"{cell},Name,Email\n{cell},'=Ann,bob\n")
    assert failed_file(job) == [
        [f"'{cell}", "Name", "Email", "line", "column", "why"],
        [f"'{cell}", "'=Ann", "bob", "2", "Email", "An e-mail address needs an @ and no space."],
    ]


def test_a_file_is_repaired_twice(importing: Importing) -> None:
    corrections: dict[str, str | None] = {"Who": "name"}
    job = importing.check("Who,Email\n'=Ann,ann\n", corrections=corrections)
    for _ in range(2):
        lines = "".join(error_lines(job))
        assert failed_file(job)[0] == ["Who", "Email", "line", "column", "why"]
        job = importing.check(lines)
    importing.run(lines.replace(",ann,", ",ann@example.com,"))
    assert importing.customer().name == "=Ann"


@pytest.mark.parametrize(
    ("vendor", "title"), [("Clientele", "name"), ("Clientele (headings)", "heading")]
)
def test_all_columns_of_an_export_are_known(vendor: str, title: str) -> None:
    columns = Layout(deliveries=3, contacts=3).columns
    assert {plain(getattr(column, title)) for column in columns} <= profiles()[vendor].keys()


def export(store: Store, title: str) -> str:
    """Return an export with the names of columns (`name`) or their headings for people (`heading`)."""
    customers = Customer.objects.filter(store=store)

    def name_of(column: Column) -> str:
        return str(getattr(column, title))

    return "".join(csv_lines(customers, layout_for(customers), name_of))


@pytest.mark.parametrize("title", ["name", "heading"])
def test_an_export_of_our_own_goes_round(importing: Importing, title: str) -> None:
    CustomerFactory(
        store=importing.store,
        name="-Ann",
        company="=Firm",
        phone="0412 345 678",
        notes="one\ntwo",
        tags=["vip", "bread"],
        marketing_opt_in=True,
        addresses=[
            {"line1": "1 A St", "city": "Sydney", "state": "NSW", "country": "AU", "label": "Shop"},
            {"line1": "2 B St", "line2": "Unit 2", "first_name": "Lou", "phone": "12"},
        ],
        contacts=[{"name": "Kim", "email": "kim@example.com"}, {"name": "Lou", "is_primary": True}],
        price_adjustment=-5,
        birth_date=date(1980, 11, 5),
        gender=1,
        is_loyalty_enabled=True,
        billing_address={"line1": "PO Box 1", "city": "Perth"},
    )
    CustomerFactory.create_batch(3, store=importing.store)
    job = importing.run(export(importing.store, title))
    assert job.vendor.startswith("Clientele")
    assert counts(job) == {"same": 4}, [row.diff for row in importing.rows(job)]


@pytest.mark.parametrize("title", ["name", "heading", "workbook"])
def test_texts_that_a_cell_does_not_hold_as_they_are_go_round(
    importing: Importing, title: str
) -> None:
    """Cells are read as one line and without an apostrophe before a formula: that is no change."""
    CustomerFactory(
        store=importing.store,
        name="Mary  Ann  Lee",
        company="'=Firm",
        notes="'=noted\n\n  indented ",
        phone="0049 (0)30 1234567",
        tags=["a;b", "Cash, no card", '7" cake', "one ::: two", "'t Hooft"],
        addresses=[{"line1": "1 A  St", "line2": "Level 2\nRear", "city": "Sydney"}],
        billing_address={"line1": "Hall\nB", "city": "Perth"},
        contacts=[{"name": "Kim  Lou", "title": "-Buyer"}],
    )
    text: str | bytes = b""
    if title == "workbook":
        file = BytesIO()
        write_workbook(file, rows_of(Customer.objects.all()), lambda column: column.heading)
        text = file.getvalue()
    job = importing.run(text or export(importing.store, title))
    assert counts(job) == {"same": 1}, [row.diff for row in importing.rows(job)]


@pytest.mark.parametrize(
    ("currency", "amount"),
    [("JPY", "1250"), ("AUD", "1250.50"), ("KWD", "0.250"), ("KWD", "9.125")],
)
def test_amounts_go_round_in_the_digits_of_their_currency(currency: str, amount: str) -> None:
    store = StoreFactory(currency=currency)
    CustomerFactory(store=store, minimum_charge_amount=Decimal(amount))
    text = export(store, "name")
    assert f",{amount}," in text
    Customer.objects.filter(store=store).update(minimum_charge_amount=1)
    job = Importing(store).run(text)
    assert counts(job) == {"update": 1}, Importing(store).row(job, 2).issues
    assert Customer.objects.get(store=store).minimum_charge_amount == Decimal(amount)


@pytest.mark.parametrize(
    ("currency", "text", "amount"),
    [
        ("AUD", "1,234", "1234"),
        ("AUD", "1.234", "1234"),
        ("AUD", "1.234.567", "1234567"),
        ("AUD", "1,00,000", "100000"),
        ("AUD", "$1,234.500", "1234.50"),
        ("AUD", "1.234,500", "1234.50"),
        ("AUD", "0.125", "0.13"),
        ("AUD", ".5", "0.5"),
        ("AUD", "12.", "12"),
        ("AUD", "1,234.5678", "1234.57"),
        ("AUD", "12.3456", "12.35"),
        ("AUD", "7", "7"),
        ("KWD", "1.234", "1.234"),
        ("KWD", "1,234", "1234"),
        ("KWD", "1.234,567", "1234.567"),
        ("KWD", "1,234.567", "1234.567"),
        ("KWD", "1.234.567", "1234567"),
        ("JPY", "¥1,250", "1250"),
        ("JPY", "1250.6", "1251"),
    ],
)
def test_marks_in_an_amount_are_told_apart(currency: str, text: str, amount: str) -> None:
    importing = Importing(StoreFactory(currency=currency))
    job = importing.run(f"Name\tCredit limit\nAnn\t{text}\n")
    assert counts(job) == {"create": 1}, importing.row(job, 2).issues
    assert importing.customer().credit_limit == Decimal(amount)


@pytest.mark.parametrize("text", ["1" * 30, "9" * 27 + ".55", "1" * 13])
def test_an_amount_without_end_is_an_error(importing: Importing, text: str) -> None:
    job = importing.check(f"Name\tCredit limit\nAnn\t{text}\n")
    assert importing.row(job, 2).issues[0]["code"] == "amount"


def test_a_currency_that_the_book_cannot_hold_is_an_error(importing: Importing) -> None:
    job = importing.check("Name,Currency\nAnn,CLF\nBob,Euro\n")
    assert [row.issues[0]["code"] for row in importing.rows(job)] == ["currency"] * 2


def test_an_export_edited_in_a_spreadsheet_changes_what_was_edited(importing: Importing) -> None:
    customer = CustomerFactory(store=importing.store, name="Ann", notes="old")
    update_customer(customer.as_queryset(), SYSTEM, {"company": "Firm"})
    text = export(importing.store, "heading")
    job = importing.run(text.replace("old", "new").replace("Firm", "Firm & Co"))
    assert importing.row(job, 2).diff == {"company": ["Firm", "Firm & Co"], "notes": ["old", "new"]}


@pytest.mark.parametrize(
    ("header", "cell", "field", "value"),
    [
        ("Newsletter", "subscribed", "marketing_opt_in", True),
        ("Zahlungsziel", "14 Tage netto", "payment_terms", "net_14"),
        ("Terms", "Due on receipt", "payment_terms", "due_on_receipt"),
        ("Credit limit", "$1,250.50", "credit_limit", 1250.5),
        ("Kreditlimit", "1.250,50 €", "credit_limit", 1250.5),
        ("Birthday", "5/11/1980", "birth_date", "1980-11-05"),
        ("Birthday", "29530", "birth_date", "1980-11-05"),
        ("Gender", "Frau", "gender", 2),
        ("Telefon", "'+61412345678", "phone", "+61412345678"),
        ("Phone", "412345678", "phone", "0412345678"),
        ("Phone", "61412345678", "phone", "+61412345678"),
        ("Phone", "4.12345678E+8", "phone", "0412345678"),
        ("E-mail", "Ann Lee <ann@example.com>", "email", "ann@example.com"),
    ],
)
def test_a_cell_is_read_as_its_field(
    importing: Importing, header: str, cell: str, field: str, value: object
) -> None:
    job = importing.run(f"Name\t{header}\nAnn\t{cell}\n")
    assert counts(job) == {"create": 1}, importing.row(job, 2).issues
    found = getattr(importing.customer(), field)
    assert (found.isoformat() if field == "birth_date" else found) == value
