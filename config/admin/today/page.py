"""The start page: what needs a person in a store, and its figures with links to the lists behind them."""

from __future__ import annotations

from datetime import date, timedelta
from time import monotonic
from typing import Any

from django.http import HttpRequest

from config.admin.today.board import EVERYTHING, MINE, NOBODYS, SNOOZED, Board
from config.admin.today.figures import figures
from config.admin.today.source import Day, list_of
from customers.tasks.models import Note
from orders.monthly import midnight
from stores.admin.charts import bars
from stores.admin.colleagues import colleagues
from stores.admin.query import whole_number
from stores.admin.tenancy import scope_of
from stores.cache import cache_get, cache_set
from stores.models import Store

MIN_LIFETIME = 60  # seconds that figures stay cached
LIFETIME_FACTOR = 100  # of slow figures: as many times the seconds that they took
MOST_REMINDERS = 20
ASSIGN = "tasks.change_assignment"


def start_page(request: HttpRequest) -> dict[str, Any]:
    """Return what the page shows of the store in the URL, or else of the user's first store."""
    stores = scope_of(request).stores().order_by("name", "pk")
    pk = whole_number(request.GET.get("store", ""))
    store = stores.filter(pk=pk).first() if pk is not None else None
    store = store or stores.first()
    if store is None:
        return {"unbound": True}
    context = {"store": store, "stores": stores[:50], **tasks(request, store)}
    if request.user.has_perm("customers.view_customer"):
        context |= cached_figures(store)
    return context


def tasks(request: HttpRequest, store: Store) -> dict[str, Any]:
    day, whose = Day.of(store), request.GET.get("whose", EVERYTHING)
    whose = whose if whose in (MINE, NOBODYS, SNOOZED) else EVERYTHING
    board = Board(day, request.user)
    may_assign = request.user.has_perm(ASSIGN)
    return {
        "today": day.today,
        "whose": whose,
        "reminders": reminders(day, request.user),
        "tabs": board.tabs(whose),
        "sections": board.sections(whose),
        "may_assign": may_assign,
        "colleagues": colleagues(store, request.user) if may_assign else [],
        "snoozes": snoozes(day.today),
    }


def reminders(day: Day, user: Any) -> list[Note]:
    """Return one's own reminders that are due, the oldest first."""
    if not user.has_perm("customers.view_customer"):
        return []
    due = Note.objects.for_store(day.store).waiting().filter(assignee_id=user.pk)
    rows = due.filter(remind_on__lte=day.today).select_related("customer", "order")
    return list(rows.order_by("remind_on", "id")[:MOST_REMINDERS])


def snoozes(today: date) -> list[tuple[date, str]]:
    tomorrow, monday = today + timedelta(days=1), today + timedelta(days=7 - today.weekday())
    days = [(tomorrow, "Until tomorrow"), (monday, "Until next Monday")]
    return days if tomorrow != monday else days[:1]


def cached_figures(store: Store) -> dict[str, Any]:
    key = f"start-figures-{store.pk}"
    values = cache_get(key)
    if values is None:
        start = monotonic()
        values = figures(store)
        cache_set(key, values, max(MIN_LIFETIME, round(LIFETIME_FACTOR * (monotonic() - start))))
    today = {"placed_at__gte": midnight(store, values["today"]).isoformat(), "state": "counting"}
    new = values["new_customers"]
    return {
        **values,
        "owed_url": list_of(store, "customers_customer", {"owing": "yes"}),
        "day_url": list_of(store, "orders_order", today),
        "new_url": month_of(store, "customers_customer", "created_at", new[-1][0]),
        "new": new[-1],
        "new_before": new[-2],
        "ages": ages(store, values["aging_buckets"]),
        "revenue_chart": bars([revenue(store, *month) for month in values["revenue"]]),
        "new_customer_chart": bars([new_customers(store, *month) for month in new]),
    }


def ages(store: Store, buckets: list[Any]) -> list[dict[str, Any]]:
    """Return what is owed by age, each with its part of the largest one in percent."""
    largest = max((bucket.amount for bucket in buckets), default=0)
    return [
        {
            "label": bucket.label,
            "amount": bucket.amount,
            "is_late": bucket.name != buckets[0].name,
            "percent": round(bucket.amount / largest * 100, 1) if largest else 0,
            "url": list_of(store, "customers_customer", {"overdue": bucket.name}),
        }
        for bucket in buckets
    ]


def revenue(store: Store, first: date, value: Any) -> dict[str, Any]:
    return {
        "label": f"{first:%B %Y}",
        "value": value,
        "text": f"{value:,.0f}",
        "url": month_of(store, "orders_order", "placed_at", first, state="counting"),
    }


def new_customers(store: Store, first: date, value: int) -> dict[str, Any]:
    return {
        "label": f"{first:%B %Y}",
        "value": value,
        "text": f"{value:,}",
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
    return list_of(store, rows, {**bounds, **others})
