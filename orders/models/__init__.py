from orders.models.credit import CreditCheck
from orders.models.daily import DailySales
from orders.models.order import Order, OrderLine, OrderSequence, Payment

__all__ = ["CreditCheck", "DailySales", "Order", "OrderLine", "OrderSequence", "Payment"]
