"""The customers API of a B2B sales and finance system, as order desks and ledgers speak it.

Quirks: PUT changes only what it names; contacts have ids and calls of their own; a credit limit opens the
customer's account; dates of orders are days of the store.
"""
