"""Read customers from another server of this dialect."""

from __future__ import annotations

from typing import Any, cast

from customers.api.client import DialectClient, Page, numbered_page, read_body
from customers.dialects.erp.serializers import NewCustomerSerializer
from customers.fields import CustomerFields
from stores.models import Store


def page(answer: dict[str, Any], parameters: dict[str, Any]) -> Page:
    meta, size = answer["meta"], parameters["limit"]
    return numbered_page(
        answer["data"], parameters, has_more=meta["hasMore"], total=meta["total"], size=size
    )


def single(answer: dict[str, Any]) -> dict[str, Any]:
    return cast(dict[str, Any], answer["data"])


def fields(customer: dict[str, Any], store: Store) -> CustomerFields:
    values = read_body(NewCustomerSerializer, customer, store=store)
    if not customer.get("shipping_address"):  # the copy that only a new customer's body asks for
        values.pop("delivery_address", None)
    return cast(CustomerFields, values)


client = DialectClient(
    collection="/api/customers",
    first={"limit": 100, "page": 1},
    page=page,
    fields=fields,
    single=single,
    balance="current_balance",
    not_moved=("current_balance", "customer_since", "lifetime_value", "total_orders"),
)
