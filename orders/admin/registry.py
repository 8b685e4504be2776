"""Registers the pages of orders and what belongs to them."""

from orders.admin import credit_checks, orders, payment_methods
from orders.admin.reports import pages

__all__ = ["credit_checks", "orders", "pages", "payment_methods"]
