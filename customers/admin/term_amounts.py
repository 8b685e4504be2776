"""Amounts of the trade terms with their currency, for people who may not change them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from customers.models import Customer
from stores.admin.display import store_amount

TERM_AMOUNTS = {
    "credit_limit": "credit_limit_text",
    "minimum_charge_amount": "minimum_charge_text",
    "minimum_freight_amount": "minimum_freight_text",
}


class TermAmounts:
    """Mixed into the admin of customers."""

    def may_change_terms(self, request: HttpRequest) -> bool:
        return request.user.has_perm("customers.change_terms")

    @admin.display(description="Credit limit", empty_value="no limit")
    def credit_limit_text(self, customer: Customer) -> str | None:
        limit = customer.credit_limit
        return None if limit is None else store_amount(limit, customer.store)

    @admin.display(description="Minimum charge amount")
    def minimum_charge_text(self, customer: Customer) -> str:
        return store_amount(customer.minimum_charge_amount, customer.store)

    @admin.display(description="Minimum freight amount")
    def minimum_freight_text(self, customer: Customer) -> str:
        return store_amount(customer.minimum_freight_amount, customer.store)


def amounts_as_text(fieldsets: Any) -> list[tuple[str | None, dict[str, Any]]]:
    """Return the fieldsets with amounts that show their currency."""
    return [
        (name, {**options, "fields": as_text(options["fields"])}) for name, options in fieldsets
    ]


def as_text(fields: Any) -> list[Any]:
    return [
        tuple(as_text(field)) if isinstance(field, tuple) else TERM_AMOUNTS.get(field, field)
        for field in fields
    ]
