"""Lay a customer out as one line, with numbered columns for its addresses and contacts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from customers.exports.columns import (
    ADDRESS_COLUMNS,
    BILLING_COLUMNS,
    CONTACT_COLUMNS,
    CUSTOMER_COLUMNS,
    Column,
    contact_columns,
    delivery_columns,
)
from customers.reads import Row, billing_address, delivery_addresses


class Layout:
    """A line with room for so many delivery addresses and contacts; any more are left out."""

    def __init__(self, deliveries: int, contacts: int) -> None:
        self.deliveries, self.contacts = deliveries, contacts
        self.columns = [*CUSTOMER_COLUMNS, *BILLING_COLUMNS]
        for number in range(1, deliveries + 1):
            self.columns += delivery_columns(number)
        for number in range(1, contacts + 1):
            self.columns += contact_columns(number)

    def cells(self, row: Row) -> list[Any]:
        billing = billing_address(row)
        return [
            *[column.value_of(row) for column in CUSTOMER_COLUMNS],
            *group_cells(ADDRESS_COLUMNS, [billing] if billing else [], 1),
            *group_cells(ADDRESS_COLUMNS, deliveries_in_order(row), self.deliveries),
            *group_cells(CONTACT_COLUMNS, row["contacts"], self.contacts),
        ]


def group_cells(columns: Sequence[Column], rows: Sequence[Row], room: int) -> list[Any]:
    """Return the cells of up to `room` rows, padded with empty ones."""
    cells = [column.value_of(row) for row in rows[:room] for column in columns]
    return cells + [None] * (room * len(columns) - len(cells))


def deliveries_in_order(row: Row) -> list[Row]:
    """Return the delivery addresses, the default one first."""
    return sorted(delivery_addresses(row), key=lambda address: not address["is_default"])
