"""Compare who two customers are: names, birthday, company."""

from __future__ import annotations

from rapidfuzz import fuzz

from customers.match_keys.profiles import Profile
from customers.matching.scoring.frequencies import Frequencies
from customers.matching.scoring.names import (
    are_forms_of_one_name,
    is_initial_of,
    likeness,
    share_a_part,
)
from customers.matching.scoring.reasons import Reason, reason_of

FIRST = {"near": 4.5, "sound": 3.0}
LAST = {"near": 5.0, "sound": 4.0, "somewhat": 1.0}
# The codes of reasons that speak for one person by the name alone.
OF_NAMES = frozenset(
    {"same_first", "nickname", "initial", "same_last", "part_of_last"}
    | {f"{level}_first" for level in FIRST}
    | {f"{level}_last" for level in LAST}
)
SIMILAR_COMPANY = 88
SWAPPED = -1.0


def compare_first(one: str, other: str, book: Frequencies, *, same_home: bool) -> Reason | None:
    """Compare first names. Another one at the same home or phone is probably another person of a family."""
    if not one or not other:
        return None
    if one == other:
        return reason_of("same_first", book.bits("first", one))
    if are_forms_of_one_name(one, other):
        return reason_of("nickname", 5.0)
    level = likeness(one, other)
    if level in FIRST:
        return reason_of(f"{level}_first", FIRST[level])
    if is_initial_of(one, other):
        return reason_of("initial", 1.5)
    if one.split()[0] == other.split()[0]:
        return reason_of("near_first", FIRST["near"])  # one of them has a second first name
    return reason_of("other_first", -8.0 if same_home else -4.0)


def compare_last(one: str, other: str, book: Frequencies) -> Reason | None:
    if not one or not other:
        return None
    if one == other:
        return reason_of("same_last", book.bits("last", one))
    level = likeness(one, other)
    if level in ("near", "sound"):
        return reason_of(f"{level}_last", LAST[level])
    if share_a_part(one, other):
        return reason_of("part_of_last", 4.5)
    return reason_of("somewhat_last", 1.0) if level else reason_of("other_last", -4.0)


def are_swapped(one: Profile, other: Profile) -> bool:
    """Return whether a first name of one is the last name of the other, and no name is alike otherwise."""
    if one.last == other.last or is_alike(one.first, other.first) or is_alike(one.last, other.last):
        return False
    return is_alike(one.first, other.last) or is_alike(one.last, other.first)


def is_alike(one: str, other: str) -> bool:
    return bool(one and other) and likeness(one, other) in ("same", "near", "sound")


def compare_born(one: str, other: str, book: Frequencies) -> Reason | None:
    if not one or not other:
        return None
    if one == other:
        return reason_of("same_born", book.bits("born", one))
    if one[:4] == other[:4] and one[5:7] == other[8:] and one[8:] == other[5:7]:
        return reason_of("swapped_born", 8.0)
    differing = sum(a != b for a, b in zip(one, other, strict=False))
    return reason_of(*BORN.get(differing, ("other_born", -6.0)))


BORN = {1: ("near_born", 6.0), 2: ("somewhat_born", 1.5)}


def compare_company(one: str, other: str) -> Reason | None:
    if not one or not other:
        return None
    if one == other:
        return reason_of("same_company", 8.0)
    if fuzz.token_set_ratio(one, other) >= SIMILAR_COMPANY:
        return reason_of("near_company", 5.0)
    return reason_of("other_company", -3.0)
