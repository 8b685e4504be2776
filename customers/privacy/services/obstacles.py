"""What keeps a customer from being erased now: a merge, a restriction, money owed, orders under way."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import F, QuerySet, Sum

from customers.models import Customer
from customers.money import round_half_up
from orders.models import Order
from orders.models.order import Status
from stores.errors import Conflict, DomainError

UNDER_WAY = (Status.PENDING, Status.CONFIRMED, Status.PROCESSING, Status.SHIPPED)
MAX_NUMBERS = 5  # order numbers in a message


def obstacles(customer: Customer) -> Iterator[DomainError]:
    """Yield a refusal for each reason why the customer cannot be erased now."""
    if customer.merged_into is not None:
        yield Conflict("is_merged", name=str(customer.merged_into), uid=customer.merged_into.uid)
    if customer.restricted_at is not None:
        yield Conflict("is_restricted")
    if numbers := orders_under_way(customer):
        yield Conflict("orders_under_way", numbers=", ".join(numbers))
    if owed := owed_by(customer):
        yield Conflict("customer_owes", amount=owed)
    if owed := owed_to(customer):
        yield Conflict("owed_to_customer", amount=owed)


def orders_of(customer: Customer) -> QuerySet[Order]:
    """Return the orders that count, without those that were deleted with their customer."""
    return Order.objects.filter(store=customer.store_id, customer=customer.pk, withdrawn_at=None)


def orders_under_way(customer: Customer) -> list[str]:
    orders = orders_of(customer).filter(status__in=UNDER_WAY).order_by("id")
    return list(orders.values_list("number", flat=True)[:MAX_NUMBERS])


def owed_by(customer: Customer) -> Decimal:
    """Return what the customer owes on the account, and on orders that the account was not charged with."""
    unpaid = orders_of(customer).exclude(status=Status.CANCELLED)
    due = F("total") - F("credited_amount") - F("paid_amount")
    rest = unpaid.aggregate(sum=Sum(due - F("charged_amount")))["sum"]
    return max(customer.account_balance, Decimal(0)) + exact(rest)


def owed_to(customer: Customer) -> Decimal:
    """Return the credit on the account, and what was paid for cancelled orders and not refunded."""
    cancelled = orders_of(customer).filter(status=Status.CANCELLED)
    rest = cancelled.aggregate(sum=Sum(F("paid_amount") - F("refunded_amount")))["sum"]
    return max(-customer.account_balance, Decimal(0)) + exact(rest)


def exact(amount: Decimal | None) -> Decimal:
    """Round a sum, because SQLite adds in binary fractions."""
    return round_half_up(amount or Decimal(0), 2)
