"""Compare how two customers are reached: e-mail, phones, tax id."""

from __future__ import annotations

from rapidfuzz.distance import OSA

from customers.match_keys.keys import LEAST_LOCAL_PART, PHONE_DIGITS, local_part
from customers.match_keys.profiles import Profile
from customers.matching.scoring.frequencies import Frequencies
from customers.matching.scoring.reasons import Reason, reason_of

LEAST_TAX_ID = 6


def compare_email(one: Profile, other: Profile) -> Reason | None:
    if not one.email or not other.email:
        return None
    if one.email == other.email:
        return reason_of("same_email", 22.0)
    local, other_local = local_part(one.email), local_part(other.email)
    if local == other_local and len(local) >= LEAST_LOCAL_PART:
        # First and last name alone say nothing that the names do not say.
        is_name = local in (one.first + one.last, one.last + one.first)
        return reason_of("same_local_part", 2.0 if is_name else 7.0)
    is_near = OSA.distance(one.email, other.email, score_cutoff=1) <= 1
    if is_near and not differ_in_number(local, other_local):
        return reason_of("near_email", 8.0)
    return reason_of("other_email", -1.0)


def differ_in_number(one: str, other: str) -> bool:
    """Return whether two local parts are one name with another number, as of two people: ann1, ann2."""
    return one.rstrip("0123456789") == other.rstrip("0123456789")


def compare_phones(one: Profile, other: Profile, book: Frequencies) -> Reason | None:
    if not one.phones or not other.phones:
        return None
    is_near = False
    for a in one.phones:
        for b in other.phones:
            if a[-PHONE_DIGITS:] == b[-PHONE_DIGITS:] and (a.endswith(b) or b.endswith(a)):
                return reason_of("same_phone", book.bits("phone", a[-PHONE_DIGITS:]))
            is_near |= len(a) == len(b) and OSA.distance(a, b, score_cutoff=1) <= 1
    return reason_of("near_phone", 6.0) if is_near else reason_of("other_phone", -1.0)


def compare_tax_id(one: str, other: str) -> Reason | None:
    if not one or not other:
        return None
    if one == other:
        return reason_of("same_tax_id", 18.0)
    if min(len(one), len(other)) >= LEAST_TAX_ID and OSA.distance(one, other, score_cutoff=2) <= 2:
        return reason_of("near_tax_id", 9.0)
    return reason_of("other_tax_id", -4.0)
