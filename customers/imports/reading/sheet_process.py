"""Print the rows of a workbook on standard input as JSON lines: `[line, [text, …]]`.

Runs as a program of its own, see `sheets`. Nothing of the project is imported, to use little memory.
"""

from __future__ import annotations

import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

MEMORY = 240 * 2**20  # bytes of address space; 100,000 rows of 14 columns need 184 MB
SECONDS = 120
MAX_CELL = 100_000
WIDEST = 1000  # columns that are looked at, and one more


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def text(value: Any) -> str:
    """Return a cell as somebody would type it. A whole number has no decimals, a day no time."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else fraction(value)
    if isinstance(value, datetime):
        is_day = value.time() == time()
        return value.date().isoformat() if is_day else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def fraction(value: float) -> str:
    """Return the digits, with a zero behind three decimals: 12.125 would be read as some thousands."""
    digits = repr(value)
    return f"{digits}0" if digits[-4:-3] == "." else digits


def main() -> int:
    limit()
    import orjson
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(sys.stdin.buffer)
        write_rows(book, orjson.dumps)
    except CalamineError:
        return 3
    return 0


def write_rows(book: Any, dumps: Any) -> None:
    out = sys.stdout.buffer
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        if not sheet.height:
            continue
        first = sheet.start[0] + 1 if sheet.start else 1
        for line, row in enumerate(sheet.iter_rows(), start=first):
            cells = [text(value) for value in row[: WIDEST + 1]]
            if any(len(cell) > MAX_CELL for cell in cells):
                out.write(dumps([0, line]) + b"\n")
                return
            out.write(dumps([line, cells]) + b"\n")
        return


if __name__ == "__main__":
    sys.exit(main())
