"""Describe the calls of this dialect for its OpenAPI document."""

from __future__ import annotations

from typing import Any

from customers.api.dialect import Problem
from customers.api.openapi.examples import customers
from customers.api.openapi.inference import Named, named
from customers.api.openapi.operations import Operation, choice, filters, integer, query, search
from customers.api.paging import MAX_CURSOR_LENGTH, CursorPage
from customers.dialects.bakery import representations
from customers.dialects.bakery.serializers import CustomerSerializer, GeocodeSerializer
from customers.dialects.bakery.views import SORTS, CustomerFilters, CustomerViewSet

FAILED = {"geocode_status": "failed"}
PARTS = {"contact": "Contact", "address": "Address"}


def envelope(body: dict[str, Any]) -> Named:
    customer = named("Customer", body["data"], **PARTS)
    return named("CustomerAnswer", body | {"data": customer}, warnings="Warning")


def page(cursor_page: CursorPage, *, is_first: bool) -> Named:
    body = representations.page(cursor_page, 50, is_first=is_first)
    return named("CustomerPage", body, data="CustomerRow", pagination="Pagination")


READ = [envelope(representations.customer_envelope(row)) for row in customers()]
WRITTEN = [
    *READ,
    *(
        envelope(
            representations.customer_envelope(
                row | {"addresses": [address_row | FAILED]}, with_warnings=True
            )
        )
        for row in customers()
        for address_row in row["addresses"]
    ),
]
PAGES = [
    page(CursorPage(customers(), "text", "text"), is_first=False),
    page(CursorPage(customers(), None, None), is_first=False),
    page(CursorPage(customers(), None, None), is_first=True),
]
GEOCODED = [
    named("GeocodeAnswer", representations.geocode_envelope(row), address="GeocodedAddress")
    for row in customers()
    if row["addresses"]
]
LIST = [
    search(),
    *filters(CustomerFilters),
    integer("limit", low=1, default=50),
    choice("sort", SORTS, default="-createdAt"),
    query("cursor", {"type": "string", "maxLength": MAX_CURSOR_LENGTH}),
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
