"""The page of a customer for reading, and the page of the whole timeline."""

from __future__ import annotations

import uuid
from itertools import islice
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from customers.admin import timeline
from customers.admin.attention import problems
from customers.admin.facts import PERSON, TERMS, facts
from customers.admin.notes import notes_of
from customers.admin.statements import letters_of
from customers.models import Address, Contact, Customer, CustomerTag, LedgerEntry
from orders.models import CreditCheck, Order
from orders.monthly import monthly_spending
from orders.queries import analytics
from orders.receivables import overdue
from stores.admin.charts import sparkline
from stores.errors import NotFound

ORDERS_SHOWN = ENTRIES_SHOWN = 8
LETTERS_SHOWN = 3
EVENTS_PER_PAGE = 50


def read(page: Any, request: HttpRequest, customer: Customer) -> HttpResponseBase:
    """Return the page that shows a customer without any form."""
    context = {
        **page.admin_site.each_context(request),
        "title": str(customer),
        "opts": page.opts,
        "original": customer,
        "preserved_filters": page.get_preserved_filters(request),
        **facts_of(page, request, customer),
    }
    return TemplateResponse(request, "admin/customers/customer/read.html", context)


def facts_of(page: Any, request: HttpRequest, customer: Customer) -> dict[str, Any]:
    """Return what the page shows, in a number of queries that does not grow with the data."""
    spending = [value for _, value in monthly_spending(customer, customer.store)]
    places = addresses(customer)
    today = timezone.now().astimezone(customer.store.tzinfo).date()
    late = overdue(customer, today)
    return {
        "customer": customer,
        "problems": problems(customer, places, late, today),
        "overdue": late[0],
        "addresses": places,
        "contacts": contacts(customer),
        "tags": [row.tag for row in tags(customer)],
        "person": facts(customer, PERSON),
        "terms": facts(customer, TERMS),
        "figures": figures(customer),
        "sparkline": sparkline(spending),
        "year": sum(spending),
        "credit": last_check(customer),
        "entries": entries(customer)[:ENTRIES_SHOWN],
        "orders": orders(customer)[:ORDERS_SHOWN],
        "letters": letters_of(customer)[:LETTERS_SHOWN],
        "timeline": timeline.latest(customer),
        **notes_of(customer),
        "once": uuid.uuid4(),
        "today": today,
        "shown_as": [
            (title, reverse("shown_as", args=[name, customer.pk]))
            for name, title in page.admin_site.dialects
            if customer.deleted_at is None
        ],
        "may": rights(page, request, customer),
    }


def rights(page: Any, request: HttpRequest, customer: Customer) -> dict[str, bool]:
    """Return which buttons the page has."""
    can_change = page.has_change_permission(request, customer)
    return {
        "change": can_change,
        # Also of a deleted customer: what it owes, or is owed, can still be settled.
        "settle": request.user.has_perm("customers.post_entry")
        and (can_change or customer.deleted_at is not None),
        "post": request.user.has_perm("customers.post_entry")
        and (can_change or is_owed_after_deletion(customer)),
        "write_off": request.user.has_perm("orders.change_payment")
        and customer.account_balance > 0,
        "check": can_change and request.user.has_perm("orders.add_creditcheck"),
        "order": can_change and request.user.has_perm("orders.add_order"),
        "delete": page.has_delete_permission(request, customer),
        "restore": customer.deleted_at is not None and page.has_restore_permission(request),
    }


def is_owed_after_deletion(customer: Customer) -> bool:
    return customer.deleted_at is not None and customer.account_balance < 0


def addresses(customer: Customer) -> list[Address]:
    rows = Address.objects.filter(store=customer.store_id, customer=customer)
    return list(rows.order_by("-role", "position", "id"))


def contacts(customer: Customer) -> list[Contact]:
    rows = Contact.objects.filter(store=customer.store_id, customer=customer)
    return list(rows.order_by("-is_primary", "id"))


def tags(customer: Customer) -> QuerySet[CustomerTag]:
    rows = CustomerTag.objects.filter(store=customer.store_id, customer=customer)
    return rows.select_related("tag").order_by("id")


def figures(customer: Customer) -> dict[str, Any] | None:
    """Return segment, risk and averages, or None for a deleted customer."""
    try:
        return analytics(customer.store, customer.as_queryset(), "1y")
    except NotFound:
        return None


def last_check(customer: Customer) -> CreditCheck | None:
    checks = CreditCheck.objects.filter(store=customer.store_id, customer=customer)
    return checks.order_by("-id").first()


def entries(customer: Customer) -> QuerySet[LedgerEntry]:
    rows = LedgerEntry.objects.filter(store=customer.store_id, customer=customer)
    return rows.order_by("-id")


def orders(customer: Customer) -> QuerySet[Order]:
    rows = Order.objects.filter(store=customer.store_id, customer=customer)
    return rows.order_by("-placed_at", "-id")


def history(page: Any, request: HttpRequest, customer: Customer) -> HttpResponseBase:
    """Return a page of the customer's whole timeline."""
    pages = Paginator(timeline.events_of(customer), EVENTS_PER_PAGE)
    page_of_events = pages.get_page(request.GET.get("page"))
    first, last = (
        max(page_of_events.start_index(), 1),
        page_of_events.end_index(),
    )  # start is 0 without events
    events = list(timeline.events_of(customer)[first - 1 : last + 1])
    size = len(page_of_events.object_list)
    context = {
        **page.admin_site.each_context(request),
        "title": f"History of {customer}",
        "opts": page.opts,
        "original": customer,
        "page": page_of_events,
        "timeline": timeline.with_notes(
            list(islice(timeline.entries(events), size)),
            customer,
            since=events[size].created_at if len(events) > size else None,
            until=events[0].created_at if page_of_events.has_previous() else None,
        ),
    }
    return TemplateResponse(request, "admin/customers/customer/history.html", context)
