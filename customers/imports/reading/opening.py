"""Find out what a file is, by its first bytes and not by its name, and open it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from typing import IO

from customers.imports.reading import json_lines, separated, sheets, vcards
from customers.imports.reading.table import MAX_FILE_BYTES, Table, TableRow, Unreadable

READERS: dict[str, Callable[[IO[bytes]], Table]] = {
    "csv": separated.read,
    "tsv": separated.read,
    "xlsx": sheets.read,
    "xls": sheets.read,
    "ods": sheets.read,
    "vcard": vcards.read,
    "jsonl": json_lines.read,
    "singer": json_lines.read_singer,
}
FORMATS = tuple(READERS)
START = 512  # bytes
SIGNATURES = {
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"BM": "a picture",
    b"II*\x00": "a picture",
    b"MM\x00*": "a picture",
    b"RIFF": "a picture or a sound",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a compressed file",
    b"BZh": "a compressed file",
    b"\xfd7zXZ": "a compressed file",
    b"7z\xbc\xaf": "a compressed file",
    b"Rar!": "a compressed file",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"SQLite format 3": "a database",
}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BINARY_START = frozenset({b"BM", b"MZ", b"BZh", b"RIFF", b"GIF8", b"Rar!"})  # letters, too


def open_table(file: IO[bytes], format: str = "") -> Table:
    """Return the table in a file of any known format. Raises Unreadable with a sentence for people."""
    size = file.seek(0, 2)
    if size > MAX_FILE_BYTES:
        raise Unreadable("too_large")
    if not size:
        raise Unreadable("empty")
    file.seek(0)
    start = file.read(START)
    found = detect(file, start)
    rewind(file)
    table = READERS[format if format and found not in ("xlsx", "ods", "xls") else found](file)
    refuse_nul(TableRow(1, table.header))
    return Table(table.format, table.header, map(refuse_nul, table.rows))


def rewind(file: IO[bytes]) -> None:
    """Go to the start with the descriptor, too, which a child shares and has moved.

    `seek(0)` alone only moves inside the buffer, if the start is in it.
    """
    file.seek(0, 2)
    file.seek(0)


def refuse_nul(row: TableRow) -> TableRow:
    """Return the row. Raises Unreadable for a NUL, which JSON and vCards can escape: PostgreSQL stores none."""
    if any("\x00" in cell for cell in row.cells):
        raise Unreadable("binary", line=row.line)
    return row


def detect(file: IO[bytes], start: bytes) -> str:
    if start.startswith(b"PK\x03\x04"):
        return kind_of_archive(file)
    if start.startswith(OLE):
        return "xls"
    refuse_other_files(start)
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith((b"<!DOCTYPE", b"<!doctype", b"<html", b"<?xml", b"<svg")):
        raise Unreadable("not_a_table", kind="a web page or XML")
    if text[:11].upper() == b"BEGIN:VCARD":
        return "vcard"
    if text.startswith(b"{") and not text.startswith(b"{}"):
        return "singer" if b'"type"' in text and b'"stream"' in text else "jsonl"
    return "csv"


def refuse_other_files(start: bytes) -> None:
    """Raise Unreadable for pictures and the like, whatever their name is."""
    for signature, kind in SIGNATURES.items():
        if start.startswith(signature) and (signature not in BINARY_START or b"\x00" in start):
            raise Unreadable("not_a_table", kind=kind)


def kind_of_archive(file: IO[bytes]) -> str:
    """Tell workbooks from other archives. Raises Unreadable, also for those that unpack to too much."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Unreadable("bad_sheet") from error
    if unpacked > sheets.MAX_UNPACKED:
        raise Unreadable("unpacks_too_large")
    if "content.xml" in names:
        return "ods"
    if "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names):
        return "xlsx"
    raise Unreadable("not_a_table", kind="an archive")
