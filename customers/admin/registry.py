"""Register the pages of customers; each module is the admin of one model."""

from customers.admin import (
    bulk_runs,
    customers,
    deleted,
    depots,
    ledger,
    people,
    roles,
    stores,
    tags,
    zones,
)

__all__ = [
    "bulk_runs",
    "customers",
    "deleted",
    "depots",
    "ledger",
    "people",
    "roles",
    "stores",
    "tags",
    "zones",
]
