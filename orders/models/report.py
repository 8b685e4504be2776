from __future__ import annotations

from orders.models.order import Order


class Report(Order):
    """A proxy, so that the admin has a page of reports, and people a right to see it."""

    class Meta:
        proxy = True
        default_permissions = ["view"]
        permissions = []
