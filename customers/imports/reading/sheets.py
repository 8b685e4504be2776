"""Workbooks (XLSX, XLS, ODS), read by a process of its own.

A small file can describe a table of billions of cells, for which the library asks for more memory than there is
and is ended by the system. So it runs in a child with limits, and writes the cells to a pipe, row by row.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import orjson

from customers.imports.reading.table import Table, TableRow, Unreadable, table_of

PROGRAM = Path(__file__).with_name("sheet_process.py")
MAX_UNPACKED = 500 * 2**20  # bytes
REFUSED = 3  # exit status: the library's own refusal; others are limits


def read(file: IO[bytes]) -> Table:
    return table_of("xlsx", rows_of(on_disk(file)))


def on_disk(file: IO[bytes]) -> IO[bytes]:
    """Return the file, or a copy of one that is in memory only, which no child can read."""
    try:
        file.fileno()
    except OSError:
        copy = tempfile.TemporaryFile()  # noqa: SIM115 open until its rows are read
        copy.write(file.read())
        copy.seek(0)
        return copy
    return file


def rows_of(file: IO[bytes]) -> Iterator[TableRow]:
    """Yield the rows of the first sheet that has any. Raises Unreadable."""
    command = [sys.executable, "-I", str(PROGRAM)]
    # The child reads the file itself, by its descriptor.
    child = subprocess.Popen(  # noqa: S603
        command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert child.stdout is not None  # noqa: S101
    try:
        for text in child.stdout:
            line, cells = orjson.loads(text)
            if line == 0:
                raise Unreadable("cell_too_long", line=cells)
            yield TableRow(line, cells)
        if status := child.wait():
            raise Unreadable("bad_sheet" if status == REFUSED else "sheet_too_large")
    finally:
        child.kill()
        child.stdout.close()
        child.wait()
