"""Register the pages of customers; each module is the admin of one model."""

from customers.admin import (
    activity,
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
    "activity",
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
