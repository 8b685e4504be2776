"""vCards, versions 2.1 to 4.0: each card becomes a row of named columns."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterable, Iterator
from typing import IO

from customers.imports.reading.encodings import text_lines
from customers.imports.reading.table import MAX_CELL, Table, TableRow, Unreadable

NAME = ("Last Name", "First Name", "Middle Name", "Name Prefix", "Name Suffix")
ADDRESS = ("Box", "Line 2", "Street", "City", "State", "Postcode", "Country")
ADDRESSES = 3
PLAIN = {
    "FN": "Display Name",
    "TITLE": "Job Title",
    "URL": "Website",
    "BDAY": "Birthday",
    "NOTE": "Notes",
    "CATEGORIES": "Tags",
    "UID": "UID",
    "GENDER": "Gender",
}
PHONES = {"CELL": "Mobile", "FAX": "Fax"}
HEADER = [
    *NAME,
    *PLAIN.values(),
    "Company",
    "E-mail 1",
    "E-mail 2",
    "Phone",
    "Phone 2",
    "Mobile",
    "Fax",
    *(
        f"Address {number} {part}"
        for number in range(1, ADDRESSES + 1)
        for part in (*ADDRESS, "Label")
    ),
]
PARTS = re.compile(r"(?<!\\);")
ESCAPED = re.compile(r"\\([\\,;nN])")


def read(file: IO[bytes]) -> Table:
    return Table("vcard", HEADER, rows(unfolded(text_lines(file))))


def unfolded(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield the properties with their line: a line that begins with a space goes on the one before."""
    number, current, begun = 0, "", 0
    for number, raw in enumerate(lines, start=1):
        line = raw.rstrip("\r\n")
        if line[:1] in (" ", "\t") and not is_soft_broken(current):
            current += line[1:]
        elif is_soft_broken(current):
            current = current[:-1] + line.lstrip()
        else:
            if current:
                yield begun, current
            current, begun = line, number
        if len(current) > 20 * MAX_CELL:
            raise Unreadable("cell_too_long", line=number)
    if current:
        yield begun, current


def is_soft_broken(text: str) -> bool:
    """Return True for a quoted-printable property whose last line ends in a soft break."""
    return text.endswith("=") and "QUOTED-PRINTABLE" in text.partition(":")[0].upper()


def rows(properties: Iterable[tuple[int, str]]) -> Iterator[TableRow]:
    card: dict[str, str] = {}
    begun = 0
    for line, text in properties:
        name, parameters, value = parse(text)
        if name == "BEGIN":
            card, begun = {}, line
        elif name == "END":
            yield TableRow(begun, [card.get(column, "")[:MAX_CELL] for column in HEADER])
        else:
            add(card, name, parameters, value)


def parse(text: str) -> tuple[str, str, str]:
    """Return name, parameters in capitals, and value of a property."""
    head, _, value = text.partition(":")
    name, _, parameters = head.partition(";")
    parameters = parameters.upper()
    if "QUOTED-PRINTABLE" in parameters:
        value = quopri.decodestring(value.encode()).decode("utf-8", "replace")
    return name.rpartition(".")[2].upper(), parameters, value


def add(card: dict[str, str], name: str, parameters: str, value: str) -> None:
    if name == "N":
        card.update(zip(NAME, parts_of(value), strict=False))
    elif name == "ORG":
        card["Company"] = parts_of(value)[0]
    elif name == "ADR":
        add_address(card, parameters, parts_of(value))
    elif name == "TEL":
        add_phone(card, parameters, value.removeprefix("tel:"))
    elif name == "EMAIL":
        card["E-mail 2" if "E-mail 1" in card else "E-mail 1"] = value
    elif name in PLAIN:
        card[PLAIN[name]] = unescape(value)


def add_phone(card: dict[str, str], parameters: str, value: str) -> None:
    column = next((name for kind, name in PHONES.items() if kind in parameters), "Phone")
    card["Phone 2" if column == "Phone" and "Phone" in card else column] = value


def add_address(card: dict[str, str], parameters: str, parts: list[str]) -> None:
    number = next((n for n in range(1, ADDRESSES + 1) if f"Address {n} Label" not in card), 0)
    if not number or not any(parts):
        return
    for column, part in zip(ADDRESS, parts, strict=False):
        card[f"Address {number} {column}"] = part
    label = "Work" if "WORK" in parameters else "Home" if "HOME" in parameters else ""
    card[f"Address {number} Label"] = label


def parts_of(value: str) -> list[str]:
    return [unescape(part) for part in PARTS.split(value)]


def unescape(value: str) -> str:
    return ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)
