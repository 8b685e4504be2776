"""Take a street apart, so that two ways of writing it are equal: `4/101 King St.` and `101 King Street`."""

from __future__ import annotations

import re
from functools import lru_cache

from customers.canonical import fold

WORD = re.compile(r"[^\W_]+")
NUMBER = re.compile(r"\d+[a-z]?$")
UNIT_WORDS = frozenset(["unit", "flat", "apt", "apartment", "shop", "suite", "level", "lot", "no"])
TYPES = {
    "av": "avenue",
    "ave": "avenue",
    "bvd": "boulevard",
    "blvd": "boulevard",
    "cir": "circle",
    "cct": "circuit",
    "cl": "close",
    "ct": "court",
    "cr": "crescent",
    "cres": "crescent",
    "dr": "drive",
    "drv": "drive",
    "gr": "grove",
    "hwy": "highway",
    "ln": "lane",
    "pde": "parade",
    "pl": "place",
    "rd": "road",
    "sq": "square",
    "str": "strasse",
    "st": "street",
    "tce": "terrace",
    "ter": "terrace",
}
LONG_TYPES = tuple(sorted(set(TYPES.values()) - {"lane"}))


@lru_cache(maxsize=20_000)
def parse_street(text: str) -> tuple[str, str]:
    """Return the house number and the street of a line, the street in one word with its kind spelled out.

    Of a unit and a house, the last number is the house's.
    """
    words = WORD.findall(fold(text))
    numbers = [word for word in words if NUMBER.match(word)]
    leading = leading_numbers(words)
    number = leading[-1] if leading else next(iter(numbers), "")
    names = [word for word in words if word not in numbers and word not in UNIT_WORDS]
    return number.lstrip("0"), "".join(map(spelled_out, names))


def leading_numbers(words: list[str]) -> list[str]:
    """Return the numbers before the street's name."""
    numbers = []
    for word in words:
        if NUMBER.match(word):
            numbers.append(word)
        elif word not in UNIT_WORDS:
            break
    return numbers


def spelled_out(word: str) -> str:
    """Return the kind of a street in full, also at the end of a German street."""
    if word.endswith("str") and len(word) > 6:
        return f"{word}asse"
    return TYPES.get(word, word)


@lru_cache(maxsize=20_000)
def without_type(street: str) -> str:
    """Return the name of a street without its kind: `kingstreet` is `king`."""
    kind = next((kind for kind in LONG_TYPES if street.endswith(kind)), "")
    return street[: len(street) - len(kind)] or street
