"""Choose the target of each column: by what was remembered, a vendor's file, or synonyms."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from customers.imports.columns.headers import plain
from customers.imports.columns.tables import address_words, profiles, role_words, synonyms
from customers.imports.columns.targets import IGNORED, is_target

ENOUGH = 0.6  # of a vendor's columns; vendors leave out and add some
MANY = 6  # a file has at least so many columns of its vendor, or all of them
NUMBERED = re.compile(
    r"(?:address|addresses|addr|adresse|adresses|anschrift|direccion)([1-9])(\D.*)"
)


@dataclass(frozen=True)
class Mapping:
    """The target of each column, in their order, and the vendor whose file it is ("" for none)."""

    targets: list[str]
    vendor: str = ""


def choose(header: list[str]) -> Mapping:
    """Return what the columns of this header seem to mean. Unknown ones are ignored."""
    names = [plain(name) for name in header]
    vendor = vendor_of(names)
    columns = profiles().get(vendor, {})
    targets = [columns[name] if name in columns else by_synonym(name) for name in names]
    return Mapping(first_of_each(targets), vendor)


def vendor_of(names: Iterable[str]) -> str:
    """Return the vendor of whose columns the header has the most, if it has enough of them."""
    header = set(names)
    shares = {
        vendor: (len(header & columns.keys()), len(columns))
        for vendor, columns in profiles().items()
    }
    likely = {
        vendor: (common / min(total, len(header)), common)
        for vendor, (common, total) in shares.items()
        if common >= min(MANY, total) and common / min(total, len(header)) >= ENOUGH
    }
    return max(likely, key=lambda vendor: likely[vendor], default="")


def by_synonym(name: str) -> str:
    """Return the target of a column by its plain name, or IGNORED."""
    target = synonyms().get(name)
    if target is not None:
        return target
    if numbered := NUMBERED.fullmatch(name):
        part = address_words().get(numbered[2])
        return f"address{numbered[1]}.{part}" if part else IGNORED
    return by_role(name)


def by_role(name: str) -> str:
    """Return the part of a billing or delivery address: `billingcity`, `cityofdelivery`, `Rechnungsort`."""
    for word, role in role_words():
        rest = name.removeprefix(word) if name.startswith(word) else name.removesuffix(word)
        part = address_words().get(rest) or address_words().get(rest.removeprefix("address"))
        if rest != name and part:
            return f"{role}.{part}"
    return IGNORED


def first_of_each(targets: list[str]) -> list[str]:
    """Keep the first column of each target; notes and tags may have several."""
    seen: set[str] = set()
    kept = []
    for target in targets:
        is_taken = target in seen and target not in ("note", "notes", "tags")
        kept.append(IGNORED if is_taken else target)
        seen.add(target)
    return kept


def with_corrections(
    header: list[str], chosen: list[str], corrections: dict[str, str | None]
) -> list[str]:
    """Return the targets with those that a person named by the column. Raises ValueError for unknown names."""
    by_name = {plain(name): number for number, name in enumerate(header)}
    targets = list(chosen)
    for name, target in corrections.items():
        if plain(name) not in by_name:
            raise ValueError(f"The file has no column {name}.")
        if not is_target(target or IGNORED):
            raise ValueError(f"There is no field {target}.")
        targets[by_name[plain(name)]] = target or IGNORED
    return targets
