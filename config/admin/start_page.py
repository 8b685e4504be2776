"""The start page: a store's figures and charts, with links to the lists behind them."""

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

MIN_LIFETIME = 60  # seconds that figures stay cached
LIFETIME_FACTOR = 100  # of slow figures: as many times the seconds that they took


def start_page(request: HttpRequest) -> dict[str, Any]:
    """Return the figures of the store in the URL, or else of the user's first store."""
    stores = scope_of(request).stores().order_by("name", "pk")
    pk = whole_number(request.GET.get("store", ""))
    store = stores.filter(pk=pk).first() if pk is not None else None
    store = store or stores.first()
    if store is None:
        return {"unbound": True}
    return {"store": store, "stores": stores[:50], **cached_figures(store)}


def cached_figures(store: Store) -> dict[str, Any]:
    key = f"start-figures-{store.pk}"
    values = cache_get(key)
    if values is None:
        start = monotonic()
        values = figures(store)
        cache_set(key, values, max(MIN_LIFETIME, round(LIFETIME_FACTOR * (monotonic() - start))))
    today = {"placed_at__gte": midnight(store, values["today"]).isoformat(), "state": "counting"}
    return {
        **values,
        "day_url": rows_of(store, "orders_order", today),
        "revenue_chart": bars([revenue(store, *month) for month in values["revenue"]]),
        "new_customer_chart": bars(
            [new_customers(store, *month) for month in values["new_customers"]]
        ),
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
    """Return the URL of the list of a store's rows of one month, in the store's time zone."""
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
