"""Registers the pages of orders and what belongs to them."""

from orders.admin import credit, orders

__all__ = ["credit", "orders"]
