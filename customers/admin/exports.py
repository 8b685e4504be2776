"""Export customers as CSV and as a workbook, in batches, to use little memory for any number."""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from customers.models import Customer
from customers.reads import CUSTOMERS, Row, billing_address, default_address

BATCH_SIZE = 1000
MOST_ROWS = 1_048_575  # a sheet has 2^20 rows, one of them the header
COLUMNS = (
    "uid",
    "name",
    "first_name",
    "last_name",
    "company",
    "email",
    "phone",
    "mobile",
    "fax",
    "website",
    "tax_id",
    "external_id",
    "is_active",
    "is_blacklisted",
    "blacklist_reason",
    "marketing_opt_in",
    "payment_terms",
    "currency",
    "discount_rate",
    "is_account_enabled",
    "credit_limit",
    "account_balance",
    "loyalty_balance",
    "order_count",
    "total_spent",
    "first_order_at",
    "last_order_at",
    "customer_since",
    "created_at",
    "notes",
)
ADDRESS = ("line1", "line2", "city", "state", "postcode", "country")
HEADER = [
    *COLUMNS,
    "tags",
    *(f"delivery_{name}" for name in ADDRESS),
    *(f"billing_{name}" for name in ADDRESS),
]
# East Asian spreadsheets also take wide forms of = + - @; some skip invisible characters before them.
FORMULA = re.compile(r"[\s\u200b\ufeff]*[=+\-@|%\t\r\n\uff1d\uff0b\uff0d\uff20]")

ROW_SPEC = CUSTOMERS.spec(
    ("id", *COLUMNS), addresses=("role", "is_default", *ADDRESS), tags=("name",)
)


def cells(row: Row) -> list[Any]:
    values = [row[name] for name in COLUMNS]
    values.append(", ".join(tag["name"] for tag in row["tags"]))
    for address in (default_address(row), billing_address(row)):
        values += [address[name] if address else "" for name in ADDRESS]
    return values


def rows_of(customers: QuerySet[Customer]) -> Iterator[Row]:
    """Yield all rows in the order of their key, batch by batch; changes meanwhile do not move a row."""
    last = 0
    ordered = customers.order_by("pk")
    while rows := ROW_SPEC.rows(ordered.filter(pk__gt=last)[:BATCH_SIZE]):
        yield from rows
        last = rows[-1]["id"]


def plain(value: Any) -> str:
    """Return a cell as text that no spreadsheet runs as a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    text = str(value)
    return f"'{text}" if isinstance(value, str) and FORMULA.match(text) else text


class Line:
    """A file for the csv module that returns each line instead of storing it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(customers: QuerySet[Customer]) -> Iterator[str]:
    writer = csv.writer(Line())
    yield "\ufeff" + writer.writerow(HEADER)  # spreadsheets detect UTF-8 only by this mark
    for row in rows_of(customers):
        yield writer.writerow([plain(value) for value in cells(row)])


def csv_response(customers: QuerySet[Customer]) -> HttpResponseBase:
    response = StreamingHttpResponse(csv_lines(customers), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name()}.csv"'
    return response


def xlsx_response(customers: QuerySet[Customer]) -> HttpResponseBase:
    file = tempfile.TemporaryFile()  # noqa: SIM115 the response closes it
    write_workbook(file, rows_of(customers))
    file.seek(0)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FileResponse(file, as_attachment=True, filename=f"{file_name()}.xlsx", content_type=kind)


def fits_a_sheet(customers: QuerySet[Customer]) -> bool:
    return customers.order_by()[: MOST_ROWS + 1].count() <= MOST_ROWS


def write_workbook(file: IO[bytes], rows: Iterable[Row]) -> None:
    """Write one sheet, with texts as texts, so that none becomes a formula or a link.

    Times are in the time zone of the back office, because sheets have none.
    """
    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"}
    with xlsxwriter.Workbook(file, options) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("Customers")
        sheet.freeze_panes(1, 2)
        sheet.set_column(0, len(HEADER) - 1, 18)
        for column, name in enumerate(HEADER):
            sheet.write_string(0, column, name, bold)
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(cells(row)):
                write_cell(sheet, line, column, value)


def write_cell(sheet: Any, line: int, column: int, value: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        sheet.write_number(line, column, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(line, column, timezone.make_naive(value))
    else:
        sheet.write_string(line, column, plain_text(value))


def plain_text(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def file_name() -> str:
    return f"customers-{timezone.localdate():%Y-%m-%d}"
