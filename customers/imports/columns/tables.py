"""The tables of known columns: what vendors call them, and synonyms in four languages."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path

from customers.imports.columns.headers import plain

FOLDER = Path(__file__).parent
COMMENT = "#"
MANY = range(1, 21)  # numbered addresses and contacts


def lines_of(name: str) -> list[list[str]]:
    text = (FOLDER / name).read_text()
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith(COMMENT))
    return [row for row in rows if row != [""]]


@cache
def profiles() -> dict[str, dict[str, str]]:
    """Return the columns of each vendor's file, by their plain names, with their targets."""
    columns: dict[str, dict[str, str]] = defaultdict(dict)
    for vendor, name, target in lines_of("profiles.tsv"):
        for number in MANY if "#" in name else MANY[:1]:
            columns[vendor][plain(name.replace("#", str(number)))] = target.replace(
                "#", str(number)
            )
    return dict(columns)


@cache
def synonyms() -> dict[str, str]:
    """Return the target of each known name of a column."""
    return {
        plain(name): target
        for target, names in lines_of("synonyms.tsv")
        if not target.endswith(":")
        for name in names.split("|")
    }


@cache
def address_words() -> dict[str, str]:
    """Return the part of an address that each word in the name of a column stands for."""
    return {
        plain(name): target.removeprefix("delivery.")
        for target, names in lines_of("synonyms.tsv")
        if target.startswith("delivery.")
        for name in names.split("|")
    }


@cache
def role_words() -> list[tuple[str, str]]:
    """Return the words that say whose address a column belongs to, with the role; long words first."""
    pairs = [
        (plain(name), role.removesuffix(":"))
        for role, names in lines_of("synonyms.tsv")
        if role.endswith(":")
        for name in names.split("|")
    ]
    return sorted(pairs, key=lambda pair: -len(pair[0]))
