"""CSV with any separator, as spreadsheets and other systems write it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import IO

from customers.imports.reading.encodings import text_lines
from customers.imports.reading.table import MAX_CELL, Table, TableRow, Unreadable, table_of

SEPARATORS = ",;\t|"
SAMPLE = 30  # lines
PREFIXES = ("{}", "sep=")  # MYOB begins with {}, Excel with sep=;


def read(file: IO[bytes]) -> Table:
    lines = text_lines(file)
    sample = list(islice(lines, SAMPLE))
    prefix = prefix_of(sample)
    separator = prefix[4:5] if prefix.startswith("sep=") else separator_of(sample)
    skipped = 1 if prefix else 0
    rows = parse(chain(sample[skipped:], lines), separator, skipped)
    return table_of("tsv" if separator == "\t" else "csv", rows)


def prefix_of(sample: list[str]) -> str:
    """Return the first line if it is none of the table."""
    first = sample[0].strip().strip('"') if sample else ""
    return first if first.startswith(PREFIXES) and len(first) <= 6 else ""


def separator_of(sample: list[str]) -> str:
    """Return the separator that divides the sample into the most columns of one number."""
    return max(SEPARATORS, key=lambda separator: columns(sample, separator))


def columns(sample: list[str], separator: str) -> float:
    """Return how many columns the sample has, less where its rows differ. Rows of one cell count nothing."""
    try:
        rows = [row for row in csv.reader(sample, delimiter=separator) if any(row)]
    except csv.Error:
        return 0
    rows = [row for row in rows if row != ["{}"]]
    width = len(rows[0]) if rows else 0
    if width < 2:
        return 0
    alike = sum(len(row) == width for row in rows) / len(rows)
    return width * alike


def parse(lines: Iterable[str], separator: str, skipped: int) -> Iterator[TableRow]:
    """Yield the rows with the line that each begins in. Raises Unreadable."""
    reader = csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=False)
    before = 0
    try:
        for cells in reader:
            line, before = before + 1 + skipped, reader.line_num
            if any(len(cell) > MAX_CELL for cell in cells):
                raise Unreadable("cell_too_long", line=line)
            yield TableRow(line, cells)
    except csv.Error as error:
        line = before + 1 + skipped
        if "field limit" in str(error):
            raise Unreadable("cell_too_long", line=line) from error
        raise Unreadable("quotes", line=line, reason=str(error)) from error
