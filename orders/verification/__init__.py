"""Compare balances and statistics with the ledger's entries and the orders, and repair statistics.

The database adds them up for a range of customers at a time, so that a million customers take little memory and
no statement takes long. Other requests may change a customer meanwhile, so a difference is checked again under
the customer's lock.
"""
