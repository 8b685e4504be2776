"""Read rows into drafts: each cell by the field of its column, then what only the whole row can tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from customers.imports.columns.targets import IGNORED, NOTE, PART
from customers.imports.drafts import finishing
from customers.imports.drafts.cells import (
    ADDRESS_FIELDS,
    CONTACT_FIELDS,
    FIELDS,
    Place,
    Read,
    clean,
    read_notes,
)
from customers.imports.drafts.draft import CellError, Draft, Issue
from customers.imports.reading import TableRow
from customers.models import Customer
from stores.models import Store

CLEAR = "∅"  # a cell that clears its field, whatever is done with blank ones
# Columns that can be cleared; others, such as a flag, keep their value.
CLEARABLE = frozenset(
    field.name
    for field in Customer._meta.concrete_fields
    if field.name in FIELDS and (field.null or (field.blank and field.empty_strings_allowed))
)
BROKEN = re.compile(r"[0-9.,]+[eE]\+?[0-9]+|[0-9]+\.0+")


@dataclass(frozen=True)
class Column:
    index: int
    name: str
    target: str
    group: str  # delivery, billing, address2, contact1; "" for the customer's own fields
    part: str
    read: Read


class Reader:
    """Reads the rows of one file."""

    def __init__(self, store: Store, header: list[str], targets: list[str], *, blank: str) -> None:
        self._place = Place.of(store)
        self._width = len(header)
        self._clears_blank = blank == "clear"
        columns = map(column_of, range(self._width), header, targets)
        self._columns = [column for column in columns if column is not None]

    def drafts(self, rows: Iterable[TableRow]) -> Iterator[Draft]:
        return map(self.draft, rows)

    def draft(self, row: TableRow) -> Draft:
        draft = Draft(row.line)
        if any(cell.strip() for cell in row.cells[self._width :]):
            draft.issues.append(Issue.of("too_many_cells"))
        parts: dict[str, dict[str, Any]] = {}
        for column in self._columns:
            cell = clean(row.cells[column.index]) if column.index < len(row.cells) else ""
            self.take(draft, parts, column, cell)
        finishing.finish(draft, parts, self._place)
        return draft

    def take(self, draft: Draft, parts: dict[str, Any], column: Column, cell: str) -> None:
        """Read a cell into its part of the row, or into the draft's issues."""
        group = parts.setdefault(column.group, {})
        if not cell or cell == CLEAR:
            if (cell or self._clears_blank) and is_clearable(column):
                group[column.part] = None
            return
        try:
            value = column.read(cell, self._place)
        except CellError as error:
            draft.issues.append(Issue.of(error.code, column.name, cell, **error.data))
            return
        if column.part == NOTE:
            group.setdefault(NOTE, []).append(f"{column.name}: {value}")
        elif group.get(column.part) is None:
            group[column.part] = value
        elif column.part == "tags":
            group["tags"] += value
        elif column.part == "notes":
            group["notes"] += f"\n{value}"
        else:  # of several columns for one field, the first that has a value counts
            return
        note_repair(draft, column, cell, value)


def note_repair(draft: Draft, column: Column, cell: str, value: Any) -> None:
    """Tell people what was repaired in a number."""
    if value == cell or not isinstance(value, str):
        return
    if BROKEN.fullmatch(cell) and column.read is not read_notes and value.isdecimal():
        draft.repairs.append(Issue.of("repaired_number", column.name, cell, old=cell))
    elif column.part in ("phone", "mobile") and value.lstrip("+0") == cell.lstrip("+0"):
        draft.repairs.append(Issue.of("repaired_phone", column.name, cell, old=cell))


def is_clearable(column: Column) -> bool:
    return column.part in CLEARABLE if not column.group else column.group in ("billing", "delivery")


def column_of(index: int, name: str, target: str) -> Column | None:
    """Return the column, or None for one that is left out."""
    if target == IGNORED:
        return None
    if target == NOTE:
        return Column(index, name, target, "", NOTE, read_notes)
    part = PART.fullmatch(target)
    if part is None:
        return Column(index, name, target, "", target, FIELDS[target])
    readers = CONTACT_FIELDS if part[1].startswith("contact") else ADDRESS_FIELDS
    return Column(index, name, target, part[1], part[2], readers[part[2]])
