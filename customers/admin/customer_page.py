"""What the customer page shows around its form, and the page of a customer's whole timeline."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse

from customers.admin import timeline
from customers.models import Customer, LedgerEntry
from orders.models import CreditCheck, Order
from orders.monthly import monthly_spending
from orders.queries import analytics
from stores.admin.charts import sparkline
from stores.errors import NotFound

ORDERS_SHOWN = ENTRIES_SHOWN = 8
EVENTS_PER_PAGE = 50


def context(page: Any, request: HttpRequest, customer: Customer) -> dict[str, Any]:
    """Everything beside the form, in a number of queries that does not depend on what there is."""
    months = monthly_spending(customer, customer.store)
    can_change = page.has_change_permission(request, customer)
    return {
        "customer": customer,
        "figures": figures(customer),
        "months": months,
        "sparkline": sparkline([value for _, value in months]),
        "year": sum(value for _, value in months),
        "credit": last_check(customer),
        "entries": entries(customer)[:ENTRIES_SHOWN],
        "orders": orders(customer)[:ORDERS_SHOWN],
        "timeline": timeline.latest(customer),
        "shown_as": [
            (title, reverse("shown_as", args=[name, customer.pk]))
            for name, title in page.admin_site.dialects
            if customer.deleted_at is None
        ],
        "may": {
            "change": can_change,
            "post": can_change and request.user.has_perm("customers.post_entry"),
            "check": can_change and request.user.has_perm("orders.add_creditcheck"),
            "order": can_change and request.user.has_perm("orders.add_order"),
            "restore": customer.deleted_at is not None and page.has_restore_permission(request),
        },
    }


def figures(customer: Customer) -> dict[str, Any] | None:
    """Segment, risk and averages; a deleted customer has none."""
    try:
        return analytics(customer.store, customer.as_queryset(), "1y")
    except NotFound:
        return None


def last_check(customer: Customer) -> CreditCheck | None:
    checks = CreditCheck.objects.filter(store=customer.store_id, customer=customer)
    return checks.order_by("-id").first()


def entries(customer: Customer) -> QuerySet[LedgerEntry]:
    own = LedgerEntry.objects.filter(store=customer.store_id, customer=customer)
    return own.order_by("-id")


def orders(customer: Customer) -> QuerySet[Order]:
    own = Order.objects.filter(store=customer.store_id, customer=customer)
    return own.order_by("-placed_at", "-id")


def history(page: Any, request: HttpRequest, customer: Customer) -> HttpResponseBase:
    """Every change there ever was, a page at a time."""
    pages = Paginator(timeline.events_of(customer), EVENTS_PER_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    first, last = max(shown.start_index(), 1), shown.end_index()  # of nothing, the start is 0
    events = list(timeline.events_of(customer)[first - 1 : last + 1])
    context = {
        **page.admin_site.each_context(request),
        "title": f"Everything that happened to {customer}",
        "opts": page.opts,
        "original": customer,
        "page": shown,
        "timeline": list(islice(timeline.entries(events), len(shown.object_list))),
    }
    return TemplateResponse(request, "admin/customers/customer/history.html", context)
