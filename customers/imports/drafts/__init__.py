"""What a row of a file says of a customer, read into typed fields with what was wrong or repaired."""

from customers.imports.drafts.building import Reader
from customers.imports.drafts.draft import Draft, Issue

__all__ = ["Draft", "Issue", "Reader"]
