"""Fill the match keys of customers who have none: those of a book from before there were match keys.

A migration passes its own state of the models. Only customers without a profile are read, so an interrupted run
goes on where it stopped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db import transaction

from customers.match_keys import Profile, keys_of, profile_of

BATCH_SIZE = 1_000
COLUMNS = (
    *("pk", "store_id", "name", "first_name", "last_name", "company", "email_key"),
    *("phone", "phone_e164", "mobile", "tax_id", "birth_date"),
)
ADDRESS_COLUMNS = ("line1", "line2", "postcode", "city")
ORDER = {"Address": ("position", "id"), "Contact": ("id",)}


def fill_match_keys(models: Any) -> int:
    """Write profile and keys of live customers, each batch in its own transaction. Return how many."""
    customers = models.get_model("customers", "Customer").objects.filter(deleted_at=None)
    filled = 0
    for batch in batches_without(models, "MatchProfile", customers.values(*COLUMNS)):
        with transaction.atomic():
            filled += _fill(models, batch)
    return filled


def batches_without(models: Any, name: str, customers: Any) -> Iterator[list[dict[str, Any]]]:
    """Return batches of customers, by key, who have no row in the table of the model `name`.

    The two tables are not joined: one that a migration has just made is not distributed yet, and Citus joins
    it with none that is.
    """
    rows, last = customers.order_by("pk"), 0
    stored = models.get_model("customers", name).objects.values_list("customer_id", flat=True)
    while batch := list(rows.filter(pk__gt=last)[:BATCH_SIZE]):
        keys = [row["pk"] for row in batch]
        done, last = set(stored.filter(customer__in=keys)), keys[-1]
        if left := [row for row in batch if row["pk"] not in done]:
            yield left


def _fill(models: Any, batch: list[dict[str, Any]]) -> int:
    addresses = children_of(models, "Address", [row["pk"] for row in batch], ADDRESS_COLUMNS)
    profiles = [(row, profile_of(row, addresses[row["pk"]])) for row in batch]
    profiles = [(row, profile) for row, profile in profiles if any(profile)]
    # Whoever was changed since the batch was read has a profile already.
    models.get_model("customers", "MatchProfile").objects.bulk_create(
        [_profile_row(models, row, profile) for row, profile in profiles], ignore_conflicts=True
    )
    _fill_keys(models.get_model("customers", "MatchKey"), profiles)
    return len(profiles)


def _fill_keys(key_model: Any, profiles: list[tuple[dict[str, Any], Profile]]) -> None:
    keys = [
        key_model(store_id=row["store_id"], customer_id=row["pk"], hash=key)
        for row, profile in profiles
        for key in keys_of(profile)
    ]
    key_model.objects.bulk_create(keys, ignore_conflicts=True)


def _profile_row(models: Any, row: dict[str, Any], profile: Profile) -> Any:
    model = models.get_model("customers", "MatchProfile")
    return model(
        store_id=row["store_id"],
        customer_id=row["pk"],
        text=profile.text,
        is_compared=True,  # the worker's first scan compares all of them
    )


def children_of(
    models: Any, name: str, customers: list[int], columns: tuple[str, ...]
) -> dict[int, list[dict[str, Any]]]:
    """Return the addresses or contacts of these customers, in order, by the customer's key."""
    model = models.get_model("customers", name)
    rows = model.objects.filter(customer__in=customers).order_by(*ORDER[name])
    grouped: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for child in rows.values("customer_id", *columns):
        grouped[child["customer_id"]].append(child)
    return grouped
