"""The customers, orders and webhooks API of headless web shops.

Quirks: every answer serves three generations of clients, with bare fields and `item`, or `items` and two
kinds of paging numbers; a list of addresses in a body replaces all of a customer's addresses.
"""
