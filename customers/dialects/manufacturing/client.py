"""Read customers from another server of this dialect."""

from __future__ import annotations

from typing import Any, cast

from customers.api.client import DialectClient, Page, numbered_page, read_body
from customers.dialects.manufacturing.addresses import region_of
from customers.dialects.manufacturing.serializers import CustomerSerializer
from customers.fields import CustomerFields
from stores.models import Store


def page(answer: dict[str, Any], parameters: dict[str, Any]) -> Page:
    at = answer["pagination"]
    return numbered_page(
        answer["items"],
        parameters,
        has_more=at["current_page"] < at["page_count"],
        total=at["total_count"],
        size=parameters["page_size"],
        name="current_page",
    )


def fields(customer: dict[str, Any], store: Store) -> CustomerFields:
    """Take states and countries as they are shown, also where they disagree."""
    addresses = [customer.get("contact_address"), *customer.get("delivery_address", [])]
    regions = frozenset(region_of(address) for address in addresses if address)
    context = {"store": store, "depots": frozenset(), "shown_regions": lambda: regions}
    return cast(CustomerFields, read_body(CustomerSerializer, customer, **context))


client = DialectClient(
    collection="/api/admin/customers",
    first={"page_size": 1000, "current_page": 1, "sort": "id"},
    page=page,
    fields=fields,
    header="X-GC-API-KEY",
    not_moved=("manufacturer_id", "default_depot_id"),
)
