"""What the searches of manufacturing compute of a customer's other rows, to search and sort by."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, Case, CharField, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from customers.models import Address, CustomerTag
from customers.models.address import Role
from stores.models import Store

# `named_store` is set by `with_search_expressions`
OF_OUTER_CUSTOMER = {"store": OuterRef("named_store"), "customer": OuterRef("pk")}


def contact(column: str) -> Coalesce:
    """Return a column of the contact address: of the billing address, else of the default delivery one."""
    is_candidate = Q(role=Role.BILLING) | Q(role=Role.DELIVERY, is_default=True)
    # "billing" sorts before "delivery"
    addresses = Address.objects.filter(is_candidate, **OF_OUTER_CUSTOMER).order_by("role")
    return Coalesce(Subquery(addresses.values(column)[:1]), Value(""), output_field=CharField())


def first_label() -> Coalesce:
    names = (
        CustomerTag.objects.filter(**OF_OUTER_CUSTOMER).order_by("tag__name").values("tag__name")
    )
    return Coalesce(Subquery(names[:1]), Value(""), output_field=CharField())


# Expressions that are searched like columns. The database computes those that a search names.
SEARCH_EXPRESSIONS: dict[str, Any] = {
    "shown_name": Case(When(name="", then="company"), default="name"),
    "contact_line1": contact("line1"),
    "contact_line2": contact("line2"),
    "contact_suburb": contact("city"),
    "contact_state": contact("state"),
    "contact_postcode": contact("postcode"),
    "first_label": first_label(),
}


def with_search_expressions(customers: Any, store: Store | None) -> Any:
    """Customers of a store (None: of any), with what conditions and orders may refer to.

    The store is given by its value: a distributed database finds its rows by that only.
    """
    named = F("store") if store is None else Value(store.pk, BigIntegerField())
    return customers.alias(named_store=named).alias(**SEARCH_EXPRESSIONS)
