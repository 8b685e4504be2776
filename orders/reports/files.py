"""Reports as CSV and XLSX. No text becomes a formula, and the sums follow the rows."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from itertools import chain
from typing import IO, Any

import xlsxwriter
from django.utils import timezone

from customers.exports.csv_file import Line, plain
from customers.exports.workbook import Sheet
from customers.money import round_half_up
from orders.reports.columns import Column, Kind
from orders.reports.report import Report
from stores.currencies import digits_of

TOTAL = "Total"


def csv_lines(report: Report) -> Iterator[str]:
    """Yield the lines of the file."""
    writer = csv.writer(Line())
    # Spreadsheets detect UTF-8 only by the mark at the beginning.
    yield "\ufeff" + writer.writerow(column.heading for column in report.columns)
    for line in lines(report):
        yield writer.writerow(map(plain, line))


def write_workbook(file: IO[bytes], report: Report) -> None:
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = Sheet(book, "Report", (column.heading for column in report.columns))
        for line in lines(report):
            sheet.append(line)


def lines(report: Report) -> Iterator[list[Any]]:
    """Yield rows and sums, amounts in the digits of their currency and times in the store's time zone."""
    zone = report.store.tzinfo
    with_currency = ((report.currency_of(row), row) for row in report.rows(None))
    with_sums = ((sums.currency, labelled(sums.values)) for sums in report.sums)
    for currency, row in chain(with_currency, with_sums):
        digits = digits_of(currency)
        yield [
            cell(column, value, digits, zone)
            for column, value in zip(report.columns, row, strict=True)
        ]


def labelled(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return (TOTAL, *values[1:]) if values[0] is None else values


def cell(column: Column, value: Any, digits: int, zone: Any) -> Any:
    if column.kind is Kind.MONEY and isinstance(value, Decimal):
        return round_half_up(value, digits)
    if isinstance(value, datetime):
        # The moment of the store, which a sheet shows without its time zone.
        return f"{timezone.localtime(value, zone):%Y-%m-%d %H:%M}"
    return value
