"""Read customers from another server of this dialect."""

from __future__ import annotations

from typing import Any, cast

from customers.api.client import DialectClient, Page, read_body
from customers.dialects.bakery.serializers import CustomerSerializer
from customers.fields import CustomerFields
from stores.models import Store


def page(answer: dict[str, Any], parameters: dict[str, Any]) -> Page:
    cursor = answer["pagination"].get("next_cursor")
    return Page(answer["data"], {**parameters, "cursor": cursor} if cursor else None)


def single(answer: dict[str, Any]) -> dict[str, Any]:
    return cast(dict[str, Any], answer["data"])


def fields(customer: dict[str, Any], store: Store) -> CustomerFields:
    values = read_body(CustomerSerializer, customer, store=store)
    if address := values.pop("address", None):
        values["delivery_address"] = address
    return cast(CustomerFields, values)


client = DialectClient(
    collection="/api/v1/customers",
    first={"limit": 100, "sort": "createdAt"},
    page=page,
    fields=fields,
    single=single,
    not_moved=(
        "source",
        "total_orders",
        "total_spent",
        "dates",
        "latitude",
        "longitude",
        "place_id",
    ),
)
