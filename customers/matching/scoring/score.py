"""Add up what speaks for and against two profiles being one customer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from customers.match_keys.profiles import Profile
from customers.matching.levels import Level, level_of
from customers.matching.scoring.contacts import compare_email, compare_phones, compare_tax_id
from customers.matching.scoring.frequencies import Frequencies
from customers.matching.scoring.people import (
    SWAPPED,
    are_swapped,
    compare_born,
    compare_company,
    compare_first,
    compare_last,
)
from customers.matching.scoring.places import HOMES, compare_places
from customers.matching.scoring.reasons import Reason, reason_of

# What people of one home share anyway: the most that name and phone are worth, and what an e-mail loses.
FAMILY_NAME, FAMILY_PHONE, FAMILY_EMAIL = 3.0, 4.0, 4.0


class Score(NamedTuple):
    """The sum of the reasons' bits."""

    bits: float
    reasons: tuple[Reason, ...]

    @property
    def level(self) -> Level | None:
        return level_of(self.bits)


def score(one: Profile, other: Profile, book: Frequencies) -> Score:
    """Score two profiles of a store. The order of the two makes no difference."""
    if are_swapped(one, other):
        one, other = sorted((one, other))  # or the order of the two would make a difference
        other = other._replace(first=other.last, last=other.first)
        swapped: Reason | None = reason_of("swapped_names", SWAPPED)
    else:
        swapped = None
    phone = compare_phones(one, other, book)
    places = compare_places(one, other, book)
    same_home = bool(places) and places[0].code in HOMES
    shares = same_home or (phone is not None and phone.code == "same_phone")
    parts = [
        swapped,
        compare_first(one.first, other.first, book, same_home=shares),
        compare_last(one.last, other.last, book),
        compare_email(one, other),
        phone,
        compare_tax_id(one.tax_id, other.tax_id),
        compare_born(one.born, other.born, book),
        compare_company(one.company, other.company),
        *places,
        reason_of("size_of_book", -book.size_bits),
    ]
    reasons = [part for part in parts if part is not None]
    if swapped is not None:
        reasons = [as_swapped(reason, one, book) for reason in reasons]
    if same_home and is_family(reasons):
        reasons = [as_family(reason) for reason in reasons]
    return Score(sum(reason.bits for reason in reasons), tuple(reasons))


def as_swapped(reason: Reason, one: Profile, book: Frequencies) -> Reason:
    """Return a reason of swapped names: a common first name is not rare because it stands as a last name."""
    if reason.code not in ("same_first", "same_last"):
        return reason
    name = one.first if reason.code == "same_first" else one.last
    return reason_of(reason.code, min(book.bits("first", name), book.bits("last", name)))


def is_family(reasons: Iterable[Reason]) -> bool:
    """Return whether two of one home are probably two people: other first names, and no proof of one person."""
    codes = {reason.code for reason in reasons}
    return "other_first" in codes and codes.isdisjoint({"same_born", "same_tax_id"})


def as_family(reason: Reason) -> Reason:
    """Return a reason with the bits that it has among people who live together."""
    code, bits = reason
    if code.endswith("_last"):
        return reason_of(code, min(bits, FAMILY_NAME))
    if code == "same_phone":
        return reason_of(code, min(bits, FAMILY_PHONE))
    if code == "same_email":
        return reason_of(code, bits - FAMILY_EMAIL)
    return reason


def best_score(ones: Sequence[Profile], others: Sequence[Profile], book: Frequencies) -> Score:
    """Score two customers with their profiles, each its own first, by the two that are most alike."""
    if len(ones) == len(others) == 1:
        return score(ones[0], others[0], book)
    own, *rest = (score(one, other, book) for one in ones for other in others)
    best = max(rest, key=lambda result: result.bits, default=own)
    if best.bits <= own.bits:
        return own
    return best._replace(reasons=(*best.reasons, reason_of("as_before_merge", 0.0)))
