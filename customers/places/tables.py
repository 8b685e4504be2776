"""Read the tables of names: `aliases.tsv` is written by hand, the others by `build.py`."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from pathlib import Path

COUNTRIES = Path(__file__).with_name("countries.tsv")
STATES = Path(__file__).with_name("states.tsv")
ALIASES = Path(__file__).with_name("aliases.tsv")


def country_keys() -> list[tuple[str, list[str], list[str]]]:
    """Return (code, keys in English and the country's languages, keys in other languages)."""
    return [
        (code, _keys(familiar), _keys(other))
        for code, familiar, other in (line.split("\t") for line in _lines(COUNTRIES))
    ]


@lru_cache(maxsize=1)
def state_keys() -> dict[str, list[tuple[str, list[str]]]]:
    """Return for each country (state code, keys of the state's names)."""
    by_country = defaultdict(list)
    for line in _lines(STATES):
        code, keys = line.split("\t")
        by_country[code[:2]].append((code[3:], _keys(keys)))
    return dict(by_country)


def state_aliases() -> dict[str, dict[str, str]]:
    """Return for each country the state codes by alias."""
    by_country: dict[str, dict[str, str]] = defaultdict(dict)
    for line in _lines(ALIASES):
        country, code, names = line.split("\t")
        by_country[country] |= dict.fromkeys(names.split("|"), code)
    return dict(by_country)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _keys(joined: str) -> list[str]:
    return joined.split("|") if joined else []
