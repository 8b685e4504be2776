"""Compare where two customers live or are delivered to."""

from __future__ import annotations

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from customers.match_keys.profiles import Place, Profile
from customers.match_keys.streets import without_type
from customers.matching.scoring.frequencies import Frequencies
from customers.matching.scoring.reasons import Reason, reason_of

SIMILAR_STREET = 78  # percent of a street's name
SIMILAR_LINE = 88  # percent of the name with its kind
SIMILAR_TOWN = 80
# The most that they are worth beside an equal street, which says where already.
POSTCODE_BESIDE_A_STREET, TOWN_BESIDE_A_STREET = 4.0, 2.0
HOMES = frozenset({"same_street", "near_street", "near_number"})


def compare_places(one: Profile, other: Profile, book: Frequencies) -> tuple[Reason, ...]:
    """Return the reasons of the two addresses that are most alike, none where one has no address."""
    if not one.places or not other.places:
        return ()
    if len(one.places) == 1 and len(other.places) == 1:
        return compare_place(one.places[0], other.places[0], book)
    every = (compare_place(a, b, book) for a in one.places for b in other.places)
    return max(every, key=lambda reasons: sum(reason.bits for reason in reasons))


def compare_place(one: Place, other: Place, book: Frequencies) -> tuple[Reason, ...]:
    street = compare_street(one, other)
    is_beside = street is not None and street.bits > 0
    parts = (
        street,
        compare_postcode(one.postcode, other.postcode, book, is_beside=is_beside),
        compare_town(one.town, other.town, book, is_beside=is_beside),
    )
    return tuple(part for part in parts if part is not None)


def compare_street(one: Place, other: Place) -> Reason | None:
    if not one.street or not other.street:
        return None
    is_same = one.street == other.street
    if not is_same and not are_alike(one.street, other.street):
        return reason_of("other_street", -1.5)
    if not one.number or not other.number:
        return reason_of("same_street_only", 3.0)
    if one.number == other.number:
        return reason_of("same_street", 9.0) if is_same else reason_of("near_street", 7.5)
    if OSA.distance(one.number, other.number, score_cutoff=1) <= 1 and len(one.number) > 1:
        return reason_of("near_number", 5.0)
    return reason_of("same_street_only", 3.0)


def are_alike(one: str, other: str) -> bool:
    """Return whether two streets are spelled alike, with their kind or without it."""
    if fuzz.ratio(one, other, score_cutoff=SIMILAR_LINE) >= SIMILAR_LINE:
        return True
    return fuzz.ratio(without_type(one), without_type(other)) >= SIMILAR_STREET


def compare_postcode(one: str, other: str, book: Frequencies, *, is_beside: bool) -> Reason | None:
    if not one or not other:
        return None
    if one == other:
        bits = book.bits("postcode", one)
        return reason_of(
            "same_postcode", min(bits, POSTCODE_BESIDE_A_STREET) if is_beside else bits
        )
    if OSA.distance(one, other, score_cutoff=1) <= 1:
        return reason_of("near_postcode", 2.0)
    return reason_of("other_postcode", -1.5)


def compare_town(one: str, other: str, book: Frequencies, *, is_beside: bool) -> Reason | None:
    if not one or not other:
        return None
    if one == other:
        bits = book.bits("town", one)
        return reason_of("same_town", min(bits, TOWN_BESIDE_A_STREET) if is_beside else bits)
    if fuzz.ratio(one, other) >= SIMILAR_TOWN:
        return reason_of("near_town", 2.0)
    return reason_of("other_town", -0.5)
