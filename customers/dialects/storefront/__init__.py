"""The customers, orders and webhooks API of headless web shops.

Quirks: every answer serves three generations of clients (bare fields and `item`; `items` with two kinds
of paging numbers); a list of addresses in a body replaces the whole list.
"""
