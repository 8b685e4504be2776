"""The sections of the customer's form, each of which is edited by itself."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest

from customers.admin.inlines import BillingInline, ContactInline, DeliveryInline

TERMS = (
    "payment_terms",
    "currency",
    "discount_rate",
    "price_adjustment",
    "minimum_charge_amount",
    "minimum_freight_amount",
    "default_depot",
    "preferred_shipping",
    "is_account_enabled",
    "credit_limit",
    "is_loyalty_enabled",
    "is_beta",
    "is_assembly_enabled",
)

EDIT = "edit"  # names the section: in the URL that asks for a form, and in the form


class Section(NamedTuple):
    """A part of the customer's form, by the positions of its fieldsets."""

    fieldsets: tuple[int, ...] = ()
    inlines: tuple[Any, ...] = ()


SECTIONS = {
    "person": Section((0, 1)),
    "terms": Section((2, 3)),
    "addresses": Section(inlines=(DeliveryInline, BillingInline)),
    "contacts": Section(inlines=(ContactInline,)),
}


def section_of(request: HttpRequest) -> Section | None:
    """Return the section of the form, or None for all of it.

    A form names its own section. Its URL does not: Django leaves the parameter out of the form's action.
    """
    values = request.POST if request.method == "POST" else request.GET
    return SECTIONS.get(values.get(EDIT, ""))
