"""Delete customers together with their orders."""

from __future__ import annotations

from django.utils import timezone

from customers.models.customer import CustomerQuerySet
from customers.reads import Row
from customers.services.customers import soft_delete
from customers.services.editing import Versions, editing
from orders.models import Order
from orders.models.order import Status
from orders.services import daily
from stores.actors import Actor
from stores.errors import Conflict

UNDER_WAY = (Status.PROCESSING, Status.SHIPPED)


def delete_customer_with_orders(
    target: CustomerQuerySet, actor: Actor, versions: Versions = None
) -> Row:
    """Soft-delete the live customer that `target` names together with its orders. Neither can be restored.

    Contract of manufacturing: after DELETE both are gone for every API client.

    Raises NotFound, Stale, and Conflict `cannot_be_deleted` while an order is under way or money is owed.
    """
    with editing(target.live(), actor, versions) as edit:
        orders = Order.objects.filter(store=edit.customer.store_id, customer=edit.customer)
        # Contract of manufacturing: refuse while an order is processing or shipped, or money is owed.
        if edit.customer.account_balance > 0 or orders.filter(status__in=UNDER_WAY).exists():
            raise Conflict("cannot_be_deleted")
        edit.customer.withdrawn_at = timezone.now()
        # Read before the UPDATE: withdrawn orders contribute nothing to the daily sales.
        counted = list(
            orders.only("status", "total", "refunded_amount", "placed_at", "withdrawn_at")
        )
        orders.update(withdrawn_at=edit.customer.withdrawn_at)
        daily.remove_orders(edit.customer.store_id, counted)
        soft_delete(edit)
    return edit.row
