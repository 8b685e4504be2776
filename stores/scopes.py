"""The scopes of API keys: what a key may do.

This lists the scopes of all dialects. Two spellings are in use, and the point of sale has finer scopes.
"""

from __future__ import annotations

from collections.abc import Iterable

SCOPES: dict[str, str] = {
    "customers:read": "Read customers, addresses, contacts and analytics",
    "customers:write": "Create, change and delete customers",
    "customers:delete": "Delete customers",
    "orders:read": "Read orders",
    "orders:write": "Place, change, pay and refund orders",
    "webhooks:read": "Read webhook endpoints and deliveries",
    "webhooks:write": "Create, change and delete webhook endpoints",
    "credit:write": "Run credit checks",
    "customers.list": "Point of sale: list customers, tags, addresses and zones",
    "customers.get": "Point of sale: read one customer, tag, address or zone",
    "customers.write": "Point of sale: create and change customers, tags and addresses",
    "customers.accounts.read": "Point of sale: see credit limits and balances",
    "customers.accounts.write": "Point of sale: change limits, charge and settle accounts",
    "customers.loyalty.read": "Point of sale: see loyalty points",
    "customers.loyalty.write": "Point of sale: grant and redeem points",
    "admin.write": "Point of sale: delete customers, change delivery zones",
    "admin.restore": "Point of sale: restore deleted customers",
}

# Other spellings that published clients use for the same scopes.
ALIASES = {
    "customer.read": "customers:read",
    "customer.write": "customers:write",
    "customer.delete": "customers:delete",
    "order.read": "orders:read",
    "order.write": "orders:write",
    "orders.read": "orders:read",
    "orders.write": "orders:write",
    "webhook.read": "webhooks:read",
    "webhook.write": "webhooks:write",
    "webhooks.read": "webhooks:read",
    "webhooks.write": "webhooks:write",
}

IMPLIED_SCOPES = {"customers:write": {"customers:delete"}}


class UnknownScope(ValueError):
    """A scope that does not exist; `args[0]` is its name."""


def canonical_scopes(names: Iterable[str]) -> list[str]:
    """Return the scopes in their main spelling, sorted. Raises UnknownScope."""
    scopes = set()
    for name in names:
        scope = ALIASES.get(name, name)
        if scope not in SCOPES:
            raise UnknownScope(name)
        scopes.add(scope)
    return sorted(scopes)


def granted(names: Iterable[str]) -> frozenset[str]:
    """Return the scopes of a key, including those that its wider scopes imply."""
    scopes = set(names)
    for wide_scope, implied_scopes in IMPLIED_SCOPES.items():
        if wide_scope in scopes:
            scopes |= implied_scopes
    return frozenset(scopes)
