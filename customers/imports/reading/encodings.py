"""Find the encoding of a text file by reading all of it once, in bounded memory."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import IO

from customers.imports.reading.table import Unreadable

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The widest legal line: quoted cells may have line breaks, other lines end.
MAX_LINE = 2_000_000  # characters
SAMPLE = 4096
FALLBACK = "cp1252"


def text_lines(file: IO[bytes]) -> Iterator[str]:
    """Yield the lines of a text in whatever encoding, with their line ends. Raises Unreadable."""
    encoding = encoding_of(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    number = 0
    try:
        while line := text.readline(MAX_LINE):
            number += 1
            if "\x00" in line:
                raise Unreadable("binary", line=number)
            if len(line) >= MAX_LINE:
                raise Unreadable("cell_too_long", line=number)
            yield line
    except UnicodeDecodeError as error:
        raise Unreadable("encoding", line=number + 1) from error
    finally:
        if not file.closed:
            text.detach()


def encoding_of(file: IO[bytes]) -> str:
    """Return the encoding: by its mark, by NULs of UTF-16, else UTF-8 if all lines are, else cp1252."""
    file.seek(0)
    start = file.read(SAMPLE)
    for mark, encoding in MARKS:
        if start.startswith(mark):
            return encoding
    if b"\x00" in start:
        return utf_16_without_mark(start)
    file.seek(0)
    return eight_bit_encoding(file)


def utf_16_without_mark(start: bytes) -> str:
    """Tell UTF-16 by every other byte of its Latin letters being NUL. Raises Unreadable for other files."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    half = len(start) // 2
    if odd > half * 0.7 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.7 and odd < half * 0.1:
        return "utf-16-be"
    raise Unreadable("binary", line=start[: start.index(0)].count(b"\n") + 1)


def eight_bit_encoding(file: IO[bytes]) -> str:
    """Return utf-8 or cp1252. Refuse a file that has letters of both."""
    first_utf8 = first_other = 0
    for number, line in enumerate(iter(lambda: file.readline(MAX_LINE), b""), start=1):
        if line.isascii():
            continue
        if is_utf8(line):
            first_utf8 = first_utf8 or number
        else:
            first_other = first_other or number
        if first_utf8 and first_other:
            raise Unreadable("mixed_encodings", line=max(first_utf8, first_other))
    return FALLBACK if first_other else "utf-8"


def is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return len(line) == MAX_LINE  # a letter may be cut; the line is refused for its length
    return True
