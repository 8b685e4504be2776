"""Pages of a list: by numbers where a contract counts, by keys where it has cursors."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db.models import QuerySet

from customers.api.errors import Refused
from customers.reads import Row
from stores.plans import Plan

LONGEST_CURSOR = 2000
LARGEST_ID = 2**63 - 1
Count = Callable[[Any], int]


def pages_of(total: int, size: int) -> int:
    """How many pages there are; none of nothing."""
    return -(-total // size)


@dataclass(frozen=True)
class NumberedPage:
    """One page of a counted list; pages are numbered from 1, one past the end is empty."""

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


def numbered_page(
    queryset: QuerySet | Plan,
    number: int,
    size: int,
    read: Callable[[Any], list[Any]],
    count: Count,
) -> NumberedPage:
    """Reads one page of an ordered queryset with `read`, and counts all of it where that does not tell."""
    if number == 1:
        rows = read(queryset[:size])
        return NumberedPage(rows, total_of(queryset, 0, size, rows, count), number, size)
    total, start = count(queryset.order_by()), (number - 1) * size
    rows = read(queryset[start : start + size]) if start < total else []
    return NumberedPage(rows, total, number, size)


def total_of(
    queryset: QuerySet | Plan, start: int, size: int, rows: list[Any], count: Count
) -> int:
    """How many rows there are, given those that were read: a page that is not full is the last one."""
    if len(rows) < size and (rows or start == 0):
        return start + len(rows)
    return count(queryset.order_by())


@dataclass(frozen=True)
class Key:
    """A column that orders a list."""

    column: str
    descending: bool = False

    @property
    def order(self) -> str:
        return f"-{self.column}" if self.descending else self.column

    def reversed(self) -> Key:
        return Key(self.column, not self.descending)


@dataclass(frozen=True)
class CursorPage:
    rows: list[Row]
    next: str | None
    previous: str | None


class CursorPaginator:
    """Walks a list by the values of its keys, so that rows coming and going shift nothing.

    The last key must be unique. A cursor is base64url JSON, bound to the keys and to `terms`: the filters
    of the list it was made for.
    """

    def __init__(self, keys: list[Key], terms: Any) -> None:
        self.keys = keys
        said = orjson.dumps([[key.order for key in keys], terms], option=orjson.OPT_SORT_KEYS)
        self.binding = hashlib.sha256(said).hexdigest()[:16]

    def page(
        self,
        queryset: Any,
        size: int,
        cursor: str | None,
        read: Callable[[Any, int], list[Row]],
    ) -> CursorPage:
        """One page; `read` gets so many of the first rows. Raises Refused `invalid_cursor`."""
        backwards, values = self.read(cursor) if cursor is not None else (False, None)
        keys = [key.reversed() for key in self.keys] if backwards else self.keys
        order = tuple(key.order for key in keys)
        rows = queryset.order_by(*order)
        if values is not None:
            rows = rows.beyond(*values, order=order)
        found = read(rows, size + 1)
        more, found = len(found) > size, found[:size]
        if backwards:
            found.reverse()
        before = more if backwards else cursor is not None
        after = backwards or more
        return CursorPage(
            found,
            self.write(found[-1], backwards=False) if after and found else None,
            self.write(found[0], backwards=True) if before and found else None,
        )

    def write(self, row: Row, *, backwards: bool) -> str:
        values = [row[key.column] for key in self.keys]
        said = orjson.dumps({"b": self.binding, "d": int(backwards), "v": values})
        return base64.urlsafe_b64encode(said).decode().rstrip("=")

    def read(self, cursor: str) -> tuple[bool, list[Any]]:
        try:
            said = orjson.loads(_decoded(cursor))
            if said["b"] != self.binding or said["d"] not in (0, 1):
                raise ValueError(cursor)
            values = [self.value(*pair) for pair in zip(self.keys, said["v"], strict=True)]
            return bool(said["d"]), values
        except (ValueError, TypeError, KeyError, IndexError):
            raise Refused("invalid_cursor") from None

    @staticmethod
    def value(key: Key, sent: Any) -> Any:
        """What a row may have had there: a client can make up anything. Raises ValueError and TypeError."""
        if key.column.endswith("_at"):
            moment = datetime.fromisoformat(sent)
            if moment.utcoffset() != timedelta(0):  # rows are written in UTC
                raise ValueError(sent)
            return moment
        if key.column in ("id", "rank"):
            if type(sent) is not int or not 0 <= sent <= LARGEST_ID:
                raise TypeError(sent)
        elif type(sent) is not str or "\0" in sent:
            raise TypeError(sent)
        return sent


def _decoded(cursor: str) -> bytes:
    if len(cursor) > LONGEST_CURSOR or not cursor.isascii():
        raise ValueError(cursor)
    try:
        padding = "=" * (-len(cursor) % 4)
        return base64.b64decode(cursor + padding, altchars=b"-_", validate=True)
    except binascii.Error:
        raise ValueError(cursor) from None
