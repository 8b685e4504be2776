"""Find a customer by its id alone, for commands."""

from __future__ import annotations

from customers.models import Customer
from customers.models.customer_queryset import CustomerQuerySet
from stores.models.base import parse_uid


def customer_by_uid(text: str) -> CustomerQuerySet | None:
    """Return the customer with this id, also a deleted one, as a target for services; None without one."""
    text = text.strip().lower()
    uid = parse_uid(text) or parse_uid(text, "cust_")
    if uid is None:
        return None
    target = Customer.objects.having_uid(uid).of_one_store()
    return target if target.exists() else None
