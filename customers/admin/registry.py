"""Registers the pages of customers; each module is the admin of one noun."""

from customers.admin import customers, deleted, depots, ledger, people, stores, tags, zones

__all__ = ["customers", "deleted", "depots", "ledger", "people", "stores", "tags", "zones"]
