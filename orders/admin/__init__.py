"""The back office of orders and what belongs to them."""
