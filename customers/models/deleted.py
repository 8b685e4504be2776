from __future__ import annotations

from customers.models.customer import Customer


class DeletedCustomer(Customer):
    """A soft-deleted customer, in a view of its own."""

    class Meta:
        proxy = True
        ordering = ["-deleted_at", "-id"]
        permissions = []
