"""The reasons of a score in plain words, for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

WORDS = {
    "same_tax_id": "Same tax id",
    "near_tax_id": "Tax ids that differ in one or two characters",
    "other_tax_id": "Other tax id",
    "same_email": "Same e-mail",
    "same_local_part": "Same e-mail name at another provider",
    "near_email": "E-mails that differ in one character",
    "other_email": "Other e-mail",
    "same_phone": "Same phone",
    "near_phone": "Phones that differ in one digit",
    "other_phone": "Other phone",
    "same_born": "Same birthday",
    "swapped_born": "Day and month of the birthday swapped",
    "near_born": "Birthdays that differ in one digit",
    "somewhat_born": "Birthdays that differ in two digits",
    "other_born": "Other birthday",
    "swapped_names": "First and last name swapped",
    "same_first": "Same first name",
    "nickname": "First names that are forms of one name",
    "near_first": "First names spelled alike",
    "sound_first": "First names that sound alike",
    "initial": "Same first letter of the first name",
    "other_first": "Other first name",
    "same_last": "Same last name",
    "near_last": "Last names spelled alike",
    "sound_last": "Last names that sound alike",
    "part_of_last": "One last name is a part of the other",
    "somewhat_last": "Last names somewhat alike",
    "other_last": "Other last name",
    "same_street": "Same street and number",
    "near_street": "Same number in a street spelled alike",
    "near_number": "Same street, a number that differs in one digit",
    "same_street_only": "Same street, other number",
    "other_street": "Other street",
    "same_postcode": "Same postcode",
    "near_postcode": "Postcodes that differ in one character",
    "other_postcode": "Other postcode",
    "same_town": "Same town",
    "near_town": "Towns spelled alike",
    "other_town": "Other town",
    "same_company": "Same company",
    "near_company": "Companies spelled alike",
    "other_company": "Other company",
    "as_before_merge": "By what somebody had who was merged into one of them",
    "size_of_book": "How many look alike by chance in a book of this size",
}

Reason = Mapping[str, Any]


def in_words(reason: Reason) -> str:
    return WORDS[reason["code"]]


def ranked(reasons: Iterable[Reason]) -> list[Reason]:
    """Return what speaks for the pair, the strongest first, and then what speaks against it.

    The size of the book is left out: it says nothing of these two.
    """
    own = [reason for reason in reasons if reason["code"] != "size_of_book"]
    return sorted(own, key=lambda reason: -reason["bits"])


def summary(reasons: Iterable[Reason], most: int = 2) -> str:
    """Return the strongest reasons in one line: "same phone, same street and number"."""
    strongest = [reason for reason in ranked(reasons) if reason["bits"] > 0][:most]
    return ", ".join(in_words(reason) for reason in strongest).lower()
