"""Filters and tags for the templates of the back office."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from customers.admin.ledger import entry_amount, entry_kind
from customers.models import LedgerEntry, Tag
from stores.admin.display import chip, points, signed, store_amount, store_number
from stores.models import Store

register = template.Library()


@register.filter
def money(value: Any, store: Store) -> str:
    """Return an amount after its currency, as the store's country writes it."""
    return store_amount(value if value != "" else None, store)


@register.filter
def tag_chip(tag: Tag) -> SafeString:
    return chip(tag.name, tag.color)


@register.filter
def number(value: Any, store: Store) -> str:
    """Return an amount without its currency, which stands beside it."""
    return store_number(value if value != "" else None, store)


@register.filter
def in_points(value: Any, store: Store) -> str:
    return points(value, store)


@register.filter
def signed_amount(entry: LedgerEntry, store: Store) -> str:
    return signed(entry.amount, entry_amount(entry, entry.amount, store))


@register.filter
def balance(entry: LedgerEntry, store: Store) -> str:
    return entry_amount(entry, entry.balance_after, store)


@register.filter
def signed_whole(value: Any) -> str:
    return f"{value:+}"


@register.filter
def humanize_code(value: Any) -> str:
    """Return a code such as `at_risk` in words."""
    return str(value or "").replace("_", " ")


register.filter(entry_kind)
