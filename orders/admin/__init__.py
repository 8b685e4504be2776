"""Back office pages of orders and credit checks."""
