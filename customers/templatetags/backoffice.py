"""Filters and tags for the templates of the back office."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime
from itertools import takewhile
from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from customers.admin.ledger import entry_amount, entry_kind
from customers.models import LedgerEntry, Tag
from stores.admin.display import chip, points, signed, store_amount, store_number
from stores.admin.query import whole_number
from stores.admin.tenancy import scope_of
from stores.models import Store
from stores.models.base import ALL_STORES_INDEX_CONDITION

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


@register.inclusion_tag("admin/date_drilldown.html", takes_context=True)
def date_drilldown(context: dict[str, Any], changelist: Any) -> dict[str, Any]:
    """Return links to narrow a list by year, then month, then day.

    Django's own tag reads the whole table to offer only dates with rows. This one offers all dates, from the
    first row to today.
    """
    field = changelist.date_hierarchy
    names = [f"{field}__{part}" for part in ("year", "month", "day")]
    numbers = [whole_number(str(changelist.params.get(name, ""))) for name in names]
    selected = [number for number in takewhile(bool, numbers) if number]  # no day without its month

    def link(*parts: int) -> str:
        params = dict(zip(names, parts, strict=False))
        return str(changelist.get_query_string(params, [f"{field}__"]))

    if not selected:
        return {"steps": years(context["request"], changelist.model, field, link)}
    year = selected[0]
    if len(selected) == 1:
        steps = [{"url": link(year, m), "title": f"{date(2000, m, 1):%B}"} for m in range(1, 13)]
        return {"back": {"url": link(), "title": "All dates"}, "steps": steps}
    month = selected[1]
    title = f"{date(2000, month, 1):%B} {year}"
    back = {"url": link(year), "title": str(year)}
    if len(selected) == 2:
        days = range(1, monthrange(year, month)[1] + 1)
        return {"back": back, "steps": [{"url": link(year, month, d), "title": d} for d in days]}
    back = {"url": link(year, month), "title": title}
    return {"back": back, "steps": [{"url": "", "title": f"{selected[2]} {title}"}]}


def years(request: Any, model: Any, field: str, link: Any) -> list[dict[str, Any]]:
    first = first_moment(request, model, field)
    if first is None:
        return []
    now = timezone.localdate().year
    return [{"url": link(year), "title": year} for year in range(first.year, now + 1)]


def first_moment(request: Any, model: Any, field: str) -> datetime | None:
    """Return the date of the oldest row of the user's stores, found by an index of all stores or of each.

    Each store has a query of its own: a distributed database takes no subquery of the stores' rows.
    """
    rows = model.objects.visible() if hasattr(model.objects, "visible") else model.objects.live()
    oldest = rows.order_by(field).values_list(field, flat=True)
    ids = scope_of(request).ids
    if ids is None:
        moments = [oldest.filter(ALL_STORES_INDEX_CONDITION).first()]
    else:
        moments = [oldest.filter(store=store_id).first() for store_id in ids]
    return min((moment for moment in moments if moment), default=None)
