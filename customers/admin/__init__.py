"""The back office of customers; each module registers the admin of one noun."""

from customers.admin import customers, ledger, tags

__all__ = ["customers", "ledger", "tags"]
