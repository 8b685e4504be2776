"""The tables of names beside this file: `aliases.tsv` by hand, the others as `build.py` writes them."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from pathlib import Path

COUNTRIES = Path(__file__).with_name("countries.tsv")
STATES = Path(__file__).with_name("states.tsv")
ALIASES = Path(__file__).with_name("aliases.tsv")


def country_keys() -> list[tuple[str, list[str], list[str]]]:
    """(code, keys of names in English and the country's languages, keys in other languages)."""
    return [
        (code, _keys(own), _keys(other))
        for code, own, other in (line.split("\t") for line in _lines(COUNTRIES))
    ]


@lru_cache(maxsize=1)
def state_keys() -> dict[str, list[tuple[str, list[str]]]]:
    """By country, (the state's code, keys of its names)."""
    found = defaultdict(list)
    for line in _lines(STATES):
        code, keys = line.split("\t")
        found[code[:2]].append((code[3:], _keys(keys)))
    return dict(found)


def state_aliases() -> dict[str, dict[str, str]]:
    """By country, the state's code by another name of it."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for line in _lines(ALIASES):
        country, code, names = line.split("\t")
        found[country] |= dict.fromkeys(names.split("|"), code)
    return dict(found)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _keys(joined: str) -> list[str]:
    return joined.split("|") if joined else []
