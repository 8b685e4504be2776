"""Read customers from another server of this dialect."""

from __future__ import annotations

from typing import Any, cast

from customers.api.client import DialectClient, Page, read_body
from customers.dialects.storefront.customers.serializers import CustomerSerializer
from customers.fields import CustomerFields
from stores.models import Store

OVERLAP = 1  # rows, so that a deletion meanwhile hides nobody


def page(answer: dict[str, Any], parameters: dict[str, Any]) -> Page:
    """Pages overlap, oldest customers first: new ones come at the end."""
    items, total = answer["items"], answer["total"]
    end = parameters["offset"] + len(items)
    is_last = len(items) < parameters["limit"]
    following = None if is_last else {**parameters, "offset": end - OVERLAP}
    return Page(items, following, total)


def fields(customer: dict[str, Any], store: Store) -> CustomerFields:
    return cast(CustomerFields, read_body(CustomerSerializer, customer, store=store))


client = DialectClient(
    collection="/stores/{store}/customers",
    first={"limit": 200, "offset": 0, "sortBy": "createdAt", "sortOrder": "asc"},
    page=page,
    fields=fields,
    not_moved=("createdAt", "updatedAt", "orderCount", "totalSpent"),
    stores="/stores",
)
