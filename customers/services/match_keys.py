"""Keep what duplicates are found by: the stored profile of a customer and its keys.

`Edit` calls this in the transaction of the change. Only what differs is written.
"""

from __future__ import annotations

from customers.match_keys import Profile, keys_of, profile_of
from customers.models import MatchKey, MatchProfile
from customers.reads import Row

# Columns and children whose change may change the profile.
COMPARED = frozenset(
    {
        "name",
        "first_name",
        "last_name",
        "company",
        "email",
        "phone",
        "phone_dial_code",
        "phone_number",
        "mobile",
        "tax_id",
        "birth_date",
        "deleted_at",
        "addresses",
        "billing_address",
    }
)


def create_match_keys(store: int, rows: list[Row]) -> None:
    """Store profile and keys of customers that were just inserted, given their whole rows."""
    profiles = [(row["id"], profile_of(row, row["addresses"])) for row in rows]
    profiles = [(customer, profile) for customer, profile in profiles if any(profile)]
    texts = [(customer, profile.text) for customer, profile in profiles]
    MatchProfile.objects.insert_profiles(store, texts)
    keys = [(key, customer) for customer, profile in profiles for key in keys_of(profile)]
    MatchKey.objects.insert_keys(store, keys)


def update_match_keys(store: int, row: Row) -> None:
    """Store what changed in the profile and the keys of a locked customer, given its whole row.

    A deleted customer keeps none.
    """
    profile = profile_of(row, row["addresses"]) if row["deleted_at"] is None else None
    profiles = MatchProfile.objects.filter(store=store, customer=row["id"])
    former = profiles.values_list("text", flat=True).first()
    if profile is not None and not any(profile):
        profile = None
    if (profile and profile.text) == former:
        return
    present, wanted = keys_of_text(former), keys_of(profile) if profile else set()
    if removed := present - wanted:
        MatchKey.objects.filter(store=store, customer=row["id"], hash__in=removed).delete()
    MatchKey.objects.insert_keys(store, [(key, row["id"]) for key in wanted - present])
    if profile is None:
        profiles.delete()
    elif former is None:
        MatchProfile.objects.insert_profiles(store, [(row["id"], profile.text)])
    else:
        profiles.update(text=profile.text, is_compared=False)


def keys_of_text(text: str | None) -> set[int]:
    """Return the keys of a stored profile."""
    return keys_of(Profile.of_text(text)) if text else set()
