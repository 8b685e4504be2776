"""Read customers from another server of this dialect."""

from __future__ import annotations

from typing import Any, cast

from customers.api.client import DialectClient, Page, numbered_page, read_body
from customers.dialects.pos.serializers import AddressSerializer, CustomerSerializer
from customers.fields import CustomerFields
from stores.models import Store

PER_PAGE = 50  # the contract's most


def page(answer: dict[str, Any], parameters: dict[str, Any]) -> Page:
    meta = answer["meta"]
    has_more = meta["current_page"] < meta["last_page"]
    return numbered_page(
        answer["data"], parameters, has_more=has_more, total=meta["total"], size=PER_PAGE
    )


def fields(customer: dict[str, Any], store: Store) -> CustomerFields:
    """Take the names of tags and the addresses, which the list includes, beside the customer's own fields."""
    own = {name: value for name, value in customer.items() if name not in ("tags", "addresses")}
    values = read_body(CustomerSerializer, own, store=store)
    values["tags"] = [tag["name"] for tag in customer.get("tags", [])]
    values["addresses"] = [
        read_body(AddressSerializer, {**address, "delivery_zone_id": None}, store=store)
        for address in customer.get("addresses", [])
    ]
    return cast(CustomerFields, values)


client = DialectClient(
    collection="/customers",
    first={"page": 1, "include": "tags,addresses,addresses.delivery_zone"},
    page=page,
    fields=fields,
    balance="house_account_balance",
    not_moved=(
        "delivery_zone",
        "house_account_balance",
        "loyalty_balance",
        "last_order_at",
        "order_count",
    ),
)
