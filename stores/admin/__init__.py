"""The back office of stores and what they own; `base` is what all its pages share."""

from stores.admin import api_keys, events, stores, webhooks

__all__ = ["api_keys", "events", "stores", "webhooks"]
