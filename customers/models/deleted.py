from __future__ import annotations

from customers.models.customer import Customer


class DeletedCustomer(Customer):
    """A soft-deleted customer: a proxy, so that the admin can list deleted ones on a page of their own."""

    class Meta:
        proxy = True
        ordering = ["-deleted_at", "-id"]
        permissions = []
