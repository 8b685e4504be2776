"""Registers the pages of customers; each module is the admin of one noun."""

from customers.admin import customers, deleted, ledger, people, tags, zones

__all__ = ["customers", "deleted", "ledger", "people", "tags", "zones"]
