"""Write customers as CSV: a line each, with numbered columns for their addresses and contacts."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from customers.exports.columns import Column
from customers.exports.formulas import escape
from customers.exports.layout import Layout
from customers.exports.rows import count_children, rows_of
from customers.models import Customer
from customers.models.address import Role


class Line:
    """A file for the csv module that returns each line instead of storing it."""

    def write(self, text: str) -> str:
        return text


def layout_for(customers: QuerySet[Customer]) -> Layout:
    """Return a layout that holds every address and contact, with room for at least one of each."""
    deliveries = count_children(customers, "addresses", addresses__role=Role.DELIVERY).most
    contacts = count_children(customers, "contacts").most
    return Layout(max(1, deliveries), max(1, contacts))


def csv_lines(
    customers: QuerySet[Customer], layout: Layout, title: Callable[[Column], str]
) -> Iterator[str]:
    """Yield the lines of the file. `title` names the columns in the first one."""
    writer = csv.writer(Line())
    # Spreadsheets detect UTF-8 only by the mark at the beginning.
    yield "\ufeff" + writer.writerow(map(title, layout.columns))
    for row in rows_of(customers):
        yield writer.writerow(map(plain, layout.cells(row)))


def plain(value: Any) -> str:
    """Return a cell as text that no spreadsheet runs as a formula."""
    if value is None:
        return ""
    if isinstance(value, str):
        return escape(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(value)
