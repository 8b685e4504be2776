"""Registers the pages of stores and what they own."""

from stores.admin import api_keys, events, stores, webhooks

__all__ = ["api_keys", "events", "stores", "webhooks"]
