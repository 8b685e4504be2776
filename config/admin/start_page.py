"""The start page of the admin: one store's figures, their charts, and links to the lists behind them."""

from __future__ import annotations

from datetime import date
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from config.admin.figures import figures
from orders.monthly import midnight
from stores.admin.charts import bars
from stores.admin.query import whole_number
from stores.admin.tenancy import scope_of
from stores.cache import cache_get, cache_set
from stores.models import Store

KEPT = 60  # seconds that the figures are good for, at the least;
WORTH = 100  # of a large book, as many times as long as they took


def start_page(request: HttpRequest) -> dict[str, Any]:
    """The figures of one of the user's stores: the one asked for, else the first."""
    stores = scope_of(request).stores().order_by("name", "pk")
    asked = whole_number(request.GET.get("store", ""))
    store = stores.filter(pk=asked).first() if asked is not None else None
    store = store or stores.first()
    if store is None:
        return {"unbound": True}
    return {"store": store, "stores": stores[:50], **shown(store)}


def shown(store: Store) -> dict[str, Any]:
    key = f"start-figures-{store.pk}"
    found = cache_get(key)
    if found is None:
        begun = monotonic()
        found = figures(store)
        cache_set(key, found, max(KEPT, round(WORTH * (monotonic() - begun))))
    today = {"placed_at__gte": midnight(store, found["today"]).isoformat(), "state": "counting"}
    return {
        **found,
        "day_url": rows_of(store, "orders_order", today),
        "revenue_chart": bars([revenue(store, *one) for one in found["revenue"]]),
        "new_customer_chart": bars([new_customers(store, *one) for one in found["new_customers"]]),
    }


def revenue(store: Store, first: date, value: Any) -> dict[str, Any]:
    return {
        "label": f"{first:%b}",
        "value": value,
        "text": f"{value:,.0f}",
        "url": month_of(store, "orders_order", "placed_at", first, state="counting"),
    }


def new_customers(store: Store, first: date, value: int) -> dict[str, Any]:
    return {
        "label": f"{first:%b}",
        "value": value,
        "text": str(value),
        "url": month_of(store, "customers_customer", "created_at", first),
    }


def month_of(store: Store, rows: str, moment: str, first: date, **others: str) -> str:
    """The list of a store's rows of one month, which begins and ends at the store's midnight."""
    months = first.year * 12 + first.month
    following = date(months // 12, months % 12 + 1, 1)
    bounds = {
        f"{moment}__gte": midnight(store, first).isoformat(),
        f"{moment}__lt": midnight(store, following).isoformat(),
    }
    return rows_of(store, rows, {**bounds, **others})


def rows_of(store: Store, rows: str, filters: dict[str, str]) -> str:
    query = urlencode({"store__id__exact": store.pk, **filters})
    return f"{reverse(f'admin:{rows}_changelist')}?{query}"
