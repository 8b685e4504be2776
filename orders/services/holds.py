"""Refuse new charges of customers who may not buy on account now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from customers.models import Charge, Customer
from customers.terms import CASH_TERMS
from stores.errors import Conflict, DomainError


def require_no_hold(customer: Customer, today: date) -> None:
    """Raise the first refusal of `holds`."""
    for refusal in holds(customer, today):
        raise refusal


def holds(customer: Customer, today: date) -> Iterator[DomainError]:
    """Yield why a locked customer may not be charged: `on_hold`, `blacklisted`, `suspended` and so on.

    The credit limit is checked where the balance changes, see `customers.services.accounts`.
    """
    if customer.hold_reason:
        yield Conflict("on_hold", reason=customer.hold_reason)
    if customer.is_blacklisted:
        yield Conflict("blacklisted")
    if not customer.is_active:
        yield Conflict("suspended")
    if customer.payment_terms in CASH_TERMS:
        yield Conflict("cash_terms", terms=customer.payment_terms)
    if days := overdue_days(customer, today):
        yield Conflict("overdue", days=days)


def overdue_days(customer: Customer, today: date) -> int:
    """Return for how many days the oldest open charge is overdue, if that is more than the store allows."""
    most = customer.store.max_overdue_days
    # The rule is off, or nothing is owed: no query.
    if most is None or customer.account_balance <= 0:
        return 0
    charges = Charge.objects.filter(
        store=customer.store_id,
        customer=customer,
        open_amount__gt=0,
        due_on__lt=today - timedelta(days=most),
    )
    oldest = charges.order_by("due_on", "id").first()
    return (today - oldest.due_on).days if oldest else 0
