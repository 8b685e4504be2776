"""Delete customers together with their orders, for good."""

from __future__ import annotations

from django.utils import timezone

from customers.models.customer_queryset import CustomerQuerySet
from customers.reads import Row
from customers.services.customers import soft_delete
from customers.services.editing import Versions, editing
from orders.models.order import Status
from orders.services.customers import is_settled
from orders.services.statistics import orders_of
from stores.actors import Actor
from stores.errors import Conflict

UNDER_WAY = (Status.PROCESSING, Status.SHIPPED)


def delete_customer_with_orders(
    target: CustomerQuerySet, actor: Actor, versions: Versions = None
) -> Row:
    """Soft-delete the live customer that `target` names together with its orders. Neither can be restored.

    Contract of manufacturing: after DELETE both are gone for every API client.

    Raises NotFound, Stale, and Conflict `cannot_be_deleted` while an order is under way, or money is owed by
    the customer or to it.
    """
    with editing(target.live(), actor, versions) as edit:
        orders = orders_of(edit.customer)
        # Contract of manufacturing: refuse while an order is processing or shipped, or money is owed.
        if not is_settled(edit.customer) or orders.filter(status__in=UNDER_WAY).exists():
            raise Conflict("cannot_be_deleted")
        edit.customer.withdrawn_at = timezone.now()
        # They stay in the turnover of their days: what was sold was sold.
        orders.update(withdrawn_at=edit.customer.withdrawn_at)
        soft_delete(edit)
    return edit.row
