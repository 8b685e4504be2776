"""Parse the arguments of the commands."""

from __future__ import annotations

from django.core.management.base import CommandError

from customers.merging.models import Merge
from customers.merging.models.merge import MergeQuerySet
from customers.merging.services.fields import CHOSEN, SIDES
from customers.models import Customer
from customers.models.customer_queryset import CustomerQuerySet
from stores.models.base import parse_uid


def get_customer(text: str) -> CustomerQuerySet:
    """Return the customer with this id, also a deleted one, as a target for services. Raises CommandError."""
    wanted = text.strip().lower()
    uid = parse_uid(wanted) or parse_uid(wanted, "cust_")
    target = Customer.objects.having_uid(uid).of_one_store() if uid else Customer.objects.none()
    if not target.exists():
        raise CommandError(f"There is no customer {text}.")
    return target


def get_current_customer(text: str) -> CustomerQuerySet:
    """Return the customer with this id, or the one into which it was merged. Raises CommandError."""
    target = get_customer(text)
    survivor = target.survivor()
    return survivor if survivor.exists() else target


def get_merge(text: str) -> MergeQuerySet:
    """Return the merge with this id as a target for services. Raises CommandError."""
    uid = parse_uid(text.strip().lower())
    target = Merge.objects.filter(uid=uid).of_one_store() if uid else Merge.objects.none()
    if not target.exists():
        raise CommandError(f"There is no merge {text}.")
    return target


def choices_of(texts: list[str]) -> dict[str, str]:
    """Parse `field=survivor` and `field=loser`. Raises CommandError."""
    choices = dict[str, str]()
    for text in texts:
        name, _, side = text.partition("=")
        if name not in CHOSEN or side not in SIDES:
            known = ", ".join(sorted(CHOSEN))
            raise CommandError(
                f"--choose {text}: write FIELD=survivor or FIELD=loser, with FIELD one of {known}."
            )
        choices[name] = side
    return choices
