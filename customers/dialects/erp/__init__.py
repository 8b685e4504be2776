"""The customers API of a B2B sales and finance system, for order desks and ledgers.

Quirks: PUT changes only the keys that it sends; contacts have ids and calls of their own; a credit limit
enables the customer's account; order dates are days in the store's time zone.
"""
