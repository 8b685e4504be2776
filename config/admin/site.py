from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import update_wrapper
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from orders.dashboard import figures, midnight
from stores.admin.charts import bars
from stores.admin.display import EMPTY
from stores.admin.query import whole_number
from stores.admin.tenancy import scope_of
from stores.cache import cache_get, cache_set
from stores.models import Store

APPS = ("customers", "orders", "stores", "auth", "axes")
SEARCHES = (SEARCH_VAR, "term")  # of a list, and of what a form offers
LONGEST_SEARCH = 4000  # letters, as the longest external id has
KEPT = 60  # seconds that the start page's figures are good for, at the least;
WORTH = 100  # of a large book, as many times as long as they took


class Autocomplete(AutocompleteJsonView):
    """Names a row's store beside it for people who work in several."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        found = super().serialize_result(obj, to_field_name)
        if hasattr(obj, "store_id") and scope_of(self.request).has_several:
            found["text"] = f"{found['text']} · {obj.store}"
        return found

    def get_queryset(self) -> Any:
        found = super().get_queryset()
        return found.select_related("store") if hasattr(found.model, "store_id") else found


class ClienteleAdminSite(AdminSite):
    """The back office."""

    site_header = site_title = "Clientele"
    index_title = "Today"
    site_url = None
    empty_value_display = EMPTY
    enable_nav_sidebar = False  # the pages' width is needed; a line of links stands above them
    index_template = "admin/start.html"
    # names and titles of the formats to show a customer in
    dialects: Sequence[tuple[str, str]] = ()

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")  # services delete, one by one and with their reasons

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        """Times are read and shown in the time zone of the user's stores.

        An address with a NUL is refused, for PostgreSQL takes none; only Django's search of a list copes. So is
        a search that is too long for SQLite's LIKE.
        """

        def in_zone(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            asked = [
                text for name, texts in request.GET.lists() for text in texts if name != SEARCH_VAR
            ]
            if any("\0" in text for text in asked):
                raise BadRequest
            if any(len(request.GET.get(name, "")) > LONGEST_SEARCH for name in SEARCHES):
                raise BadRequest
            with timezone.override(scope_of(request).timezone):
                response = view(request, *args, **kwargs)
                return response.render() if hasattr(response, "render") else response

        return super().admin_view(update_wrapper(in_zone, view), cacheable)

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        return Autocomplete.as_view(admin_site=self)(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """What is used most stands first."""
        found = super().get_app_list(request, app_label)
        order = {label: place for place, label in enumerate(APPS)}
        return sorted(found, key=lambda app: order.get(app["app_label"], len(APPS)))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        context = dict(extra_context or {})
        if request.user.has_perm("customers.view_customer"):
            context |= start_page(request)
        return super().index(request, context)


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
