"""Back office pages of stores, keys, events and webhooks. `base` holds what all pages share."""
