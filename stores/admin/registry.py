"""Register the pages of stores, keys, events and webhooks."""

from stores.admin import api_keys, deliveries, stores, webhooks

__all__ = ["api_keys", "deliveries", "stores", "webhooks"]
