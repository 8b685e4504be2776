"""Services of orders. `target` is a queryset that names one customer or one order.

Every service locks the customer first and the order second. In the same transaction it updates the customer's
statistics and account. It returns the order's row (see `orders.reads`).
"""
