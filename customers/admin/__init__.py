"""Back office pages of customers, their accounts, tags, depots and zones, and of staff."""
