"""Match addresses without ids to the present addresses of a customer, by their content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from customers.fields import AddressFields
from customers.models import Address
from customers.models.address import street_lines
from customers.services.addresses.columns import LOCATION_COLUMNS

PLACE_COLUMNS = [name for name in LOCATION_COLUMNS if name != "line1"]
PLACE_WITHOUT_COUNTRY = [name for name in PLACE_COLUMNS if not name.startswith("country")]


def with_uids_by_content(present: list[Address], items: list[AddressFields]) -> list[AddressFields]:
    """Return the items, each with the `uid` of the present address that it means, if there is one.

    An item means the address with its external id; else the one at the same place, preferably of the same name;
    else the one of the same name, whose place was corrected.
    """
    unmatched = list(present)
    matched: list[AddressFields] = [{**item} for item in items]
    # Each rule for all items before the next rule: a weak match must not take an address from a strong one.
    for is_same in (has_same_reference, has_same_place_and_name, has_same_place, has_same_name):
        for item in matched:
            if "uid" in item:
                continue
            address = next((address for address in unmatched if is_same(address, item)), None)
            if address is not None:
                item["uid"] = address.uid
                unmatched.remove(address)
    return matched


def has_same_reference(address: Address, item: Mapping[str, Any]) -> bool:
    return bool(item["external_id"]) and item["external_id"] == address.external_id


def has_same_place(address: Address, item: Mapping[str, Any]) -> bool:
    """Compare the location. An address without a country matches every country.

    Manufacturing finds the country of a state by itself, also for an address that was sent without one.
    """
    names = PLACE_COLUMNS if address.country else PLACE_WITHOUT_COUNTRY
    return street_lines(address.line1, address.line2) == item["street_lines"] and all(
        getattr(address, name) == item[name] for name in names
    )


def has_same_place_and_name(address: Address, item: Mapping[str, Any]) -> bool:
    return has_same_place(address, item) and address.label == item["label"]


def has_same_name(address: Address, item: Mapping[str, Any]) -> bool:
    """Compare the label. Two different external ids are two addresses, whatever their labels."""
    has_other_reference = item["external_id"] and address.external_id
    return bool(item["label"]) and address.label == item["label"] and not has_other_reference
