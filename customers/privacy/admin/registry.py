"""Register the pages of privacy; each module is the admin of one model."""

from customers.privacy.admin import data_exports, erasures, receipts, requests, retention

__all__ = ["data_exports", "erasures", "receipts", "requests", "retention"]
