"""Ids of addresses that a merge left with the merged customer: the survivor had their places already."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from customers.canonical import fold
from customers.models import Address
from customers.models.address import Role, street_lines


def place_of(address: Address) -> tuple[Any, ...]:
    """Return what two addresses of the same place have in common, however they are written."""
    lines = [fold(line) for line in street_lines(address.line1, address.line2)]
    return (*lines, *(fold(text) for text in (address.city, address.postcode, address.country)))


def current_uids(store: int, uids: Iterable[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Return, by these ids, the ids of the survivors' delivery addresses at the same places.

    Look up ids that name no address of a live customer: the others are not in the result.
    """
    former = Address.objects.filter(store=store, uid__in=list(uids))
    rows = former.exclude(customer__merged_into=None).select_related("customer")
    found: dict[uuid.UUID, uuid.UUID] = {}
    for address in rows:
        owner = address.customer.merged_into_id
        present = Address.objects.filter(store=store, customer=owner, role=Role.DELIVERY)
        place = place_of(address)
        for one in present.order_by("-position", "-id"):  # so that the first one is taken
            if place_of(one) == place:
                found[address.uid] = one.uid
    return found
