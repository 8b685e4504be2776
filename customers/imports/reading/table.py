"""A table as it is read: a header and rows of texts, with the lines that they stand in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

MAX_FILE_BYTES = 100 * 2**20
MAX_COLUMNS = 1000
MYOB = "{}"
MAX_CELL = 100_000  # characters; the longest field of a customer has 10,000
SENTENCES = {
    "bad_json": "Line {line} is no JSON object.",
    "bad_sheet": "The spreadsheet cannot be read. Open it, save it as CSV and import that file.",
    "binary": "This is no text and no spreadsheet: line {line} has a NUL character.",
    "cell_too_long": "Line {line} has a cell with more than 100,000 characters.",
    "directory": "This is a folder. Name a file.",
    "empty": "The file is empty.",
    "encoding": "Line {line} has characters in an unknown encoding. Save the file as UTF-8.",
    "missing": "There is no such file, or it may not be read.",
    "mixed_encodings": "Line {line} is encoded differently from the lines before. Save the file as UTF-8.",
    "no_rows": "The file has names of columns, and no row below them.",
    "not_a_table": "This is {kind}, not a table. Import a CSV file, a spreadsheet, a vCard or JSON lines.",
    "quotes": "The quotes in line {line} do not match: {reason}.",
    "sheet_too_large": "The spreadsheet needs too much memory. Save it as CSV and import that file.",
    "too_large": "The file has more than 100 MB. Divide it into smaller ones.",
    "too_many_columns": "The file has more than 1,000 columns.",
    "unpacks_too_large": "The file unpacks to more than 500 MB. Save it as CSV and import that file.",
}


class Unreadable(Exception):
    """The file is no table that can be imported; the text says why and what to do."""

    def __init__(self, code: str, **data: object) -> None:
        super().__init__(SENTENCES[code].format(**data))
        self.code, self.data = code, data


class TableRow(NamedTuple):
    line: int
    cells: list[str]


@dataclass
class Table:
    """A header and an iterator over the rows below it, which reads the file as it goes."""

    format: str
    header: list[str]
    rows: Iterator[TableRow]


def unique_header(cells: list[str]) -> list[str]:
    """Return the names of the columns, each once: `Phone`, `Phone (2)`, and `Column 3` for a blank one."""
    if len(cells) > MAX_COLUMNS:
        raise Unreadable("too_many_columns")
    names: dict[str, None] = {}
    for number, cell in enumerate(cells, start=1):
        name = plain = " ".join(cell.split())[:200] or f"Column {number}"
        count = 1
        while name in names:
            count += 1
            name = f"{plain} ({count})"
        names[name] = None
    return list(names)


def is_blank(cells: list[str]) -> bool:
    return not any(cell and not cell.isspace() for cell in cells)


def table_of(format: str, rows: Iterator[TableRow]) -> Table:
    """Return the table whose header is the first row that is not blank, nor the sign that MYOB begins with."""
    filled = (row for row in rows if not is_blank(row.cells))
    first = next(filled, None)
    if first is not None and trimmed(first.cells) == [MYOB]:
        first = next(filled, None)
    if first is None:
        raise Unreadable("empty")
    return Table(format, unique_header(trimmed(first.cells)), filled)


def trimmed(cells: list[str]) -> list[str]:
    """Return the cells without the blank ones at the end, which spreadsheets add."""
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return cells[:end]
