"""JSON lines: an object a line, or the messages of a Singer tap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Any

import orjson

from customers.imports.reading.encodings import text_lines
from customers.imports.reading.sheet_process import fraction
from customers.imports.reading.table import (
    MAX_CELL,
    MAX_COLUMNS,
    Table,
    TableRow,
    Unreadable,
    unique_header,
)

DEPTH = 6
STREAMS = ("customer", "contact", "people", "person", "member", "partner", "client", "subscriber")
Record = tuple[int, dict[str, Any]]


def read(file: IO[bytes]) -> Table:
    return table_of_records("jsonl", file, singer=False)


def read_singer(file: IO[bytes]) -> Table:
    """Take the records of streams that are about customers; other streams and messages are left out."""
    return table_of_records("singer", file, singer=True)


def table_of_records(format: str, file: IO[bytes], *, singer: bool) -> Table:
    """Read the file twice: the first time for the names of all columns."""
    names: dict[str, None] = {}
    for _, record in records(file, singer):
        names.update(dict.fromkeys(flatten(record)))
        if len(names) > MAX_COLUMNS:
            raise Unreadable("too_many_columns")
    if not names:
        raise Unreadable("empty")
    return Table(format, unique_header(list(names)), rows(file, singer, list(names)))


def records_of(file: IO[bytes]) -> Table:
    """Return records of another server, each whole in one cell."""
    lines = enumerate(text_lines(file), start=1)
    return Table("server", ["record"], (TableRow(number, [line]) for number, line in lines))


def rows(file: IO[bytes], singer: bool, names: list[str]) -> Iterator[TableRow]:
    for line, record in records(file, singer):
        cells = flatten(record)
        yield TableRow(line, [cells.get(name, "") for name in names])


def records(file: IO[bytes], singer: bool) -> Iterator[Record]:
    lines = ((number, line) for number, line in enumerate(text_lines(file), start=1))
    objects = ((number, parse(number, line)) for number, line in lines if line.strip())
    return customers_of(objects) if singer else iter(objects)


def parse(number: int, line: str) -> dict[str, Any]:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise Unreadable("bad_json", line=number) from error
    if not isinstance(value, dict):
        raise Unreadable("bad_json", line=number)
    return value


def customers_of(messages: Iterable[Record]) -> Iterator[Record]:
    for number, message in messages:
        stream = str(message.get("stream", "")).lower()
        record = message.get("record")
        if message.get("type") != "RECORD" or not isinstance(record, dict):
            continue
        if any(word in stream for word in STREAMS):
            yield number, record


def flatten(value: Any, prefix: str = "", depth: int = DEPTH) -> dict[str, str]:
    """Return the texts of an object by their paths, counted from 1: `address.city`, `addresses.1.city`."""
    if isinstance(value, dict) and depth:
        items = [(f"{prefix}{name}", part) for name, part in value.items()]
    elif is_list_of_objects(value) and depth:
        items = [(f"{prefix}{number}", part) for number, part in enumerate(value, start=1)]
    else:
        return {prefix.removesuffix("."): scalar(value)}
    cells: dict[str, str] = {}
    for path, part in items:
        cells |= flatten(part, f"{path}.", depth - 1)
    return cells


def is_list_of_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def scalar(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(scalar(part) for part in value)
    if isinstance(value, float):
        return fraction(value)
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return text[:MAX_CELL]
