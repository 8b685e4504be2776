"""Register the pages of merges."""

from customers.merging.admin import merges

__all__ = ["merges"]
