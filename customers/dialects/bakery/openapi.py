"""Describe the calls of this dialect for its OpenAPI document."""

from __future__ import annotations

from customers.api.dialect import Problem
from customers.api.openapi.examples import customers
from customers.api.openapi.operations import Operation, choice, filters, integer, query, search
from customers.api.paging import MAX_CURSOR_LENGTH, CursorPage
from customers.dialects.bakery import representations
from customers.dialects.bakery.serializers import CustomerSerializer, GeocodeSerializer
from customers.dialects.bakery.views import SORTS, CustomerFilters, CustomerViewSet

READ = [representations.customer_envelope(row) for row in customers()]
FAILED = {"geocode_status": "failed"}
WRITTEN = [
    *READ,
    *(
        representations.customer_envelope(
            row | {"addresses": [address_row | FAILED]}, with_warnings=True
        )
        for row in customers()
        for address_row in row["addresses"]
    ),
]
PAGES = [
    representations.page(CursorPage(customers(), "text", "text"), 50, is_first=False),
    representations.page(CursorPage(customers(), None, None), 50, is_first=False),
    representations.page(CursorPage(customers(), None, None), 50, is_first=True),
]
GEOCODED = [representations.geocode_envelope(row) for row in customers() if row["addresses"]]
LIST = [
    search("a name, e-mail, company or phone"),
    *filters(CustomerFilters),
    integer("limit", default=50, low=1),
    choice("sort", SORTS, default="-createdAt"),
    query(
        "cursor",
        {"type": "string", "maxLength": MAX_CURSOR_LENGTH},
        "From the page before or after.",
    ),
]
NOT_PLACED = Problem("validation", reason="not_placed", data={"text": "Nowhere 1"})

OPERATIONS = {
    CustomerViewSet: {
        "list": Operation(PAGES, query=LIST),
        "retrieve": Operation(READ, versioned=True),
        "create": Operation(WRITTEN, status=201, body=CustomerSerializer),
        "partial_update": Operation(WRITTEN, body=CustomerSerializer, partial=True, versioned=True),
        "geocode": Operation(
            GEOCODED, body=GeocodeSerializer, body_optional=True, problems=[NOT_PLACED]
        ),
    }
}
