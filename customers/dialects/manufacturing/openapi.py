"""Describe the calls of this dialect for its OpenAPI document."""

from __future__ import annotations

from typing import Any

from customers.api.openapi.examples import customers
from customers.api.openapi.operations import Operation, choice, integer, query, text
from customers.api.paging import NumberedPage
from customers.dialects.manufacturing import representations
from customers.dialects.manufacturing.criteria import OPERATORS
from customers.dialects.manufacturing.searchable import FIELDS
from customers.dialects.manufacturing.serializers import CustomerSerializer, NewCustomerSerializer
from customers.dialects.manufacturing.views import CustomerViewSet

ONE = [{"success": 1, "customer": representations.customer(row)} for row in customers()]
PAGES = [representations.page(NumberedPage(customers(), 3, 1, 100))]
CRITERIA = {name: {"type": "string", "minLength": 1} for name in FIELDS}
DEEP_OBJECT = {"style": "deepObject", "explode": True}
LIST = [
    integer("current_page", default=1, low=1),
    integer("page_size", default=100, low=1),
    choice("sort", [name for field in FIELDS for name in (field, f"-{field}")]),
    query("filter", {"type": "object", "properties": CRITERIA}) | DEEP_OBJECT,
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
        "destroy": Operation([{"success": 1}], versioned=True),
    }
}
