"""Keep what duplicates are found by: the stored profile of a customer and its keys.

`Edit` calls this in the transaction of the change. Only what differs is written.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from customers.match_keys import keys_of, keys_of_all, profile_of, profiles_of
from customers.match_keys.former import former_text, nodes_of
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
    present = stored(store, row["id"])
    if row["deleted_at"] is not None:
        store_profile(store, row["id"], present, NONE)
        return
    profile = profile_of(row, row["addresses"])
    text = profile.text if any(profile) else ""
    store_profile(store, row["id"], present, Compared(text, present.former))


def delete_match_keys(store: int, customers: Collection[int]) -> None:
    """Delete profiles and keys of many locked customers."""
    profiles = MatchProfile.objects.filter(store=store, customer__in=customers)
    rows = list(profiles.values_list("customer_id", "text", "former"))
    keys = [(key, pk) for pk, *texts in rows for key in Compared(*texts).keys]
    MatchKey.objects.delete_keys(store, keys)
    profiles.delete()


class Compared(NamedTuple):
    """What a customer is compared by: the text of its profile, and of those who were merged into it."""

    text: str
    former: str

    @property
    def keys(self) -> set[int]:
        return keys_of_all(profiles_of(*self))


NONE = Compared("", "")


def stored(store: int, customer: int) -> Compared:
    rows = MatchProfile.objects.filter(store=store, customer=customer)
    values = rows.values_list("text", "former").first()
    return Compared(*values) if values else NONE


def store_profile(store: int, customer: int, present: Compared, wanted: Compared) -> None:
    """Write what differs. The worker then compares the customer once more."""
    if wanted == present:
        return
    present_keys, wanted_keys = present.keys, wanted.keys
    if removed := present_keys - wanted_keys:
        MatchKey.objects.filter(store=store, customer=customer, hash__in=removed).delete()
    MatchKey.objects.insert_keys(store, [(key, customer) for key in wanted_keys - present_keys])
    rows = MatchProfile.objects.filter(store=store, customer=customer)
    if wanted == NONE:
        rows.delete()
        return
    if present == NONE:
        MatchProfile.objects.insert_profiles(store, [(customer, wanted.text)])
    rows.update(**wanted._asdict(), is_compared=False)


def add_former(store: int, customer: int, merged: int) -> None:
    """Let a locked customer be found, too, by what one was found by that is being merged into it."""
    present, gone = stored(store, customer), stored(store, merged)
    node = [merged, gone.text, nodes_of(gone.former)]
    former = former_text([*nodes_of(present.former), node])
    store_profile(store, customer, present, present._replace(former=former))


def return_former(store: int, customer: int, merged: int) -> None:
    """Let it be found no longer by what the merged customer had, who gets its own former profiles back."""
    present = stored(store, customer)
    nodes = nodes_of(present.former)
    kept = [node for node in nodes if node[0] != merged]
    store_profile(store, customer, present, present._replace(former=former_text(kept)))
    inner = [one for node in nodes if node[0] == merged for one in node[2]]
    store_profile(store, merged, NONE, Compared("", former_text(inner)))
