"""Registers the pages of orders and what belongs to them."""

from orders.admin import credit_checks, orders, payment_methods

__all__ = ["credit_checks", "orders", "payment_methods"]
