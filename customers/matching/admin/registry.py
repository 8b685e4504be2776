"""Register the page of duplicates."""

from customers.matching.admin import pairs

__all__ = ["pairs"]
