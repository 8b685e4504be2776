from orders.models.credit import CreditCheck
from orders.models.order import Order, OrderLine, OrderSequence, Payment

__all__ = ["CreditCheck", "Order", "OrderLine", "OrderSequence", "Payment"]
