"""Find the customers who look like one whom somebody is typing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from customers.canonical import parse_email, phone_from_text
from customers.match_keys import Profile, profile_of
from customers.matching.services.comparing import Likeness, scored
from stores.models import Store

MOST_SHOWN = 5
# Whoever has these is shown, whatever the names: a colleague or somebody of the family, or a name mistyped.
ALWAYS_TOLD = {"same_email", "same_phone"}
TEXTS = ("first_name", "last_name", "company", "email", "phone", "mobile", "tax_id")


def find_like_typed(store: Store, values: Mapping[str, Any]) -> list[Likeness]:
    """Return the live customers of the store who look most like these values, by the names of columns.

    Who has the e-mail or the phone is among them, also when all else differs.
    """
    found = scored(store, (profile_of_typed(store, values),))
    told = [one for one in found if one.score.level is not None or has_same_contact(one)]
    return told[:MOST_SHOWN]


def has_same_contact(one: Likeness) -> bool:
    return any(reason.code in ALWAYS_TOLD for reason in one.score.reasons)


def profile_of_typed(store: Store, values: Mapping[str, Any]) -> Profile:
    """Return the profile that a customer with these values would have. What is half typed is left out."""
    row = {name: values.get(name) or "" for name in TEXTS}
    row |= {"name": "", "birth_date": values.get("birth_date")}
    row["email_key"], row["phone_e164"] = email_key_of(row["email"]), e164_of(row["phone"], store)
    return profile_of(row, [])


def email_key_of(text: str) -> str:
    try:
        return parse_email(text).key
    except ValueError:
        return ""


def e164_of(text: str, store: Store) -> str:
    try:
        return phone_from_text(text, store.country).e164
    except ValueError:
        return ""
