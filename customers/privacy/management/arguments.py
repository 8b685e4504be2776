"""Parse arguments that several commands have."""

from __future__ import annotations

from django.core.management.base import CommandError

from customers.models import Customer
from customers.models.customer_queryset import CustomerQuerySet
from stores.models.base import parse_uid


def get_target(text: str) -> CustomerQuerySet:
    """Return the customer with this id, also a deleted one, as a target for services. Raises CommandError."""
    wanted = text.strip().lower()
    uid = parse_uid(wanted) or parse_uid(wanted, "cust_")
    target = Customer.objects.having_uid(uid).of_one_store() if uid else Customer.objects.none()
    if not target.exists():
        raise CommandError(f"There is no customer {text}.")
    return target
