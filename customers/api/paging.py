"""Pages of a list, by page number or by cursor (keyset pagination)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from customers.api.problems import ApiError
from customers.canonical import name_sort_key
from customers.reads import Row, display_name
from stores.models.base import reverse_ordering

MAX_CURSOR_LENGTH = 3000  # a name of 511 characters beyond the basic plane makes 2,800
MAX_ID = 2**63 - 1
# A cursor holds the name itself. So those of older releases, which sorted by it, go on where they stopped.
NAMED_AS = {"name_key": "name", "-name_key": "-name"}
Count = Callable[[Any], int]


@dataclass(frozen=True)
class Listing:
    """A query, its order, and the function that reads rows from a slice of it."""

    rows: Any  # a queryset or a Plan
    order: tuple[str, ...]
    read: Callable[[Any], list[Any]]

    def slice(self, start: int, size: int) -> list[Any]:
        """Return `size` rows from the one at `start`, counted from 0."""
        return self.read(self.rows.order_by(*self.order)[start : start + size])

    def slice_of_total(self, total: int, start: int, size: int) -> list[Any]:
        """Return `slice` of a list of `total` rows. Its second half is read backwards from the end."""
        if start <= total // 2:
            return self.slice(start, size)
        remaining = total - start
        mirrored = replace(self, order=reverse_ordering(*self.order))
        return (
            mirrored.slice(max(remaining - size, 0), min(remaining, size))[::-1]
            if remaining > 0
            else []
        )

    @property
    def all_rows(self) -> Any:
        """Return the query that counts all rows of the list."""
        return self.rows


def pages_of(total: int, size: int) -> int:
    """Return the number of pages; 0 for an empty list."""
    return -(-total // size)


@dataclass(frozen=True)
class NumberedPage:
    """A page of a list with a total. Pages are numbered from 1; pages beyond the last are empty."""

    rows: list[Any]
    total: int
    number: int
    size: int

    @property
    def last(self) -> int:
        return pages_of(self.total, self.size)

    @property
    def has_more(self) -> bool:
        return self.number * self.size < self.total


def numbered_page(listing: Listing, number: int, size: int, count: Count) -> NumberedPage:
    return NumberedPage(*slice_and_total(listing, (number - 1) * size, size, count), number, size)


def slice_and_total(listing: Listing, start: int, size: int, count: Count) -> tuple[list[Any], int]:
    """Return `size` rows from `start` on, and the total of the list.

    A first page that is not full has all rows, so nothing is counted.
    """
    if start == 0:
        rows = listing.slice(0, size)
        return rows, len(rows) if len(rows) < size else count(listing.all_rows)
    total = count(listing.all_rows)
    return listing.slice_of_total(total, start, size), total


@dataclass(frozen=True)
class CursorPage:
    rows: list[Row]
    next: str | None
    previous: str | None


class CursorPaginator:
    """Keyset pagination: a page begins after the values of the last row, so that new rows shift nothing.

    The last column of the order must be unique. A cursor is base64url JSON, bound to the order and to
    `terms`: the filters of the list it was made for.
    """

    def __init__(self, listing: Listing, terms: Any) -> None:
        self.listing = listing
        self.columns = [column.removeprefix("-") for column in listing.order]
        order = [NAMED_AS.get(column, column) for column in listing.order]
        payload = orjson.dumps([order, terms], option=orjson.OPT_SORT_KEYS)
        self.binding = hashlib.sha256(payload).hexdigest()[:16]

    def page(self, size: int, cursor: str | None) -> CursorPage:
        """Return one page. Raises ApiError `invalid_cursor`."""
        is_back, values = self.read(cursor) if cursor is not None else (False, None)
        order = reverse_ordering(*self.listing.order) if is_back else self.listing.order
        listing = replace(self.listing, order=order)
        if values is not None:
            listing = replace(listing, rows=listing.rows.after_keys(*values, order=order))
        rows = listing.slice(0, size + 1)  # one row more shows whether a page follows
        is_more, rows = len(rows) > size, rows[:size]
        if is_back:
            rows.reverse()
        has_previous = is_more if is_back else cursor is not None
        has_next = is_back or is_more
        return CursorPage(
            rows,
            self.write(rows[-1], is_back=False) if has_next and rows else None,
            self.write(rows[0], is_back=True) if has_previous and rows else None,
        )

    def write(self, row: Row, *, is_back: bool) -> str:
        values = [
            display_name(row) if column == "name_key" else row[column] for column in self.columns
        ]
        payload = orjson.dumps({"b": self.binding, "d": int(is_back), "v": values})
        return base64.urlsafe_b64encode(payload).decode().rstrip("=")

    def read(self, cursor: str) -> tuple[bool, list[Any]]:
        """Return whether the cursor goes back, and the values that its page begins after."""
        try:
            payload = orjson.loads(_decoded(cursor))
            if payload["b"] != self.binding or payload["d"] not in (0, 1):
                raise ValueError(cursor)
            values = [self.value(*pair) for pair in zip(self.columns, payload["v"], strict=True)]
            return bool(payload["d"]), values
        except (ValueError, TypeError, KeyError, IndexError):
            raise ApiError("invalid_cursor") from None

    @staticmethod
    def value(column: str, value: Any) -> Any:
        """Return a cursor's value for this column. Clients can send anything, so it is checked.

        Raises ValueError and TypeError.
        """
        if column.endswith("_at"):
            moment = datetime.fromisoformat(value)
            if moment.utcoffset() != timedelta(0):  # rows are written in UTC
                raise ValueError(value)
            return moment
        if column in ("id", "rank"):
            if type(value) is not int or not 0 <= value <= MAX_ID:
                raise TypeError(value)
        elif type(value) is not str or "\0" in value:
            raise TypeError(value)
        return name_sort_key(value) if column == "name_key" else value


def _decoded(cursor: str) -> bytes:
    if len(cursor) > MAX_CURSOR_LENGTH or not cursor.isascii():
        raise ValueError(cursor)
    try:
        padding = "=" * (-len(cursor) % 4)
        return base64.b64decode(cursor + padding, altchars=b"-_", validate=True)
    except binascii.Error:
        raise ValueError(cursor) from None
