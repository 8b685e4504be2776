"""Delete customers. What money is there must be settled first."""

from __future__ import annotations

from django.db.models import F

from customers.models import Customer
from customers.models.customer_queryset import CustomerQuerySet
from customers.reads import Row
from customers.services.customers import soft_delete
from customers.services.editing import Versions, editing
from orders.models.order import Status
from orders.services.statistics import orders_of
from stores.actors import Actor
from stores.errors import Conflict


def delete_customer(target: CustomerQuerySet, actor: Actor, *, versions: Versions = None) -> Row:
    """Soft-delete the live customer that `target` names. Another customer may then have its e-mail.

    Raises NotFound, Stale, and Conflict `not_settled`.
    """
    with editing(target.live(), actor, versions) as edit:
        if not is_settled(edit.customer):
            raise Conflict("not_settled")
        soft_delete(edit)
    return edit.row


def delete_unused_customer(
    target: CustomerQuerySet, actor: Actor, *, versions: Versions = None
) -> Row:
    """Soft-delete the live customer that `target` names, if it never ordered.

    The contract of storefront refuses DELETE with any order, cancelled ones too. Raises NotFound, Stale, and
    Conflict `has_orders` or `not_settled`.
    """
    with editing(target.live(), actor, versions) as edit:
        # A column, not a query: the row is locked, so no order can be placed meanwhile.
        if edit.customer.orders_ever:
            raise Conflict("has_orders")
        if edit.customer.account_balance:
            raise Conflict("not_settled")
        soft_delete(edit)
    return edit.row


def is_settled(customer: Customer) -> bool:
    """Return whether the customer owes nothing, and is owed neither a credit nor a refund."""
    if customer.account_balance:
        return False
    # A cancelled order has no use for its payments.
    waiting = orders_of(customer).filter(
        status=Status.CANCELLED, paid_amount__gt=F("refunded_amount"), withdrawn_at=None
    )
    # The columns first: most customers never cancelled an order.
    return not (customer.orders_ever > customer.order_count and waiting.exists())
