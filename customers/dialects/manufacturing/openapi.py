"""Describe the calls of this dialect for its OpenAPI document."""

from __future__ import annotations

from typing import Any

from customers.api.openapi.examples import customers
from customers.api.openapi.inference import Named, named
from customers.api.openapi.operations import Operation, choice, integer, query, text
from customers.api.openapi.schemas import Schema
from customers.api.paging import NumberedPage
from customers.dialects.manufacturing import representations
from customers.dialects.manufacturing.criteria import OPERATORS
from customers.dialects.manufacturing.searchable import FIELDS
from customers.dialects.manufacturing.serializers import CustomerSerializer, NewCustomerSerializer
from customers.dialects.manufacturing.views import CustomerViewSet

PARTS = {"contact_address": "Address", "delivery_address": "Delivery", "settings": "Settings"}
CUSTOMERS = [named("Customer", representations.customer(row), **PARTS) for row in customers()]
ONE = [Named("CustomerAnswer", {"success": 1, "customer": customer}) for customer in CUSTOMERS]
PAGE = representations.page(NumberedPage([], 3, 1, 100)) | {"items": CUSTOMERS}
PAGES = [named("CustomerPage", PAGE, pagination="Pagination")]
LIKE = ("name", "email", "phone", "cc_email", "external_id", "customer_labels")
RANGES = ("id", "price_adjustment", "minimum_charge_amount", "minimum_freight_amount")
LISTS = ("id", "email", "external_id", "customer_labels")
CRITERION: Schema = {"type": "string", "minLength": 1}
# One flat parameter for each way to search: clients are generated from these, not from nested ones.
LIST = [
    integer("current_page", low=1, default=1),
    integer("page_size", low=1, default=100),
    choice("sort", [name for field in FIELDS for name in (field, f"-{field}")]),
    *(query(f"filter[{field}]", CRITERION) for field in FIELDS),
    *(query(f"filter[{field}][like]", CRITERION) for field in LIKE),
    *(query(f"filter[{field}][{op}]", CRITERION) for field in RANGES for op in ("from", "to")),
    *(query(f"filter[{field}][in]", CRITERION) for field in LISTS),
    choice("filters[0][field]", FIELDS),
    choice("filters[0][op]", sorted(OPERATORS)),
    text("filters[0][value]"),
]
CONTEXT: dict[str, Any] = {"depots": frozenset()}

OPERATIONS = {
    CustomerViewSet: {
        "list": Operation(PAGES, query=LIST),
        "retrieve": Operation(ONE, versioned=True),
        "create": Operation(ONE, body=NewCustomerSerializer, context=CONTEXT),
        "update": Operation(
            ONE, body=CustomerSerializer, partial=True, versioned=True, context=CONTEXT
        ),
        "destroy": Operation([Named("Done", {"success": 1})], versioned=True),
    }
}
