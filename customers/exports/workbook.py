"""Write customers as a workbook: a sheet of customers, one of all their addresses and one of their contacts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from operator import itemgetter
from typing import IO, Any
from zoneinfo import ZoneInfo

import xlsxwriter
from django.db.models import QuerySet

from customers.exports.columns import ADDRESS_COLUMNS, CONTACT_COLUMNS, Column, stored
from customers.exports.layout import Layout, deliveries_in_order
from customers.exports.rows import count_children
from customers.models import Customer
from customers.reads import Row, billing_address

MOST_ROWS = 1_048_575  # a sheet has 2^20 rows, one of them the header
CUSTOMERS = Layout(deliveries=1, contacts=1)
# Of which customer an address or a contact is.
OWNER = (
    Column("customer_uid", "Customer id", itemgetter("uid")),
    Column("customer_name", "Customer", itemgetter("name")),
)
USE = (stored("role", "Use"), stored("is_default", "Default"))


def fits_a_sheet(customers: QuerySet[Customer]) -> bool:
    """Return True when each of the sheets has room for its rows."""
    if customers.order_by()[: MOST_ROWS + 1].count() > MOST_ROWS:
        return False
    children = (count_children(customers, name).total for name in ("addresses", "contacts"))
    return all(total <= MOST_ROWS for total in children)


def write_workbook(file: IO[bytes], rows: Iterable[Row], title: Callable[[Column], str]) -> None:
    """Write all sheets, a line each of customers, addresses and contacts. `title` names their columns."""
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        customers = Sheet(book, "Customers", map(title, CUSTOMERS.columns))
        addresses = Sheet(book, "Addresses", map(title, (*OWNER, *USE, *ADDRESS_COLUMNS)))
        contacts = Sheet(book, "Contacts", map(title, (*OWNER, *CONTACT_COLUMNS)))
        for row in rows:
            owner = cells(OWNER, row)
            customers.append(CUSTOMERS.cells(row), ZoneInfo(row["store_timezone"]))
            for address in addresses_in_order(row):
                addresses.append(owner + cells((*USE, *ADDRESS_COLUMNS), address))
            for contact in row["contacts"]:
                contacts.append(owner + cells(CONTACT_COLUMNS, contact))


def cells(columns: Iterable[Column], row: Row) -> list[Any]:
    return [column.value_of(row) for column in columns]


def addresses_in_order(row: Row) -> list[Row]:
    billing = billing_address(row)
    return [*deliveries_in_order(row), *([billing] if billing else [])]


class Sheet:
    """A sheet below a header that stays in sight, written line by line."""

    def __init__(self, book: xlsxwriter.Workbook, name: str, header: Iterable[str]) -> None:
        self.sheet, self.line = book.add_worksheet(name), 0
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.time = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self.part = book.add_format()
        self.sheet.freeze_panes(1, 2)
        bold = book.add_format({"bold": True})
        for column, text in enumerate(header):
            self.sheet.set_column(column, column, 18)
            self.sheet.write_string(0, column, text, bold)

    def append(self, values: Iterable[Any], zone: tzinfo = UTC) -> None:
        """Write a line. Sheets have no time zones: imports read times in `zone`, the one of the store."""
        self.line += 1
        for column, value in enumerate(values):
            if isinstance(value, datetime):
                naive = value.astimezone(zone).replace(tzinfo=None)
                self.sheet.write_datetime(self.line, column, naive, self.time)
            elif value is not None and value != "":
                self.write(column, value)

    def write(self, column: int, value: Any) -> None:
        if isinstance(value, bool):
            self.sheet.write_string(self.line, column, "yes" if value else "no")
        elif isinstance(value, Decimal | int):
            self.sheet.write_number(self.line, column, value)
        elif isinstance(value, date):
            self.sheet.write_datetime(self.line, column, value, self.day)
        else:
            self.write_text(column, str(value))

    def write_text(self, column: int, text: str) -> None:
        """Write a text as a text, so that it becomes no formula, no link and no markup."""
        if text.startswith("<r>"):
            # xlsxwriter would copy this as markup, and the text could break the file. Parts are escaped.
            parts = text[:1], self.part, text[1:]
            self.sheet.write_rich_string(self.line, column, *parts)
        else:
            self.sheet.write_string(self.line, column, text)
