"""What can be done with orders. "target" is a queryset that names one customer, or one order.

Every operation on an order locks its customer first and the order second, keeps the customer's statistics
and account true in the same transaction, and answers the order's row (see `orders.reads`).
"""
