from orders.models.credit import CreditCheck
from orders.models.daily import DailySales
from orders.models.order import Order, OrderLine, OrderSequence, Payment
from orders.models.thirds import RevenueThirds

__all__ = [
    "CreditCheck",
    "DailySales",
    "Order",
    "OrderLine",
    "OrderSequence",
    "Payment",
    "RevenueThirds",
]
